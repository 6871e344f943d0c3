"""The formats of NIBRS submissions that are read, each with how it is recognised by its content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from ipvi_cli.ingest.nibrs.flat import flat_agencies, is_flat, read_flat
from ipvi_cli.ingest.nibrs.segments import Submission
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import Progress


class File(Protocol):
    """A file of the delivery, taken out of its archive."""

    @property
    def label(self) -> str:
        """Its name in the delivery."""

    @property
    def path(self) -> Path:
        """Where it lies."""


@dataclass
class Taken:
    """What was read of the files of a source.

    Attributes:
        submissions: What could be read, in order of the files.
        failures: Name and error of each file that could not be read.
    """

    submissions: list[Submission] = field(default_factory=list)
    failures: list[tuple[str, InputError]] = field(default_factory=list)


@dataclass(frozen=True)
class Format:
    """One format of NIBRS submissions.

    Attributes:
        recognises: Says from its content, and where that helps its name, whether a file has the format.
        agencies: ORIs of a file, found without reading all of it closely.
        read: Reads all files of a source, in order; scratch is a folder of its own for what does not fit in memory.
    """

    recognises: Callable[[File], bool]
    agencies: Callable[[File], frozenset[str]]
    read: Callable[[Sequence[File], Path, Progress | None], Taken]


def _read_flat_files(files: Sequence[File], scratch: Path, progress: Progress | None) -> Taken:
    taken = Taken()
    for file in files:
        try:
            taken.submissions.append(read_flat(file.path, file.label, progress))
        except InputError as error:
            taken.failures.append((file.label, error))
    return taken


FORMATS: Final[dict[str, Format]] = {
    "nibrs-flat": Format(
        lambda file: is_flat(file.path), lambda file: flat_agencies(file.path), _read_flat_files
    ),
}
"""Every format by the name that a profile and ``--format-in`` give it; the first that recognises a file reads it."""


def recognise(file: File) -> str | None:
    """Name the format of a file, told by its content; ``None`` when it is no NIBRS submission."""
    return next((name for name, one in FORMATS.items() if one.recognises(file)), None)
