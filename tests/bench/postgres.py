"""PostgreSQL 15 as Debian ships it: a cluster of its own, durable, tuned for this amount of rows."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
from pathlib import Path
from statistics import median

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "effective_cache_size": "8GB",
    "max_connections": "200",
}
REQUESTS = """
CREATE TABLE requests (
  id uuid NOT NULL, at timestamptz NOT NULL, endpoint text NOT NULL, method text, status_code integer,
  response_time_ms double precision, user_id text, ip_address text, user_agent text, error_message text,
  request_size_bytes integer, response_size_bytes integer, review text);
CREATE INDEX ON requests (user_id, at);
CREATE INDEX ON requests (endpoint, at);
CREATE INDEX ON requests (ip_address, at);
CREATE INDEX ON requests USING brin (at);
"""
MESSAGES = """
CREATE TABLE messages (id uuid NOT NULL, at timestamptz NOT NULL, sender text NOT NULL, content text NOT NULL);
CREATE INDEX ON messages USING gin (to_tsvector('english', content));
"""


def why_not() -> str:
    """Why it cannot take part; empty when it can."""
    if not (PROGRAMS / "initdb").exists():
        return "the package postgresql-15 is not installed"
    if os.geteuid() == 0 and _account() is None:
        return "it does not run as root, and there is no account 'postgres'"
    return ""


class Postgres:
    def __init__(self, directory: Path):
        self.port = free_port()
        self._data = directory / "postgres"
        self._data.mkdir()
        self._log = self._data / "log"
        self._account = _account() if os.geteuid() == 0 else None
        if self._account:
            os.chown(self._data, self._account.pw_uid, self._account.pw_gid)
        cluster = self._data / "cluster"
        self._run("initdb", "-D", cluster, "-A", "trust", "-U", "bench", "-E", "UTF8", "--no-locale")
        settings = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        self._run("pg_ctl", "-D", cluster, "-l", self._log, "-w", "-o",
                  f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._data} {settings}", "start")
        self._cluster = cluster

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._cluster, "-m", "immediate", "stop")
        shutil.rmtree(self._data, ignore_errors=True)

    def execute(self, statements: str) -> str:
        return self._psql(statements)

    def copy(self, table: str, csv: Path) -> float:
        """Seconds of a COPY in one go; the planner's figures are made afterwards."""
        said = self._psql(f"\\timing on\n\\copy {table} FROM '{csv}' WITH (FORMAT csv)\n")
        self.execute(f"VACUUM ANALYZE {table}; CHECKPOINT;")
        return _milliseconds(said)[0] / 1000

    def median_ms(self, question: str) -> float:
        """Warm, in one session: of 20 times, or of as many as fit into ten seconds, but of 3 at least."""
        once = _milliseconds(self._psql(f"\\timing on\n{question};\n"))[0]
        times = max(3, min(20, int(10_000 / once)))
        return median(_milliseconds(self._psql("\\timing on\n" + f"{question};\n" * (times + 1)))[1:])

    def _psql(self, statements: str) -> str:
        done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
                               "-U", "bench", "-d", "postgres"],
                              input=statements, text=True, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout

    def _run(self, program: str, *words: object) -> None:
        account = self._account
        done = subprocess.run([str(PROGRAMS / program), *map(str, words)], cwd="/", stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE if program == "initdb" else None,
                              user=account.pw_uid if account else None,
                              group=account.pw_gid if account else None,
                              extra_groups=[] if account else None, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stderr}")


def _account() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _milliseconds(said: str) -> list[float]:
    return [float(number) for number in re.findall(r"^Time: ([\d.]+) ms", said, re.M)]
