"""One row a request, each durable before its answer, beside FastAPI over PostgreSQL."""

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_least

SECONDS = 6
TIMES = 25
OF_THE_DISK = 0.8


def measure(bench: Bench) -> list[Figure]:
    return [_at(bench, connections) for connections in (64, 256)]


def rate_of_daybook(bench: Bench, connections: int) -> float:
    outcome = bench.load.run(bench.daybook.port, REQUESTS, bench.workload.singles, connections=connections,
                             seconds=SECONDS)
    return outcome.requests_per_second


def _at(bench: Bench, connections: int) -> Figure:
    what = f"POST of one row, {connections} connections"
    ours = Quantity(rate_of_daybook(bench, connections), "/s")
    by_disk = OF_THE_DISK * connections * bench.ceilings.syncs
    if bench.api_stack is None:
        return Figure(what, ours, bar=f">= {TIMES} x FastAPI")
    outcome = bench.load.run(bench.api_stack.port, "/requests", bench.workload.singles, connections=connections,
                             seconds=SECONDS)
    theirs = Quantity(outcome.requests_per_second, "/s")
    return at_least(what, ours, round(min(TIMES * theirs.value, by_disk)), peers={"FastAPI": theirs},
                    ratio=f"{ours.value / theirs.value:.3g} x")
