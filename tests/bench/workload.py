"""The rows that everybody is given: thirty days of requests that end at the last midnight, and
three days of messages inside them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DAY = 86_400
DAYS = 30
ROWS_OF_A_MESSAGE = 10  # requests for each message


@dataclass(frozen=True)
class Span:
    """Seconds since 1970, the end exclusive."""

    begin: int
    end: int

    @property
    def window(self) -> str:
        """As parameters of a question."""
        return f"start={instant(self.begin)}&end={instant(self.end)}"

    @property
    def sql(self) -> str:
        return f'"at" >= \'{instant(self.begin)}\' AND "at" < \'{instant(self.end)}\''


def instant(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class Workload:
    def __init__(self, rows: int, directory: Path, programs: Path, examples: Path):
        self.rows = rows
        self.messages = max(rows // ROWS_OF_A_MESSAGE, 1000)
        self._directory, self._programs, self._examples = directory, programs, examples
        end = int(time.time()) // DAY * DAY
        self.all = Span(end - DAYS * DAY, end)
        self.week = Span(end - 7 * DAY, end)
        self.of_messages = Span(self.all.begin, self.all.begin + 3 * DAY)

    def tenth(self) -> Workload:
        """A tenth of the requests over the same days."""
        directory = self._directory / "tenth"
        directory.mkdir(exist_ok=True)
        return Workload(self.rows // 10, directory, self._programs, self._examples)

    def day(self, back: int) -> Span:
        """The last day is 1, the one before it 2."""
        return Span(self.all.end - back * DAY, self.all.end - (back - 1) * DAY)

    @cached_property
    def requests(self) -> tuple[Path, Path]:
        """NDJSON and CSV, on disk."""
        return self._make("requests", self.rows, self.all)

    @cached_property
    def message_files(self) -> tuple[Path, Path]:
        vocabulary = self._directory / "vocabulary"
        vocabulary.write_text("".join(f"{word}\n" for word in self._words))
        return self._make("messages", self.messages, self.of_messages, vocabulary)

    @cached_property
    def singles(self) -> Path:
        """Requests that happen now: the time is left to whoever takes them in."""
        path = self._directory / "singles.ndjson"
        with self.requests[0].open() as lines, path.open("w") as out:
            for _, line in zip(range(200_000), lines):
                out.write("{" + line[line.index(",") + 1:])
        return path

    def words_of_rank(self, first: int, count: int) -> list[str]:
        """Words of messages of four letters or more by how frequent they are, the most frequent first."""
        frequent = Counter(word for word in self._words if len(word) >= 4).most_common(first + count)
        return [word for word, _ in frequent[first:]]

    @cached_property
    def _words(self) -> list[str]:
        """Every word of the examples as often as it is there."""
        lines = (self._examples / "messages.ndjson").read_text().splitlines()
        texts = (json.loads(line)["message_content"] for line in lines)
        return [word.lower() for text in texts for word in re.findall(r"[A-Za-z]{2,}", text)]

    def _make(self, name: str, rows: int, span: Span, *more: Path) -> tuple[Path, Path]:
        ndjson, csv = self._directory / f"{name}.ndjson", self._directory / f"{name}.csv"
        microseconds = [str(span.begin * 1_000_000), str(span.end * 1_000_000)]
        subprocess.run([self._programs / f"bench_make_{name}", str(rows), *microseconds, *more, ndjson, csv],
                       check=True)
        os.sync()  # or the disk would still be busy with these when the first figure is taken
        return ndjson, csv
