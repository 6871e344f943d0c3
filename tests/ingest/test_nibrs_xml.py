"""NIBRS submissions in XML: every kind of report, both families of namespaces, and files that are broken or hostile."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from helpers_nibrs_xml import NEWER, OLDER, deleted, group_a, group_b, header, submission, zero
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli import pipeline
from ipvi_cli.ingest.nibrs.segments import Submission
from ipvi_cli.ingest.nibrs.xml_read import read_xml
from ipvi_cli.model.errors import InputError


def read(folder: Path, text: str | bytes) -> Submission:
    path = folder / "month.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_xml(path, "month.xml", folder)


def segments(done: Submission) -> dict[str, pl.DataFrame]:
    frames: dict[str, list[pl.DataFrame]] = {}
    for batch in done.batches():
        for level, frame in batch.items():
            frames.setdefault(level, []).append(frame)
    return {level: pl.concat(parts) for level, parts in frames.items()}


def refused(done: Submission) -> pl.DataFrame:
    return done.inputs[0].quarantine


def codes(done: Submission) -> list[str]:
    return done.problems["code"].to_list()


def numbers(done: Submission) -> list[str]:
    found = segments(done).get("incident")
    return [] if found is None else found["incident_number"].to_list()


def line_of(text: str, number: str) -> int:
    """Line of the report of an incident, found in the text by itself."""
    return text[: text.rindex("<nibrs:Report>", 0, text.index(number))].count("\n") + 1


@pytest.mark.parametrize("spaces", [OLDER, NEWER])
def test_a_report_becomes_the_segments_that_the_flat_file_would_hold(
    tmp_path: Path, spaces: dict[str, str]
) -> None:
    text = submission([group_a("24-001")], spaces=spaces)

    found = segments(read(tmp_path, text))

    expected: dict[str, dict[str, Any]] = {
        "incident": {
            "incident_number": "24-001", "ori": "ZZ0010000", "action": "I", "occurred_on": "20240105", "hour": "22",
            "clearance": "B", "cleared_on": "20240109", "submission_year": "2024", "submission_month": "01",
        },
        "offense": {
            "offense_code": "13B", "attempted": "C", "suspected_use": ["A"], "weapons": ["40"], "location": "20",
        },
        "victim": {
            "victim_number": "001", "victim_type": "I", "age": "32", "sex": "F", "race": "W", "injuries": ["M"],
            "offense_codes": ["13B"], "offender_numbers": ["01"], "relationships": ["Family Member_Spouse"],
        },
        "offender": {"offender_number": "01", "age": "2530"},
        "arrestee": {
            "arrestee_number": "01", "arrest_number": "A-9", "arrested_on": "20240106", "arrest_type": "T",
            "offense_code": "13B", "age": "31",
        },
    }  # fmt: skip
    for level, values in expected.items():
        row = found[level].row(0, named=True)
        assert {name: row[name] for name in values} == values
        assert (row["source_file"], row["source_row"]) == ("month.xml", line_of(text, "24-001"))


@pytest.mark.parametrize("named", [True, False])
def test_references_to_persons_in_place_of_their_roles_are_followed(
    tmp_path: Path, *, named: bool
) -> None:
    report = group_a("1")
    for role in ("Victim1", "Subject1", "Arrestee1"):
        kind = "Victim" if role == "Victim1" else "Subject"
        report = report.replace(f'<j:{kind} s:ref="{role}"/>', f'<j:{kind} s:ref="Person{role}"/>')
        if not named:
            report = re.sub(f" s:id=[\"']{role}[\"']", "", report)

    found = segments(read(tmp_path, submission([report], spaces=OLDER)))

    victim = found["victim"].row(0, named=True)
    assert (victim["relationships"], victim["offender_numbers"], victim["offense_codes"]) == (
        ["Family Member_Spouse"], ["01"], ["13B"],
    )  # fmt: skip
    assert found["arrestee"]["arrest_number"].to_list() == ["A-9"]


def test_every_kind_of_report_is_a_row(tmp_path: Path) -> None:
    reports = [
        group_a("1"),
        deleted("1"),
        group_a("1", action="R"),
        group_b(),
        group_b("D"),
        zero(),
    ]

    done = read(tmp_path, submission(reports))

    found = segments(done)
    assert (done.inputs[0].rows_read, refused(done).height, codes(done)) == (6, 0, [])
    assert found["incident"].select("report", "action").rows() == [(0, "I"), (1, "D"), (2, "R")]
    assert found["group_b_arrest"].select("report", "action").rows() == [(3, "A"), (4, "D")]
    assert found["group_b_arrest"]["incident_number"].null_count() == 2
    assert found["zero"].select("report", "report_month", "report_year").rows() == [
        (5, "01", "2024")
    ]


@pytest.mark.parametrize(
    ("written", "age"),
    [("7", "07"), ("0", "00"), ("20-20", "20"), ("BABY", "BB"), ("UNKNOWN", "00"), ("99", "99")],
)
def test_ages_are_written_as_in_the_flat_file(tmp_path: Path, written: str, age: str) -> None:
    done = read(tmp_path, submission([group_a("1", victim_age=written)]))

    assert segments(done)["victim"]["age"].to_list() == [age]


def test_newborn_of_the_first_releases(tmp_path: Path) -> None:
    code = (
        "<j:PersonAugmentation><nibrs:PersonAgeCode>BB</nibrs:PersonAgeCode></j:PersonAugmentation>"
    )
    word = (
        "<nc:PersonAgeMeasure><nc:MeasureValueText>BABY</nc:MeasureValueText></nc:PersonAgeMeasure>"
    )
    report = group_a("1", victim_age="BABY")
    assert word in report

    done = read(tmp_path, submission([report.replace(word, code)]))

    assert segments(done)["victim"]["age"].to_list() == ["BB"]


@pytest.mark.parametrize(
    ("report", "reason"),
    [
        (group_a(None), "no_incident_number"),
        (group_a("1", ori=None), "no_agency"),
        (f"<nibrs:Report>{header('SOMETHING ELSE')}</nibrs:Report>", "unknown_report"),
        ("<nibrs:Report/>", "unknown_report"),
        ("<Report xmlns='urn:other'/>", "unknown_report"),
        (group_a("1").replace("</nc:Incident>", "", 1), "bad_xml"),
        (group_a("1").replace("<nc:Incident>", "<nc:Incident>&undeclared;", 1), "bad_xml"),
        (group_a("1").replace("</nibrs:Report>", ""), "bad_xml"),
        (group_a("1").replace("<nc:Incident>", "<nc:Incident>" + "<a>" * 300 + "</a>" * 300), "bad_xml"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_read_is_set_aside_with_its_line_and_the_next_is_read(
    tmp_path: Path, report: str, reason: str
) -> None:
    before, after = [group_a("11"), zero()], [group_a("12"), group_a("13")]
    text = submission([*before, "<!-- HERE -->" + report, *after])

    done = read(tmp_path, text)

    line = text[: text.index("HERE")].count("\n") + 1
    assert refused(done).select("source_row", "reason_code").rows() == [(line, reason)]
    assert numbers(done) == ["11", "12", "13"]
    assert done.inputs[0].rows_read == 5
    lines = segments(done)["incident"]["source_row"].to_list()
    assert lines == [line_of(text, f">{number}<") for number in ("11", "12", "13")]


def test_bytes_that_are_no_text_cost_the_report_that_holds_them(tmp_path: Path) -> None:
    text = submission([group_a("11"), group_a("JOS\xc9"), group_a("13")]).encode("latin-1")

    done = read(tmp_path, text)

    assert numbers(done) == ["11", "13"]
    assert refused(done)["reason_code"].to_list() == ["bad_xml"]


def test_what_stands_between_reports_costs_none(tmp_path: Path) -> None:
    text = submission([group_a("11"), "</stray>", group_a("12")])

    done = read(tmp_path, text)

    assert numbers(done) == ["11", "12"]
    assert codes(done) == ["IPVI-116"]


@pytest.mark.parametrize("share", [0.4, 0.7, 0.97])
def test_a_file_that_is_cut_short_is_read_as_far_as_it_goes(tmp_path: Path, share: float) -> None:
    text = submission([group_a("11"), group_a("12"), group_a("13")])
    cut = text[: int(len(text) * share)]

    done = read(tmp_path, cut)

    whole = cut.count("</nibrs:Report>")
    begun = cut.count("<nibrs:Report>")
    assert numbers(done) == ["11", "12", "13"][:whole]
    assert refused(done)["reason_code"].to_list() == ["cut_short"] * (begun - whole)
    assert done.inputs[0].rows_read == begun


def test_a_missing_end_of_the_document_is_told(tmp_path: Path) -> None:
    text = submission([group_a("11")]).replace("</nibrs:Submission>", "")

    done = read(tmp_path, text)

    assert (numbers(done), codes(done)) == (["11"], ["IPVI-116"])


def test_a_submission_without_reports_is_told(tmp_path: Path) -> None:
    done = read(tmp_path, submission([]))

    assert (done.inputs[0].rows_read, codes(done)) == (0, ["IPVI-108"])


def test_reports_in_comments_are_none(tmp_path: Path) -> None:
    text = submission([group_a("11"), f"<!-- {group_a('99')} -->", group_a("12")])

    assert numbers(read(tmp_path, text)) == ["11", "12"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    text = submission([group_a("11"), group_a("12").replace("</nc:Incident>", ""), group_a("13")])

    done = read(tmp_path, text.encode(encoding))

    assert numbers(done) == ["11", "13"]


def lines(done: Submission) -> list[int]:
    return [place for batch in done.batches() for place in batch["incident"]["source_row"]]


def test_blank_lines_may_stand_before_the_beginning(tmp_path: Path) -> None:
    text = submission([group_a("11"), group_a("12")])

    plain = lines(read(tmp_path, text))
    below = read(tmp_path, f"\n  \n{text}")

    assert numbers(below) == ["11", "12"]
    assert lines(below) == [place + 2 for place in plain]


BOMB = '<!DOCTYPE n [<!ENTITY a "aaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
) + "]>\n"  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [BOMB, '<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n', "<!-- - --><!doctype n>\n"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_with_one_line(tmp_path: Path, head: str, encoding: str) -> None:
    text = submission([group_a("&j;")], head=head)

    with pytest.raises(InputError, match="declares a document type") as caught:
        read(tmp_path, text.encode(encoding))

    assert "\n" not in caught.value.line()


@pytest.mark.parametrize("text", ["<a><b></a>", "<nibrs:Submission xmlns:nibrs='u'"])
def test_what_is_no_xml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="well-formed"):
        read(tmp_path, text)


def test_actions_of_reports_decide_what_is_counted(tmp_path: Path) -> None:
    reports = [
        group_a("1"),
        group_a("2", "Stranger"),
        deleted("1"),
        group_a("2", "Boyfriend_Girlfriend", action="R"),
        group_a("3", "Family Member_Spouse"),
        group_a("3", "Family Member_Spouse"),
        group_a("4", "Child of Boyfriend_Girlfriend"),
        group_b(),
        group_a(None),
        zero(),
    ]
    # All on one line, as many systems write it.
    (tmp_path / "month.xml").write_text(submission(reports).replace("\n", " "))

    done = pipeline.audit(tmp_path / "month.xml", out=tmp_path / "zz.audit")

    pairs = pl.read_parquet(tmp_path / "zz.audit" / "pairs.parquet")
    assert sorted(pairs.select("incident_id", "relationship_class", "nibrs_code").rows()) == [
        ("ZZ0010000:2", "intimate_partner", "BG"),
        ("ZZ0010000:3", "intimate_partner", "SE"),
        ("ZZ0010000:4", "other_family", "CF"),
    ]
    assert done.rows == {"read": 10, "accepted": 9, "quarantined": 1}
    assert {fate: count for fate, count in done.inputs[0].row_fates.items() if count} == {
        "new": 5, "duplicate": 1, "superseded": 3,
    }  # fmt: skip
    assert done.jurisdiction == "ZZ0010000"


def test_submissions_of_two_months_play_in_the_order_of_their_months(tmp_path: Path) -> None:
    folder = tmp_path / "year"
    folder.mkdir()
    later = submission([group_a("1", "Stranger", action="R")]).replace("2024-01<", "2024-02<")
    (folder / "a.xml").write_text(later)
    (folder / "b.xml").write_text(submission([group_a("1")], spaces=OLDER))

    pipeline.audit(folder, out=tmp_path / "zz.audit")

    pairs = pl.read_parquet(tmp_path / "zz.audit" / "pairs.parquet")
    assert pairs["relationship_class"].to_list() == ["stranger"]


def test_an_xml_bomb_ends_an_audit_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "month.xml").write_text(submission([group_a("&j;")], head=BOMB))

    with pytest.raises(InputError, match="declares a document type"):
        pipeline.audit(tmp_path / "month.xml", out=tmp_path / "zz.audit")


@settings(max_examples=25)
@given(broken=st.lists(st.booleans(), min_size=1, max_size=6), block=st.integers(40, 4_000))
def test_rows_balance_wherever_reports_break_and_blocks_end(
    tmp_path_factory: pytest.TempPathFactory, broken: list[bool], block: int
) -> None:
    reports = [
        group_a(f"N{n}").replace("<nc:Incident>", "<nc:Incident><x>" if bad else "<nc:Incident>")
        for n, bad in enumerate(broken)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ipvi_cli.ingest.nibrs.xml_window._BLOCK", block)
        done = read(tmp_path_factory.mktemp("xml"), submission(reports))

    assert numbers(done) == [f"N{n}" for n, bad in enumerate(broken) if not bad]
    assert done.inputs[0].rows_read == len(broken)
    assert refused(done).height == sum(broken)
