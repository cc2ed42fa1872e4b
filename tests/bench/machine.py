"""What machine this is, in a line; and what the kernel says of a process."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path


def describe() -> str:
    model = next((line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo")
                  if line.startswith("model name")), platform.machine())
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    busy = os.getloadavg()[0]
    return (f"{model}, {os.cpu_count()} cores, {memory / 2**20:.0f} GiB, Linux {platform.release()}, "
            f"load before {busy:.1f}")


def now() -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())


def resident_mb(process: int) -> float:
    return _status(process, "VmRSS")


def peak_resident_mb(process: int) -> float:
    return _status(process, "VmHWM")


def cpu_seconds(process: int) -> float:
    """What it has used so far, by all its threads, in user and system."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bytes_below(directory: Path) -> int:
    """What the files take on the disk, not what they could hold."""
    return sum(path.stat().st_blocks * 512 for path in directory.rglob("*") if path.is_file())


def _status(process: int, name: str) -> float:
    line = next(line for line in _lines(f"/proc/{process}/status") if line.startswith(name))
    return int(line.split()[1]) / 1024


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
