"""Many connections at once, by the program bench_load: the same for every server."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    requests: int
    lines: int
    refused: int
    seconds: float
    first_tenth: float  # seconds of the first tenth of the requests
    last_tenth: float
    p50_ms: float
    p99_ms: float
    max_ms: float

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def lines_per_second(self) -> float:
        return self.lines / self.seconds


class Load:
    """Options are those of the program, such as connections=64, lines=1, seconds=5, method="PATCH"."""

    def __init__(self, program: Path):
        self._program = program

    def start(self, port: int, path: str, file: Path, **options: object) -> subprocess.Popen[bytes]:
        words = [f"--{name}={value}" for name, value in options.items()]
        return subprocess.Popen([self._program, f"--port={port}", f"--path={path}", f"--file={file}", *words],
                                stdout=subprocess.PIPE)

    def finish(self, running: subprocess.Popen[bytes]) -> Outcome:
        printed, _ = running.communicate()
        if running.returncode != 0:
            raise RuntimeError(f"{self._program.name} ended with {running.returncode}")
        outcome = Outcome(**json.loads(printed))
        if outcome.refused > 0:
            raise RuntimeError(f"{outcome.refused} of {outcome.requests} requests were refused")
        return outcome

    def run(self, port: int, path: str, file: Path, **options: object) -> Outcome:
        return self.finish(self.start(port, path, file, **options))
