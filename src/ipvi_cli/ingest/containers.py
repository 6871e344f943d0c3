"""Files inside files: gzip and ZIP, unpacked within limits and never under a name that an archive chose."""

from __future__ import annotations

import errno
import gzip
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from ipvi_cli.ingest.sniff import GZIP, ZIP, zip_kind
from ipvi_cli.model.errors import InputError, OutputError

_BLOCK = 1 << 20
_ENCRYPTED = 0x1
_SYMLINK = 0o120000
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_BROKEN = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, ValueError)


@dataclass(frozen=True)
class Limits:
    """How far an archive may unpack.

    Attributes:
        total_bytes: Unpacked bytes of all members.
        ratio: Unpacked to packed bytes.
        ratio_from: Unpacked bytes below which the ratio does not matter.
        members: Number of members.
    """

    total_bytes: int
    ratio: int
    ratio_from: int
    members: int


DEFAULT_LIMITS: Final = Limits(
    total_bytes=100 << 30, ratio=1000, ratio_from=100 << 20, members=10_000
)
"""Text packs at about 10:1; deflate cannot do better than 1,032:1, which only a bomb comes near."""


@dataclass(frozen=True)
class Member:
    """A file to read: where it lies, and what it is called in messages and the manifest."""

    label: str
    path: Path


@dataclass(frozen=True)
class Unopened:
    """A member that cannot be unpacked: what it is called, and why."""

    label: str
    error: InputError


def expand(
    path: Path, label: str, scratch: Path, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Member | Unopened]:
    """Unpack a file if it is an archive, told by its content.

    Args:
        path: The file.
        label: Its name in the delivery.
        scratch: An existing folder of this file's own; members are written there under numbers.
        limits: How far it may unpack; counted while unpacking, whatever the archive says of itself.

    Yields:
        The file itself; of a gzip the content under the same label; of a ZIP every member as
        ``a.zip!b.csv``, in the archive's order, also those that are damaged, encrypted or archives themselves.
        Folders, links, ``__MACOSX`` and ``.DS_Store`` are left out. Workbooks, which are ZIP files too, are not
        unpacked. What unpacks beyond the limits is the last that is given.

    Raises:
        InputError: The archive as a whole is damaged, empty or holds too many members.
        OutputError: There is no room to unpack it.
    """
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith(GZIP):
        guard = Guard(label, path.stat().st_size, limits)
        yield Member(label, _gunzip(path, label, scratch / "member00000", guard))
        return
    if not head.startswith(ZIP):
        yield Member(label, path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            if zip_kind(archive.namelist()) is not None:
                yield Member(label, path)
            else:
                yield from _unzip(archive, label, scratch, path.stat().st_size, limits)
    except _BROKEN:
        raise _damaged(label) from None


class Guard:
    """Counts what an archive unpacks to, and stops at the limits.

    Args:
        label: Name of the archive in messages.
        packed: Size of the archive in bytes.
        limits: How far it may unpack.

    Attributes:
        passed: Whether a limit was passed.
    """

    def __init__(self, label: str, packed: int, limits: Limits = DEFAULT_LIMITS) -> None:
        self._label = label
        self._packed = max(packed, 1)
        self._limits = limits
        self._total = 0
        self.passed = False

    def count(self, size: int) -> None:
        """Count unpacked bytes.

        Args:
            size: How many more there are.

        Raises:
            InputError: A limit is passed.
        """
        self._total += size
        swollen = self._total > max(self._limits.ratio_from, self._limits.ratio * self._packed)
        if swollen or self._total > self._limits.total_bytes:
            self.passed = True
            raise InputError(
                f"the archive unpacks to more than {self._total >> 20} MiB and was not read on;"
                " it is out of all proportion to its size.",
                where=self._label,
                mend="Check where it comes from, unpack it by hand, and put the files here.",
            )


def _unzip(
    archive: zipfile.ZipFile, label: str, scratch: Path, packed: int, limits: Limits
) -> Iterator[Member | Unopened]:
    infos = [info for info in archive.infolist() if _wanted(info)]
    if not infos:
        raise InputError("the archive holds no file.", where=label, mend="Ask for it again.")
    if len(infos) > limits.members:
        what = f"the archive holds {len(infos):,} files, more than {limits.members:,}."
        raise InputError(what, where=label, mend="Unpack it by hand and put the files here.")
    guard = Guard(label, packed, limits)
    taken: set[str] = set()
    for number, info in enumerate(infos):
        inside = _member_label(label, info.filename, taken)
        try:
            yield Member(
                inside, _unpack(archive, info, inside, scratch / f"member{number:05d}", guard)
            )
        except InputError as error:
            yield Unopened(inside, error)
        if guard.passed:
            return


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, target: Path, guard: Guard
) -> Path:
    """Unpack a member; one that is a gzip is unpacked too, one that is an archive is refused."""
    if info.flag_bits & _ENCRYPTED:
        raise InputError(
            "the archive is protected by a password.",
            where=label,
            mend="Unpack it with the password and put the files here.",
        )
    try:
        with archive.open(info) as packed:
            _copy(packed, target, label, guard.count)
        with target.open("rb") as file:
            head = file.read(4)
        if head.startswith(GZIP):
            return _gunzip(target, label, target.with_name(f"{target.name}-plain"), guard)
        if head.startswith(ZIP):
            with zipfile.ZipFile(target) as inner:
                nested = zip_kind(inner.namelist()) is None
            if nested:
                raise InputError(
                    "this is an archive inside an archive, which is not opened.",
                    where=label,
                    mend="Unpack it by hand and put the files here.",
                )
    except _BROKEN:
        raise _damaged(label) from None
    except (NotImplementedError, RuntimeError):
        raise InputError(
            "the archive is packed in a way that is not read.",
            where=label,
            mend="Unpack it by hand and put the files here.",
        ) from None
    return target


def _gunzip(path: Path, label: str, target: Path, guard: Guard) -> Path:
    try:
        with gzip.open(path, "rb") as packed:
            _copy(packed, target, label, guard.count)
    except _BROKEN:
        raise _damaged(label) from None
    return target


def _copy(
    source: IO[bytes] | gzip.GzipFile, target: Path, label: str, count: Callable[[int], None]
) -> None:
    """Copy in blocks, counted before they are written; nothing half-written stays."""
    done = False
    try:
        with target.open("wb") as file:
            while block := source.read(_BLOCK):
                count(len(block))
                try:
                    file.write(block)
                except OSError as error:
                    raise _no_room(error, label) from None
        done = True
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _no_room(error, label) from None
        raise
    finally:
        if not done:
            target.unlink(missing_ok=True)


def _no_room(error: OSError, label: str) -> OutputError:
    full = error.errno in _NO_ROOM
    what = "the disk is full" if full else f"it cannot be written ({type(error).__name__})"
    return OutputError(
        f"could not be unpacked: {what}.",
        where=label,
        mend="Free some room, or choose an output folder on another disk.",
    )


def _damaged(label: str) -> InputError:
    kind = "workbook" if label.lower().endswith((".xlsx", ".xlsm", ".xlsb")) else "archive"
    return InputError(
        f"the {kind} is damaged or cut short.", where=label, mend="Ask for the file again."
    )


def _wanted(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    linked = (info.external_attr >> 16) & 0o170000 == _SYMLINK
    hidden = not parts or "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db")
    return not (info.is_dir() or linked or hidden)


def _member_label(label: str, name: str, taken: set[str]) -> str:
    """Name a member without anything that a path, a terminal or a second member could trip over."""
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f]", "_", name.replace("\\", "/"))
    parts = [
        part
        for part in PurePosixPath(plain).parts
        if part not in ("/", "//", "..", ".") and not re.fullmatch(r"[A-Za-z]:", part)
    ]
    inside = "/".join(parts) or "file"
    unique, number = inside, 2
    while unique.casefold() in taken:
        unique, number = f"{inside}~{number}", number + 1
    taken.add(unique.casefold())
    return f"{label}!{unique}"
