"""Removing the oldest day while rows go on coming in."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_most
from workload import DAY

SECONDS_BEFORE = 3
SECONDS = 8


@dataclass(frozen=True)
class Expired:
    rows: int
    sweep_ms: float
    longest_before_ms: float  # of the requests that brought rows meanwhile
    longest_during_ms: float


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in, bench.messages_taken_in
    requests = _expire(bench, "requests", "BENCH_REQUESTS_KEPT")
    messages = _expire(bench, "messages", "BENCH_MESSAGES_KEPT")
    return [*_figures("requests", requests, 50), *_figures("messages with text", messages, 200)]


def _figures(what: str, expired: Expired, bound: float) -> list[Figure]:
    return [
        at_most(f"expiring a day of {expired.rows:,} {what}", Quantity(expired.sweep_ms, "ms"), bound),
        Figure("... longest request that took rows in meanwhile", Quantity(expired.longest_during_ms, "ms"),
               {"before": Quantity(expired.longest_before_ms, "ms")}),
    ]


def _expire(bench: Bench, collection: str, setting: str) -> Expired:
    daybook = bench.daybook
    end_of_the_oldest = bench.workload.all.begin + DAY
    daybook.narrow(**{setting: f"{int(time.time()) - end_of_the_oldest}s"})
    trace = bench.directory / "trace"
    running = bench.load.start(daybook.port, REQUESTS, bench.workload.singles, connections=8, lines=1000,
                               seconds=SECONDS, type="application/x-ndjson", trace=trace)
    time.sleep(SECONDS_BEFORE)
    begin = time.monotonic()
    answer, sweep_ms = daybook.ask("/api/v1/sweep", method="POST")
    end = time.monotonic()
    bench.load.finish(running)
    return Expired(_rows_of(answer, collection), sweep_ms, *_longest(trace, begin, end))


def _rows_of(answer: bytes, collection: str) -> int:
    swept = json.loads(answer)["collections"]
    return next(one["rows"] for one in swept if one["collection"] == f"bench/{collection}")


def _longest(trace: Path, begin: float, end: float) -> tuple[float, float]:
    """Milliseconds of the longest request before the sweep, and of those that ran during it."""
    before, during = [0.0], [0.0]
    for line in trace.read_text().splitlines():
        ended, latency = (int(number) / 1e6 for number in line.split())
        if ended < begin:
            before.append(latency)
        elif ended - latency < end:
            during.append(latency)
    return max(before) * 1000, max(during) * 1000
