"""What the slowest hundredth of the answers waits longer when the requests themselves are recorded."""

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_most

CONNECTIONS = 64
SECONDS = 6
TIMES = 1.25


def measure(bench: Bench) -> list[Figure]:
    without = _p99_ms(bench, "unrecorded", "false")
    recorded = _p99_ms(bench, "recorded", "true")
    return [at_most(f"POST of one row, {CONNECTIONS} connections, p99, recorded", Quantity(recorded, "ms"),
                    TIMES * without, peers={"not recorded": Quantity(without, "ms")},
                    ratio=f"{recorded / without:.2f} x")]


def _p99_ms(bench: Bench, name: str, is_recorded: str) -> float:
    daybook = bench.new_daybook(name)
    daybook.start(ANALYTICS_ENABLED=is_recorded)
    try:
        return bench.load.run(daybook.port, REQUESTS, bench.workload.singles, connections=CONNECTIONS,
                              seconds=SECONDS).p99_ms
    finally:
        daybook.stop()
