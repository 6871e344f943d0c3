"""Finding and opening a workspace that is there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli.model.errors import InputError, OutputError, UsageError
from ipvi_cli.workspace import swap
from ipvi_cli.workspace.files import sha256
from ipvi_cli.workspace.lock import locked
from ipvi_cli.workspace.manifest import MANIFEST, is_whole, read_manifest
from ipvi_cli.workspace.tables import scan_table, table_file

SUFFIX: Final = ".audit"

_PARQUET: Final = b"PAR1"
"""How a Parquet file begins and ends."""

_EXCHANGE_SECONDS: Final = 2.0
"""Longest time for which a workspace may be away while another process exchanges it."""


@dataclass(frozen=True)
class Workspace:
    """A finished workspace.

    Attributes:
        path: Its folder.
        manifest: Content of ``manifest.json``.
    """

    path: Path
    manifest: dict[str, Any]

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the canonical tables that are there."""
        names = (Path(item["file"]) for item in self.manifest["outputs"])
        return tuple(name.stem for name in names if name.parent.as_posix() == "tables")

    def has(self, relative: str) -> bool:
        """Say whether the manifest lists an output."""
        return any(item["file"] == relative for item in self.manifest["outputs"])

    def scan(self, table: str, *, identity: bool = True) -> pl.LazyFrame:
        """Scan a canonical table.

        Args:
            table: Name of the table.
            identity: Whether the identifying columns are wanted too.

        Raises:
            InputError: The workspace does not have it.
        """
        self._require(table_file(table))
        return scan_table(self.path, table, identity=identity)

    def scan_output(self, relative: str) -> pl.LazyFrame:
        """Scan an output that is Parquet, such as ``pairs.parquet``.

        Raises:
            InputError: The workspace does not have it.
        """
        self._require(relative)
        return pl.scan_parquet(self.path / relative)

    def read_text(self, relative: str) -> str:
        """Read an output that is text.

        Raises:
            InputError: The workspace does not have it.
        """
        self._require(relative)
        try:
            return (self.path / relative).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise _damaged(self.path, relative) from None

    def require_kept(self, manifest: Mapping[str, Any], folder: Path) -> None:
        """Refuse to pass on a table that is not what it was when it was written.

        Args:
            manifest: Manifest of what is to take the workspace's place.
            folder: Where that lies; what no step wrote anew is the same file as here.

        Raises:
            InputError: Such a file has changed.
        """
        now = {item["file"]: item["sha256"] for item in manifest["outputs"]}
        for item in self.manifest["outputs"]:
            name = item["file"]
            changed = now.get(name, item["sha256"]) != item["sha256"]
            if changed and _is_table(name) and (folder / name).samefile(self.path / name):
                raise _damaged(self.path, name)

    def altered(self) -> list[str]:
        """Name the outputs that are gone or no longer what the manifest says."""
        return [
            item["file"]
            for item in self.manifest["outputs"]
            if not (self.path / item["file"]).is_file()
            or sha256(self.path / item["file"]) != item["sha256"]
        ]

    def _require(self, relative: str) -> None:
        if not self.has(relative) or not (self.path / relative).is_file():
            raise InputError(
                f"has no {relative}.",
                where=str(self.path),
                mend="Run `ipvi audit` on the delivery.",
            )


def open_workspace(path: Path) -> Workspace:
    """Open a workspace, mending an interrupted exchange first.

    Args:
        path: Its folder.

    Returns:
        The workspace as it is now.

    Raises:
        InputError: The folder is not a workspace, or is a damaged one.
    """
    path = path.expanduser().resolve()
    deadline = time.monotonic() + _EXCHANGE_SECONDS
    while swap.leftovers(path):
        try:
            with locked(path):
                swap.mend(path)
        except OutputError:
            # Someone is writing: what is in place stays whole, but may be away for the moment of the exchange.
            if path.exists() or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        except OSError:
            break
    manifest = read_manifest(path)
    if manifest is None:
        what = "is not a workspace" if path.exists() else "does not exist"
        raise InputError(
            f"{what} (no manifest.json of ipvi).",
            where=str(path),
            mend="Name the folder that `ipvi audit` or `ipvi ingest` made.",
        )
    if not is_whole(manifest):
        raise _damaged(path, MANIFEST)
    for item in manifest["outputs"]:
        if _is_cut_short(path / item["file"]):
            raise _damaged(path, item["file"])
    return Workspace(path, manifest)


@contextmanager
def reading(workspace: Workspace) -> Iterator[None]:
    """Name the damaged file where a library gives up on what it reads in a workspace.

    Args:
        workspace: What is read.

    Raises:
        InputError: A table is gone, or is no longer what the manifest says.
    """
    for item in workspace.manifest["outputs"]:
        if _is_table(item["file"]) and not (workspace.path / item["file"]).is_file():
            raise _damaged(workspace.path, item["file"])
    try:
        yield
    except pl.exceptions.PolarsError:
        altered = [file for file in workspace.altered() if file.endswith(".parquet")]
        if altered:
            raise _damaged(workspace.path, altered[0]) from None
        raise


def is_workspace(path: Path) -> bool:
    """Say whether a folder looks like a workspace, and not like a delivery.

    Args:
        path: A folder or a file.
    """
    return (path / MANIFEST).is_file()


def find_workspace(path: Path | None) -> Workspace:
    """Open the named workspace, or the only one in the current folder.

    Args:
        path: Its folder, or ``None`` for the only ``*.audit`` here.

    Raises:
        UsageError: None is named and there is none here, or several.
        InputError: The folder is not a workspace.
    """
    if path is not None:
        return open_workspace(path)
    here = Path.cwd()
    found = sorted(
        {item.name for item in here.glob(f"*{SUFFIX}") if item.is_dir()} | _mid_exchange(here)
    )
    if len(found) == 1:
        return open_workspace(here / found[0])
    if not found:
        raise UsageError(
            f"no workspace (*{SUFFIX}) in this folder.", mend="Name one, or run `ipvi audit` first."
        )
    raise UsageError(f"several workspaces here: {', '.join(found)}.", mend="Name the one you mean.")


def _is_table(relative: str) -> bool:
    name = Path(relative)
    where = name.parent.as_posix()
    return name.suffix == ".parquet" and where in (".", "tables", "restricted/identity")


def _is_cut_short(path: Path) -> bool:
    """Say whether a Parquet file that is there lacks its beginning or its end."""
    if path.suffix != ".parquet" or not path.is_file():
        return False
    with path.open("rb") as file:
        begins = file.read(len(_PARQUET))
        file.seek(max(0, path.stat().st_size - len(_PARQUET)))
        return (begins, file.read()) != (_PARQUET, _PARQUET)


def _damaged(path: Path, relative: str) -> InputError:
    return InputError(
        f"{relative} is damaged.",
        where=str(path),
        mend="Move the workspace away and run `ipvi audit` on the delivery.",
    )


def _mid_exchange(here: Path) -> set[str]:
    """Name the workspaces of a folder that an interrupted exchange left away from their place."""
    return {
        path.name.removeprefix(".").removesuffix(".old") for path in here.glob(f".*{SUFFIX}.old")
    }
