"""Workspaces and published packages of several jurisdictions side by side."""

from __future__ import annotations

import difflib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from ipvi_cli import compare
from ipvi_cli import summarize as summarizing
from ipvi_cli.assess.checklist import checklist
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.finding import Progress
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.model.provenance import Provenance
from ipvi_cli.pipeline.publishing import FIGURES, suppressed
from ipvi_cli.pipeline.releasing import provenance, read_release
from ipvi_cli.pipeline.stages import KEPT_PROFILE, Audit
from ipvi_cli.workspace import csv_bytes, is_workspace, open_workspace
from ipvi_cli.workspace.files import make_folder, sha256, write_output
from ipvi_cli.workspace.spreadsheet import CONFIDENTIAL

ASSESSMENT: Final = "assessment.parquet"
RECEIPT: Final = "receipt.json"
DEFINITIONS: Final = "definitions.csv"
FIRST_ASKED: Final = (
    "B08", "B09", "B10", "C02", "C05", "C08", "C09", "C12", "F02", "G01", "T02",
)  # fmt: skip
"""Figures that are set side by side where none are named."""


@dataclass(frozen=True)
class SideBySide:
    """Several jurisdictions side by side.

    Attributes:
        names: Their names, in order.
        figures: ``PEER_SCHEMA``.
        differing: ``DIFFERING_SCHEMA``.
        funnels: ``FUNNEL_SCHEMA``.
        in_place: What a peer of similar size has in place: ``jurisdiction``, ``id``, ``item``, ``answer``, ``peers``.
        assessed: Number of jurisdictions of which the partners' answers are known.
        internal: Whether nothing is withheld of the workspaces.
    """

    names: tuple[str, ...]
    figures: pl.DataFrame
    differing: pl.DataFrame
    funnels: pl.DataFrame
    in_place: pl.DataFrame
    assessed: int
    internal: bool


def compare_peers(
    folders: Sequence[Path],
    *,
    figures: Sequence[str] = (),
    internal: bool = False,
    progress: Progress | None = None,
) -> SideBySide:
    """Set several jurisdictions side by side, in the order of their names.

    Args:
        folders: Workspaces and published packages, at least two.
        figures: Codes of figures, or their beginnings; by default ``FIRST_ASKED``.
        internal: Whether small counts of the workspaces are shown too.
        progress: Told what is being done.

    Raises:
        UsageError: There are fewer than two folders, one is named twice, there is no such figure, or places can be
            pooled and the statistics are not installed.
        InputError: A folder is neither a workspace nor a package, or is a damaged one.
    """
    _refuse_few(folders)
    wanted = _wanted(figures)
    read = []
    for done, folder in enumerate(folders):
        if progress is not None:
            progress("reading", done, len(folders))
        read.append(_peer(folder, internal=internal))
    if not internal:
        read = compare.withheld_throughout(read)
    peers = compare.named_apart(read)
    frame = compare.side_by_side(peers, wanted)
    if compare.has_funnel(frame) and find_spec("scipy") is None:
        raise UsageError(
            "to pool three places or more needs the extra 'evaluate'.",
            mend='Install it: pip install "ipvi-cli[evaluate]".',
        )
    return SideBySide(
        names=tuple(peer.name for peer in peers),
        figures=frame,
        differing=compare.differing(peers),
        funnels=compare.funnels(frame),
        in_place=_with_items(compare.in_place_elsewhere(peers)),
        assessed=sum(peer.answers is not None for peer in peers),
        internal=internal,
    )


def write_side_by_side(done: SideBySide, folder: Path) -> list[Path]:
    """Write what was set side by side.

    Args:
        done: What is written.
        folder: Where; files of these names in it are replaced.

    Returns:
        The files: four tables, and a funnel plot (SVG) for each figure that was pooled.

    Raises:
        OutputError: They cannot be written.
    """
    files = {
        "figures.csv": csv_bytes(done.figures),
        "definitions_that_differ.csv": csv_bytes(done.differing),
        "funnels.csv": csv_bytes(done.funnels),
        "in_place_elsewhere.csv": csv_bytes(done.in_place),
    }
    for (figure,), rows in done.funnels.group_by("figure_id", maintain_order=True):
        files[f"funnel_{figure}.svg"] = compare.funnel_svg(rows).encode()
    if done.internal:
        files["CONFIDENTIAL.txt"] = f"{CONFIDENTIAL}\n".encode()
    make_folder(folder)
    for name, content in files.items():
        write_output(folder / name, content)
    return [folder / name for name in files]


def _refuse_few(folders: Sequence[Path]) -> None:
    if len(folders) < 2:
        raise UsageError(
            "one jurisdiction cannot be compared with itself.",
            mend="Name two or more workspaces or published folders.",
        )
    places = [folder.expanduser().resolve() for folder in folders]
    for place in places:
        if places.count(place) > 1:
            raise UsageError("is named twice.", where=str(place), mend="Name it once.")


def _wanted(named: Sequence[str]) -> list[str]:
    """Give the codes that are meant by codes and beginnings of codes."""
    known = [one.figure_id for one in summarizing.figures()]
    if not named:
        return list(FIRST_ASKED)
    asked = [part.strip().upper() for name in named for part in name.split(",") if part.strip()]
    for part in asked:
        if not any(code.startswith(part) for code in known):
            near = difflib.get_close_matches(part, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "`ipvi figures` lists them all."
            raise UsageError(f"there is no figure {part}.", where="--figures", mend=hint)
    return [code for code in known if code.startswith(tuple(asked))]


def _peer(folder: Path, *, internal: bool) -> compare.Peer:
    if (folder / RECEIPT).is_file() and not is_workspace(folder):
        return _of_package(folder)
    try:
        return _of_workspace(folder, internal=internal)
    except InputError:
        if folder.exists() and not is_workspace(folder):
            raise InputError(
                "is neither a workspace nor a published folder.",
                where=str(folder),
                mend="Name what `ipvi audit` or `ipvi publish` made.",
            ) from None
        raise


def _of_workspace(folder: Path, *, internal: bool) -> compare.Peer:
    workspace = open_workspace(folder)
    profile = parse_profile(workspace.read_text(KEPT_PROFILE), where=KEPT_PROFILE)
    failures = tuple(workspace.manifest.get("failures", ()))
    told = provenance(Audit(profile=profile, inputs=(), failures=failures, workspace=folder))
    figures = workspace.scan_output(FIGURES).collect()
    return compare.Peer(
        name=told.jurisdiction,
        told=told,
        version=str(workspace.manifest["version"]),
        rules=str(workspace.manifest["rules_sha256"]),
        threshold=profile.publish.threshold,
        figures=figures if internal else suppressed(figures, profile, workspace.path),
        definitions=summarizing.definitions_frame().select("figure_id", "formula", "kind"),
        answers=workspace.scan_output(ASSESSMENT).collect() if workspace.has(ASSESSMENT) else None,
    )


def _of_package(folder: Path) -> compare.Peer:
    receipt = _receipt(folder)
    for name in (FIGURES, DEFINITIONS):
        _refuse_altered(folder, name, receipt)
    try:
        told = Provenance.model_validate(receipt["audit"])
        version, rules = str(receipt["version"]), str(receipt["rules_sha256"])
        threshold = int(receipt["threshold"])
    except (KeyError, ValidationError, TypeError, ValueError):
        raise _unfit(folder, RECEIPT) from None
    try:
        definitions = pl.read_csv(
            io.BytesIO((folder / DEFINITIONS).read_bytes()), infer_schema=False
        ).select("figure_id", "formula", "kind")
    except (OSError, pl.exceptions.PolarsError):
        raise _unfit(folder, DEFINITIONS) from None
    return compare.Peer(
        name=told.jurisdiction,
        told=told,
        version=version,
        rules=rules,
        threshold=threshold,
        figures=read_release(folder),
        definitions=definitions.unique("figure_id", maintain_order=True),
    )


def _receipt(folder: Path) -> dict[str, Any]:
    try:
        receipt = json.loads((folder / RECEIPT).read_bytes())
    except (OSError, ValueError):
        raise _unfit(folder, RECEIPT) from None
    if not isinstance(receipt, dict) or receipt.get("tool") != "ipvi":
        raise _unfit(folder, RECEIPT)
    return receipt


def _refuse_altered(folder: Path, name: str, receipt: dict[str, Any]) -> None:
    hashes = receipt.get("files")
    stated = hashes.get(name) if isinstance(hashes, dict) else None
    try:
        same = sha256(folder / name) == stated
    except OSError:
        raise _unfit(folder, name) from None
    if not same:
        raise InputError(
            f"{name} is not what {RECEIPT} says it is.",
            where=str(folder),
            mend="Ask for the folder again, as `ipvi publish` wrote it.",
        )


def _unfit(folder: Path, name: str) -> InputError:
    return InputError(
        f"{name} is missing, damaged or does not say what a comparison has to know.",
        where=str(folder),
        mend="Ask for a folder that `ipvi publish` of this version wrote.",
    )


def _with_items(found: pl.DataFrame) -> pl.DataFrame:
    items = checklist().select("id", "item")
    told = found.join(items, on="id", how="left", maintain_order="left")
    return told.select("jurisdiction", "id", "item", "answer", "peers")
