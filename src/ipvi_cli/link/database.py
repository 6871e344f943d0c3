"""The database in memory over which records are compared; whoever interrupts a query of it interrupts the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_INTERRUPTED = "Query interrupted"
"""What duckdb says when Ctrl-C came while it was at work, in an error that libraries take for one of the query."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C during a query be what it is everywhere else.

    Raises:
        KeyboardInterrupt: The query was interrupted.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from None
        raise


def open_database(*, one_processor: bool = False) -> Any:
    """Open a database of its own in memory, without a word on the terminal.

    Args:
        one_processor: Whether it keeps to one processor.
    """
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    if one_processor:
        connection.execute("SET threads = 1")
    return connection


def for_splink(connection: Any) -> Any:
    """Give a database to splink, which would take an interruption for a query that failed.

    Args:
        connection: As ``open_database`` gives it.
    """
    from splink import DuckDBAPI

    class Interruptible(DuckDBAPI):
        def _execute_sql_against_backend(self, final_sql: str) -> Any:
            with interruptible():
                return super()._execute_sql_against_backend(final_sql)

    return Interruptible(connection)
