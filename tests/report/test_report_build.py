import polars as pl
import pytest
from helpers_report import FINDINGS, full_report, missing, report, row, share, withheld


@pytest.mark.parametrize(
    ("counts", "big", "small"),
    [
        ((120, 60, 0), "66.7 %", ""),
        ((120, 60, 20), "66.7 %", "between 60.0 % and 70.0 % of all"),
        ((120, 60, 60), "Between 50.0 % and 75.0 %", "66.7 % of those whose tie is known"),
        ((120, 60, 61), "Between 49.8 % and 75.1 %", ""),
        ((0, 0, 40), "Between 0.0 % and 100.0 %", ""),
    ],
)
def test_what_stands_first_depends_on_how_much_is_undetermined(
    counts: tuple[int, int, int], big: str, small: str
) -> None:
    head = report(share(*counts)).headline
    assert (head.big.replace("\u00a0", " "), head.small.replace("\u00a0", " ")) == (big, small)
    assert "domestic incidents" in head.text


def test_a_share_that_is_withheld_is_not_told_otherwise() -> None:
    made = report(withheld("B09", "total", "total", denominator=300))
    assert made.headline.big == "Withheld"
    assert made.headline.view is None


def test_without_a_share_the_next_best_figure_leads() -> None:
    head = report(
        missing("B09", "relationship.relationship_raw"), row("B08", numerator=33)
    ).headline
    assert (head.big, head.text) == ("33", "intimate partner incidents.")


def test_nothing_at_all_still_makes_a_report() -> None:
    made = report()
    assert made.sections == ()
    assert made.headline.big == "No share"


def test_every_figure_answers_a_question_also_one_of_which_nothing_is_known() -> None:
    made = full_report()
    found = {
        section.title: [panel.figure_id for panel in section.panels] for section in made.sections
    }
    assert found == {
        "How much?": ["B09", "B08"],
        "Who to whom?": ["B08", "C11"],
        "Where and when?": ["B08", "C13"],
        "How concentrated?": ["D08"],
        "How good is the data?": ["A04"],
        "Other figures": ["Q01"],
    }


def test_a_figure_without_a_chart_of_its_own_has_bars_and_a_table() -> None:
    new = full_report().sections[-1].panels[0].main
    assert new is not None
    assert "40.0\u00a0%" in new.charts[0].alt
    assert [cells[0] for cells in new.table.rows] == ["7", "12"]


def test_a_value_of_another_kind_is_no_percentage() -> None:
    panel = report(row("D08", value=0.4)).sections[0].panels[0]
    assert panel.lead == "In all: 0.40."


def test_a_table_says_what_is_withheld_and_why() -> None:
    made = report(
        row("C11", "tie", "spouse", numerator=90, denominator=100),
        withheld("C11", "tie", "dating", denominator=100),
    )
    table = made.sections[0].panels[0].main.table  # type: ignore[union-attr]
    assert table.rows == (
        ("spouse", "90.0\u00a0%", "90", "100"),
        ("dating partner", "withheld", "withheld", "100"),
    )
    assert "<11" in table.notes[0]


def test_too_much_that_is_not_known_leaves_the_range_alone() -> None:
    open_row = row("C11", "tie", "dating", numerator=20, denominator=100, undetermined=70)
    note = "too much is undetermined for a single figure: the range only"
    made = report(
        row("C11", "tie", "spouse", numerator=90, denominator=100, undetermined=0),
        open_row | {"value": None, "note": note},
    )
    table = made.sections[0].panels[0].main.table  # type: ignore[union-attr]
    assert table.headers == ("Tie", "Share", "Lowest", "Highest", "Count", "Out of", "Not known")
    last = ("dating partner", "range only", "20.0\u00a0%", "90.0\u00a0%", "20", "100", "70")
    assert table.rows[1] == last


def test_hours_and_weekdays_are_a_week() -> None:
    section = next(one for one in full_report().sections if one.key == "where")
    table = next(panel for panel in section.panels if panel.figure_id == "C13").main.table  # type: ignore[union-attr]
    assert len(table.rows) == 24
    assert table.rows[3] == ("03:00", "0", "0", "0", "0", "0", "0", "withheld")
    assert table.rows[13][1] == "24"


def test_months_come_in_order_and_parts_greatest_first() -> None:
    made = report(
        *(
            row("B08", "month", f"2019-{m:02}", numerator=100 - m, undetermined=0)
            for m in (3, 1, 2)
        ),
        row("C11", "tie", "dating", numerator=10, denominator=60),
        row("C11", "tie", "spouse", numerator=50, denominator=60),
    )
    firsts = {
        panel.figure_id: [cells[0] for cells in panel.main.table.rows]
        for section in made.sections
        for panel in section.panels
        if panel.main
    }
    assert firsts == {
        "B08": ["Jan 2019", "Feb 2019", "Mar 2019"],
        "C11": ["spouse", "dating partner"],
    }


def test_what_to_doubt() -> None:
    found = pl.DataFrame(
        [
            ("IPVI-1", "error", "a date lies in the future", 4),
            ("IPVI-2", "info", "a file is unused", 40),
        ],
        schema=FINDINGS,
        orient="row",
    )
    made = report(
        row("A04", numerator=30, denominator=200),
        row("A04", "reason", "missing", numerator=30, denominator=200),
        missing("C11", "victim.injury_raw; offense.weapon_raw"),
        missing("C13", "victim.injury_raw"),
        withheld("B08", "year", "2019"),
        complete=False, failures=("calls.csv is missing",), quarantined=7, findings=found,
    )  # fmt: skip
    told = {one.title: (one.text, one.items) for one in made.doubts}
    assert list(told) == [
        "Incomplete", "Rows refused", "Ties that are not known", "Columns that are missing", "Findings in the data",
        "Numbers that are withheld",
    ]  # fmt: skip
    assert told["Incomplete"][1] == ()
    assert told["Rows refused"][0].startswith("Fewer than 11 of 1,000 rows")
    assert "30 have a tie that is undetermined (15.0\u00a0%)" in told["Ties that are not known"][0]
    assert (
        told["Columns that are missing"][1][0] == "Injury as written (victim.injury_raw): 2 figures"
    )
    assert told["Findings in the data"][1] == ("A date lies in the future.",)
    assert made.findings is not None
    assert [cells[3] for cells in made.findings.rows] == ["<11", "40"]


def test_inside_sources_are_named_and_small_counts_shown() -> None:
    found = pl.DataFrame([("IPVI-1", "error", "a date", 4)], schema=FINDINGS, orient="row")
    made = report(
        complete=False,
        failures=("calls.csv is missing",),
        quarantined=7,
        findings=found,
        internal=True,
    )
    assert made.doubts[0].items == ("calls.csv is missing",)
    assert made.doubts[1].text.startswith("7 of 1,000")
    assert made.findings is not None
    assert made.findings.rows[0][3] == "4"


def test_steps_are_a_funnel_for_each_group_with_their_part_of_the_first() -> None:
    steps = {"1 calls": 400, "2 incidents": 200, "3 with an arrest": 50}
    rows = [
        row("B08", "class/stage", f"{group}/{step}", numerator=count * part, undetermined=0)
        for group, part in (("domestic", 2), ("intimate_partner", 1))
        for step, count in steps.items()
    ]
    main = report(*rows).sections[0].panels[0].main
    assert main is not None
    assert [chart.reading.split(":")[0] for chart in main.charts] == [
        "Domestic",
        "Intimate partner",
    ]
    assert "with an arrest 50 · 12.5\u00a0%" in main.charts[1].alt
