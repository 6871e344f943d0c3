"""Every published edit is judged by a rule, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipvi_cli.validate import rules
from ipvi_cli.validate.published import PUBLISHED, judged_by

WORKBOOK = (
    Path(__file__).parents[3] / "shared" / "data" / "nibrs_search" / "docs" / "NIBRSEditRules.xlsx"
)


def test_numbers_are_unique() -> None:
    numbers = [one.number for one in PUBLISHED]
    assert len(numbers) == len(set(numbers))
    assert all(len(number) == 3 and number.isdigit() for number in numbers)


def test_each_edit_is_judged_or_said_why_not() -> None:
    judged = judged_by(rules())
    assert [one.number for one in PUBLISHED if bool(one.why_not) == (one.number in judged)] == []


def test_rules_cite_published_edits_alone() -> None:
    assert set(judged_by(rules())) <= {one.number for one in PUBLISHED}


@pytest.mark.skipif(not WORKBOOK.exists(), reason="the workbook of edits is not here")
def test_every_edit_of_the_workbook_is_named() -> None:
    fastexcel = pytest.importorskip("fastexcel")
    sheet = fastexcel.read_excel(WORKBOOK).load_sheet("Rules", header_row=None, dtypes="string")
    column = sheet.to_polars().to_series(2).drop_nulls()
    numbers = {value.zfill(3) for value in column if value.isdigit()}
    assert len(numbers) > 260
    assert numbers - {one.number for one in PUBLISHED} == set()
