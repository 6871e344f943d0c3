"""The FBI's edits on segments: each fires on what it is about, and on nothing else."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from helpers_nibrs_edits import (
    CASES,
    SOUND,
    judged,
    judged_together,
    report,
    submission,
    told,
)

from ipvi_cli.ingest.nibrs.edits import MANY
from ipvi_cli.ingest.nibrs.judge import EDITS
from ipvi_cli.model.finding import problem
from ipvi_cli.model.nibrs_codes import AGAINST_PERSONS, AGAINST_PROPERTY, AGAINST_SOCIETY, GROUP_A
from ipvi_cli.validate import rules
from ipvi_cli.validate.published import judged_by
from ipvi_cli.validate.segment_edits import RULES

EACH = [pytest.param(n, id=f"{case['edit']}-{case['at']}-{n}") for n, case in enumerate(CASES)]
BLANK = [one for one in EACH if not CASES[one.values[0]].get("blank")]
WHOLE = {"058", "059"}

Told = list[set[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def failing() -> Told:
    return judged_together([report(case["fail"]) for case in CASES])


@pytest.fixture(scope="module")
def passing() -> Told:
    return judged_together([report(case.get("pass", {})) for case in CASES])


@pytest.fixture(scope="module")
def blanked() -> Told:
    return judged_together([report(case["fail"], case["at"]) for case in CASES])


def expected(case: dict[str, Any]) -> tuple[str, str, str]:
    return case["rule"], case["edit"], case.get("level", case["at"].partition(".")[0])


def test_the_sound_report_passes_every_edit() -> None:
    assert judged(report({})).is_empty()


@pytest.mark.parametrize("number", EACH)
def test_edit_fires_on_its_segment(number: int, failing: Told) -> None:
    assert expected(CASES[number]) in failing[number]


@pytest.mark.parametrize("number", EACH)
def test_edit_passes(number: int, passing: Told) -> None:
    assert expected(CASES[number]) not in passing[number]


@pytest.mark.parametrize("number", BLANK)
def test_blank_element_holds(number: int, blanked: Told) -> None:
    assert expected(CASES[number]) not in blanked[number]


def test_every_edit_on_segments_has_cases() -> None:
    cased = {case["edit"] for case in CASES} | {
        one for case in CASES for one in case.get("also", [])
    }
    on_lists = {edit.number for edits in EDITS.values() for edit in edits}
    assert on_lists <= cased
    assert set(judged_by(RULES)) - WHOLE <= cased


def test_every_edit_is_of_a_rule_that_cites_it() -> None:
    cited = judged_by(rules())
    assert [case["edit"] for case in CASES if case["rule"] not in cited[case["edit"]]] == []


def test_messages_hold_no_value() -> None:
    marked = {"victim": {"resident": "Q", "victim_number": "XQX", "age": "QQ"}}
    found = judged(report(marked))
    assert found.height == 3
    assert not found["message"].str.contains("Q").any()


def test_place_and_incident_of_a_problem() -> None:
    row = judged(report({"offender": {"race": "Z"}})).row(0, named=True)
    assert (row["table"], row["column"]) == ("offender", "race")
    assert (row["agency"], row["incident_id"]) == ("NY0130100", "NY0130100:20-0001")
    assert row["source_row"] == list(SOUND).index("offender") + 1


def test_segments_that_do_not_count_are_not_judged() -> None:
    gone = report(
        {"victim": {"row_fate": "superseded", "resident": "Q"}, "offense": {"attempted": "C"}}
    )
    assert "IPVI-308" not in judged(gone)["code"].to_list()


def test_damaged_reports_are_judged_segment_by_segment_alone() -> None:
    frames = report({"victim": {"offense_codes": ["13A", "290"], "resident": "Q"}})
    lost = problem("IPVI-149", "lost").with_columns(incident_id=pl.lit("NY0130100:20-0001"))
    found = judged(frames, submission(problems=lost))
    assert told(found) == {("IPVI-308", "404", "victim")}


def test_changes_of_single_segments_are_not_judged_as_whole_reports() -> None:
    change = {level: frame.with_columns(action=pl.lit("M")) for level, frame in report(
        {"victim": {"offense_codes": ["290"]}}
    ).items()}  # fmt: skip
    assert not {"065", "466"} & {edit for _, edit, _ in told(judged(change))}


def test_published_bundles_are_not_asked_for_what_they_leave_out() -> None:
    frames = report({"offense": {"suspected_use": [], "weapons": ["40", "40"]}})
    assert told(judged(frames, submission(published=True))) == {("IPVI-309", "206", "offense")}


def test_codes_in_words_are_left_alone() -> None:
    words = {"victim": {"relationships": ["Boyfriend_Girlfriend"]}, "offense": {"bias": ["NONE"]}}
    assert judged(report(words)).is_empty()


@pytest.mark.parametrize(("rows", "findings"), [(MANY, 1), (MANY - 1, MANY - 1)])
def test_an_edit_that_most_segments_fail_is_told_once(rows: int, findings: int) -> None:
    one = report({"offender": {"race": "Z"}})["offender"]
    many = pl.concat([one] * rows).with_columns(report=pl.int_range(rows, dtype=pl.Int64))
    found = judged({"offender": many})
    assert found.height == findings
    if findings == 1:
        said = (
            "1,000 of 1,000 segments: data element 39 (Race) is not on its code list (FBI edit 504)"
        )
        assert found.select("message", "source_row", "incident_id").row(0) == (said, None, None)


def test_months_and_states_of_a_file() -> None:
    frames = report({"zero": {"submission_month": "05"}})
    of = submission()
    several = type(of)(**{**vars(of), "agencies": ("NJ0010100", "NY0130100")})
    assert {("IPVI-157", "058", "all"), ("IPVI-158", "059", "all")} <= told(judged(frames, several))


def test_each_offence_is_of_one_kind() -> None:
    kinds = (*AGAINST_PERSONS, *AGAINST_PROPERTY, *AGAINST_SOCIETY)
    assert len(kinds) == len(set(kinds)) == 52
    assert len(GROUP_A) == len(set(GROUP_A))
