"""The profile: what it may say, and how every fault of it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipvi_cli.model.errors import InputError
from ipvi_cli.model.profile import Profile, parse_profile
from ipvi_cli.model.profile_sources import KEYLESS, mappable_columns
from ipvi_cli.model.tables import TABLES

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [*ROOT.glob("sample_data/*/jurisdiction.toml"), *ROOT.glob("src/ipvi_cli/profiles/*.toml")]
)

HEAD = """
[jurisdiction]
name = "Made-up town"
population = "domestic"
[[agencies]]
id = "TOWN"
"""
SOURCE = """
[[sources]]
name = "dir"
files = "*.csv"
keys = { incident_number = "No" }
[[sources.tables]]
table = "incident"
"""


def parse(text: str) -> Profile:
    return parse_profile(text, where="jurisdiction.toml")


def fault(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.where.startswith("jurisdiction.toml")
    return caught.value.what


def mapped(column: str, origin: str, table: str = "incident") -> str:
    return (
        HEAD
        + SOURCE.replace('"incident"\n', f'"{table}"\n')
        + f"columns = {{ {column} = {origin} }}\n"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_shipped_profiles_parse(path: Path) -> None:
    assert parse(path.read_text(encoding="utf-8")).sources


def test_the_least_profile() -> None:
    profile = parse(HEAD + SOURCE)
    assert profile.sources[0].source_columns() == {"No"}
    assert profile.sources[0].feeds("incident")
    assert not profile.sources[0].feeds("victim")
    assert profile.limits.known_only == 0.10


def test_every_transform() -> None:
    columns = """
occurred_on = { column = "When", split = " ", part = 1, date_formats = "%m/%d/%Y" }
occurred_time = { column = "When", split = " ", part = -1 }
reported_on = { columns = ["Day", "Month", "Year"], join = "-", date_formats = ["%d-%m-%Y", "excel"] }
dv_flag = { column = "Flags", split = ";", yes = "DV", no = ["X", 0], otherwise = "unknown" }
district = { constant = 5 }
clearance = { column = "Clr", codes = { x = "A" }, null_words = "-" }
address = "Place"
"""
    profile = parse(HEAD + SOURCE + "[sources.tables.columns]" + columns)
    found = profile.sources[0].tables[0].columns
    assert found["dv_flag"].no == ["X", "0"]
    assert found["district"].constant == 5
    assert found["address"].column == "Place"
    assert profile.sources[0].source_columns() == {
        "No", "When", "Day", "Month", "Year", "Flags", "Clr", "Place",
    }  # fmt: skip


def test_column_groups_are_written_out() -> None:
    text = (
        HEAD
        + SOURCE
        + 'repeat = 2\nwhere = { "Role {n}" = "V" }\ncolumns = { district = "D{n}" }\n'
    )
    assert parse(text).sources[0].source_columns() == {"No", "Role 1", "Role 2", "D1", "D2"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agences = 1\n" + HEAD + SOURCE, "unknown key agences (did you mean 'agencies'?)"),
        (HEAD.replace("name =", "nam ="), "unknown key jurisdiction.nam (did you mean 'name'?)"),
        (
            HEAD.replace('id = "TOWN"', 'id = "TOWN"\nalias = "x"') + SOURCE,
            "unknown key agencies.TOWN.alias (did you mean 'aliases'?)",
        ),
        (
            HEAD + "[control]\nincident = 3\n" + SOURCE,
            "unknown key control.incident (did you mean 'incidents'?)",
        ),
        (
            HEAD + "[limits]\nranges = 1\n" + SOURCE,
            "unknown key limits.ranges (did you mean 'range'?)",
        ),
        (
            HEAD + "[incident_number]\npads = 3\n" + SOURCE,
            "unknown key incident_number.pads (did you mean 'pad'?)",
        ),
        (
            HEAD + SOURCE.replace("files =", "file ="),
            "unknown key sources.dir.file (did you mean 'files'?)",
        ),
        (
            HEAD + SOURCE.replace("incident_number", "incident_nmber"),
            "unknown key sources.dir.keys.incident_nmber (did you mean 'incident_number'?)",
        ),
        (
            HEAD + SOURCE.replace('"No"', '{ colum = "No" }'),
            "unknown key sources.dir.keys.incident_number.colum (did you mean 'column'?)",
        ),
        (
            HEAD + SOURCE + "colums = {}\n",
            "unknown key sources.dir.tables.incident.colums (did you mean 'columns'?)",
        ),
        (
            HEAD + SOURCE + 'packed = { columns = ["a"], item = ";" }\n',
            "unknown key sources.dir.tables.incident.packed.item (did you mean 'items'?)",
        ),
        (
            mapped("occurred_on", '{ column = "D", date_format = "%Y" }'),
            "columns.occurred_on.date_format (did you mean 'date_formats'?)",
        ),
        (
            mapped("ocurred_on", '"D"'),
            "table incident has no mappable column 'ocurred_on' (did you mean 'occurred_on'?)",
        ),
        (
            HEAD + SOURCE.replace('"incident"\n', '"incidents"\n'),
            "no canonical table has this name (did you mean 'incident'?)",
        ),
        (
            HEAD + "[site_words.ofense]\na = 'b'\n" + SOURCE,
            "unknown key site_words.ofense (did you mean 'offense'?)",
        ),
        (
            mapped("clearance", '{ column = "C", codes = "clr" }') + "[code_lists.clrs]\na = 'A'\n",
            "names a code list that is not in [code_lists] (did you mean 'clrs'?)",
        ),
    ],
)
def test_unknown_names_are_refused_with_the_nearest_one(text: str, said: str) -> None:
    assert said in fault(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD.replace("domestic", "some") + SOURCE,
            "jurisdiction.population: Input should be 'domestic' or 'all'",
        ),
        (SOURCE, "jurisdiction is missing"),
        (HEAD, "sources is missing"),
        (HEAD + SOURCE + SOURCE, "two sources are named dir"),
        (
            HEAD + '[[agencies]]\nid = "B"\naliases = ["town"]\n' + SOURCE,
            "two agencies share the word 'TOWN'",
        ),
        (HEAD + '[[agencies]]\nid = "B"\n' + SOURCE, "does not say which agency a row is of"),
        (
            HEAD + SOURCE.replace('keys = { incident_number = "No" }\n', ""),
            "has no incident_number",
        ),
        (mapped("incident_number", '"Other"'), "takes incident_number from several places"),
        (
            HEAD.replace(
                "population", "period = { start = 2019-02-01, end = 2019-01-01 }\npopulation"
            )
            + SOURCE,
            "ends before it starts",
        ),
        (HEAD + "[limits]\nrange = 0.05\n" + SOURCE, "range is below known_only"),
        (
            HEAD + "[incident_number]\npattern = '(['\n" + SOURCE,
            "incident_number.pattern: this is not a regular expression",
        ),
        (
            HEAD + SOURCE.replace("keys", 'time_zone = "New York"\nkeys'),
            "no time zone of this name",
        ),
        (
            HEAD + SOURCE.replace("keys", 'date_formats = "MM/DD/YYYY"\nkeys'),
            "written like %m/%d/%Y",
        ),
        (HEAD + SOURCE.replace("keys", 'header = ["a"]\nkeys'), "set header_row = 0"),
        (mapped("reported_on", '{ column = "D", date_formats = "yyyy" }'), "written like %m/%d/%Y"),
        (
            mapped("reported_on", '{ column = "D", constant = 1 }'),
            "exactly one of column, columns and constant",
        ),
        (
            mapped("reported_on", "{ split = ' ', part = 1 }"),
            "exactly one of column, columns and constant",
        ),
        (mapped("reported_on", "2019-01-01"), "{ constant = ... }"),
        (mapped("district", "3"), "{ constant = ... }"),
        (mapped("district", '{ column = "D", part = 0, split = ";" }'), "part counts from 1"),
        (mapped("district", '{ column = "D", part = 1 }'), "part needs split"),
        (mapped("district", '{ column = "D", split = ";" }'), "say with part which part"),
        (mapped("victim_id", '"V"', "victim"), "no mappable column 'victim_id'"),
        (HEAD + SOURCE + 'repeat = 2\ncolumns = { district = "D" }\n', "repeat needs {n}"),
    ],
)
def test_what_a_profile_cannot_say(text: str, said: str) -> None:
    assert said in fault(text)


def test_every_fault_is_told_at_once() -> None:
    text = """
colour = "red"
[jurisdiction]
name = ""
population = "none"
[[sources]]
name = "a b"
files = "*.csv"
[[sources.tables]]
table = "victim"
[sources.tables.columns]
sexx = "S"
agee = "A"
"""
    said = fault(text)
    for part in (
        "colour",
        "jurisdiction.name",
        "jurisdiction.population",
        "sources.a b.name",
        "'sexx'",
        "'agee'",
    ):
        assert part in said


def test_faults_between_the_parts_are_told_at_once() -> None:
    text = (
        HEAD
        + '[[agencies]]\nid = "B"\n'
        + SOURCE.replace('keys = { incident_number = "No" }\n', "")
        + SOURCE
    )
    said = fault(text)
    assert "two sources are named dir" in said
    assert "has no incident_number" in said
    assert "which agency" in said


@pytest.mark.parametrize("text", ["[jurisdiction\n", 'name = "CANARY', "a = 1\na = 2\n", "\x00"])
def test_what_is_no_toml_is_told_without_its_text(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert "not valid TOML" in caught.value.line()
    assert "CANARY" not in caught.value.line()


def test_values_stay_out_of_messages() -> None:
    text = HEAD.replace('"domestic"', '"CANARY"') + SOURCE.replace('"incident"\n', '"CANARYX"\n')
    assert "CANARY" not in fault(text).replace("tables.CANARYX", "")


def test_the_hash_is_of_what_the_profile_says_and_not_of_its_layout() -> None:
    plain = parse(HEAD + SOURCE)
    spaced = parse("# a comment\n" + HEAD.replace("=", "  =  ") + "\n\n" + SOURCE)
    other = parse(HEAD.replace("domestic", "all") + SOURCE)
    assert plain.sha256 == spaced.sha256
    assert plain.sha256 != other.sha256


@pytest.mark.parametrize("table", sorted(TABLES))
def test_columns_that_reading_derives_cannot_be_mapped(table: str) -> None:
    found = mappable_columns(table)
    assert not {"record_id", "source_row", "row_fate", "incident_id", "offense_code"} & set(found)
    assert len(set(found)) == len(found)
    assert ("incident_number" in found) is (table not in KEYLESS)


PARTNER = """
[[sources]]
name = "shelter"
files = "shelter.csv"
[[sources.tables]]
table = "tally"
[sources.tables.columns]
year = "Y"
measure = "WHAT"
count = "N"
"""


def test_totals_of_a_partner_come_alone() -> None:
    assert parse(HEAD + PARTNER).sources[0].feeds("tally")


@pytest.mark.parametrize(
    "clients",
    [
        '[[sources.tables]]\ntable = "victim"\n[sources.tables.columns]\nname = "CLIENT"\n',
        '[[sources.tables]]\ntable = "victim"\n[sources.tables.columns]\nsex = "SEX"\n',
        '[[sources.tables]]\ntable = "history"\n[sources.tables.columns]\nperson_number = "ID"\n',
    ],
)
def test_clients_of_a_partner_are_refused(clients: str) -> None:
    assert "a partner's totals come without clients" in fault(HEAD + PARTNER + clients)
