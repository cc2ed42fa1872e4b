"""FastAPI, SQLAlchemy and asyncpg over the bench's PostgreSQL, two uvicorn workers."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from postgres import REQUESTS, Postgres, free_port

WORKERS = 2
TABLE = (REQUESTS.replace("requests", "single_requests").replace("id uuid NOT NULL", "id uuid PRIMARY KEY"))


def why_not() -> str:
    missing = [name for name in ("fastapi", "sqlalchemy", "asyncpg", "uvicorn")
               if importlib.util.find_spec(name) is None]
    return f"these Python packages are not installed: {', '.join(missing)}" if missing else ""


class ApiStack:
    def __init__(self, postgres: Postgres):
        postgres.execute(TABLE)
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "app:app", "--port", str(self.port), "--workers", str(WORKERS),
             "--log-level", "error", "--no-access-log"],
            cwd=Path(__file__).parent / "stack",
            env={**os.environ, "BENCH_DATABASE": f"postgresql+asyncpg://bench@127.0.0.1:{postgres.port}/postgres",
                 "PYTHONDONTWRITEBYTECODE": "1"})
        self._wait_until_ready()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()

    def _wait_until_ready(self) -> None:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=1).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise RuntimeError("the FastAPI application did not start")
