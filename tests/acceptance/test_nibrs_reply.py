"""What the FBI and the tests of the SEARCH validator say of real NIBRS files, we say of the same segments.

The files are not part of this repository; without them nothing runs.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from helpers_acceptance import ROOT, ipvi

from ipvi_cli.validate import rules
from ipvi_cli.validate.published import judged_by

FILES = ROOT.parent / "shared" / "data" / "nibrs_search" / "flatfile"

pytestmark = pytest.mark.skipif(not FILES.exists(), reason="the real files are not here")

COUNTS = [
    ("VTUCR0001_20200420_NIBRS_010.txt", 6516, 1041, 321),
    ("Test-Submission-1.txt", 1393, 212, 12),
    ("old_format_8_incidents.txt", 53, 8, 1),
    ("Flatfile-XML_Test_1.txt", 6, 1, 0),
    ("Flatfile-XML_Test_2.txt", 12, 1, 0),
    ("NIBRS_Test_Sample.txt", 6, 1, 0),
]
"""Segments, incidents and Group B arrests after the actions were played, as the files' own description gives them."""

BROKEN = [
    ("testBadSegmentValue.txt", "IPVI-141", 5),
    ("testInvalidAdministrativeSegmentLength.txt", "IPVI-155", 1),
    ("testInvalidArresteeSegmentLength.txt", "IPVI-155", 6),
    ("testInvalidPropertySegmentLength.txt", "IPVI-155", 3),
    ("testInvalidVictimSegmentLength.txt", "IPVI-155", 4),
    ("testInvalidInts.txt", "IPVI-153", 1),
    ("testInvalidRecoveredDate.txt", None, None),
]
"""Rule and segment of each broken record; a recovered date is of property, which is not judged."""

NOT_JUDGED = {
    "078": 4, "081": 1, "306": 1, "358": 2, "365": 1, "390": 1,  # property and drugs
    "173": 2,  # needs the day from which the agency reports
    "085": 1,  # of an incident with two offenders, where the edit asks for three
}  # fmt: skip
"""Messages of the reply that we do not give, by edit."""


@pytest.mark.parametrize(("name", "segments", "incidents", "arrests"), COUNTS)
def test_reports_of_both_groups_are_as_many_as_asserted(
    name: str, segments: int, incidents: int, arrests: int, tmp_path: Path
) -> None:
    out = tmp_path / "out.audit"
    ipvi("ingest", FILES / name, "--out", out, cwd=tmp_path)
    live = {
        table: pl.read_parquet(out / "tables" / f"{table}.parquet").filter(row_fate="new")
        for table in ("incident", "arrest")
    }
    inputs = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert [one["rows_read"] for one in inputs] == [segments]
    assert live["incident"]["incident_id"].n_unique() == incidents
    assert live["arrest"]["incident_id"].null_count() == arrests


@pytest.mark.parametrize(("name", "rule", "segment"), BROKEN)
def test_broken_records_are_told_of_by_their_number(
    name: str, rule: str | None, segment: int | None, tmp_path: Path
) -> None:
    found = findings(FILES / "parse_errors" / name, tmp_path)
    structure = found.filter(pl.col("code").is_in(["IPVI-141", "IPVI-153", "IPVI-155"]))
    assert structure.select("code", "source_row").rows() == ([(rule, segment)] if rule else [])
    incidents = pl.read_parquet(tmp_path / "out.audit" / "tables" / "incident.parquet")
    assert incidents["incident_id"].to_list() == ["TN0060000:02-000895"]


def test_a_shifted_file_is_refused(tmp_path: Path) -> None:
    done = ipvi("audit", FILES / "web-instances-test.txt", cwd=tmp_path, code=None)
    assert done.returncode == 3


def test_messages_of_the_reply_are_ours_too(tmp_path: Path) -> None:
    found = findings(FILES / "Test-Submission-1.txt", tmp_path)
    judged = judged_by(rules())
    lines = (FILES / "Test-EDS-1.txt").read_text(encoding="ascii").splitlines()
    reply = Counter(
        (int(line[6:13]), line[23:35].strip(), line[46:49])
        for line in lines
        if re.match(r"\d{13}", line)
    )
    given = Counter[str]()
    for (record, incident, edit), times in reply.items():
        ours = found.filter(pl.col("code").is_in(judged.get(edit, ())))
        same = (
            pl.col("source_row") == record
            if record
            else pl.col("incident_id").str.ends_with(f":{incident}")
        )
        given[edit] += min(times, ours.filter(same).height)
    asked = Counter[str]()
    for (_, _, edit), times in reply.items():
        asked[edit] += times
    assert asked.total() == 42
    assert dict(asked - given) == NOT_JUDGED


def findings(file: Path, folder: Path) -> pl.DataFrame:
    """Audit a file and give its findings."""
    out = folder / "out.audit"
    ipvi("ingest", file, "--out", out, cwd=folder, code=None)
    ipvi("validate", out, cwd=folder, code=None)
    return pl.read_parquet(out / "findings.parquet")
