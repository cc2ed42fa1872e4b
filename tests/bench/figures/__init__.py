"""The figures, in the order in which they are taken. Each module has a function `measure(bench)` that
returns its lines of the table."""

from __future__ import annotations

from collections.abc import Callable

from bench import Bench
from figure import Figure
from figures import (access, ceilings, expiry, filter, ingest, lookups, memory, recorder, rollups, singles, space, start,
                     summaries, text, updates)

FIGURES: dict[str, Callable[[Bench], list[Figure]]] = {
    "ceilings": ceilings.measure,
    "memory-idle": memory.measure_idle,
    "ingest": ingest.measure,
    "space": space.measure,
    "start": start.measure,
    "summaries": summaries.measure,
    "rollups": rollups.measure,
    "lookups": lookups.measure,
    "singles": singles.measure,
    "recorder": recorder.measure,
    "updates": updates.measure,
    "text": text.measure,
    "filter": filter.measure,
    "access": access.measure,
    "expiry": expiry.measure,
    "memory": memory.measure,
}
