"""Changes of rows by id, one a request and a hundred a request; and what a summary costs over rows that
have all changed."""

import json
import random
from pathlib import Path

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_least, at_most
from figures.singles import rate_of_daybook
from workload import Span

CONNECTIONS = 64
ROWS_OF_A_BATCH = 100
MOST_CHANGES = 60_000  # one a request


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in
    posts = rate_of_daybook(bench, CONNECTIONS)
    changes = _change_one_by_one(bench, bench.workload.day(3))
    changed = bench.workload.day(2)
    question = f"{REQUESTS}/stats?by=endpoint&of=response_time_ms.avg&{changed.window}"
    clean_ms = bench.daybook.median_ms(question)
    batches = _change_in_batches(bench, changed)
    changed_ms = bench.daybook.median_ms(question)
    return [
        at_least(f"PATCH of one row by id, {CONNECTIONS} connections", Quantity(changes, "/s"), round(0.7 * posts),
                 ratio=f"{changes / posts:.2f} of the POSTs"),
        at_least(f"updates by id, {ROWS_OF_A_BATCH} a request, 8 connections", Quantity(batches, "rows/s"), 20_000),
        at_most("summary of a day whose rows all changed", Quantity(changed_ms, "ms"), 2 * clean_ms,
                peers={"clean": Quantity(clean_ms, "ms")}, ratio=f"{changed_ms / clean_ms:.2f} x"),
    ]


def _change_one_by_one(bench: Bench, span: Span) -> float:
    ids = _ids(bench, span)
    random.Random(1).shuffle(ids)
    ids = ids[:MOST_CHANGES]
    path = bench.directory / "changes"
    path.write_text("".join(f'{REQUESTS}/{one}\t{{"review":"seen"}}\n' for one in ids))
    outcome = bench.load.run(bench.daybook.port, "-", path, method="PATCH", connections=CONNECTIONS)
    return outcome.requests_per_second


def _change_in_batches(bench: Bench, span: Span) -> float:
    ids = _ids(bench, span)
    path = bench.directory / "batches"
    _write_batches(path, ids)
    outcome = bench.load.run(bench.daybook.port, "/api/v1/bench/batch", path, connections=8)
    return len(ids) / outcome.seconds


def _write_batches(path: Path, ids: list[str]) -> None:
    with path.open("w") as out:
        for first in range(0, len(ids), ROWS_OF_A_BATCH):
            rows = [{"id": one, "review": "seen"} for one in ids[first:first + ROWS_OF_A_BATCH]]
            out.write(json.dumps({"update": {"requests": rows}}) + "\n")


def _ids(bench: Bench, span: Span) -> list[str]:
    lines, _ = bench.daybook.ask(f"{REQUESTS}?format=ndjson&fields=id&{span.window}")
    return [json.loads(line)["id"] for line in lines.splitlines()]
