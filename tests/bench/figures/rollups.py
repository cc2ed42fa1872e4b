"""The same rows with a rollup by endpoint, method and status: what it costs to keep, and what it answers."""

from urllib.parse import quote

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_least, at_most, times_faster
from workload import DAY, Span

MEASURES = "response_time_ms.avg,response_time_ms.min,response_time_ms.max,response_time_ms.p95"
COLUMNS = ("count(*), avg(response_time_ms), min(response_time_ms), max(response_time_ms), "
           "percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms)")
BEFORE_MIDNIGHT = 11 * 3600 + 47 * 60  # windows end at a whole minute, where no hour and no day does
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def measure(bench: Bench) -> list[Figure]:
    bench.rolled_in, bench.copied
    end = bench.workload.all.end - BEFORE_MIDNIGHT
    day, week = Span(end - DAY, end), Span(end - 7 * DAY, end)
    return [_kept(bench), *_performance(bench, "24 hours", day, 3), *_performance(bench, "7 days", week, 10),
            _by_day(bench), _of_one_agent(bench, week)]


def _kept(bench: Bench) -> Figure:
    without, rolled = bench.taken_in.outcome.lines_per_second, bench.rolled_in.lines_per_second
    return at_least("NDJSON with a rollup by endpoint, method, status, with quantiles", Quantity(rolled, "rows/s"),
                    round(0.75 * without), peers={"without": Quantity(without, "rows/s")},
                    ratio=f"{100 * rolled / without:.0f} %")


def _performance(bench: Bench, name: str, span: Span, bound: float) -> list[Figure]:
    target = f"{REQUESTS}/stats?by=endpoint&of={MEASURES}&{span.window}"
    inside = Quantity(bench.rolled.median_inside_ms(target), "ms")
    whole = Quantity(bench.rolled.median_ms(target), "ms")
    return [at_most(f"count, avg, min, max, p95 by endpoint over {name}, rolled up, inside the server", inside, bound),
            times_faster("... the whole answer", whole, "PostgreSQL", _of_postgres(bench, span), 100)]


def _by_day(bench: Bench) -> Figure:
    target = f"{REQUESTS}/stats?by=endpoint&every=1d&of=response_time_ms.avg&{bench.workload.all.window}"
    few, many = (daybook.median_inside_ms(target) for daybook in (bench.rolled_tenth, bench.rolled))
    return at_most("by endpoint and day over 30 days, rolled up, inside the server", Quantity(many, "ms"),
                   1.5 * few, peers={"a tenth of the rows": Quantity(few, "ms")}, ratio=f"{many / few:.2f} x")


def _of_one_agent(bench: Bench, span: Span) -> Figure:
    ours = bench.rolled.median_ms(
        f"{REQUESTS}/stats?by=endpoint&of={MEASURES}&user_agent={quote(AGENT)}&{span.window}")
    return times_faster("the same of one user agent, which no rollup has, over 7 days", Quantity(ours, "ms"),
                        "PostgreSQL", _of_postgres(bench, span, f" AND user_agent = '{AGENT}'"), 20)


def _of_postgres(bench: Bench, span: Span, more: str = "") -> Quantity | None:
    question = f"SELECT endpoint, {COLUMNS} FROM requests WHERE {span.sql}{more} GROUP BY endpoint"
    return bench.postgres and Quantity(bench.postgres.median_ms(question), "ms")
