"""What it costs to know who asks, as `daybook bench` measures it: in the process, without sockets and disks."""

import json
import subprocess

from bench import Bench
from figure import Figure, Quantity, at_most

FIGURES = {"knowing whose key a request has": ("us", 20), "a sign-in": ("ms", 100)}


def measure(bench: Bench) -> list[Figure]:
    said = subprocess.run([bench.binary, "bench", "--rows", "1000", "--json", "--dir", bench.directory],
                          check=True, capture_output=True, text=True).stdout
    figures = []
    for line in json.loads(said):
        if line["what"] not in FIGURES:
            continue
        unit, bound = FIGURES[line["what"]]
        value, said_unit = line["value"].replace(",", "").split()
        assert said_unit == unit, line
        figures.append(at_most(f"{line['what']}, {line['beside']}", Quantity(float(value), unit), bound))
    assert len(figures) == len(FIGURES), said
    return figures
