"""The account of a person holds no value of any record."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ipvi_cli.model.linked import PERSON_SCHEMA
from ipvi_cli.pipeline.person_explaining import explain_person
from ipvi_cli.workspace import Workspace


def test_a_person_is_explained_by_its_links(tmp_path: Path) -> None:
    (tmp_path / "restricted").mkdir()
    people = [
        ("offender", 1, "offender", "p", 1.0, "p", 1.0),
        ("arrest", 2, "arrestee", "p", 0.97, "p", 0.97),
    ]
    pl.DataFrame(people, schema=PERSON_SCHEMA, orient="row").write_parquet(
        tmp_path / "persons.parquet"
    )
    link = {
        "table_a": "offender", "record_a": 1, "role_a": "offender", "table_b": "arrest", "record_b": 2,
        "role_b": "arrestee", "basis": "compared", "probability": 0.97, "mw_given": 4.04, "mw_birth": 0.0,
    }  # fmt: skip
    pl.DataFrame([link]).write_parquet(tmp_path / "restricted" / "links.parquet")
    outputs = [{"file": "persons.parquet"}, {"file": "restricted/links.parquet"}]
    workspace = Workspace(tmp_path, {"outputs": outputs})
    told = explain_person("p", workspace)
    assert told is not None
    assert told.facts == {"weakest link": "0.9700"}
    assert told.tables["Links"].row(0) == ("offender 1", "arrest 2", "compared", 0.97, "given 4.0")
    assert explain_person("nobody", workspace) is None
