"""One writer at a time, held by the operating system, so that a killed writer's lock frees itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ipvi_cli.model.errors import OutputError
from ipvi_cli.workspace.files import FILE_MODE

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        # A byte far behind the text, so that others can still read who holds the lock.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_path(out: Path) -> Path:
    """Name the lock file of a workspace; it lies beside it."""
    return out.with_name(f".{out.name}.lock")


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the only lock of a workspace.

    The lock ends with the process that holds it, however that ends; a lock file that a dead process left behind is
    therefore simply taken over.

    Args:
        out: The workspace folder; it need not exist.

    Yields:
        Nothing.

    Raises:
        OutputError: Another process holds the lock.
        OSError: The lock file cannot be made.
    """
    path = lock_path(out)
    descriptor = _acquire(path, out)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        # Unlinked while still locked: whoever opened it meanwhile notices that the name is gone. Windows cannot
        # unlink an open file; there it is closed first.
        if sys.platform != "win32":
            path.unlink(missing_ok=True)
        os.close(descriptor)
        if sys.platform == "win32":
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _acquire(path: Path, out: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            _try_lock(descriptor)
        except OSError:
            holder = os.read(descriptor, 20).decode("ascii", "ignore")
            os.close(descriptor)
            by = f" (process {holder})" if holder.isdigit() else ""
            raise OutputError(
                f"another ipvi{by} is writing here.", where=str(out), mend="Wait for it to end."
            ) from None
        if _still_named(descriptor, path):
            return descriptor
        os.close(descriptor)


def _still_named(descriptor: int, path: Path) -> bool:
    try:
        named = path.stat()
    except FileNotFoundError:
        return False
    held = os.fstat(descriptor)
    return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)
