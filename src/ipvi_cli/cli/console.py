"""The only place that prints: data to standard output, messages and progress to standard error."""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ipvi_cli.cli.text import visible

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console, RenderableType
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from ipvi_cli.model.finding import Progress

_PATIENCE: Final = 1.0
"""Seconds after which a person wants to know what is going on."""


@dataclass(frozen=True)
class Screen:
    """Where a command prints.

    Attributes:
        format: ``table`` for people, else a format for machines.
        out: File that takes the data in place of standard output.
        quiet: Whether to keep messages back.
        verbose: Whether to say each step.
    """

    format: str = "table"
    out: Path | None = None
    quiet: bool = False
    verbose: bool = False

    @property
    def for_people(self) -> bool:
        """Whether what is printed is meant to be read by a person."""
        return self.format == "table"

    def say(self, line: str) -> None:
        """Print a message, unless it is to be quiet."""
        if not self.quiet:
            sys.stderr.write(f"{visible(line)}\n")

    def say_all(self, lines: Sequence[str], most: int = 10) -> None:
        """Print messages, one a line; of many only the first, and how many more there are."""
        for line in lines[:most]:
            self.say(line)
        if len(lines) > most:
            self.say(f"… and {len(lines) - most:,} more")

    def show(self, *parts: RenderableType) -> None:
        """Print what a person reads.

        Args:
            *parts: Texts and tables.
        """
        console = _console(sys.stdout)
        if self.out is None:
            for part in parts:
                console.print(part)
            return
        from rich.text import Text

        with console.capture() as taken:
            for part in parts:
                console.print(part)
        lines = Text.from_ansi(taken.get()).plain.splitlines()
        self.put("".join(f"{line.rstrip()}\n" for line in lines).encode())

    def put(self, content: bytes) -> None:
        """Give out what a machine reads, byte for byte."""
        if self.out is not None:
            from ipvi_cli.workspace.files import write_output

            write_output(self.out, content)
            self.say(f"Written: {self.out}")
            return
        sys.stdout.flush()
        raw = getattr(sys.stdout, "buffer", None)
        if raw is None:
            sys.stdout.write(content.decode())
            return
        raw.write(content)
        raw.flush()

    def put_frame(self, df: pl.DataFrame, *, keep: Collection[str] = ()) -> None:
        """Give out a frame in the format for machines that was asked for.

        Args:
            df: The rows.
            keep: Columns that stay byte for byte in CSV, even where a spreadsheet would run them.
        """
        self.put(machine_bytes(df, self.format, keep=keep))

    def put_figures(self, figures: pl.DataFrame | None) -> None:
        """Give out figures in the format for machines; none were made of a delivery that holds nothing to count."""
        if figures is None:
            import polars as pl

            from ipvi_cli.model.figure import FIGURE_SCHEMA

            figures = pl.DataFrame(schema=FIGURE_SCHEMA)
        self.put_frame(figures)

    def list_frame(self, df: pl.DataFrame, *, keep: Collection[str] = ()) -> None:
        """Print every row of a frame in whichever format was asked for.

        Args:
            df: The rows.
            keep: Columns that stay byte for byte in CSV.
        """
        if not self.for_people:
            self.put_frame(df, keep=keep)
            return
        from ipvi_cli.cli.tables import frame_table

        self.show(frame_table(df, lines=None))

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """Show what a long run is doing.

        Yields:
            What the pipeline tells its steps; ``None`` where nobody would see it.
        """
        if self.quiet:
            yield None
        elif self.verbose:
            yield _Steps()
        elif sys.stderr.isatty():
            with _Bar() as bar:
                yield bar
        else:
            yield None


def machine_bytes(df: pl.DataFrame, format: str, *, keep: Collection[str] = ()) -> bytes:
    """Write a frame as ``csv``, ``json`` (one list) or ``ndjson``, UTF-8.

    Args:
        df: The rows.
        format: One of the three.
        keep: Columns that stay byte for byte in CSV.
    """
    if format == "csv":
        from ipvi_cli.workspace import csv_bytes

        return csv_bytes(df, keep=keep)
    if format == "ndjson":
        return df.write_ndjson().encode()
    return f"{df.write_json() if df.height else '[]'}\n".encode()


def _console(stream: Any) -> Console:
    from rich.console import Console

    # Markup and emoji codes would be found in names of files and in site words.
    return Console(file=stream, markup=False, highlight=False, emoji=False, soft_wrap=False)


class _Steps:
    """Says each step on a line of its own."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self._last:
            self._last = what
            sys.stderr.write(f"{visible(what)}\n")
            sys.stderr.flush()


class _Bar:
    """A bar on standard error that appears only when the run takes long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[str, int, int] = ("starting", 0, 0)
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._timer = threading.Timer(_PATIENCE, self._appear)
        self._timer.daemon = True

    def __enter__(self) -> _Bar:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._state = ("", -1, -1)
            if self._bar is not None:
                self._bar.stop()

    def __call__(self, what: str, done: int, total: int) -> None:
        with self._lock:
            self._state = (visible(what), done, total)
            self._update()

    def _appear(self) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._state[1] < 0:
                return
            self._bar = Progress(
                SpinnerColumn("line"),
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TimeElapsedColumn(),
                console=_console(sys.stderr),
                transient=True,
            )
            self._task = self._bar.add_task("", total=None)
            self._update()
            self._bar.start()

    def _update(self) -> None:
        if self._bar is not None and self._task is not None:
            what, done, total = self._state
            self._bar.update(self._task, description=what, completed=done, total=total or None)
