"""Bytes on the disk for each row, ids and posting lists included, after a clean stop."""

from bench import Bench
from figure import Figure, Quantity, at_most


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in
    bench.daybook.stop()
    size = bench.daybook.bytes_on_disk / bench.workload.rows
    bench.daybook.start()
    return [at_most("bytes on disk for each row", Quantity(size, "B"), 48)]
