"""What the figures measure with. Servers start and rows are taken in when a figure first needs them, once
in a run, so that a figure can be measured alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import api_stack
import duck
import postgres
from api_stack import ApiStack
from ceilings import Ceilings, measure_ceilings
from daybook import Daybook
from duck import Duck
from figure import Quantity, quantity_of
from load import Load, Outcome
from postgres import Postgres
from workload import Workload

REQUESTS = "/api/v1/bench/requests"
MESSAGES = "/api/v1/bench/messages"
HERE = Path(__file__).parent
CATALOG = HERE / "catalog"
ROLLUP = """
[[rollups]]
by       = ["endpoint", "method", "status_code"]
measures = ["response_time_ms"]
"""


@dataclass(frozen=True)
class TakenIn:
    outcome: Outcome
    cpu_seconds: float  # of the server, until it was quiet again


@dataclass(frozen=True)
class InProcess:
    """A figure of `daybook bench`."""

    ours: Quantity
    beside: str


class Bench:
    def __init__(self, rows: int, directory: Path, build: Path):
        self.directory = directory
        self.binary = build / "daybook"
        self.programs = build / "tests/bench"
        self.load = Load(self.programs / "bench_load")
        self.workload = Workload(rows, directory, self.programs, HERE.parent.parent / "examples")
        self.left_out: dict[str, str] = {}

    def say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def new_daybook(self, name: str, catalog: Path = CATALOG) -> Daybook:
        """Not started, its directory empty."""
        return Daybook(self.binary, catalog, self.directory / name)

    @cached_property
    def ceilings(self) -> Ceilings:
        return measure_ceilings(self.programs, self.directory, self.workload.rows)

    @cached_property
    def daybook(self) -> Daybook:
        server = self.new_daybook("daybook")
        server.start()
        return server

    @cached_property
    def taken_in(self) -> TakenIn:
        """Of taking the requests in; whoever asks about them names this first."""
        self.workload.requests
        self.say(f"Daybook takes in {self.workload.rows:,} requests")
        before = self.daybook.cpu_seconds
        outcome = self._take_in(self.daybook, self.workload)
        return TakenIn(outcome, self.daybook.cpu_seconds - before)

    @cached_property
    def rolled(self) -> Daybook:
        """One that has a rollup of the requests."""
        return self._start_rolled("rolled")

    @cached_property
    def rolled_in(self) -> Outcome:
        self.workload.requests
        self.say(f"Daybook takes in {self.workload.rows:,} requests and rolls them up")
        return self._take_in(self.rolled, self.workload)

    @cached_property
    def rolled_tenth(self) -> Daybook:
        """One that has a rollup of a tenth of the requests, over the same days."""
        tenth = self.workload.tenth()
        daybook = self._start_rolled("rolled-tenth")
        self._take_in(daybook, tenth)
        return daybook

    @cached_property
    def messages_taken_in(self) -> Outcome:
        messages, _ = self.workload.message_files
        self.say(f"Daybook takes in {self.workload.messages:,} messages")
        outcome = self.load.run(self.daybook.port, MESSAGES, messages, connections=8, lines=1000,
                                type="application/x-ndjson")
        self.daybook.wait_until_quiet()
        return outcome

    @cached_property
    def in_process(self) -> dict[str, InProcess]:
        said = subprocess.run([self.binary, "bench", "--rows", "1000", "--json", "--dir", self.directory],
                              check=True, capture_output=True, text=True).stdout
        return {one["what"]: InProcess(quantity_of(one["value"]), one["beside"]) for one in json.loads(said)}

    @cached_property
    def postgres(self) -> Postgres | None:
        if not self._takes_part("PostgreSQL", postgres.why_not()):
            return None
        return Postgres(self.directory)

    @cached_property
    def copied(self) -> Quantity | None:
        """Rows a second of PostgreSQL's COPY of the requests."""
        return self._copy("requests", postgres.REQUESTS, self.workload.requests[1], self.workload.rows)

    @cached_property
    def messages_copied(self) -> Quantity | None:
        return self._copy("messages", postgres.MESSAGES, self.workload.message_files[1],
                          self.workload.messages)

    @cached_property
    def duck(self) -> Duck | None:
        if not self._takes_part("DuckDB", duck.why_not()):
            return None
        self.say("DuckDB takes in the requests")
        return Duck(self.directory, self.workload.requests[1])

    @cached_property
    def api_stack(self) -> ApiStack | None:
        why = "it needs PostgreSQL" if self.postgres is None else api_stack.why_not()
        if not self._takes_part("FastAPI", why) or self.postgres is None:
            return None
        return ApiStack(self.postgres)

    def stop(self) -> None:
        """Ends every server that was started."""
        for name in ("api_stack", "postgres", "duck", "daybook", "rolled", "rolled_tenth"):
            server = self.__dict__.get(name)
            if server is not None:
                server.stop()

    def _start_rolled(self, name: str) -> Daybook:
        catalog = self.directory / "catalog-rolled"
        if not catalog.exists():
            shutil.copytree(CATALOG, catalog)
            with (catalog / "bench/requests.toml").open("a") as declaration:
                declaration.write(ROLLUP)
        daybook = self.new_daybook(name, catalog)
        daybook.start()
        return daybook

    def _take_in(self, daybook: Daybook, workload: Workload) -> Outcome:
        """Returns when what goes on in the background has ended too."""
        requests, _ = workload.requests
        outcome = self.load.run(daybook.port, REQUESTS, requests, connections=8, lines=1000,
                                type="application/x-ndjson")
        daybook.wait_until_quiet()
        return outcome

    def _copy(self, table: str, declared: str, csv: Path, rows: int) -> Quantity | None:
        if self.postgres is None:
            return None
        self.say(f"PostgreSQL copies {rows:,} {table}")
        self.postgres.execute(declared)
        return Quantity(rows / self.postgres.copy(table, csv), "rows/s")

    def _takes_part(self, peer: str, why_not: str) -> bool:
        if why_not:
            self.left_out[peer] = why_not
        return not why_not
