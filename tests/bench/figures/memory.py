"""Resident memory: empty and idle, and the most it ever was in the run."""

from bench import Bench
from figure import Figure, Quantity, at_most


def measure_idle(bench: Bench) -> list[Figure]:
    daybook = bench.new_daybook("empty")
    daybook.start()
    try:
        return [at_most("resident memory, empty and idle", Quantity(daybook.resident_mb, "MB"), 30)]
    finally:
        daybook.stop()


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in
    return [at_most("resident memory, the most during all of this", Quantity(bench.daybook.peak_mb, "MB"), 200)]
