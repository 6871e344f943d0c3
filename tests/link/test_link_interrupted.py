"""Ctrl-C while the database is at work ends the run; it is never taken for a query that failed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import polars as pl
import pytest

from ipvi_cli.link.database import interruptible
from ipvi_cli.link.run import link_records

_LONG = """
import os, signal, threading
from ipvi_cli.link.database import for_splink, open_database
threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
sql = "CREATE TABLE t AS SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"
try:
    for_splink(open_database(one_processor=True))._log_and_run_sql_execution(sql, "t", "t")
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent so on Windows")
def test_an_interrupted_query_interrupts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LONG], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "interrupted\n"


def records(count: int) -> pl.DataFrame:
    numbers = pl.int_range(count, eager=True, dtype=pl.Int64)
    person = pl.col("row") // 2
    return pl.DataFrame({"row": numbers}).with_columns(
        name=pl.format("SURNAME{}, GIVEN{}", person % 97, person % 89),
        birth_date=pl.date(1950 + person % 50, 1 + person % 12, 1 + person % 28),
    )


@pytest.mark.parametrize("queries", [0, 12, 40])
def test_an_interruption_is_passed_on_wherever_it_comes(
    queries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from splink import DuckDBAPI

    run = DuckDBAPI._execute_sql_against_backend
    left = [queries]

    def interrupted(self: Any, final_sql: str) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("Query interrupted")
        return run(self, final_sql)

    monkeypatch.setattr(DuckDBAPI, "_execute_sql_against_backend", interrupted)
    with pytest.raises(KeyboardInterrupt):
        link_records(records(400))


def test_another_failure_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="another"), interruptible():
        raise RuntimeError("another")
