"""What this machine could give at best, measured once in a run."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ceilings:
    syncs: float  # appends of 4 KiB a second, each on disk before the next
    syncs_of_group: float  # the same from eight threads, a file each
    memory_bytes: float  # read a second by one thread
    group_ms: float  # the summary over 7 days, by one thread over plain arrays


def measure_ceilings(programs: Path, directory: Path, rows: int) -> Ceilings:
    done = subprocess.run([programs / "bench_ceilings", directory, str(rows)], check=True, capture_output=True)
    return Ceilings(**json.loads(done.stdout))
