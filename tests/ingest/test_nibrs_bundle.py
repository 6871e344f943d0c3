"""State-year bundles in both layouts, whole and in part, beside what plain SQL finds in the same files."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from helpers_nibrs_bundle import RELATIONSHIPS, write_bundle

from ipvi_cli import pipeline
from ipvi_cli.ingest.nibrs.bundle import read_bundle
from ipvi_cli.ingest.nibrs.bundle_tables import bundles, is_of_bundle
from ipvi_cli.ingest.nibrs.canonical import canonical
from ipvi_cli.ingest.nibrs.segments import Submission
from ipvi_cli.model.errors import InputError


def read(folder: Path, **options: Any) -> Submission:
    files = write_bundle(folder / "state", **options)
    (folder / "scratch").mkdir()
    return read_bundle(files, folder / "scratch")


def rows(done: Submission) -> dict[str, pl.DataFrame]:
    (batch,) = done.batches()
    return canonical(batch)


MINNESOTA = Path(__file__).parents[3] / "shared" / "data" / "cde_nibrs_mn_2018"


def sql(state: Path, query: str) -> list[tuple[Any, ...]]:
    """Answer a query on the files of the bundle as they stand; a table is named by its file."""
    connection = duckdb.connect()
    for path in sorted(state.glob("*.csv")):
        source = f"read_csv('{path}', all_varchar=true, header=true, nullstr='')"
        connection.execute(f"create view {path.stem} as select * from {source}")
    return sorted(connection.sql(query).fetchall(), key=str)


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize(
    ("table", "columns", "query"),
    [
        (
            "incident",
            ["incident_id", "clearance", "year", "hour"],
            """select a.ori || ':' || i.incident_id, c.cleared_except_code, '2023', i.incident_hour
            from nibrs_incident i join agencies a using (agency_id)
            join nibrs_cleared_except c using (cleared_except_id)""",
        ),
        (
            "relationship",
            ["incident_id", "victim_number", "offender_number", "relationship_raw"],
            """select a.ori || ':' || i.incident_id, v.victim_seq_num::int, o.offender_seq_num::int,
            r.relationship_code from nibrs_victim_offender_rel l join nibrs_relationship r using (relationship_id)
            join nibrs_victim v using (victim_id) join nibrs_offender o using (offender_id)
            join nibrs_incident i on i.incident_id = v.incident_id join agencies a using (agency_id)""",
        ),
        (
            "victim",
            ["victim_number", "victim_type", "sex", "age_years", "injury"],
            """select v.victim_seq_num::int, t.victim_type_code, v.sex_code, v.age_num::int, j.injury_code
            from nibrs_victim v join nibrs_victim_type t using (victim_type_id)
            left join nibrs_victim_injury using (victim_id) left join nibrs_injury j using (injury_id)""",
        ),
    ],
)
def test_rows_are_those_that_plain_sql_joins(
    tmp_path: Path, *, lower: bool, table: str, columns: list[str], query: str
) -> None:
    found = rows(read(tmp_path, lower=lower))[table]

    if table == "incident":
        hour = pl.col("occurred_time").dt.hour().cast(pl.String).alias("hour")
        found = found.with_columns(pl.col("occurred_on").dt.strftime("%Y").alias("year"), hour)
    if table == "victim":
        found = found.with_columns(pl.col("injury_codes").list.join("").alias("injury"))
    assert sorted(found.select(columns).rows(), key=str) == sql(tmp_path / "state", query)


@pytest.mark.parametrize("lower", [False, True])
def test_codes_and_details_of_both_layouts_are_alike(tmp_path: Path, *, lower: bool) -> None:
    found = rows(read(tmp_path, lower=lower))

    offense = found["offense"].filter(pl.col("incident_id") == "ZZ0010000:9002").row(0, named=True)
    assert (offense["offense_code"], offense["weapon_codes"], offense["location_code"]) == (
        "13A", ["40"], "20",
    )  # fmt: skip
    victims = found["victim"].drop_nulls("circumstance_codes")
    assert victims.select("incident_id", "circumstance_codes").rows() == [
        ("ZZ0010000:9002", ["06"])
    ]
    assert found["offender"]["age_years"].null_count() == found["offender"].height
    assert found["offender"].filter("offender_unknown")["incident_id"].to_list() == [
        "ZZ0020000:9004", "ZZ0010000:9007", "ZZ0020000:9009",
    ]  # fmt: skip
    arrest = found["arrest"].row(0, named=True)
    assert (arrest["arrest_type"], arrest["offense_code"], arrest["age_years"]) == ("T", "13B", 33)


def test_every_row_of_every_file_is_accounted_for(tmp_path: Path) -> None:
    more = {
        "NIBRS_VICTIM": [{"VICTIM_ID": 5, "INCIDENT_ID": 1, "VICTIM_SEQ_NUM": 1}],
        "NIBRS_VICTIM_INJURY": [{"VICTIM_ID": 900101, "INJURY_ID": 3}, {"VICTIM_ID": 4, "INJURY_ID": 3}],
        "NIBRS_OFFENDER": [{"OFFENDER_ID": 9001001, "INCIDENT_ID": 9001, "OFFENDER_SEQ_NUM": 7}],
    }  # fmt: skip

    done = read(tmp_path, more=more)

    (batch,) = done.batches()
    segments = pl.concat([frame.select("source_file") for frame in batch.values()])
    counted = dict(segments["source_file"].value_counts().iter_rows())
    for account in done.inputs:
        lines = (tmp_path / "state" / account.file).read_text().count("\n") - 1
        accepted = counted.get(account.file, 0) + sum(account.fates.values())
        assert account.rows_read == lines == accepted + account.quarantine.height
    refused = {one.file: one.quarantine["reason_code"].to_list() for one in done.inputs}
    assert refused["NIBRS_VICTIM.csv"] == ["no_parent"]
    assert refused["NIBRS_VICTIM_INJURY.csv"] == ["no_parent"]
    assert refused["NIBRS_OFFENDER.csv"] == ["number_twice"]
    fates = {one.file: one.fates for one in done.inputs}
    assert fates["NIBRS_VICTIM_INJURY.csv"] == {"duplicate": 1, "merged": 7}


@pytest.mark.parametrize(
    ("without", "named"),
    [
        ({"nibrs_victim_injury"}, "nibrs_victim_injury.csv"),
        ({"agencies"}, "agencies.csv"),
        ({"ref_race"}, "ref_race"),
    ],
)
def test_a_bundle_in_part_is_read_as_far_as_it_goes(
    tmp_path: Path, without: set[str], named: str
) -> None:
    done = read(tmp_path, without=without)

    found = rows(done)
    assert found["relationship"].height == 7
    told = done.problems.filter(pl.col("code") == "IPVI-154")["message"].to_list()
    assert any(named in message for message in told)


def test_agencies_are_known_by_number_where_no_table_names_them(tmp_path: Path) -> None:
    found = rows(read(tmp_path, without={"agencies"}))

    assert set(found["incident"]["agency"]) == {"71", "72"}


@pytest.mark.parametrize(
    ("without", "told"),
    [
        ({"nibrs_victim_offender_rel"}, "nibrs_victim_offender_rel.csv"),
        ({"nibrs_victim"}, "nibrs_victim.csv"),
        ({"nibrs_relationship"}, "what the numbers of the relationships mean"),
    ],
)
def test_without_ties_or_their_meaning_nothing_is_read(
    tmp_path: Path, without: set[str], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read(tmp_path, without=without)


@pytest.mark.parametrize("year", [2018, 2019])
def test_packaged_numbers_serve_only_the_year_that_they_are_of(tmp_path: Path, year: int) -> None:
    files = write_bundle(tmp_path / "state", without={"nibrs_relationship"})
    for path in files.values():
        text = path.read_text().replace("2023", str(year))
        for number, code in RELATIONSHIPS.items():
            published = {
                "SE": 21,
                "BG": 3,
                "XS": 26,
                "PA": 17,
                "CH": 5,
                "AQ": 1,
                "ST": 24,
                "RU": 18,
                "VO": 25,
            }
            text = text.replace(f",{number}\n", f",{published[code]}\n")
        path.write_text(text)

    if year != 2018:
        with pytest.raises(InputError, match="what the numbers"):
            read_bundle(files, tmp_path)
        return
    found = rows(read_bundle(files, tmp_path))

    assert sorted(found["relationship"]["relationship_raw"]) == sorted(
        ["SE", "BG", "PA", "RU", "ST", "XS", "CH"]
    )


FIGURES = """with ties as (
    select v.incident_id,
        bool_or(relationship_code in ('SE', 'CS', 'BG', 'HR', 'XS', 'XR')) as partner,
        bool_or(relationship_code in
            ('PA', 'CH', 'SB', 'GP', 'GC', 'IL', 'SP', 'SC', 'SS', 'OF', 'CF')) as family,
        bool_or(relationship_code = 'RU') as unknown
    from nibrs_victim_offender_rel join nibrs_relationship using (relationship_id)
    join nibrs_victim v using (victim_id) group by all
) select (select count(*) from nibrs_incident)::int, count(*) filter (partner or family or unknown)::int,
    count(*) filter (partner)::int, count(*) filter (family and not partner and not unknown)::int,
    count(*) filter (unknown and not partner)::int from ties"""
"""Incidents; with a domestic or an unknown tie; with a partner; with family alone; open: by the definitions of the
headline, written down a second time."""


def headline(workspace: Path) -> list[tuple[int, ...]]:
    incidents = pl.read_parquet(workspace / "incidents.parquet")
    inside = incidents.filter("in_denominator")["incident_class"]
    classes = ("intimate_partner", "other_family", "undetermined")
    return [(incidents.height, inside.len(), *(inside.eq(one).sum() for one in classes))]


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("zipped", [False, True])
def test_figures_of_a_state_year_are_those_of_plain_sql(
    tmp_path: Path, *, lower: bool, zipped: bool
) -> None:
    files = write_bundle(tmp_path / "state", lower=lower)
    delivery = tmp_path / "state"
    if zipped:
        delivery = tmp_path / "ZZ-2023.zip"
        with zipfile.ZipFile(delivery, "w") as archive:
            for name, path in files.items():
                archive.write(path, f"ZZ/{name}")

    done = pipeline.audit(delivery, out=tmp_path / "zz.audit")

    assert done.complete
    assert done.period == (date(2023, 1, 1), date(2023, 12, 31))
    assert headline(tmp_path / "zz.audit") == sql(tmp_path / "state", FIGURES)
    assert done.rows["read"] == done.rows["accepted"]
    pairs = pl.read_parquet(tmp_path / "zz.audit" / "pairs.parquet")
    assert pairs.filter(relationship_class="intimate_partner").height == 3


@pytest.mark.skipif(not MINNESOTA.is_dir(), reason="needs the published bundle")
def test_figures_of_a_published_state_year_are_those_of_plain_sql(tmp_path: Path) -> None:
    pipeline.audit(MINNESOTA, out=tmp_path / "mn.audit")

    pairs = pl.read_parquet(tmp_path / "mn.audit" / "pairs.parquet")
    partners = pairs.filter(relationship_class="intimate_partner")
    assert (partners.height, partners["incident_id"].n_unique()) == (1273, 1209)
    assert headline(tmp_path / "mn.audit") == sql(MINNESOTA, FIGURES)


def test_an_audit_without_a_table_of_the_first_rank_is_incomplete(tmp_path: Path) -> None:
    write_bundle(tmp_path / "state", without={"nibrs_arrestee"})

    done = pipeline.audit(tmp_path / "state", out=tmp_path / "zz.audit")

    assert done.failures == (
        "nibrs_arrestee.csv: the bundle holds no such file. Leave all files of the download in one folder or archive.",
    )
    assert headline(tmp_path / "zz.audit") == sql(tmp_path / "state", FIGURES)


@pytest.mark.parametrize(
    ("label", "header", "ours"),
    [
        ("MN-2018.zip!MN/NIBRS_incident.csv", '"DATA_YEAR","AGENCY_ID","INCIDENT_ID"', True),
        ("nibrs_offense_type.csv", "\ufeffoffense_code,offense_name", True),
        ("agencies.csv", "agency_id,ori,state_abbr", True),
        ("agencies.csv", "id,name", False),
        ("nibrs_victim.csv", "name,phone", False),
        ("victims.csv", "victim_id,incident_id", False),
        ("nibrs_victim.txt", "victim_id,incident_id", False),
    ],
)
def test_files_of_a_bundle_are_known_by_name_and_header(
    label: str, header: str, *, ours: bool
) -> None:
    assert is_of_bundle(label, header) is ours


def test_state_years_are_kept_apart_by_folder_and_archive() -> None:
    labels = ["a/x.csv", "a/y.csv", "b.zip!MN/x.csv", "c.zip!x.csv"]

    assert bundles(labels) == {
        "a/": labels[:2], "b.zip!MN/": labels[2:3], "c.zip!": labels[3:],
    }  # fmt: skip
