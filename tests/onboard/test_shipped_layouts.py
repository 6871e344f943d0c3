"""Made-up deliveries in the shipped layouts: they are recognised, and guessed right without that."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers_onboard import Column, days, drafted, numbers, study, write_csv

from ipvi_cli import pipeline
from ipvi_cli.model.header_names import plain_header
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.pipeline import onboarding

DELIVERIES = Path(__file__).parents[1] / "acceptance" / "data" / "shipped_profiles"
LAYOUTS = sorted(one.name for one in DELIVERIES.iterdir() if one.is_dir())

SAME_MEANING = {
    ("dallas_rms_2016_2017", "offense_raw"),
    ("dallas_rms_2016_2017", "district"),
    ("chicago_2012", "offense_raw"),
    ("arlington_tx_2024", "district"),
}
"""Columns of which a layout has two that say the same, in other words or at another level."""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_shipped_layout_is_recognised_whatever_its_files_are_called(
    layout: str, tmp_path: Path
) -> None:
    for file in (DELIVERIES / layout).iterdir():
        (tmp_path / f"renamed_{file.name}").write_bytes(file.read_bytes())

    looked = onboarding.look(tmp_path, out=tmp_path / "draft.toml")

    assert looked.study.known is not None
    assert looked.study.known.name == layout
    profile = parse_profile(drafted(looked), where="draft")
    names = {file.name for file in tmp_path.iterdir()}
    assert [
        one.files
        for one in profile.sources
        if one.required and "*" not in one.files and one.files not in names
    ] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_column_is_mapped_wrongly_without_a_mark(layout: str) -> None:
    profile, _ = pipeline.load_profile(Path(), layout)
    own = _origins(profile)

    wrong = [
        (row["column"], row["table"], row["canonical"])
        for row in study(DELIVERIES / layout).guesses.filter(status="mapped").iter_rows(named=True)
        if (row["table"], row["canonical"]) in own
        and (layout, row["canonical"]) not in SAME_MEANING
        and plain_header(row["column"]) not in own[row["table"], row["canonical"]]
    ]

    assert wrong == []


def test_signs_and_case_of_headers_do_not_hide_a_layout(tmp_path: Path) -> None:
    text = (DELIVERIES / "generic_cad" / "cad_calls.csv").read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    (tmp_path / "cad.csv").write_text(f"{head.upper().replace(' ', '_')}\n{rest}", encoding="utf-8")

    looked = onboarding.look(tmp_path, out=tmp_path / "draft.toml")

    assert looked.study.known is not None
    assert (looked.study.known.name, looked.study.known.lost) == ("generic_cad", ())


def test_a_layout_of_which_nearly_all_columns_are_there_is_adapted_and_says_what_is_not(
    tmp_path: Path,
) -> None:
    text = (DELIVERIES / "ny_dir" / "dir_export.csv").read_text(encoding="utf-8")
    (tmp_path / "export.csv").write_text(text.replace("Strangulation", "Item 7"), encoding="utf-8")

    looked = onboarding.look(tmp_path, out=tmp_path / "draft.toml")

    assert looked.study.known is not None
    assert looked.study.known.name == "ny_dir"
    assert looked.study.known.lost == ("reports: Strangulation",)
    assert "# ASK: export.csv has no column 'Strangulation'" in drafted(looked)


def test_a_layout_of_calls_does_not_take_the_place_of_the_incidents_beside_them(
    tmp_path: Path,
) -> None:
    calls = DELIVERIES / "generic_cad" / "cad_calls.csv"
    (tmp_path / "calls.csv").write_bytes(calls.read_bytes())
    write_csv(
        tmp_path / "cases.csv",
        Column("Case Number", numbers()),
        Column("Date Occurred", days()),
        Column("Victim Sex", ["F", "M"]),
        Column("Relationship", ["SPOUSE", "CHILD", "FRIEND"]),
    )

    looked = onboarding.look(tmp_path, out=tmp_path / "draft.toml")

    assert looked.study.known is None
    fed = dict(looked.study.inputs.select("file", "feeds").iter_rows())
    assert fed["calls.csv"] == "call"
    assert "incident" in fed["cases.csv"]


def _origins(profile: Profile) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for source in profile.sources:
        for name, mapping in source.keys.items():
            found.setdefault(("keys", name), set()).update(
                map(plain_header, mapping.source_columns())
            )
        for table in source.tables:
            for column, mapping in table.columns.items():
                if mapping.source_columns():
                    names = found.setdefault((table.table, column), set())
                    names.update(map(plain_header, mapping.source_columns()))
    return found
