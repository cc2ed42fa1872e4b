"""A Daybook server on a free port of this machine, over a directory of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import machine

# A partition counts as quiet after 3 seconds, and the background looks every second.
QUIET_SECONDS = 6
LONGEST_WAIT_SECONDS = 90
IDLE_CPU_SECONDS = 0.02  # in half a second
READY = re.compile(rb"listening on http://127\.0\.0\.1:(\d+)")


class Daybook:
    def __init__(self, binary: Path, catalogs: Path, data: Path):
        self._binary, self._catalogs, self._data = binary, catalogs, data
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._peak_mb = 0.0
        self.port = 0

    def start(self, **environment: str) -> float:
        """Seconds until it says that it is ready."""
        begin = time.monotonic()
        environment = {"ANALYTICS_ENABLED": "false", **environment}
        self._process = subprocess.Popen(
            [self._binary, "serve", "--data", self._data, "--catalogs", self._catalogs,
             "--listen", "127.0.0.1:0", "--sweep-every", "0s", "--log", "warning"],
            stderr=subprocess.PIPE, env={**os.environ, **environment})
        self.port = self._wait_until_ready()
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.ask("/readyz")
        return time.monotonic() - begin

    def stop(self) -> None:
        """Returns when the database is closed, its log written back into it."""
        if self._process is None:
            return
        self._peak_mb = self.peak_mb
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate()
        self._process = None

    def restart(self, **environment: str) -> float:
        self.stop()
        return self.start(**environment)

    def narrow(self, **environment: str) -> None:
        """Starts anew with settings under which some rows are past their keep."""
        self.stop()
        subprocess.run([self._binary, "catalog", "apply", "--allow", "--data", self._data, "--catalogs", self._catalogs],
                       env={**os.environ, **environment}, check=True, capture_output=True)
        self.start(**environment)

    @property
    def peak_mb(self) -> float:
        """The most that it ever had resident, of all its processes in this run."""
        if self._process is None:
            return self._peak_mb
        return max(self._peak_mb, machine.peak_resident_mb(self._process.pid))

    @property
    def resident_mb(self) -> float:
        assert self._process is not None
        return machine.resident_mb(self._process.pid)

    @property
    def cpu_seconds(self) -> float:
        assert self._process is not None
        return machine.cpu_seconds(self._process.pid)

    @property
    def bytes_on_disk(self) -> int:
        return machine.bytes_below(self._data)

    def ask(self, target: str, method: str = "GET") -> tuple[bytes, float]:
        """The body, and the milliseconds that the server itself needed."""
        assert self._connection is not None
        try:
            self._connection.request(method, target)
            response = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for longer than the server waits
            self._connection.request(method, target)
            response = self._connection.getresponse()
        body = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {target}: {response.status} {body.decode()}")
        timing = response.getheader("Server-Timing", "")
        return body, float(timing.rpartition("dur=")[2] or "nan")

    def median_ms(self, target: str, times: int = 20) -> float:
        """Of whole answers as a client gets them, warm."""
        self.ask(target)
        return median(self._timed(target) for _ in range(times))

    def median_inside_ms(self, target: str, times: int = 20) -> float:
        """Of the server's own time, warm."""
        self.ask(target)
        return median(self.ask(target)[1] for _ in range(times))

    def wait_until_quiet(self) -> None:
        """Until what goes on in the background after a load has ended."""
        begin = busy_at = time.monotonic()
        used = self.cpu_seconds
        while time.monotonic() - busy_at < QUIET_SECONDS:
            if time.monotonic() - begin > LONGEST_WAIT_SECONDS:
                print("the server is still busy: what is measured next may suffer", file=sys.stderr, flush=True)
                return
            time.sleep(0.5)
            now = self.cpu_seconds
            if now - used > IDLE_CPU_SECONDS:
                busy_at = time.monotonic()
            used = now

    def _timed(self, target: str) -> float:
        begin = time.monotonic()
        self.ask(target)
        return (time.monotonic() - begin) * 1000

    def _wait_until_ready(self) -> int:
        assert self._process is not None and self._process.stderr is not None
        said = b""
        for line in self._process.stderr:
            said += line
            if match := READY.search(line):
                return int(match[1])
        self._process = None
        raise RuntimeError(f"daybook did not start: {said.decode()}")
