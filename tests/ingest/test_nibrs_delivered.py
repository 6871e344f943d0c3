"""Audits of NIBRS flat files as they are delivered: figures by plain SQL, archives, months, what is damaged."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
from helpers_nibrs_flat import incident, line

from ipvi_cli import pipeline
from ipvi_cli.model.errors import InputError

REAL = Path(__file__).parents[3] / "shared" / "data" / "nibrs_search" / "flatfile"
TIES = ("SE", "BG", "XS", "XR", "CS", "CH", "PA", "SB", "AQ", "ST", "RU", "OK")
MARCH = [one for n, tie in enumerate(TIES) for one in incident(f"20-{n:04}", tie)]

FIGURES = """with segments as (
    select row_number() over () as place, text[5] as level, text[6] as action, text[17:37] as report, text
    from (select unnest(string_split(content, chr(10))) as text from read_text($path)) where trim(text) != ''
), deletes as (
    select report, max(place) as place from segments where level = '1' and action = 'D' group by all
), standing as (
    select * from segments left join deletes using (report)
    where level between '1' and '6' and segments.place > coalesce(deletes.place, 0)
), unnamed as (
    select distinct victim.report from standing victim join standing offender using (report)
    where victim.level = '4' and offender.level = '5' and offender.text[38:39] != '00'
        and victim.text[71] in ('I', 'L') and regexp_matches(victim.text[41:70], $calling)
        and not list_contains(
            [victim.text[90 + 4 * slot:91 + 4 * slot] for slot in range(10)], offender.text[38:39])
), pairs as (
    select report, text[90 + 4 * slot:91 + 4 * slot] as offender, text[92 + 4 * slot:93 + 4 * slot] as tie
    from standing, range(10) slots(slot) where level = '4'
), ties as (
    select report, coalesce(bool_or(tie in ('SE', 'CS', 'BG', 'HR', 'XS', 'XR')), false) as partner,
        bool_or(tie in ('PA', 'CH', 'SB', 'GP', 'GC', 'IL', 'SP', 'SC', 'SS', 'OF', 'CF')) as family,
        bool_or(tie = 'RU' or (trim(tie) = '' and trim(offender) not in ('', '00'))
            or report in (select report from unnamed)) as unknown
    from pairs group by all
) select (select count(distinct report) from standing where level = '1')::int,
    count(*) filter (partner or family or unknown)::int,
    count(*) filter (partner)::int, count(*) filter (family and not partner and not unknown)::int,
    count(*) filter (unknown and not partner)::int,
    (select count(*) from pairs where tie in ('SE', 'CS', 'BG', 'HR', 'XS', 'XR'))::int from ties"""
"""Incidents; with a domestic or an unknown tie; with a partner; with family alone; open; pairs of partners: by the
definitions of the headline, from the lines as they stand."""

CALLING = r"^(...)*(09[ABC]|100|11[ABCD]|120|13[ABC]|36[AB]|64[AB])"
"""Offences that call for a relationship: the tie to an offender whom their victim does not name is unknown."""


def by_sql(path: Path) -> tuple[int, ...]:
    found: tuple[int, ...] | None = duckdb.execute(
        FIGURES, {"path": str(path), "calling": CALLING}
    ).fetchone()
    assert found is not None
    return found


def audited(delivery: Path) -> tuple[int, ...]:
    """Audit a delivery and give the same figures."""
    out = delivery.parent / "out.audit"
    done = pipeline.audit(delivery, out=out)
    assert done.rows["read"] == done.rows["accepted"] + done.rows["quarantined"]
    incidents = pl.read_parquet(out / "incidents.parquet")
    inside = incidents.filter("in_denominator")["incident_class"]
    classes = ("intimate_partner", "other_family", "undetermined")
    pairs = pl.read_parquet(out / "pairs.parquet").filter(relationship_class="intimate_partner")
    counts = (int(inside.eq(one).sum()) for one in classes)
    return (incidents.height, inside.len(), *counts, pairs.height)


def text(lines: list[str]) -> bytes:
    return "".join(f"{one}\n" for one in lines).encode()


def april() -> list[str]:
    """Write a later month that deletes an incident of the one before and reports it anew, and another one."""
    month = {"submission_month": "05"}
    gone = line("incident", "20-0000", action="D", **month)
    anew = [f"{one[:6]}05{one[8:]}" for one in [*incident("20-0000", "ST"), *incident("21-0001")]]
    return [gone, *anew]


@pytest.mark.parametrize("end", [b"", b"\r\n\x1a", b"\n   \n\n"])
def test_figures_of_a_flat_file_are_those_of_plain_sql(end: bytes, tmp_path: Path) -> None:
    several = line(
        "victim", "20-0008", victim_number="002", offense_codes=["13A"], victim_type="I", age="30", sex="M", race="W",
        injuries=["N"], offender_numbers=["01", "02"], relationships=["VO", "XS"],
    )  # fmt: skip
    again = [line("incident", "20-0001", action="D"), *incident("20-0001", "SB")]
    path = tmp_path / "submission.txt"
    path.write_bytes(text([*MARCH[:36], several, *MARCH[36:], *again]) + end)

    assert audited(path) == by_sql(path)


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the real submissions")
@pytest.mark.parametrize("name", ["VTUCR0001_20200420_NIBRS_010.txt", "Test-Submission-1.txt"])
def test_figures_of_a_real_submission_are_those_of_plain_sql(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes((REAL / name).read_bytes())

    assert audited(path) == by_sql(path)


def test_packed_files_give_the_same_figures(tmp_path: Path) -> None:
    plain = tmp_path / "plain" / "march.txt"
    plain.parent.mkdir()
    plain.write_bytes(text(MARCH))
    packed = tmp_path / "march.txt.gz"
    packed.write_bytes(gzip.compress(text(MARCH)))
    zipped = tmp_path / "march.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("march.txt", text(MARCH))

    assert audited(packed) == audited(zipped) == audited(plain) == by_sql(plain)


@pytest.mark.parametrize("kind", ["folder", "archive", "one of them packed"])
def test_months_are_played_in_order_whatever_their_names(kind: str, tmp_path: Path) -> None:
    months = {"z.txt": text(MARCH), "a.txt": text(april())}
    if kind == "one of them packed":
        months["z.txt.gz"] = gzip.compress(months.pop("z.txt"))
    delivery = tmp_path / ("months.zip" if kind == "archive" else "months")
    if kind == "archive":
        with zipfile.ZipFile(delivery, "w") as archive:
            for name, content in months.items():
                archive.writestr(name, content)
    else:
        delivery.mkdir()
        for name, content in months.items():
            (delivery / name).write_bytes(content)
    together = tmp_path / "together.txt"
    together.write_bytes(text([*MARCH, *april()]))

    assert audited(delivery) == by_sql(together)


@pytest.mark.parametrize("level", ["9", "X"])
def test_a_segment_of_another_level_opens_no_incident(level: str, tmp_path: Path) -> None:
    strange = MARCH[4][:4] + level + MARCH[4][5:]
    path = tmp_path / "submission.txt"
    path.write_bytes(text([*MARCH[:4], strange, *MARCH[4:]]))
    without = tmp_path / "without.txt"
    without.write_bytes(text(MARCH))

    assert audited(path) == by_sql(without)


@pytest.mark.parametrize("name", ["march.txt.gz", "march.zip"])
def test_a_damaged_archive_is_called_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(
        gzip.compress(text(MARCH))[:-20] if name.endswith("gz") else b"PK\3\4 and no more"
    )

    with pytest.raises(InputError, match="damaged"):
        pipeline.audit(path, out=tmp_path / "out.audit")
