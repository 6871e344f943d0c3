"""Two deliveries, or workspaces, of the same jurisdiction side by side."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ipvi_cli import compare
from ipvi_cli.ingest.delivery import belongs
from ipvi_cli.ingest.preview import preview
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.figure import FIGURE_SCHEMA
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.pipeline.settings import PROFILE_NAME, load_profile
from ipvi_cli.pipeline.stages import KEPT_PROFILE, audit
from ipvi_cli.workspace import Workspace, is_workspace, open_workspace

FIGURES = "figures.parquet"


@dataclass(frozen=True)
class Compared:
    """What two deliveries differ in.

    Attributes:
        differences: ``DIFFERENCE_SCHEMA``.
        unread: Why the later delivery could not be read with the profile, so that only columns were compared.
    """

    differences: pl.DataFrame
    unread: InputError | None = None

    @property
    def drift(self) -> bool:
        """Whether any difference is beyond its threshold."""
        return bool(self.differences["drift"].any())


def diff(
    old: Path,
    new: Path,
    *,
    profile: Path | str | None = None,
    show_values: bool = False,
    progress: Progress | None = None,
) -> Compared:
    """Say what changed from one delivery to the next: columns, incidents, words, distributions, volumes, headline.

    Args:
        old: The earlier delivery or workspace.
        new: The later one.
        profile: Profile of the deliveries; by default the one beside each, or that of the other.
        show_values: Whether rare words are shown, which may name somebody.
        progress: Told what is being done.

    Raises:
        InputError: One of the two cannot be read at all, or the earlier one not with the profile.
    """
    profiles = _profiles(old, new, profile)
    settings = load_settings(new, profiles[1])
    with tempfile.TemporaryDirectory(prefix="ipvi-") as scratch:
        before = _side(old, profiles[0], Path(scratch) / "old.audit", progress)
        try:
            after = _side(new, profiles[1], Path(scratch) / "new.audit", progress)
        except InputError as error:
            columns = _columns(new, settings, Path(scratch) / "columns", progress)
            changed = compare.column_changes(before.columns, columns, _mapped(settings))
            if changed.is_empty():
                raise
            return Compared(changed, error)
        return Compared(_differences(before, after, settings, show_values=show_values))


def _differences(
    old: compare.Side, new: compare.Side, settings: Profile, *, show_values: bool
) -> pl.DataFrame:
    limits = settings.diff
    return pl.concat(
        [
            compare.column_changes(old.columns, new.columns, _mapped(settings)),
            compare.record_changes(old, new, limits),
            compare.value_changes(old, new, limits, show_values=show_values),
            compare.headline_changes(old, new, limits),
        ]
    )


def _profiles(
    old: Path, new: Path, profile: Path | str | None
) -> tuple[Path | str | None, Path | str | None]:
    """Give each side its profile; a delivery that has none beside it takes that of the other side."""
    if profile is not None:
        return profile, profile
    own = [_own_profile(path) for path in (old, new)]
    return own[0] or own[1], own[1] or own[0]


def _own_profile(path: Path) -> Path | None:
    if is_workspace(path):
        return path / KEPT_PROFILE
    beside = (path if path.is_dir() else path.parent) / PROFILE_NAME
    return beside if beside.is_file() else None


def load_settings(path: Path, profile: Path | str | None) -> Profile:
    """Read the profile that decides what is drift.

    Args:
        path: The later delivery or workspace.
        profile: Its profile.
    """
    if is_workspace(path):
        return parse_profile(open_workspace(path).read_text(KEPT_PROFILE), where=KEPT_PROFILE)
    return load_profile(path, profile)[0]


def _side(
    path: Path, profile: Path | str | None, scratch: Path, progress: Progress | None
) -> compare.Side:
    if not is_workspace(path):
        audit(path, profile=profile, out=scratch, progress=progress)
        path = scratch
    return _of_workspace(open_workspace(path))


def _of_workspace(workspace: Workspace) -> compare.Side:
    columns: dict[str, tuple[str, ...]] = {}
    for item in workspace.manifest["inputs"]:
        known = columns.setdefault(item["source"], ())
        fresh = tuple(name for name in item.get("columns", ()) if name not in known)
        columns[item["source"]] = known + fresh
    figures = (
        workspace.scan_output(FIGURES).collect()
        if workspace.has(FIGURES)
        else pl.DataFrame(schema=FIGURE_SCHEMA)
    )
    return compare.Side(columns, {name: workspace.scan(name) for name in workspace.tables}, figures)


def _columns(
    delivery: Path, profile: Profile, scratch: Path, progress: Progress | None
) -> dict[str, tuple[str, ...]]:
    """Give the columns of a delivery that the profile does not fit, by source."""
    if is_workspace(delivery):
        return {}
    scratch.mkdir()
    columns: dict[str, tuple[str, ...]] = {}
    for one in preview(delivery, scratch, progress):
        if isinstance(one, tuple) or not one.holds_table:
            continue
        for source in profile.sources:
            if belongs(one.raw.file, source):
                columns[source.name] = columns.get(source.name, ()) + one.raw.columns
    return columns


def _mapped(profile: Profile) -> Mapping[str, frozenset[str]]:
    return {source.name: frozenset(source.source_columns()) for source in profile.sources}
