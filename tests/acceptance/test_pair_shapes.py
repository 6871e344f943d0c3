"""Pairs that layouts do not spell out: made-up deliveries in the shapes that agencies send."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from helpers_acceptance import ipvi

from ipvi_cli.pipeline import audit

HEAD = """
[jurisdiction]
name = "Shapes"
population = "domestic"
state = "CA"
[[agencies]]
id = "ZZ0000001"
"""

ON_VICTIM = """
[[sources]]
name = "incidents"
files = "incidents.csv"
keys = { incident_number = "Case" }
tables = [{ table = "incident", columns = { dv_flag = "DV" } }]
[[sources]]
name = "persons"
files = "persons.csv"
keys = { incident_number = "Case" }
[[sources.tables]]
table = "victim"
where = { Role = "VICTIM" }
columns = { victim_number = "No", victim_type = "Kind" }
[[sources.tables]]
table = "offender"
where = { Role = "SUSPECT" }
columns = { offender_number = "No" }
"""

WORD_OF_VICTIM = """
[[sources.tables]]
table = "relationship"
where = { Role = "VICTIM" }
columns = { victim_number = "No", relationship_raw = { column = "Rel", direction = "victim_to_offender" } }
"""

WORD_OF_OFFENDER = """
[[sources.tables]]
table = "relationship"
where = { Role = "SUSPECT" }
columns = { offender_number = "No", relationship_raw = { column = "Rel", direction = "offender_to_victim" } }
"""

TEN_TIES = """
[[sources]]
name = "victims"
files = "victims.csv"
keys = { incident_number = "Case" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "victim"
columns = { victim_number = "Seq", victim_type = "Type" }
[[sources.tables]]
table = "relationship"
repeat = 10
[sources.tables.columns]
victim_number = "Seq"
offender_number = "Off{n}"
relationship_raw = { column = "Rel{n}", code_system = "nibrs", direction = "victim_to_offender" }
[[sources]]
name = "offenders"
files = "offenders.csv"
keys = { incident_number = "Case" }
tables = [{ table = "offender", columns = { offender_number = "Seq" } }]
"""

MUTUAL = """
[[sources]]
name = "pairs"
files = "pairs.csv"
keys = { incident_number = "Case" }
[[sources.tables]]
table = "incident"
[[sources.tables]]
table = "victim"
columns = { person_number = "Vic" }
[[sources.tables]]
table = "offender"
columns = { person_number = "Sus" }
[[sources.tables]]
table = "relationship"
[sources.tables.columns]
victim_person_number = "Vic"
offender_person_number = "Sus"
relationship_raw = { column = "Rel", direction = "victim_to_offender" }
"""

ORDERS = """
[[sources]]
name = "orders"
files = "orders.csv"
[[sources.tables]]
table = "order"
[sources.tables.columns]
order_number = "Order"
protected_person_number = "Protected"
respondent_person_number = "Respondent"
relationship_raw = { column = "Basis", direction = "victim_to_offender" }
issued_on = "Issued"
"""


def audited(folder: Path, profile: str, **files: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Audit a delivery of CSV files; give its pairs and incidents."""
    made = folder / "made"
    made.mkdir()
    (made / "jurisdiction.toml").write_text(HEAD + profile)
    for name, text in files.items():
        (made / f"{name}.csv").write_text(text.strip().replace(" ", "") + "\n")
    out = folder / "out.audit"
    audit(made, out=out)
    read = (pl.read_parquet(out / f"{name}.parquet") for name in ("pairs", "incidents"))
    return tuple(frame.with_columns(pl.col(pl.Enum).cast(pl.String)) for frame in read)  # type: ignore[return-value]


def of_pairs(pairs: pl.DataFrame) -> dict[str, str]:
    """Give the tie of each pair, or why there is none."""
    said = pairs.select("pair_id", pl.coalesce("tie", "reason").alias("said"))
    return {name.partition(":")[2]: one for name, one in said.sort("pair_id").iter_rows()}


INCIDENTS = "Case,DV\n1,Y\n2,\n3,\n4,\n"


def test_a_relationship_on_the_victim_alone(tmp_path: Path) -> None:
    pairs, incidents = audited(
        tmp_path,
        ON_VICTIM + WORD_OF_VICTIM,
        incidents=INCIDENTS,
        persons="""Case,Role,No,Kind,Rel
            1,VICTIM,1,I,WIFE
            1,SUSPECT,1,,
            2,VICTIM,1,I,BOYFRIEND
            2,SUSPECT,1,,
            2,SUSPECT,2,,
            3,VICTIM,1,I,BROTHER
            3,SUSPECT,1,,
            3,SUSPECT,2,,
            4,VICTIM,1,B,
            4,SUSPECT,1,,""",
    )

    assert of_pairs(pairs) == {
        "1:V1|O1": "spouse",
        "2:V1|O1": "multiple_offenders_unpaired",
        "2:V1|O2": "multiple_offenders_unpaired",
        "3:V1|O1": "multiple_offenders_unpaired",
        "3:V1|O2": "multiple_offenders_unpaired",
        "4:V1|O1": "victim_not_person",
    }
    assert incidents.sort("incident_id")["incident_class"].to_list() == [
        "intimate_partner",
        "intimate_partner",
        "undetermined",
        "not_applicable",
    ]


def test_a_relationship_on_the_offender_alone(tmp_path: Path) -> None:
    pairs, incidents = audited(
        tmp_path,
        ON_VICTIM + WORD_OF_OFFENDER,
        incidents=INCIDENTS,
        persons="""Case,Role,No,Kind,Rel
            1,VICTIM,1,I,
            1,SUSPECT,1,,SON
            2,VICTIM,1,I,
            2,VICTIM,2,I,
            2,SUSPECT,1,,EX HUSBAND
            3,VICTIM,1,I,
            3,SUSPECT,0,,
            4,VICTIM,1,S,
            4,SUSPECT,1,,STRANGER""",
    )

    assert of_pairs(pairs) == {
        "1:V1|O1": "parent",
        "2:V1|O1": "multiple_offenders_unpaired",
        "2:V2|O1": "multiple_offenders_unpaired",
        "4:V1|O1": "victim_not_person",
    }
    assert incidents.sort("incident_id")["reason"].to_list() == [
        None,
        None,
        "no_offender",
        "victim_not_person",
    ]
    assert incidents.sort("incident_id")["incident_class"][1] == "intimate_partner"


def test_ten_relationships_of_a_victim(tmp_path: Path) -> None:
    columns = ",".join(f"Off{n},Rel{n}" for n in range(1, 11))
    ties = ["01,SE", "02,AQ", "03,CH", "04,", *["," for _ in range(6)]]

    pairs, incidents = audited(
        tmp_path,
        TEN_TIES,
        victims=f"Case,Seq,Type,{columns}\n1,001,I,{','.join(ties)}\n",
        offenders="Case,Seq\n1,01\n1,02\n1,03\n1,04\n",
    )

    assert of_pairs(pairs) == {
        "1:V1|O1": "spouse",
        "1:V1|O2": "acquaintance",
        "1:V1|O3": "child",
        "1:V1|O4": "missing",
    }
    assert incidents.row(0, named=True)["incident_class"] == "intimate_partner"
    assert incidents.row(0, named=True)["mixed"] is True


def test_a_dual_arrest_with_both_in_both_roles(tmp_path: Path) -> None:
    pairs, incidents = audited(
        tmp_path,
        MUTUAL,
        pairs="""Case,Vic,Sus,Rel
            1,P7,P8,GIRLFRIEND
            1,P8,P7,BOYFRIEND
            2,P9,P9,
            2,P9,P3,FRIEND""",
    )

    of_first = pairs.filter(pl.col("incident_id").str.ends_with(":1"))
    assert of_first["relationship_class"].to_list().count("intimate_partner") == 2
    assert incidents.sort("incident_id")["incident_class"].to_list()[0] == "intimate_partner"
    assert pairs.filter(relationship_class="intimate_partner")["incident_id"].n_unique() == 1


@pytest.mark.parametrize(("linked", "basis"), [(False, None), (True, "linked")])
def test_other_sources_decide_as_the_profile_says(
    linked: bool, basis: str | None, tmp_path: Path
) -> None:
    (tmp_path / "made").mkdir()
    made = tmp_path / "made"
    switch = f"\n[classify]\nlinked = {str(linked).lower()}\n"
    (made / "jurisdiction.toml").write_text(HEAD + switch + MUTUAL + ORDERS)
    (made / "pairs.csv").write_text(
        "Case,Vic,Sus,Rel\n1,P7,P8,WIFE\n2,P7,P8,UNKNOWN\n3,P5,P6,\n4,P5,P6,SISTER\n"
    )
    (made / "orders.csv").write_text(
        "Order,Protected,Respondent,Basis,Issued\nQ1,P5,P6,FORMER SPOUSE,2019-03-04\n"
    )

    done = ipvi("audit", made, "--out", tmp_path / "o.audit", cwd=tmp_path, code=None)

    pairs = pl.read_parquet(tmp_path / "o.audit" / "pairs.parquet").sort("incident_id")
    assert pairs["basis"].cast(pl.String).to_list() == ["explicit", basis, "order", "explicit"]
    assert pairs["conflict"].to_list()[3] == ["order"]
    told = "intimate only by another incident of the same two persons: 1" in done.stdout
    assert told is linked
