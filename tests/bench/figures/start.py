"""From the start of the process, with all the rows there, to the first answer."""

from statistics import median

from bench import Bench
from figure import Figure, Quantity, at_most


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in
    seconds = median(bench.daybook.restart() for _ in range(3))
    return [at_most("start to ready with all rows", Quantity(seconds, "s"), 0.5)]
