"""What a run starts from: the profile of a delivery, its crosswalks, its accepted findings, its workspace's name."""

from __future__ import annotations

import re
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any, Final

import polars as pl

from ipvi_cli import classify as classifying
from ipvi_cli import validate as validating
from ipvi_cli.ingest.nibrs.recognised import recognise_delivery, submission_profile
from ipvi_cli.model.errors import InputError, UsageError
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.workspace.accepted import read_accepted

PROFILE_NAME: Final = "jurisdiction.toml"


def load_profile(
    delivery: Path, profile: Path | str | None, format_in: str | None = None
) -> tuple[Profile, str]:
    """Find and read the profile of a delivery, or make one for NIBRS submissions that come without.

    Args:
        delivery: A folder, or one file.
        profile: A file, the name of a shipped profile, or ``None`` for ``jurisdiction.toml`` in or beside the delivery.
        format_in: NIBRS format as which the delivery is read without a profile, whatever its content looks like.

    Returns:
        The profile and its text.

    Raises:
        InputError: There is none, or it cannot be used.
        UsageError: Both a profile and a format are named.
    """
    if format_in is not None and profile is not None:
        raise UsageError(
            "--format-in is for deliveries without a profile.",
            mend='Say the format in the profile, as format = "nibrs-flat" of the source.',
        )
    if format_in is not None:
        return _of_submission(delivery, format_in)
    if profile is None:
        if not delivery.exists():
            raise InputError(
                "there is no such file or folder.", where=str(delivery), mend="Check the path."
            )
        folder = delivery if delivery.is_dir() else delivery.parent
        path = folder / PROFILE_NAME
        if not path.is_file():
            return _of_submission(delivery, None)
    else:
        path = Path(profile)
        shipped = resources.files("ipvi_cli") / "profiles" / f"{profile}.toml"
        if (
            not path.is_file()
            and re.fullmatch(r"[A-Za-z0-9_-]+", str(profile))
            and shipped.is_file()
        ):
            text = shipped.read_text(encoding="utf-8")
            return _parsed(text, f"profile {profile}"), text
        if not path.is_file():
            raise InputError(
                "there is no such profile.",
                where=str(profile),
                mend="`ipvi profiles` lists those that are shipped.",
            )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise InputError(
            "the profile cannot be read as UTF-8 text.", where=str(path), mend="Save it as UTF-8."
        ) from None
    return _parsed(text, str(path)), text


def _of_submission(delivery: Path, format_in: str | None) -> tuple[Profile, str]:
    """Make the profile of a delivery of NIBRS submissions, which need none."""
    with tempfile.TemporaryDirectory(prefix="ipvi-") as scratch:
        found = recognise_delivery(delivery, Path(scratch), format_in)
    if found is None:
        raise InputError(
            f"no {PROFILE_NAME} there, and the files are no NIBRS submission.",
            where=str(delivery),
            mend="Write one ('The profile' in the README), or name one with --profile.",
        )
    text = submission_profile(found)
    return _parsed(text, str(delivery)), text


def _parsed(text: str, where: str) -> Profile:
    profile = parse_profile(text, where=where)
    wrong = validating.unknown_codes(profile.findings.severity)
    if wrong:
        raise InputError(
            f"findings.severity: {'; '.join(wrong)}.",
            where=where,
            mend="`ipvi rules` lists the codes.",
        )
    classifying.confirmed_statutes(profile.statutes.confirmed)
    return profile


def default_workspace(profile: Profile) -> Path:
    """Name the workspace after the jurisdiction, in the current folder."""
    slug = re.sub(r"[^a-z0-9]+", "-", profile.jurisdiction.name.casefold()).strip("-")
    return Path(f"{slug or 'jurisdiction'}.audit")


def coder(profile: Profile) -> Any:
    """Give the crosswalks of coded columns, the profile's words over the packaged ones."""
    kinds: dict[str, classifying.Crosswalk] = {}

    def codes(kind: str, words: list[str], system: str) -> dict[str, str | None]:
        if kind not in kinds:
            kinds[kind] = classifying.load_crosswalk(
                kind,
                overrides=profile.site_words.get(kind, {}),  # type: ignore[call-overload]
            )
        mapped = kinds[kind].map_values(pl.Series("value", words), code_system=system)
        return dict(mapped.select("value", "mapped_to").iter_rows())

    return codes


def accepted_findings(
    parsed: Profile,
    delivery: Path,
    profile: Path | str | None,
    baseline: Path | None = None,
    *,
    may_lack: bool = False,
) -> pl.DataFrame | None:
    """Read the list of accepted findings that was named, or else the one that the profile names beside itself."""
    if baseline is None and parsed.findings.accepted is not None:
        folder = delivery if delivery.is_dir() else delivery.parent
        folder = folder if profile is None else Path(profile).parent
        baseline = folder / parsed.findings.accepted
    return None if baseline is None else read_accepted(baseline, may_lack=may_lack)
