"""The formats of NIBRS submissions that are read, each with how it is recognised by its content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from ipvi_cli.ingest.nibrs.bundle import read_bundle
from ipvi_cli.ingest.nibrs.bundle_format import bundle_agencies, bundle_years, is_bundle_file
from ipvi_cli.ingest.nibrs.bundle_tables import bundles, missing
from ipvi_cli.ingest.nibrs.flat import flat_agencies, is_flat, read_flat
from ipvi_cli.ingest.nibrs.segments import Submission
from ipvi_cli.ingest.nibrs.xml_format import is_xml, xml_agencies
from ipvi_cli.ingest.nibrs.xml_read import read_xml
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
        years: Years that a file is of, where the format says it once and for all.
        read: Reads all files of a source, in order; scratch is a folder of its own for what does not fit in memory.
    """

    recognises: Callable[[File], bool]
    agencies: Callable[[File], frozenset[str]]
    read: Callable[[Sequence[File], Path, Progress | None], Taken]
    years: Callable[[File], frozenset[int]] = lambda file: frozenset()


def _read_flat_files(files: Sequence[File], scratch: Path, progress: Progress | None) -> Taken:
    taken = Taken()
    for file in files:
        try:
            taken.submissions.append(read_flat(file.path, file.label, progress))
        except InputError as error:
            taken.failures.append((file.label, error))
    return taken


def _read_xml_files(files: Sequence[File], scratch: Path, progress: Progress | None) -> Taken:
    taken = Taken()
    for number, file in enumerate(files):
        place = scratch / f"xml{number}"
        place.mkdir()
        try:
            told = _telling(progress, file.label)
            taken.submissions.append(read_xml(file.path, file.label, place, told))
        except InputError as error:
            taken.failures.append((file.label, error))
    return taken


def _read_bundles(files: Sequence[File], scratch: Path, progress: Progress | None) -> Taken:
    """Read state-years; one that lacks a part of the first rank is read without it, and that part is a failure."""
    taken = Taken()
    places = {file.label: file.path for file in files}
    for number, (folder, labels) in enumerate(bundles(places).items()):
        scratch_of_bundle = scratch / f"bundle{number}"
        scratch_of_bundle.mkdir()
        told = _telling(progress, folder or "the bundle")
        try:
            own = {label: places[label] for label in labels}
            taken.submissions.append(read_bundle(own, scratch_of_bundle, told))
        except InputError as error:
            taken.failures.append((labels[0], error))
            continue
        for name in missing(labels):
            absent = InputError(
                "the bundle holds no such file.",
                where=f"{folder}{name}",
                mend="Leave all files of the download in one folder or archive.",
            )
            taken.failures.append((f"{folder}{name}", absent))
    return taken


def _telling(progress: Progress | None, label: str) -> Callable[[int, int], None]:
    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(f"reading {label}", done, total)

    return told


FORMATS: Final[dict[str, Format]] = {
    "nibrs-flat": Format(
        lambda file: is_flat(file.path), lambda file: flat_agencies(file.path), _read_flat_files
    ),
    "nibrs-xml": Format(
        lambda file: is_xml(file.path), lambda file: xml_agencies(file.path), _read_xml_files
    ),
    "nibrs-cde": Format(
        lambda file: is_bundle_file(file.path, file.label),
        lambda file: bundle_agencies(file.path, file.label),
        _read_bundles,
        lambda file: bundle_years(file.path, file.label),
    ),
}
"""Every format by the name that a profile and ``--format-in`` give it; the first that recognises a file reads it."""


def recognise(file: File) -> str | None:
    """Name the format of a file, told by its content; ``None`` when it is no NIBRS submission."""
    return next((name for name, one in FORMATS.items() if one.recognises(file)), None)
