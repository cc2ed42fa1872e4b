"""README's first minute, typed into a demonstration: what it prints is what README says.

Ids that the server makes, times and cursors differ from run to run; all else is compared.
"""

import json
import os
import re
import shlex
import subprocess
import unittest
import urllib.error
import urllib.request

from process_test import DAYBOOK, EXAMPLES, PATIENCE, Server

README = os.path.join(os.environ["DAYBOOK_SOURCE_DIR"], "README.md")
ADDRESS = "http://127.0.0.1:8000"


def steps():
    """Commands of the part with what they print."""
    with open(README, encoding="utf-8") as page:
        part = page.read().split("## A first minute")[1].split("\n## ")[0]
    for block in re.findall(r"^```\n(.*?)^```", part, re.S | re.M):
        for text in re.split(r"^\$ ", block, flags=re.M)[1:]:
            yield split_output(text.splitlines())


def split_output(lines):
    """The lines of a command (continued by a backslash, or with a document inside), and the others."""
    end = 1
    while lines[end - 1].endswith("\\"):
        end += 1
    document = None
    if lines[end - 1].endswith("<<'EOF'"):
        stop = lines.index("EOF")
        document = "\n".join(lines[end:stop]) + "\n"
        lines[end - 1] = lines[end - 1].removesuffix("<<'EOF'")
        return " ".join(line.rstrip("\\") for line in lines[:end]), document, lines[stop + 1:]
    return " ".join(line.rstrip("\\") for line in lines[:end]), document, lines[end:]


def curl(words, document):
    """The few options that README uses."""
    headers, body, url = {}, None, None
    rest = iter(words)
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = next(rest).encode()
        elif word == "--data-binary":
            assert next(rest) == "@-"
            body = document.encode()
        else:
            assert url is None and not word.startswith("-"), word
            url = word
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=PATIENCE) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def steady(value, name=""):
    """What is the same in every run."""
    if isinstance(value, dict):
        return {key: steady(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [steady(part, name) for part in value]
    is_volatile = isinstance(value, str) and (name in ("ids", "start", "end", "next_cursor") or name.endswith("_at"))
    return f"some {name}" if is_volatile else value


class Readme(unittest.TestCase):
    maxDiff = None

    def test_the_first_minute(self):
        server = Server(None, command=("demo", "--examples", EXAMPLES, "--listen", "127.0.0.1:0"),
                        more={"ANALYTICS_ENABLED": "true"}, ready=r"Daybook is at (http://[^\s;]+)")
        self.addCleanup(server.end)
        self.variables = {}
        compared = 0
        for command, document, printed in steps():
            command = command.replace(ADDRESS, server.url)
            for name, value in self.variables.items():
                command = command.replace("$" + name, value)
            with self.subTest(command=command):
                compared += self.play(command, document, "\n".join(printed).strip())
        self.assertGreaterEqual(compared, 6)

    def play(self, command, document, printed):
        words = shlex.split(command)
        if "=" in words[0]:
            name, _, value = words[0].partition("=")
            self.variables[name] = value
        elif words[0] == "curl":
            self.assertNotEqual(printed, "", "the answer is not shown")
            shown = json.loads(printed)
            self.assertEqual(steady(json.loads(curl(words[1:], document))), steady(shown))
            return 1
        elif words[0].endswith("/daybook"):
            done = subprocess.run([DAYBOOK, *words[1:]], capture_output=True, text=True, timeout=PATIENCE, check=True)
            self.assertEqual(done.stdout.split(), printed.split())
            return 1
        else:
            self.assertEqual(words, ["./dev", "build"])
        return 0


if __name__ == "__main__":
    unittest.main()
