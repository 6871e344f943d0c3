"""Private files: made with their final mode, named safely, and never half explained when they fail."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ipvi_cli.model.errors import OutputError

FOLDER_MODE: Final = 0o700
FILE_MODE: Final = 0o600

_REASONS: Final = {
    errno.ENOSPC: "the disk is full.",
    errno.EFBIG: "the file is larger than the system allows.",
    errno.EACCES: "no permission to write there.",
    errno.EPERM: "no permission to write there.",
    errno.EROFS: "the disk is read-only.",
    errno.ENOTDIR: "a part of the path is a file, not a folder.",
    errno.EEXIST: "a part of the path is a file, not a folder.",
    errno.ENAMETOOLONG: "the name is too long for this disk.",
    errno.EIO: "the disk failed.",
}
if hasattr(errno, "EDQUOT"):
    _REASONS[errno.EDQUOT] = "the disk quota is used up."

_MEND: Final = "Free some space or choose another place with --out; nothing there was changed."

_DEVICE_NAMES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)


def output_error(error: OSError, where: Path) -> OutputError:
    """Say in one line why something could not be written, without the system's own text.

    Args:
        error: What the system said.
        where: What was to be written.

    Returns:
        The error to raise.
    """
    number = error.errno
    if number is None:
        # Polars reports a failed write without a number, but names it in the text.
        found = re.search(r"os error (\d+)", str(error))
        number = int(found.group(1)) if found else None
    reason = _REASONS.get(number or 0, f"the system refused it (error {number or 'unknown'}).")
    return OutputError(f"cannot be written: {reason}", where=str(where), mend=_MEND)


@contextmanager
def private_umask() -> Iterator[None]:
    """Let everything that is created meanwhile, by whichever library, belong to its owner alone."""
    before = os.umask(0o777 & ~FOLDER_MODE)
    try:
        yield
    finally:
        os.umask(before)


def make_folder(path: Path) -> Path:
    """Make a folder and those above it, private from the start."""
    path.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return path


def write_bytes(path: Path, content: bytes) -> None:
    """Write a new private file; an existing one is unlinked first, never written through."""
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, FILE_MODE), "wb") as file:
        file.write(content)


def write_output(path: Path, content: bytes) -> None:
    """Write one private file that a person asked for, at once or not at all.

    Args:
        path: Where; an earlier file is replaced.
        content: Its bytes.

    Raises:
        OutputError: It cannot be written, or something that is no file lies there.
    """
    half = path.with_name(f".{path.name}.new-{secrets.token_hex(8)}")
    try:
        if path.exists() and not path.is_file():
            # A device, a pipe or a folder: to rename a file over a device would take it from everyone.
            raise OutputError(
                "is no file and is never replaced.", where=str(path), mend="Choose another --out."
            )
        make_folder(path.parent)
        try:
            write_bytes(half, content)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(error, path) from None


def rewrite(path: Path, content: bytes) -> None:
    """Change a file that is the user's own, at once or not at all; who may read it stays as it was.

    Args:
        path: The file; a link is followed.
        content: Its new bytes.

    Raises:
        OutputError: It cannot be written.
    """
    path = path.resolve()
    half = path.with_name(f".{path.name}.new-{secrets.token_hex(8)}")
    try:
        try:
            write_bytes(half, content)
            shutil.copymode(path, half)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise output_error(error, path) from None


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files that name nobody, such as a synthetic delivery, at once or not at all.

    Args:
        folder: Where; it must be empty or not exist.
        files: Content by name below the folder.

    Raises:
        OutputError: There is something already, or it cannot be written.
    """
    half = folder.with_name(f".{folder.name}.new-{secrets.token_hex(8)}")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError(
                "is there already and is never replaced.",
                where=str(folder),
                mend="Choose another folder, or move it away.",
            )
        try:
            for name, content in files.items():
                (half / name).parent.mkdir(parents=True, exist_ok=True)
                (half / name).write_bytes(content)
            if folder.exists():
                folder.rmdir()
            half.rename(folder)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    except OSError as error:
        raise output_error(error, folder) from None


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file's bytes in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def link_or_copy(source: Path, target: Path) -> None:
    """Let ``target`` hold the same bytes as ``source``; a copy where the disk knows no hard links."""
    try:
        os.link(source, target)
    except OSError:
        write_bytes(target, b"")
        shutil.copyfile(source, target)


def safe_name(label: str, taken: frozenset[str] = frozenset()) -> str:
    """Turn an input's label into a file name that every system accepts.

    Args:
        label: Name of an input as in the manifest, such as ``a.zip!b.csv``.
        taken: Names given already, case folded.

    Returns:
        The label itself where it can be a name, else one with the odd characters replaced and a short hash of the
        label, so that two labels never share a name.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", label).lstrip(".")[:80] or "input"
    reserved = name.split(".")[0].casefold() in _DEVICE_NAMES
    if name == label and not reserved and name.casefold() not in taken:
        return name
    return f"{'_' if reserved else ''}{name}-{hashlib.sha256(label.encode()).hexdigest()[:8]}"
