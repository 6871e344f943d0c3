"""An evaluation in a report: a section of its own, in plain words, in all three kinds of file."""

from __future__ import annotations

import pytest
from helpers_report import EVALUATED, full, report

from ipvi_cli.report import Report, markdown, sheets
from ipvi_cli.report.evaluated import KEY, TITLE


@pytest.fixture(scope="module")
def made() -> Report:
    return report(*full(), evaluation=EVALUATED)


def test_the_section_stands_between_the_response_and_the_quality(made: Report) -> None:
    keys = [section.key for section in made.sections]
    assert keys.index(KEY) == keys.index("quality") - 1
    assert KEY not in [section.key for section in report(*full()).sections]


def test_shares_differences_and_changes_are_in_plain_words(made: Report) -> None:
    section = next(one for one in made.sections if one.key == KEY)
    cells = {
        row[:3]: row[3:] for panel in section.panels if panel.main for row in panel.main.table.rows
    }
    arrested = ("Arrested anew for intimate partner violence", "all", "6 months")
    assert cells[arrested][0].replace("\u00a0", " ") == "21.8 %"
    assert cells["Reported anew with an injured partner", "all", "6 months"][0] == "withheld"
    assert cells["Incidents with an injured partner", "difference", "2 years"][:2] == (
        "−1.2 points", "−6.0 to +3.6 points",
    )  # fmt: skip
    series = next(panel for panel in section.panels if panel.figure_id == "series")
    said = series.lead.replace("\u00a0", " ")
    assert "a change of −12.0 % (95 % interval −20.0 % to −3.0 %)" in said
    assert "effect" not in said
    assert section.missing is not None
    assert section.missing.rows == (("Violated a protective order", "No orders were delivered."),)


def test_the_workbook_and_the_text_hold_it_too(made: Report) -> None:
    sheet = sheets(made)[TITLE.rstrip("?")]
    assert sheet.filter(withheld="withheld")["count"].to_list() == [None]
    assert 0.218 in sheet["share"].round(3).to_list()
    text = markdown(made)
    assert f"## {TITLE}" in text
    assert "None" not in text.split(f"## {TITLE}")[1].split("\n## ")[0]
