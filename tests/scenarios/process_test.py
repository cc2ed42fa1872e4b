"""The real binary as people run it: served, filled, killed, restarted, asked in three ways.

DAYBOOK names the binary, DAYBOOK_SOURCE_DIR the checkout. No sleeping: waits are for what is waited for.
"""

import collections
import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

DAYBOOK = os.environ.get("DAYBOOK", "build/quick/daybook")
SOURCE = os.environ.get("DAYBOOK_SOURCE_DIR", ".")
EXAMPLES = os.path.join(SOURCE, "examples")
PATIENCE = 60

LOG = "homepot/api_request_logs"
SAMPLES = "homepot/device_metrics"
JOBS = "homepot/job_outcomes"
MESSAGES = "pytake/message_logs"


def environment():
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK")}
    kept["HOME"] = "/nonexistent"
    kept["ANALYTICS_ENABLED"] = "false"  # rows that no test sent would spoil its counts
    return kept


def daybook(*words, ok=True, stdin=None, more=None):
    """Runs a command to its end."""
    done = subprocess.run([DAYBOOK, *words], input=stdin, capture_output=True, text=True,
                          env={**environment(), **(more or {})}, timeout=PATIENCE * 3, check=False)
    if ok and done.returncode != 0:
        raise AssertionError(f"daybook {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done


class LogFigures:
    """What the access log holds, counted without Daybook; its days moved as --shift-to-now moves them."""

    PATH = os.path.join(EXAMPLES, "access.log")
    LINE = re.compile(r'^\S+ \S+ \S+ \[(\S+) \S+\] "(\S+) (\S+)[^"]*" (\d+) (\S+)')

    def __init__(self):
        self.status, self.hours, self.endpoints, self.size = (collections.Counter() for _ in range(4))
        times = []
        with open(self.PATH, encoding="utf-8") as log:
            for line in log:
                when, _, target, code, length = self.LINE.match(line).groups()
                times.append(datetime.datetime.strptime(when, "%d/%b/%Y:%H:%M:%S"))
                self.status[code] += 1
                self.endpoints[target] += 1
                self.size[code] += 0 if length == "-" else int(length)
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        shift = datetime.timedelta(days=(now - max(times)).days)
        self.hours.update((at + shift).strftime("%Y-%m-%dT%H:00:00Z") for at in times)
        self.requests = len(times)


class Server:
    """`daybook serve` on a free port of this machine, or another command that serves."""

    def __init__(self, directory, listen="127.0.0.1:0", more=None, command=None,
                 ready=r"listening on (https?://\S+)"):
        words = command or ("serve", "--data", directory, "--listen", listen, "--log", "error")
        self.process = subprocess.Popen([DAYBOOK, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        text=True, env={**environment(), **(more or {})})
        self.url = None
        self.said = []
        for line in self.process.stderr:
            self.said.append(line)
            found = re.match(ready, line)
            if found:
                self.url = found.group(1)
                break
        # What it says later must not fill the pipe.
        self.drain = threading.Thread(target=lambda: self.said.extend(self.process.stderr), daemon=True)
        self.drain.start()
        if self.url is None:
            self.process.wait(PATIENCE)
            self.drain.join(PATIENCE)
            self.process.stderr.close()
            raise AssertionError("the server did not start: " + "".join(self.said))

    def get(self, target):
        with urllib.request.urlopen(self.url + target, timeout=PATIENCE) as answer:
            return json.load(answer)

    def count(self, collection):
        return self.get(f"/api/v1/{collection}?count=exact&limit=1")["count"]

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.drain.join(PATIENCE)
        self.process.stderr.close()
        return code


class ProcessTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="daybook-process-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = os.path.join(self.directory, "data")
        self.servers = []
        self.addCleanup(self.end_servers)

    def end_servers(self):
        for server in self.servers:
            if server.process.poll() is None:
                server.end(signal.SIGKILL)

    def serve(self, listen="127.0.0.1:0", more=None):
        server = Server(self.data, listen, more)
        self.servers.append(server)
        return server

    def path(self, name):
        return os.path.join(self.directory, name)

    def take_examples(self, *where):
        for collection, name in ((LOG, "access.log"), (SAMPLES, "machine_temperature.csv"),
                                 (SAMPLES, "room_temperature.csv"), (MESSAGES, "messages.ndjson")):
            daybook("ingest", collection, os.path.join(EXAMPLES, name), "--shift-to-now", *where)

    def window(self):
        """A window that holds all examples and stays the same however late it is asked."""
        now = datetime.datetime.now(datetime.timezone.utc)
        start = (now - datetime.timedelta(days=380)).strftime("%Y-%m-%dT00:00:00Z")
        end = (now + datetime.timedelta(days=2)).strftime("%Y-%m-%dT00:00:00Z")
        return ["--start", start, "--end", end]

    def questions(self):
        """Counts only: percentiles depend on whether rows were sealed, and with them summed, meanwhile."""
        window = self.window()
        return [
            ["stats", LOG, "--by", "status_code", "--order", "-count", "--plain"],
            ["stats", LOG, "--every", "1h", "--format", "csv"],
            ["stats", SAMPLES, "--by", "device_id", "--every", "1d", "--plain"],
            ["top", LOG, "endpoint", "--limit", "20"],
            ["search", MESSAGES, "free OR prize", "--limit", "15"],
            ["query", LOG, "status_code.gte=400", "--fields", "endpoint,status_code", "--limit", "1500"],
            ["export", MESSAGES, "--format", "csv"],
            ["export", SAMPLES],
        ], window

    def answers(self, *where):
        questions, window = self.questions()
        return [daybook(*question, *window, *where).stdout for question in questions]

    def test_what_was_taken_in_outlives_a_kill(self):
        server = self.serve()
        self.take_examples("--data", self.data)
        before = self.answers("--data", self.data)
        self.assertEqual(server.end(signal.SIGKILL), -signal.SIGKILL)
        server = self.serve()
        self.assertEqual(self.answers("--data", self.data), before)
        self.assertEqual(server.count(LOG), 2000)
        self.assertEqual(server.count(MESSAGES), 500)

    def test_the_same_commands_answer_alike_from_everywhere(self):
        daybook("init", "--data", self.data)
        self.take_examples("--data", self.data)
        here = self.answers("--data", self.data)
        for answer in here:
            self.assertNotEqual(answer, "")
        server = self.serve()
        self.assertTrue(stat.S_ISSOCK(os.stat(os.path.join(self.data, "daybook.sock")).st_mode))
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.data, "daybook.sock")).st_mode), 0o600)
        through_socket = self.answers("--data", self.data)
        elsewhere = self.answers("--server", server.url)
        for question, a, b, c in zip(self.questions()[0], here, through_socket, elsewhere):
            self.assertEqual(a, b, question)
            self.assertEqual(a, c, question)
        self.assertEqual(server.end(), 0)
        self.assertFalse(os.path.exists(os.path.join(self.data, "daybook.sock")))

    def test_figures_of_the_access_log_in_a_directory_are_those_counted_by_hand(self):
        daybook("init", "--data", self.data)
        self.compare_the_access_log("--data", self.data)

    def test_figures_of_the_access_log_in_a_server_are_those_counted_by_hand(self):
        self.compare_the_access_log("--server", self.serve().url)

    def compare_the_access_log(self, *where):
        log = LogFigures()
        daybook("ingest", LOG, LogFigures.PATH, "--format", "combined", "--shift-to-now", *where)
        window = [*self.window(), *where, "--json"]
        by_status = json.loads(daybook("stats", LOG, "--by", "status_code", "--of", "response_size_bytes",
                                       *window).stdout)["rows"]
        self.assertEqual({str(row["status_code"]): row["count"] for row in by_status}, dict(log.status))
        self.assertEqual({str(row["status_code"]): row["response_size_bytes"]["sum"] for row in by_status},
                         dict(log.size))
        by_hour = json.loads(daybook("stats", LOG, "--every", "1h", *window).stdout)["rows"]
        self.assertEqual({row["bucket"]: row["count"] for row in by_hour}, dict(log.hours))
        top = json.loads(daybook("top", LOG, "endpoint", "--limit", "50", *window).stdout)["items"]
        self.assertEqual([item["count"] for item in top], sorted(log.endpoints.values(), reverse=True)[:50])
        for item in top:
            self.assertEqual(item["count"], log.endpoints[item["value"]])
            self.assertAlmostEqual(item["share"], item["count"] / log.requests, places=6)

    def make_rows(self, end, begin=0):
        """Rows without ids and times: nothing but the import itself can tell a repeat. From `begin` on they are appended."""
        path = self.path("rows.ndjson")
        with open(path, "a" if begin else "w", encoding="utf-8") as out:
            for number in range(begin, end):
                out.write(json.dumps({"job_id": f"job-{number}", "job_type": "restart", "device_id": "d",
                                      "status": "success", "duration_ms": number}) + "\n")
        return path

    def wait_for_rows(self, server, least):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            count = server.count(JOBS)
            if count >= least:
                return count
        raise AssertionError("no rows arrive")

    def sums(self, server, total):
        window = self.window()
        rows = json.loads(daybook("stats", JOBS, "--of", "duration_ms", *window, "--json",
                                  "--server", server.url).stdout)["rows"]
        self.assertEqual(rows[0]["count"], total)
        self.assertEqual(rows[0]["duration_ms"]["sum"], total * (total - 1) / 2)

    def test_a_killed_import_is_finished_without_duplicates(self):
        total = 40_000
        path = self.make_rows(total)
        server = self.serve()
        ingest = subprocess.Popen([DAYBOOK, "ingest", JOBS, path, "--data", self.data], env=environment(),
                                  stderr=subprocess.DEVNULL)
        self.wait_for_rows(server, 1000)
        ingest.kill()
        ingest.wait(PATIENCE)
        self.assertLess(server.count(JOBS), total, "the import was over before it was killed")
        daybook("ingest", JOBS, path, "--data", self.data)
        self.sums(server, total)
        daybook("ingest", JOBS, path, "--data", self.data)
        self.sums(server, total)

    def test_a_killed_import_is_finished_after_its_file_has_grown(self):
        path = self.make_rows(30_500)
        server = self.serve()
        ingest = subprocess.Popen([DAYBOOK, "ingest", JOBS, path, "--data", self.data], env=environment(),
                                  stderr=subprocess.DEVNULL)
        self.wait_for_rows(server, 1000)
        ingest.kill()
        ingest.wait(PATIENCE)
        self.make_rows(31_777, begin=30_500)
        daybook("ingest", JOBS, path, "--data", self.data)
        self.sums(server, 31_777)
        # Through another door, packed, and grown once more.
        self.make_rows(32_000, begin=31_777)
        subprocess.run(["gzip", "--keep", path], check=True)
        told = json.loads(daybook("ingest", JOBS, path + ".gz", "--server", server.url, "--json").stdout)
        self.assertEqual((told["accepted"], told["repeated"], told["rejected"]), (32_000, 31_777, 0))
        self.sums(server, 32_000)
        daybook("ingest", JOBS, path, "--data", self.data, "--again")
        self.assertEqual(server.count(JOBS), 64_000)

    def test_a_moved_recording_stays_where_it_was_moved(self):
        server = self.serve()
        path = self.path("old.ndjson")
        now = datetime.datetime.now(datetime.timezone.utc)

        def record(day, mode="a"):
            with open(path, mode, encoding="utf-8") as out:
                out.write(json.dumps({"job_id": f"day-{day}", "job_type": "restart", "status": "success",
                                      "timestamp": (now - datetime.timedelta(days=day, minutes=5)).isoformat()}) + "\n")

        for day in (39, 35, 31):
            record(day)
        ingest = ["ingest", JOBS, path, "--shift-to-now", "--data", self.data]
        daybook(*ingest)
        # A newer last row would move all of them less far.
        record(30)
        told = json.loads(daybook(*ingest, "--json").stdout)
        self.assertEqual((told["accepted"], told["repeated"]), (4, 3))
        self.assertEqual(server.count(JOBS), 4)

    def test_rows_of_stdin_are_new_unless_it_has_a_name(self):
        server = self.serve()
        row = '{"job_id":"a","job_type":"restart","status":"success","timestamp":"%s"}\n' % (
            datetime.datetime.now(datetime.timezone.utc).isoformat())
        for expected, words in ((1, []), (2, []), (3, ["--source", "pipe"]), (3, ["--source", "pipe"])):
            daybook("ingest", JOBS, "-", "--format", "ndjson", "--data", self.data, *words, stdin=row)
            self.assertEqual(server.count(JOBS), expected, words)

    def test_a_refused_line_is_tried_again(self):
        daybook("init", "--data", self.data)
        path = self.path("rows.ndjson")
        with open(path, "w", encoding="utf-8") as out:
            out.write('{"job_id":"a","job_type":"restart","status":"success"}\n{"job_id":"b"\n')
        words = ["ingest", JOBS, path, "--data", self.data]
        self.assertIn("line 2", daybook(*words, ok=False).stderr)
        with open(path, "w", encoding="utf-8") as out:
            out.write('{"job_id":"a","job_type":"restart","status":"success"}\n'
                      '{"job_id":"b","job_type":"restart","status":"success"}\n')
        told = json.loads(daybook(*words, "--json").stdout)
        self.assertEqual((told["accepted"], told["repeated"], told["rejected"]), (2, 1, 0))

    def test_a_server_whose_path_is_too_long_for_a_socket_serves(self):
        self.data = os.path.join(self.directory, "d" * 120)
        server = self.serve()
        self.assertEqual(server.get("/livez")["status"], "alive")
        self.assertIn(f"need --server {server.url}", "".join(server.said))
        self.assertEqual(daybook("stats", JOBS, "--data", self.data, ok=False).returncode, 5)
        daybook("stats", JOBS, "--server", server.url)
        self.assertEqual(server.end(), 0)

    def test_the_data_key_is_made_once_and_for_nobody_else(self):
        path = os.path.join(self.data, "data.key")
        server = self.serve()
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path, encoding="utf-8") as key:
            first = key.read()
        request = urllib.request.Request(
            server.url + "/api/v1/sentimatrix/api_keys", method="POST", headers={"Content-Type": "application/json"},
            data=b'{"id":"k","user_id":"u","provider":"p","key":"sk-plain-text"}')
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            self.assertEqual(answer.status, 201)
        self.assertEqual(server.end(), 0)
        for name in os.listdir(self.data):
            with open(os.path.join(self.data, name), "rb") as data:
                self.assertNotIn(b"sk-plain-text", data.read(), name)
        server = self.serve()
        self.assertNotIn("key", server.get("/api/v1/sentimatrix/api_keys/k"))
        with open(path, encoding="utf-8") as key:
            self.assertEqual(key.read(), first)
        server.end()
        with open(path, "w", encoding="utf-8") as key:
            key.write("spoilt")
        self.assertIn("is no data key", daybook("serve", "--data", self.data, "--listen", "127.0.0.1:0", ok=False).stderr)

    def test_an_import_outlives_the_kill_of_its_server(self):
        total = 40_000
        path = self.make_rows(total)
        server = self.serve()
        port = server.url.rsplit(":", 1)[1]
        ingest = subprocess.Popen([DAYBOOK, "ingest", JOBS, path, "--server", server.url], env=environment(),
                                  stderr=subprocess.PIPE, text=True)
        self.wait_for_rows(server, 1000)
        server.end(signal.SIGKILL)
        server = self.serve(f"127.0.0.1:{port}")
        _, said = ingest.communicate(timeout=PATIENCE * 2)
        self.assertEqual(ingest.returncode, 0, said)
        self.sums(server, total)

    def test_bad_lines_are_named_and_the_good_ones_taken(self):
        daybook("init", "--data", self.data)
        path = self.path("jobs.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("job_id,job_type,device_id,status,took\r\n")
            out.write("a1,restart,d,success,12.5\r\n")
            out.write('a2,"re,start",d,flying,1\r\n')
            out.write("a3,restart,d,failed\r\n")
            out.write("a4,restart,d,failed,long\r\n")
        words = ["ingest", JOBS, path, "--map", "took=duration_ms", "--data", self.data]
        done = daybook(*words, ok=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("line 3: #/status 'flying' is not one of", done.stderr)
        self.assertIn("line 4: has 4 fields, the heading has 5", done.stderr)
        self.assertIn("line 5: #/duration_ms", done.stderr)
        self.assertIn("took 1 row ", done.stderr)
        self.assertEqual(daybook(*words, "--skip-bad").returncode, 0)
        rows = daybook("query", JOBS, "--fields", "job_id,duration_ms", "--format", "csv", "--data", self.data)
        self.assertEqual(rows.stdout.replace("\r", ""), "job_id,duration_ms\na1,12.5\n")

    def test_export_and_import_are_each_others_reverse(self):
        daybook("init", "--data", self.data)
        self.take_examples("--data", self.data)
        for name in ("rows.ndjson", "rows.csv"):
            first, second = self.path("first-" + name), self.path("second-" + name)
            other = self.path("other-" + name)
            daybook("export", MESSAGES, "--to", first, "--data", self.data)
            daybook("init", "--data", other)
            daybook("ingest", MESSAGES, first, "--data", other)
            daybook("export", MESSAGES, "--to", second, "--data", other)
            with open(first, "rb") as a, open(second, "rb") as b:
                self.assertEqual(a.read(), b.read())
            self.assertIn("is there already", daybook("export", MESSAGES, "--to", second, "--data", other,
                                                      ok=False).stderr)

    def test_stdin_is_taken_as_it_comes(self):
        server = self.serve()
        ingest = subprocess.Popen([DAYBOOK, "ingest", JOBS, "-", "--format", "ndjson", "--data", self.data],
                                  stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
        ingest.stdin.write(b'{"job_id":"a","job_type":"restart","device_id":"d","status":"success"}\n')
        ingest.stdin.flush()
        self.wait_for_rows(server, 1)
        ingest.stdin.close()
        self.assertEqual(ingest.wait(PATIENCE), 0)

    def test_signals_end_a_server_in_order(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = self.serve()
            self.assertEqual(server.end(number), 0)
            self.assertIn("stopping", "".join(server.said))

    def test_a_second_server_is_refused(self):
        self.serve()
        with self.assertRaises(AssertionError) as refused:
            self.serve()
        self.assertIn("cannot open the store", str(refused.exception))

    def test_other_machines_are_refused_while_nobody_can_sign_in(self):
        done = daybook("serve", "--data", self.data, "--listen", "0.0.0.0:0", ok=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("answers this machine only", done.stderr)

    def test_exit_codes_tell_kinds_of_failure_apart(self):
        daybook("init", "--data", self.data)
        for code, words in (
                (2, ["querry", JOBS]),
                (2, ["query", JOBS, "--limitt", "5", "--data", self.data]),
                (2, ["query", JOBS, "colour=red", "--data", self.data]),
                (3, ["query", "homepot/job_outcome", "--data", self.data]),
                (3, ["query", JOBS, "--data", self.path("nowhere")]),
                (5, ["query", JOBS, "--server", "http://127.0.0.1:1"]),
        ):
            done = daybook(*words, ok=False)
            self.assertEqual(done.returncode, code, f"{words}: {done.stderr}")
            self.assertTrue(done.stderr.startswith("daybook: "), done.stderr)
            self.assertEqual(done.stdout, "")
        self.assertIn("did you mean 'query'?", daybook("querry", ok=False).stderr)
        self.assertIn("did you mean --limit?", daybook("query", JOBS, "--limitt", "5", ok=False).stderr)
        self.assertIn("job_outcomes", daybook("query", "homepot/job_outcome", "--data", self.data, ok=False).stderr)

    # B-34, D-19: tables are made at the first run, and only then
    def test_init_changes_nothing_the_second_time(self):
        first = daybook("init", "--data", self.data)
        self.assertIn("is ready", first.stderr)
        second = daybook("init", "--data", self.data)
        self.assertIn("was ready", second.stderr)
        self.assertIn("0 rows", second.stderr)

    def test_narrowing_declarations_wait_for_a_word(self):
        shop = self.path("catalogs/shop")
        os.makedirs(shop)
        where = ["--data", self.data, "--catalogs", self.path("catalogs")]

        def declare(keep):
            with open(os.path.join(shop, "application.toml"), "w", encoding="utf-8") as out:
                out.write('about = "A shop."\n')
            with open(os.path.join(shop, "orders.toml"), "w", encoding="utf-8") as out:
                out.write(f'kind = "journal"\nabout = "An order."\ntime = "at"\nkeep = "{keep}"\n[fields]\n'
                          'at = { type = "time", default = "now" }\nstate = { type = "text", facet = true }\n')

        declare("90d")
        daybook("init", *where)
        self.assertIn("fits", daybook("catalog", "plan", *where).stderr)
        declare("30d")
        planned = daybook("catalog", "plan", *where)
        self.assertIn("narrows shop/orders", planned.stdout)
        refused = daybook("catalog", "apply", *where, ok=False)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("--allow", refused.stderr)
        self.assertEqual(daybook("init", *where, ok=False).returncode, 3)
        daybook("catalog", "apply", "--allow", *where)
        self.assertEqual(daybook("init", *where).returncode, 0)

    # B-39, D-21
    def test_sweep_says_what_it_would_remove_and_asks(self):
        self.assertEqual(daybook("init", "--data", self.data).returncode, 0)
        now = datetime.datetime.now(datetime.timezone.utc)
        old = (now - datetime.timedelta(days=89)).strftime("%Y-%m-%dT%H:%M:%SZ")
        row = json.dumps({"job_id": "a", "job_type": "restart", "device_id": "d", "status": "success",
                          "timestamp": old})
        daybook("ingest", JOBS, "-", "--format", "ndjson", "--data", self.data, stdin=row)
        self.assertIn("no row is past its keep", daybook("sweep", "--dry-run", "--data", self.data).stderr)
        shorter = os.path.join(self.data, "daybook.toml")
        with open(shorter, "w", encoding="utf-8") as out:
            out.write('ANALYTICS_RETENTION_DAYS = "30"\n')
        daybook("catalog", "apply", "--allow", "--data", self.data)
        preview = json.loads(daybook("sweep", "--dry-run", "--json", "--data", self.data).stdout)
        self.assertEqual(preview["rows"], 1)
        refused = daybook("sweep", "--data", self.data, ok=False)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("--yes", refused.stderr)
        self.assertIn("removed 1 row", daybook("sweep", "--yes", "--data", self.data).stderr)
        self.assertEqual(json.loads(daybook("sweep", "--dry-run", "--json", "--data", self.data).stdout)["rows"], 0)
        self.assertIn("no row is past its keep", daybook("sweep", "--data", self.data).stderr)

    # B-39, D-21
    def test_sweep_removes_sums_past_their_own_keep_when_no_row_goes(self):
        shop = self.path("catalogs/shop")
        os.makedirs(shop)
        with open(os.path.join(shop, "application.toml"), "w", encoding="utf-8") as out:
            out.write('about = "A shop."\n')
        where = ["--data", self.data, "--catalogs", self.path("catalogs")]

        def declare(kept, sums_kept):
            with open(os.path.join(shop, "visits.toml"), "w", encoding="utf-8") as out:
                out.write(f"""
                    kind  = "journal"
                    about = "Somebody looked at a page."
                    time  = "at"
                    keep  = "{kept}"
                    [fields]
                    at   = {{ type = "time", default = "now" }}
                    page = {{ type = "text", facet = true }}
                    [[rollups]]
                    by    = ["page"]
                    tiers = ["1h", "1d"]
                    keep  = "{sums_kept}"
                    """)

        def stored_sums():
            with contextlib.closing(sqlite3.connect(os.path.join(self.data, "daybook.db"))) as store:
                return store.execute("SELECT count(*) FROM rollup_past").fetchone()[0]

        declare("90d", "300d")
        daybook("init", *where)
        old = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=60)
        row = json.dumps({"at": old.isoformat(), "page": "/"})
        daybook("ingest", "shop/visits", "-", "--format", "ndjson", *where, stdin=row)
        declare("30d", "300d")
        daybook("catalog", "apply", "--allow", *where)
        self.assertIn("removed 1 row", daybook("sweep", "--yes", *where).stderr)
        self.assertEqual(stored_sums(), 2)  # an hour and a day
        declare("30d", "40d")
        daybook("catalog", "apply", "--allow", *where)
        daybook("sweep", "--dry-run", *where)
        self.assertEqual(stored_sums(), 2)
        self.assertIn("no row is past its keep", daybook("sweep", *where).stderr)
        self.assertEqual(stored_sums(), 0)

    # D-22
    def test_a_server_sweeps_by_itself(self):
        daybook("init", "--data", self.data)
        old = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=60)
        row = json.dumps({"job_id": "a", "job_type": "restart", "status": "success", "timestamp": old.isoformat()})
        daybook("ingest", JOBS, "-", "--format", "ndjson", "--data", self.data, stdin=row)
        with open(os.path.join(self.data, "daybook.toml"), "w", encoding="utf-8") as out:
            out.write('ANALYTICS_RETENTION_DAYS = "30"\n')
        daybook("catalog", "apply", "--allow", "--data", self.data)

        def stored(server):
            return sum(one["rows"] for one in server.get("/api/v1/space")["collections"]
                       if one["collection"] == JOBS)

        def would_go():
            return json.loads(daybook("sweep", "--dry-run", "--json", "--data", self.data).stdout)["rows"]

        server = self.serve(more={"DAYBOOK_SWEEP_EVERY": "0s"})
        self.assertEqual((stored(server), would_go()), (1, 1))
        self.assertEqual(server.end(), 0)
        server = self.serve(more={"DAYBOOK_SWEEP_EVERY": "1s"})
        until = time.monotonic() + PATIENCE
        while stored(server) > 0:
            self.assertLess(time.monotonic(), until, "nothing is swept")
        self.assertEqual(would_go(), 0)

    # D-34
    def test_rollups_are_compared_with_the_rows_and_made_anew(self):
        daybook("init", "--data", self.data)
        self.take_examples("--data", self.data)
        for action, words in (("verify", "agree with"), ("rebuild", "made anew from"), ("verify", "agree with")):
            self.assertRegex(daybook("rollup", action, LOG, "--data", self.data).stdout, f"^{LOG}: .* {words} ")
        self.assertGreater(daybook("rollup", "verify", "--data", self.data).stdout.count("agree with"), 1)
        self.assertEqual(daybook("rollup", "mend", "--data", self.data, ok=False).returncode, 2)

    def test_a_limit_that_is_said_takes_the_place_of_a_declared_one(self):
        path = self.path("samples.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("timestamp,temperature\n2025-12-05T12:00:00Z,20\n2025-12-05T12:00:05Z,50\n")
        words = ["filter", "simulate", path, "--of", SAMPLES, "--band", "100"]
        self.assertIn("kept because: 1 first, 1 limit", daybook(*words).stderr)
        self.assertIn("kept because: 1 first\n", daybook(*words, "--limit", "temperature=5,60").stderr)

    def test_settings_say_where_they_come_from(self):
        daybook("init", "--data", self.data)
        with open(os.path.join(self.data, "daybook.toml"), "w", encoding="utf-8") as out:
            out.write('query_time = "3s"\nANALYTICS_RETENTION_DAYS = 120\n')
        printed = json.loads(daybook("config", "--json", "--data", self.data).stdout)
        self.assertEqual(printed["query-time"]["value"], "3s")
        self.assertTrue(printed["query-time"]["source"].endswith("daybook.toml line 1"))
        self.assertEqual(printed["data"]["source"], "--data")
        self.assertEqual(printed["listen"]["source"], "default")
        self.assertIn("line 2", printed["homepot.retention"]["source"])

    def test_doctor_finds_good_health_and_trouble(self):
        daybook("init", "--data", self.data)
        self.take_examples("--data", self.data)
        healthy = daybook("doctor", "--data", self.data)
        self.assertIn("every checksum is right", healthy.stdout)
        self.assertRegex(healthy.stdout, r"indexes: all \d+ built\n")
        self.assertIn(LOG, healthy.stdout)
        ill = daybook("doctor", "--data", self.path("nowhere"), ok=False)
        self.assertEqual(ill.returncode, 1)
        self.assertIn("WRONG  directory", ill.stdout)

    def wait_for_blocks(self, server, name):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            all_of_them = server.get("/api/v1/space")["collections"]
            if any(one["blocks"] for one in all_of_them if one["collection"] == name):
                return
        self.fail(f"{PATIENCE} seconds and no block of {name}")

    def test_doctor_says_what_columns_take(self):
        server = self.serve()
        nothing = daybook("doctor", "--verbose", "--server", server.url)
        self.assertIn("no rows lie in sealed blocks", nothing.stderr)
        day = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=2)
        rows = "".join(json.dumps({"timestamp": day.strftime("%Y-%m-%dT12:00:00Z"), "endpoint": f"/devices/{i % 3}",
                                   "status_code": 200, "response_time_ms": i}) + "\n" for i in range(40_000))
        daybook("ingest", LOG, "-", "--format", "ndjson", "--server", server.url, stdin=rows)
        self.wait_for_blocks(server, LOG)
        told = daybook("doctor", "--verbose", "--server", server.url).stdout
        self.assertRegex(told, LOG + r" +column +endpoint +\d+ +[\d.]+ +texts, 3 different, codes")
        self.assertRegex(told, LOG + r" +postings +status_code +\d+ +[\d.]+\n")
        self.assertRegex(told, LOG + r" +rollup +by_endpoint, 1h +\d+ +[\d.]+\n")

    def test_demo_shows_three_questions_with_answers(self):
        done = daybook("demo", "--once", "--examples", EXAMPLES, more={"ANALYTICS_ENABLED": "true"})
        self.assertEqual(done.stdout.count("curl 'http://127.0.0.1:"), 3)
        answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        self.assertEqual(len(answers), 3)
        for answer in answers:
            self.assertTrue(answer.get("rows") or answer.get("items"), answer)
        by_status = {str(row["status_code"]): row["count"] for row in answers[0]["rows"]}
        self.assertEqual(by_status, dict(LogFigures().status.most_common(3)), "other requests stand in the log")

    # B-02, B-14, D-15, D-18, D-28
    def test_requests_are_recorded_but_those_of_health_and_metrics(self):
        server = self.serve(more={"ANALYTICS_ENABLED": "true"})
        for target in ("/livez", "/readyz", "/health/db", "/api/v1/metrics/job-outcomes", "/api/v1/analytics/jobs"):
            server.get(target)
        request = urllib.request.Request(server.url + f"/api/v1/{JOBS}?limit=1&token=s3cr3t", headers={
            "User-Agent": "tests/1.0", "Referer": "http://localhost/?password=s3cr3t"})
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=PATIENCE)
        server.get(f"/api/v1/{JOBS}?limit=1")
        for target in ("/api/v1/smart_home/homes/h2", "/api/v1/smart_home/homes/h2/no/such"):
            with self.assertRaises(urllib.error.HTTPError):
                server.get(target)
        self.assertEqual(server.end(), 0)  # what waits is stored first
        rows = daybook("query", LOG, "--data", self.data, "--days", "1", "--format", "ndjson").stdout
        rows = [json.loads(line) for line in rows.splitlines()]
        self.assertEqual(sorted(row["status_code"] for row in rows), [200, 404, 404, 422])
        # of another application's rows it tells the route, not which
        foreign = [row for row in rows if row["status_code"] == 404]
        self.assertEqual(sorted(row["endpoint"] for row in foreign),
                         ["/api/v1/smart_home/*", "/api/v1/smart_home/homes/{id}"])
        self.assertNotIn("h2", json.dumps(foreign))
        failed = next(row for row in rows if row["status_code"] == 422)
        self.assertEqual({name: failed[name] for name in ("endpoint", "method", "ip_address", "user_agent", "referer")},
                         {"endpoint": f"/api/v1/{JOBS}", "method": "GET", "ip_address": "127.0.0.1",
                          "user_agent": "tests/1.0", "referer": "http://localhost/?password=***"})
        self.assertGreater(failed["response_time_ms"], 0)
        self.assertIn("token", failed["error_message"])

    # B-35
    def test_demo_verify_reads_back_what_it_sends(self):
        server = self.serve(more={"ANALYTICS_ENABLED": "true"})
        done = daybook("demo", "verify", "--server", server.url)
        self.assertIn("0 wrong", done.stderr)
        for target in ("/livez", "/api/v1/analytics/job-outcome", "/api/v1/analytics/jobs",
                       "/api/v1/metrics/api-performance"):
            self.assertIn(target, done.stdout)
        self.assertNotIn("WRONG", done.stdout)
        self.assertRegex(done.stdout, r"/api/v1/metrics/job-outcomes +200 +[\d.]+ +total_jobs 1, ")
        self.assertEqual(server.count(JOBS), 1)
        self.assertEqual(server.end(), 0)
        self.assertEqual(daybook("demo", "verify", "--server", server.url, ok=False).returncode, 5)

    # B-38, D-32
    def test_a_pseudonymous_export_says_what_it_is(self):
        daybook("init", "--data", self.data)
        self.take_examples("--data", self.data)
        exports = {}
        for name, purpose in (("a", "study"), ("b", "study"), ("c", "billing")):
            done = daybook("export", LOG, "--data", self.data, "--pseudonymous", purpose, "--format", "csv",
                           "--order", "timestamp", "--fields", "ip_address,user_agent,endpoint")
            self.assertIn("pseudonymous, not anonymous", done.stderr)
            self.assertIn("left out: error_message", done.stderr)
            self.assertIn("without query strings and e-mail addresses: endpoint", done.stderr)
            self.assertIn("exact times can join it with other exports", done.stderr)
            exports[name] = done.stdout
        self.assertEqual(exports["a"], exports["b"])
        self.assertIn(".0/24", exports["a"])
        self.assertNotIn("Mozilla", exports["a"])
        self.assertNotIn("?", exports["a"])
        pseudonyms = [set(re.findall(r",(p-[\w-]{22}),", exports[name])) for name in ("a", "c")]
        self.assertGreater(len(pseudonyms[0]), 10)
        self.assertFalse(pseudonyms[0] & pseudonyms[1])

    def test_version_is_said(self):
        self.assertRegex(daybook("--version").stdout, r"^daybook \d+\.\d+\.\d+\n")
        self.assertIn("sqlite", json.loads(daybook("version", "--json").stdout)["stores"][0])


if __name__ == "__main__":
    unittest.main()
