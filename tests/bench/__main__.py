"""./dev bench [--rows N] [--only NAMES] [--json FILE] [--dir DIR]"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import machine
from bench import Bench
from figure import Figure, as_json
from figures import FIGURES
from table import table_of

NOTES = """The load comes from this machine too: one of its cores, for every server alike. A time "inside the
server" is its Server-Timing; other times and all rates are whole answers as a client gets them."""


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Daybook beside its peers, in one run.")
    parser.add_argument("--rows", type=int, default=10_000_000, help="requests to take in (10000000)")
    parser.add_argument("--only", help=f"some of the figures, with commas: {', '.join(FIGURES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE too")
    parser.add_argument("--dir", type=Path, default=Path("/var/tmp"), help="measure the disk of DIR (/var/tmp)")
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    asked = parser.parse_args(words)
    asked.only = asked.only.split(",") if asked.only else list(FIGURES)
    for name in asked.only:
        if name not in FIGURES:
            parser.error(f"there is no figure '{name}'; there are {', '.join(FIGURES)}")
    if asked.rows < 30_000:
        parser.error("--rows must be at least 30000, a thousand a day")
    return asked


def measure(bench: Bench, names: list[str]) -> list[Figure]:
    """A figure that fails is a line of its own, so that a long run is not lost."""
    figures: list[Figure] = []
    for name in FIGURES:
        if name not in names:
            continue
        bench.say(f"{name} ...")
        try:
            figures += FIGURES[name](bench)
        except (RuntimeError, OSError, subprocess.CalledProcessError) as error:
            bench.say(f"{name} failed: {error}")
            figures.append(Figure(name, bar="to be measured", is_reached=False))
        bench.say(f"{name} done; the most that Daybook had resident so far: {bench.daybook.peak_mb:.0f} MB")
    return figures


def main() -> int:
    asked = parse(sys.argv[1:])
    head = f"{machine.now()}; {machine.describe()}; {asked.rows:,} requests"
    with tempfile.TemporaryDirectory(prefix="daybook-bench-", dir=asked.dir) as name:
        directory = Path(name)
        directory.chmod(0o711)  # PostgreSQL runs in it under an account of its own
        bench = Bench(asked.rows, directory, asked.build)
        try:
            figures = measure(bench, asked.only)
        finally:
            bench.stop()
    left_out = [f"left out: {peer} ({why})" for peer, why in bench.left_out.items()]
    print("\n".join([head, "", table_of(figures), "", NOTES, *left_out]))
    if asked.json:
        asked.json.write_text(json.dumps({"head": head, "left_out": bench.left_out,
                                          "figures": [as_json(figure) for figure in figures]}, indent=1) + "\n")
    return 0 if all(figure.is_reached is not False for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
