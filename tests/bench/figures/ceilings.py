"""What the machine itself can do: no server gets past these."""

from bench import Bench
from figure import Figure, Quantity


def measure(bench: Bench) -> list[Figure]:
    ceilings = bench.ceilings
    return [
        Figure("ceiling: 4 KiB to disk, one after the other", peers={"disk": Quantity(ceilings.syncs, "/s")}),
        Figure("ceiling: 4 KiB to disk, 8 threads", peers={"disk": Quantity(ceilings.syncs_of_group, "/s")}),
        Figure("ceiling: reading memory, one thread",
               peers={"memory": Quantity(ceilings.memory_bytes / 1e9, "GB/s")}),
        Figure("ceiling: the summary over 7 days on plain arrays, one thread",
               peers={"memory": Quantity(ceilings.group_ms, "ms")}),
    ]
