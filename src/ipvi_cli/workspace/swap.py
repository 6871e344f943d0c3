"""How a new workspace takes the place of the earlier one, and how an interrupted exchange is mended."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ipvi_cli.model.errors import OutputError
from ipvi_cli.workspace.manifest import read_manifest


def staging_path(out: Path, token: str) -> Path:
    """Name the folder beside ``out`` in which a new workspace is built."""
    return out.with_name(f".{out.name}.new-{token}")


def old_path(out: Path) -> Path:
    """Name the folder beside ``out`` that holds the earlier workspace during the exchange."""
    return out.with_name(f".{out.name}.old")


def leftovers(out: Path) -> list[Path]:
    """List what an interrupted run left beside ``out``: half-built folders, and the earlier workspace."""
    if not out.parent.is_dir():
        return []
    half_built = re.compile(re.escape(f".{out.name}.new-") + r"[0-9a-f]{16}")
    found = [path for path in out.parent.iterdir() if half_built.fullmatch(path.name)]
    old = old_path(out)
    return sorted([*found, old] if read_manifest(old) is not None else found)


def mend(out: Path) -> None:
    """Bring back the state before an interrupted run, or finish what it had finished but for tidying.

    Args:
        out: The workspace folder; its lock must be held.
    """
    old = old_path(out)
    for path in leftovers(out):
        if path == old and not out.exists():
            # Interrupted between the two renames: the earlier workspace is the last that was whole and announced.
            old.rename(out)
        else:
            shutil.rmtree(path)


def check_replaceable(out: Path) -> None:
    """Refuse a place that holds anything but a workspace, and one where the exchange has no room.

    Raises:
        OutputError: There is a file, or a folder without our manifest.
    """
    if old_path(out).exists():
        # What was ours has been mended away before.
        out = old_path(out)
    elif not out.exists() or read_manifest(out) is not None:
        return
    what = "a folder without a manifest of ipvi" if out.is_dir() else "a file"
    raise OutputError(
        f"is {what} and is never replaced.",
        where=str(out),
        mend="Choose another --out, or move it away.",
    )


def put_in_place(new: Path, out: Path) -> None:
    """Exchange the earlier workspace, if there is one, for the new.

    Args:
        new: The finished folder beside ``out``.
        out: The workspace folder; its lock must be held.
    """
    old = old_path(out)
    if out.exists():
        out.rename(old)
        try:
            new.rename(out)
        except BaseException:
            if not out.exists():
                old.rename(out)
            raise
    else:
        new.rename(out)
    # The new workspace is in place whatever becomes of this; the next run removes what an open file keeps here.
    shutil.rmtree(old, ignore_errors=True)
