"""What it costs to know who asks: in the process, without sockets and disks."""

from bench import Bench
from figure import Figure, at_most


def measure(bench: Bench) -> list[Figure]:
    return [_at_most(bench, "knowing whose key a request has", "us", 20), _at_most(bench, "a sign-in", "ms", 100)]


def _at_most(bench: Bench, name: str, unit: str, bound: float) -> Figure:
    measured = bench.in_process[name]
    assert measured.ours.unit == unit, measured
    return at_most(f"{name}, {measured.beside}", measured.ours, bound)
