"""Count, average, minimum and maximum by endpoint over seven days; the same with a quantile."""

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_most, times_faster


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in, bench.copied, bench.duck
    plain = _summary(bench, "avg min max".split(), "avg(response_time_ms), min(response_time_ms), "
                     "max(response_time_ms)", "")
    with_p95 = _summary(
        bench, "avg min max p95".split(),
        "avg(response_time_ms), min(response_time_ms), max(response_time_ms), "
        "percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms)", ", p95")
    bound = at_most("... with p95, at most 4 times that", with_p95[0].ours, 4 * plain[0].ours.value)
    return [*plain, *with_p95, bound]


def _summary(bench: Bench, measures: list[str], columns: str, more: str) -> list[Figure]:
    span = bench.workload.week
    of = ",".join(f"response_time_ms.{name}" for name in measures)
    ours = Quantity(bench.daybook.median_ms(f"{REQUESTS}/stats?by=endpoint&of={of}&{span.window}"), "ms")
    question = f"SELECT endpoint, count(*), {columns} FROM requests WHERE {span.sql} GROUP BY endpoint"
    postgres = bench.postgres and Quantity(bench.postgres.median_ms(question), "ms")
    duck = bench.duck and Quantity(bench.duck.median_ms(question), "ms")
    what = f"count, avg, min, max{more} by endpoint over 7 days"
    if not more:
        return [times_faster(what, ours, "PostgreSQL", postgres, 50), times_faster("... the same", ours, "DuckDB", duck, 1)]
    peers = {name: one for name, one in {"PostgreSQL": postgres, "DuckDB": duck}.items() if one}
    return [Figure(what, ours, peers)]
