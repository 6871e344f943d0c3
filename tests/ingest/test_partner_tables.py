"""What partner agencies send: notifications, supervision, priors, lists, residents, changes and totals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from helpers_ingest import FLAT, FLAT_HEAD, ROW_1, deliver

FILES = {
    "notified.csv": "Person,Name,Level,Qualified,Date,Delivered,How,Advocate before\n"
    "P1,Bob B,C,2019-05-01,2019-06-01,Y,Custom,Y\n"
    "P2,Dee D,D-List,2019-05-02,2019-06-03,N,Letter,\n",
    "caseload.csv": "Person,Kind,From,To\nP1,Probation,2018-01-01,\n",
    "priors.csv": "Person,What,When,Charge,Result,Grade\nP1,Arrest,2015-03-04,ASSAULT,GUILTY,F\n",
    "guns.csv": "Person,Focus\nP2,Firearm\n",
    "residents.csv": "Year,Adults,Everybody,Source\n2019,25000,30000,census office\n",
    "changes.csv": "When,What,Kind\n2019-03-01,new forms,RMS\n",
    "shelter.csv": "Year,Month,Measure,Total\n2019,1,Shelter nights,310\n2019,2,Shelter nights,280\n"
    "2019,2,Shelter nights,280\n2019,2,Turned away,4\n",
}

PROFILE = (
    """
[[partners]]
agency = "SHELTER"
role = "victim services"
"""
    + FLAT
    + """
[[sources]]
name = "notified"
files = "notified.csv"
[[sources.tables]]
table = "notification"
columns = { person_number = "Person", name = "Name", level = "Level", qualified_on = "Qualified", \
notified_on = "Date", delivered = "Delivered", method = "How", victim_contact_before = "Advocate before" }
[[sources]]
name = "caseload"
files = "caseload.csv"
[[sources.tables]]
table = "supervision"
columns = { person_number = "Person", kind = "Kind", started_on = "From", ended_on = "To" }
[[sources]]
name = "priors"
files = "priors.csv"
[[sources.tables]]
table = "history"
columns = { person_number = "Person", event_kind = "What", happened_on = "When", offense_raw = "Charge", \
disposition_raw = "Result", grade = "Grade" }
[[sources]]
name = "guns"
files = "guns.csv"
[[sources.tables]]
table = "partner_list"
columns = { person_number = "Person", focus = "Focus" }
[[sources]]
name = "residents"
files = "residents.csv"
[[sources.tables]]
table = "population"
columns = { year = "Year", adults = "Adults", people = "Everybody", source = "Source" }
[[sources]]
name = "changes"
files = "changes.csv"
[[sources.tables]]
table = "change"
columns = { changed_on = "When", description = "What", kind = "Kind" }
[[sources]]
name = "shelter"
files = "shelter.csv"
[[sources.tables]]
table = "tally"
columns = { year = "Year", month = "Month", measure = "Measure", count = "Total", agency = { constant = "SHELTER" } }
"""
)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (
            "notification",
            {
                "level": "C",
                "qualified_on": dt.date(2019, 5, 1),
                "notified_on": dt.date(2019, 6, 1),
                "delivered": True,
                "method": "custom",
                "victim_contact_before": True,
                "agency": "TOWN",
                "person_number": "P1",
                "name": "Bob B",
            },
        ),
        (
            "supervision",
            {"kind": "probation", "started_on": dt.date(2018, 1, 1), "ended_on": None},
        ),
        (
            "history",
            {
                "event_kind": "arrest",
                "happened_on": dt.date(2015, 3, 4),
                "offense_code": "13B",
                "disposition": "convicted",
                "grade": "felony",
                "agency": "TOWN",
            },
        ),
        ("partner_list", {"focus": "gun", "person_number": "P2"}),
        ("population", {"year": 2019, "adults": 25000, "people": 30000, "source": "census office"}),
        ("change", {"changed_on": dt.date(2019, 3, 1), "kind": "records_system"}),
        (
            "tally",
            {
                "year": 2019,
                "month": 1,
                "measure": "shelter_nights",
                "count": 310,
                "agency": "SHELTER",
            },
        ),
    ],
)
def test_a_partners_row_is_read(tmp_path: Path, table: str, row: dict[str, object]) -> None:
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1, **FILES}, PROFILE)
    first = made.counted(table).row(0, named=True)
    assert {name: first[name] for name in row} == row


def test_a_total_that_is_sent_twice_counts_once(tmp_path: Path) -> None:
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1, **FILES}, PROFILE)
    assert made.fates("shelter.csv") == {"new": 3, "duplicate": 1}
    assert made.counted("tally")["count"].to_list() == [310, 280, 4]


def test_a_level_that_is_not_on_the_list_is_noticed(tmp_path: Path) -> None:
    files = {**FILES, "notified.csv": FILES["notified.csv"].replace(",C,", ",Q,")}
    made = deliver(tmp_path, {"dir.csv": FLAT_HEAD + ROW_1, **files}, PROFILE)
    assert made.counted("notification")["level"].to_list() == [None, "D"]
    assert "IPVI-301" in made.codes
