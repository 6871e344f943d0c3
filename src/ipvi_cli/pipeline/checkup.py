"""What the machine and the installation are like, as far as a run depends on them."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

import polars as pl
from packaging.requirements import Requirement

CHECKUP_SCHEMA: Final = {
    "what": pl.String,
    "found": pl.String,
    "fine": pl.Boolean,
    "mend": pl.String,
}
"""A row for each thing looked at; ``fine`` is null where nothing is asked of it, ``mend`` unless it is not fine."""

_DISTRIBUTION: Final = "ipvi-cli"
_GIB: Final = 1024**3
_LEAST_MEMORY: Final = 2.0
"""GiB that an audit of ten million rows may take."""
_LEAST_DISK: Final = 1.0
VARIABLES: Final = (
    "IPVI_PROFILE",
    "IPVI_WORKSPACE",
    "IPVI_FAIL_ON",
    "IPVI_QUIET",
    "NO_COLOR",
    "COLUMNS",
)
"""What the command reads of the environment."""

_Row = tuple[str, str, bool | None, str]


def checkup(folder: Path) -> pl.DataFrame:
    """Look at whatever a run depends on: versions, extras, memory, disk, locale, permissions, variables.

    Args:
        folder: Where workspaces would be made.

    Returns:
        ``CHECKUP_SCHEMA``. No path, user or host name is among it, so that it can be sent with a report of a fault.
    """
    rows = [*_versions(), *_machine(folder), *_surroundings(), *_places(folder)]
    found = pl.DataFrame(rows, schema=CHECKUP_SCHEMA, orient="row")
    return found.with_columns(mend=pl.when(pl.col("fine").not_()).then("mend"))


def _versions() -> list[_Row]:
    rows: list[_Row] = [
        ("ipvi", version(_DISTRIBUTION), None, ""),
        ("python", platform.python_version(), sys.version_info >= (3, 11), "Python 3.11 or later."),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}", None, ""),
    ]
    for text in requires(_DISTRIBUTION) or ():
        needed = Requirement(text)
        extra = _extra(needed)
        if needed.name == _DISTRIBUTION or extra == "test":
            continue
        try:
            found = version(needed.name)
        except PackageNotFoundError:
            fine, found = (None if extra else False), "not installed"
        else:
            fine = needed.specifier.contains(found, prereleases=True)
        name = needed.name if extra is None else f"{needed.name} (extra {extra})"
        asked = f"{_DISTRIBUTION}[{extra}]" if extra else f"{needed.name}{needed.specifier}"
        rows.append((name, found, fine, f"pip install '{asked}'"))
    return rows


def _extra(needed: Requirement) -> str | None:
    """Name the extra that asks for a package."""
    marker = str(needed.marker or "")
    return marker.partition("extra ==")[2].strip(" \"'") or None


def _machine(folder: Path) -> list[_Row]:
    rows: list[_Row] = [("processors", str(os.cpu_count() or "unknown"), None, "")]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIB
        rows.append(
            (
                "memory",
                f"{memory:.1f} GiB",
                memory >= _LEAST_MEMORY,
                "Large extracts take up to 2 GiB.",
            )
        )
    for what, place in (("disk here", folder), ("disk for scratch", Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(place).free / _GIB
        mend = "Make room; a run keeps a copy of the delivery there while it reads."
        rows.append((what, f"{free:.1f} GiB free", free >= _LEAST_DISK, mend))
    return rows


def _surroundings() -> list[_Row]:
    encoding = (sys.stdout.encoding or "unknown").lower()
    rows: list[_Row] = [
        ("output encoding", encoding, None, ""),
        ("locale", ".".join(part or "none" for part in locale.getlocale()), None, ""),
        ("terminal", f"{shutil.get_terminal_size().columns} columns", None, ""),
    ]
    rows.extend(
        (name, "set" if os.environ.get(name) else "not set", None, "") for name in VARIABLES
    )
    return rows


def _places(folder: Path) -> list[_Row]:
    writable = os.access(folder, os.W_OK | os.X_OK)
    try:
        with tempfile.NamedTemporaryFile(prefix="ipvi-") as made:
            private = os.name == "nt" or Path(made.name).stat().st_mode & 0o077 == 0
    except OSError:
        private = False
    return [
        (
            "this folder",
            "writable" if writable else "not writable",
            writable,
            "Use --out DIR elsewhere.",
        ),
        (
            "scratch files",
            "private" if private else "not private or not writable",
            private,
            "Set TMPDIR.",
        ),
    ]
