"""Few rows of many, by the server's own time."""

import json

from bench import REQUESTS, Bench
from figure import Figure, Quantity, at_most

FREQUENT, RARE = "user-00003", "user-31415"


def measure(bench: Bench) -> list[Figure]:
    bench.taken_in
    daybook = bench.daybook
    row = json.loads(daybook.ask(f"{REQUESTS}?limit=1&fields=id&{bench.workload.day(12).window}")[0])["items"][0]

    def inside(target: str) -> Quantity:
        return Quantity(daybook.median_inside_ms(target), "ms")

    return [
        at_most("newest 50 of a frequent user, inside the server",
                inside(f"{REQUESTS}?user_id={FREQUENT}&limit=50"), 2),
        at_most("newest 50 of a rare user", inside(f"{REQUESTS}?user_id={RARE}&limit=50"), 15),
        at_most("one row by id", inside(f"{REQUESTS}/{row['id']}"), 2),
    ]
