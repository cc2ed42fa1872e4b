"""DuckDB from its Python package: one thread, a database on disk."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

COLUMNS = {
    "id": "UUID", "at": "TIMESTAMPTZ", "endpoint": "VARCHAR", "method": "VARCHAR", "status_code": "INTEGER",
    "response_time_ms": "DOUBLE", "user_id": "VARCHAR", "ip_address": "VARCHAR", "user_agent": "VARCHAR",
    "error_message": "VARCHAR", "request_size_bytes": "INTEGER", "response_size_bytes": "INTEGER",
    "review": "VARCHAR",
}


def why_not() -> str:
    try:
        import duckdb  # noqa: F401
    except ImportError:
        return "its Python package is not installed"
    return ""


class Duck:
    def __init__(self, directory: Path, csv: Path):
        import duckdb
        self._connection = duckdb.connect(str(directory / "duck.db"))
        self._connection.execute("SET threads = 1; SET TimeZone = 'UTC'")
        self._connection.execute(
            f"CREATE TABLE requests AS SELECT * FROM read_csv('{csv}', header = false, columns = {COLUMNS})")
        self._connection.execute("CHECKPOINT")

    def median_ms(self, question: str, times: int = 20) -> float:
        """Warm, of whole answers."""
        self._timed(question)
        return median(self._timed(question) for _ in range(times))

    def stop(self) -> None:
        self._connection.close()

    def _timed(self, question: str) -> float:
        begin = time.monotonic()
        self._connection.execute(question).fetchall()
        return (time.monotonic() - begin) * 1000
