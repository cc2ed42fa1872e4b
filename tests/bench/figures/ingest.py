"""Taking rows in over HTTP, beside COPY into a table with the same indexes."""

from bench import Bench
from figure import Figure, Quantity, at_least, times_faster


def measure(bench: Bench) -> list[Figure]:
    outcome = bench.taken_in.outcome
    cpu = 1e6 * bench.taken_in.cpu_seconds / bench.workload.rows
    rate = Quantity(outcome.lines_per_second, "rows/s")
    steady = 100 * outcome.first_tenth / outcome.last_tenth
    return [
        times_faster("NDJSON, 1,000 rows a request, 8 connections, durable", rate, "PostgreSQL COPY",
                     bench.copied, 5),
        Figure("... the server's own CPU, sealing included", Quantity(cpu, "us a row")),
        at_least("... rate of the last tenth, of the first tenth's", Quantity(steady, "%"), 90),
    ]
