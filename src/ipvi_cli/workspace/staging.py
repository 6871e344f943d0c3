"""The one writer: a workspace is built beside its place and put there only when it is whole."""

from __future__ import annotations

import base64
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import polars as pl
from polars.datatypes import DataTypeClass

from ipvi_cli.model.errors import OutputError
from ipvi_cli.workspace import swap
from ipvi_cli.workspace.files import (
    link_or_copy,
    make_folder,
    output_error,
    private_umask,
    safe_name,
    write_bytes,
)
from ipvi_cli.workspace.lock import locked
from ipvi_cli.workspace.manifest import MANIFEST, build_manifest, store_manifest
from ipvi_cli.workspace.spreadsheet import CONFIDENTIAL, csv_bytes, xlsx_bytes
from ipvi_cli.workspace.tables import TableWriter, scan_table

QUARANTINE_COLUMNS: Final = ("record_id", "source_file", "source_row", "reason_code", "message")
"""Columns of a quarantine file that may leave ``restricted/``."""


class Staging:
    """A workspace in the making.

    Attributes:
        path: Folder that will become the workspace.
        scratch: Folder for whatever is not to stay; gone before the workspace is put in place.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scratch = make_folder(path / ".scratch")
        self._writers: list[TableWriter] = []
        self._quarantined: set[str] = set()
        self._manifest: dict[str, Any] | None = None

    def table_writer(self, table: str) -> TableWriter:
        """Start a canonical table, replacing one that is there.

        Args:
            table: Name of the table.

        Returns:
            A writer to be closed (or used with ``with``) before the table is scanned.
        """
        make_folder(self.path / "tables")
        make_folder(self.path / "restricted" / "identity")
        writer = TableWriter(self.path, table)
        self._writers.append(writer)
        return writer

    def scan(self, table: str, *, identity: bool = True) -> pl.LazyFrame:
        """Scan a canonical table written before.

        Args:
            table: Name of the table.
            identity: Whether the identifying columns are wanted too.
        """
        return scan_table(self.path, table, identity=identity)

    def write_frame(self, relative: str, frame: pl.DataFrame | pl.LazyFrame) -> pl.LazyFrame:
        """Write a frame as Parquet; a lazy one is streamed, in its own order.

        Args:
            relative: Name below the workspace, such as ``pairs.parquet``.
            frame: Rows in the order in which they are to lie. Columns of a closed list of texts are quickly written,
                and read as texts.

        Returns:
            A scan of what was written.
        """
        path = self._target(relative)
        noted = _types_noted(frame.collect_schema())
        if isinstance(frame, pl.LazyFrame):
            frame.sink_parquet(
                path,
                compression="zstd",
                compression_level=1,
                # Least and greatest texts help no query here and cost a third of the time.
                statistics=False,
                metadata=noted,
                engine="streaming",
            )
        else:
            frame.write_parquet(path, compression="zstd", compression_level=1, metadata=noted)
        return pl.scan_parquet(path)

    def write_quarantine(self, label: str, frame: pl.DataFrame) -> None:
        """Write the refused rows of one input; what they held goes to ``restricted/`` alone.

        Args:
            label: The input as the manifest names it.
            frame: ``QUARANTINE_COLUMNS`` and, for ``restricted/``, any further ones.
        """
        name = safe_name(label, frozenset(self._quarantined))
        self._quarantined.add(name.casefold())
        self.write_frame(f"quarantine/{name}.parquet", frame.select(QUARANTINE_COLUMNS))
        self.write_frame(
            f"restricted/quarantine/{name}.parquet", frame.drop("reason_code", "message")
        )

    def write_csv(self, relative: str, df: pl.DataFrame) -> None:
        """Write a frame as CSV in which nothing runs as a formula.

        Args:
            relative: Name below the workspace.
            df: Any frame; lists are joined with ``|``.
        """
        write_bytes(self._target(relative), csv_bytes(df))

    def write_xlsx(
        self,
        relative: str,
        sheets: Mapping[str, pl.DataFrame],
        *,
        title: str,
        percent: Collection[str] = (),
        mark: str = CONFIDENTIAL,
    ) -> None:
        """Write frames as one formatted workbook.

        Args:
            relative: Name below the workspace.
            sheets: Frames by sheet name.
            title: First line of every sheet.
            percent: Columns that hold shares between 0 and 1.
            mark: What is said on every sheet of who may see it.
        """
        content = xlsx_bytes(sheets, title=title, percent=percent, mark=mark)
        write_bytes(self._target(relative), content)

    def write_text(self, relative: str, text: str) -> None:
        """Write a text file, UTF-8, exactly as given."""
        write_bytes(self._target(relative), text.encode())

    def write_bytes(self, relative: str, content: bytes) -> None:
        """Write a file whose bytes are ready."""
        write_bytes(self._target(relative), content)

    def drop(self, relative: str) -> None:
        """Remove a file or folder that a stage taken up again makes anew, or no longer makes."""
        path = self.path / relative
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def write_manifest(
        self,
        *,
        version: str,
        profile_sha256: str,
        rules_sha256: str,
        complete: bool,
        inputs: Sequence[Mapping[str, Any]],
        more: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write ``manifest.json``, last of all: it lists and hashes every file that is there.

        Args:
            version: Version of the package.
            profile_sha256: Hash of the profile.
            rules_sha256: Hash of the rules and crosswalks.
            complete: Whether every source that the profile names was read.
            inputs: One mapping per input, with the keys that the contract names.
            more: Further keys, such as the jurisdiction.

        Returns:
            The manifest.
        """
        shutil.rmtree(self.scratch)
        self._manifest = build_manifest(
            self.path,
            version=version,
            profile_sha256=profile_sha256,
            rules_sha256=rules_sha256,
            complete=complete,
            inputs=inputs,
            more=more or {},
        )
        store_manifest(self.path, self._manifest)
        return self._manifest

    def _target(self, relative: str) -> Path:
        path = self.path / relative
        make_folder(path.parent)
        # A linked file of the earlier workspace must never be written through.
        path.unlink(missing_ok=True)
        return path

    def _abandon(self) -> None:
        for writer in self._writers:
            writer.abandon()


@contextmanager
def stage(out: Path, *, inputs: Sequence[Path] = (), keep: bool = False) -> Iterator[Staging]:
    """Build a workspace and, when nothing failed, put it in place of the one that is there.

    Args:
        out: The workspace folder. What it holds is replaced as a whole, if it is a workspace.
        inputs: What is being read; refused when it lies inside ``out``, which would be replaced.
        keep: Start from what the earlier workspace holds (hard links), to redo a single stage.

    Yields:
        The staging; ``write_manifest`` must be the last call on it.

    Raises:
        OutputError: ``out`` is no workspace of ours or holds an input, another process writes it, or the disk
            refuses. Whatever is raised, the earlier workspace is as it was.
    """
    out = out.expanduser().resolve()
    if any(out == path or out in path.resolve().parents for path in inputs):
        raise OutputError(
            "holds the delivery, which would be replaced.",
            where=str(out),
            mend="Choose another --out.",
        )
    with _explained(out), private_umask():
        out.parent.mkdir(parents=True, exist_ok=True)
        with locked(out):
            swap.mend(out)
            swap.check_replaceable(out)
            yield from _built(out, keep=keep)


def _types_noted(schema: pl.Schema) -> dict[str, str]:
    """Note the types for readers of Arrow, as they stand in the metadata of Parquet, with lists of texts as texts."""
    arrow = pl.DataFrame(
        schema={name: _as_text(dtype) for name, dtype in schema.items()}
    ).to_arrow()
    return {"ARROW:schema": base64.b64encode(arrow.schema.serialize()).decode()}


def _as_text(dtype: pl.DataType | DataTypeClass) -> pl.DataType | DataTypeClass:
    if isinstance(dtype, pl.List):
        return pl.List(_as_text(dtype.inner))
    return pl.String() if isinstance(dtype, pl.Enum) else dtype


def _built(out: Path, *, keep: bool) -> Iterator[Staging]:
    folder = swap.staging_path(out, secrets.token_hex(8))
    folder.mkdir(mode=0o700)
    try:
        if keep:
            _link_all(out, folder)
        staging = Staging(folder)
        try:
            yield staging
        finally:
            staging._abandon()
        if staging._manifest is None:
            raise RuntimeError("a workspace without a manifest")
        swap.put_in_place(folder, out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _link_all(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            make_folder(place)
        elif path != source / MANIFEST:
            link_or_copy(path, place)


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.filename is not None and not _belongs(Path(str(error.filename)), out):
            raise
        raise output_error(error, out) from None
    except pl.exceptions.PolarsError as error:
        if "os error" not in str(error):
            raise
        raise output_error(OSError(str(error)), out) from None


def _belongs(path: Path, out: Path) -> bool:
    """Say whether a path is of the output and not, say, of a delivery that lies beside it."""
    try:
        below = path.absolute().relative_to(out.parent).parts
    except ValueError:
        return path in out.parents
    return not below or below[0] == out.name or below[0].startswith(f".{out.name}.")
