"""Messages of twelve words: taking them in beside COPY into a table with a GIN index, and searching them."""

from urllib.parse import quote

from bench import MESSAGES, Bench
from figure import Figure, Quantity, at_most, times_faster


def measure(bench: Bench) -> list[Figure]:
    rate = Quantity(bench.messages_taken_in.lines_per_second, "rows/s")
    figures = [times_faster("messages with text, 1,000 a request, 8 connections", rate, "PostgreSQL COPY (GIN)",
                            bench.messages_copied, 2)]
    for name, rank in (("mid", 100), ("frequent", 0)):
        words = bench.workload.words_of_rank(rank, 2)
        target = f"{MESSAGES}/search?q={quote(' OR '.join(words))}&limit=20&{bench.workload.of_messages.window}"
        for order, more in (("newest 20", ""), ("best 20", "&rank=best")):
            inside = Quantity(bench.daybook.median_inside_ms(target + more), "ms")
            figures.append(at_most(f"two {name} words by OR, {order}, inside the server", inside, 20))
    return figures
