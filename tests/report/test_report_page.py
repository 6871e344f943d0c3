import base64
import io
import re
from html.parser import HTMLParser

import openpyxl
import polars as pl
import pytest
from helpers_report import facts, full, full_report, report, row

from ipvi_cli.model.errors import InputError
from ipvi_cli.report import PERCENT, boundaries, markdown, page, sheets
from ipvi_cli.workspace import csv_bytes
from ipvi_cli.workspace.spreadsheet import xlsx_bytes


@pytest.fixture(scope="module")
def html() -> str:
    return page(full_report(), csv_bytes)


class Seen(HTMLParser):
    """Headings, names of elements and what they refer to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("aria-labelledby", "aria-describedby"):
            self.refers += given.get(name, "").split()
        if given.get("href", "").startswith("#"):
            self.refers.append(given["href"][1:])
        self.links += [given[name] for name in ("href", "src", "xlink:href") if name in given]


def test_the_page_fetches_nothing_and_runs_nothing(html: str) -> None:
    seen = Seen(html)
    assert {"script", "link", "img", "iframe", "object"} & set(seen.tags) == set()
    assert [link for link in seen.links if not link.startswith(("#", "data:text/csv"))] == []
    assert re.search(r"url\(|@import|https?://(?!www\.w3\.org)", html) is None


def test_headings_come_in_order_and_every_reference_leads_somewhere(html: str) -> None:
    seen = Seen(html)
    steps = [
        after - before for before, after in zip(seen.headings, seen.headings[1:], strict=False)
    ]
    assert seen.headings[0] == 1
    assert seen.headings.count(1) == 1
    assert max(steps) == 1
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.refers) - set(seen.ids) == set()


def test_words_of_a_site_are_text(html: str) -> None:
    assert "<b>B&2</b>" not in html
    assert html.count("&lt;b&gt;B&amp;2&lt;/b&gt;") >= 2  # in the table and in the drawing


def test_a_download_holds_the_numbers_of_its_table(html: str) -> None:
    found = re.search(
        r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download="who-C11-tie.csv"', html
    )
    assert found is not None
    rows = pl.read_csv(io.BytesIO(base64.b64decode(found[1])))
    assert rows.select("group", "numerator", "denominator").rows() == [
        ("partner_unspecified", 70, 120),
        ("co_parent", 50, 120),
    ]


def test_every_page_and_sheet_for_inside_is_marked() -> None:
    made = report(*full(), internal=True)
    text = page(made, csv_bytes)
    assert "<title>CONFIDENTIAL" in text
    assert '@top-center { content: "CONFIDENTIAL"; }' in text
    assert '<p class="mark"><strong>CONFIDENTIAL</strong>' in text
    assert markdown(made).splitlines()[2] == "**CONFIDENTIAL**"
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(sheets(made), title="t", percent=PERCENT)))
    assert [sheet["A2"].value for sheet in book] == ["CONFIDENTIAL"] * len(book.sheetnames)
    assert [sheet.oddHeader.center.text for sheet in book] == ["&BCONFIDENTIAL"] * len(
        book.sheetnames
    )


def test_nothing_for_sharing_is_called_confidential(html: str) -> None:
    assert "CONFIDENTIAL" not in html


def test_the_workbook_has_a_sheet_for_each_question_and_the_definitions() -> None:
    made = sheets(full_report())
    assert list(made) == [
        "The answer", "How much", "Who to whom", "Where and when", "How concentrated", "How good is the data",
        "Other figures", "Definitions", "Words",
    ]  # fmt: skip
    ties = made["Who to whom"].filter(pl.col("figure") == "C11")
    assert ties["share"].round(4).to_list() == [0.5833, 0.4167]
    assert made["Where and when"].filter(pl.col("withheld").is_not_null()).height == 4


def test_markdown_has_the_answer_the_doubts_and_tables() -> None:
    text = markdown(full_report())
    assert text.startswith("# Springfield\n\nSmall counts are withheld.\n")
    assert "**66.7\u00a0%** between 60.0\u00a0% and 70.0\u00a0% of all" in text
    assert "| partner, kind not stated | 58.3\u00a0% | 70 | 120 |" in text


def test_words_of_a_site_are_text_in_markdown_too() -> None:
    rows = [row("B08", "district", name, numerator=20, undetermined=0) for name in ("<b>|2", "C3")]
    assert "| \\<b>\\|2 | 20 |" in markdown(report(*rows))


def test_equal_figures_give_equal_bytes(html: str) -> None:
    assert page(report(*full()), csv_bytes) == html


def _square(x: float, y: float, **properties: object) -> dict[str, object]:
    ring = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_districts_are_drawn_where_outlines_are_given() -> None:
    shapes = [_square(0, 60, name="A1"), _square(1, 60, name="B2"), _square(2, 60, name="nowhere")]
    areas = boundaries({"type": "FeatureCollection", "features": shapes}, "name", where="d.geojson")
    rows = [
        row("B08", "district", name, numerator=n, undetermined=0)
        for name, n in (("PD/A1", 50), ("PD/B2", 20))
    ]
    view = report(*rows, boundaries=areas).sections[0].panels[0].main
    assert view is not None
    chart, _bars = view.charts
    assert "darkest district is A1 with 50" in chart.alt
    assert chart.draw().count("stroke-dasharray") == 1  # the district of which nothing is known
    width = areas.shapes["A1"]["coordinates"][0][0][1][0]
    assert width == pytest.approx(0.4924, abs=1e-3)  # cos 60.5°


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "FeatureCollection"),
        ({"features": [_square(0, 0, label="A1")]}, "Properties: label."),
        ({"features": [{"properties": {"name": "A1"}, "geometry": {"type": "Polygon", "coordinates": [7]}}]}, "usable"),
    ],
)  # fmt: skip
def test_outlines_that_cannot_be_used_are_refused(document: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        boundaries(document, "name", where="d.geojson")


def test_the_period_is_said() -> None:
    assert facts().days == "01 January 2019 to 31 December 2019"
    assert facts(period=None).days == "period not declared"
