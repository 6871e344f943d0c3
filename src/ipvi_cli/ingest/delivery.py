"""The files of a delivery: found by the profile's globs, opened, and read by the reader of their format."""

from __future__ import annotations

import fnmatch
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ipvi_cli.ingest.containers import Member, Unopened, expand
from ipvi_cli.ingest.delimited import read_delimited
from ipvi_cli.ingest.excel import read_excel
from ipvi_cli.ingest.json_records import read_json
from ipvi_cli.ingest.parquet import read_parquet
from ipvi_cli.ingest.raw import RawInput, ReadOptions
from ipvi_cli.ingest.sniff import sniff_format
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile_sources import Source

_BLOCK = 1 << 20
_IGNORED = ("jurisdiction.toml", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True)
class Found:
    """A file of the delivery, or a member of one of its archives."""

    label: str
    path: Path
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Failure:
    """A source that is missing, or a file that cannot be read; without a source: an archive nobody can look into."""

    source: Source | None
    code: str
    error: InputError


def list_files(delivery: Path) -> list[Path]:
    """List the files of a delivery in the order of their names.

    Args:
        delivery: A folder, or one file.

    Returns:
        The files; hidden ones, workspaces, the profile and the data request are left out.

    Raises:
        InputError: There is nothing at this path, or no file in the folder.
    """
    if delivery.is_file():
        return [delivery]
    if not delivery.is_dir():
        raise InputError(
            "there is no such file or folder.", where=str(delivery), mend="Check the path."
        )
    files = [
        path
        for path in sorted(
            delivery.rglob("*"), key=lambda one: one.relative_to(delivery).as_posix()
        )
        if path.is_file() and not _ignored(path.relative_to(delivery))
    ]
    if not files:
        raise InputError(
            "the folder holds no file.", where=str(delivery), mend="Put the delivered files there."
        )
    return files


def _ignored(relative: Path) -> bool:
    inside = any(part.startswith(".") or part.endswith(".audit") for part in relative.parts[:-1])
    ours = relative.name in _IGNORED or relative.name.endswith("data_request.md")
    return inside or ours or relative.name.startswith((".", "~$"))


def find(delivery: Path, scratch: Path) -> Iterator[Found | tuple[str, InputError]]:
    """Open the files of a delivery, archives included.

    Args:
        delivery: A folder, or one file.
        scratch: Where unpacked members go.

    Yields:
        Each file; or the label and the error of one that cannot be opened.

    Raises:
        OutputError: There is no room to unpack an archive.
    """
    root = delivery if delivery.is_dir() else delivery.parent
    for number, path in enumerate(list_files(delivery)):
        label = path.relative_to(root).as_posix()
        place = scratch / f"file{number}"
        place.mkdir(parents=True, exist_ok=True)
        try:
            for member in expand(path, label, place):
                if isinstance(member, Unopened):
                    yield member.label, member.error
                else:
                    yield _found(member)
        except InputError as error:
            yield label, error
        except OSError as error:
            denied = isinstance(error, PermissionError)
            what = "the file cannot be opened" + (": permission is denied." if denied else ".")
            yield label, InputError(what, where=label, mend="Check its permissions and its disk.")


def _found(member: Member) -> Found:
    digest = hashlib.sha256()
    size = 0
    with member.path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return Found(member.label, member.path, digest.hexdigest(), size)


def belongs(label: str, source: Source) -> bool:
    """Say whether a file is of a source.

    Args:
        label: Name of the file in the delivery, ``a.zip!b.csv`` for a member of an archive.
        source: The source.

    Returns:
        Whether the source's glob fits the path or the name of the file, of its archive or of the member, with or
        without ``.gz``; case and the form of accents do not matter.
    """
    pattern = _comparable(source.files).replace("\\", "/").removeprefix("./")
    whole = _comparable(label)
    names = {whole}
    for part in whole.split("!"):
        names |= {part, part.removesuffix(".gz")}
    names |= {name.rsplit("/", 1)[-1] for name in names}
    return pattern in names or any(fnmatch.fnmatchcase(name, pattern) for name in names)


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def read(found: Found, source: Source, scratch: Path, progress: Progress | None) -> list[RawInput]:
    """Read one file by the reader of its format.

    Args:
        found: The file.
        source: The source that it belongs to.
        scratch: Where the clean Parquet goes.
        progress: Told how far reading has come.

    Returns:
        Its inputs: one, or one a sheet.

    Raises:
        InputError: The file cannot be read.
    """
    options = ReadOptions(
        encoding=source.encoding,
        delimiter=source.delimiter,
        header_row=source.header_row,
        header_names=tuple(source.header),
        expected=source.source_columns(),
        sheet=source.sheet,
        records=source.records,
    )
    scratch.mkdir(parents=True, exist_ok=True)
    out = scratch / "clean.parquet"
    form = source.format if source.format != "auto" else sniff_format(found.path, found.label)
    if form == "excel":
        return read_excel(found.path, found.label, options, scratch)
    if form in ("json", "ndjson"):
        return [read_json(found.path, found.label, options, out)]
    if form == "parquet":
        return [read_parquet(found.path, found.label, options, out)]

    def told(done: int, total: int) -> None:
        if progress is not None:
            progress(f"reading {found.label}", done, total)

    return [read_delimited(found.path, found.label, options, out, told)]
