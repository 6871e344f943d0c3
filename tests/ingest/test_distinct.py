"""Reading each different cell once gives every row what reading every cell gives."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.distinct import distinct, of_all

CELLS = st.lists(
    st.one_of(st.none(), st.sampled_from(["", "F", " F", "Á", "m", "1"]), st.text(max_size=3))
)


@given(CELLS)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_rows_get_back_their_own_cells(cells: list[str | None]) -> None:
    column = pl.Series("sex", cells, dtype=pl.String)

    apart = distinct(column)

    assert apart.spread(apart.cells).to_list() == cells
    assert apart.cells.name == "sex"
    counted = dict(zip(apart.cells, apart.rows(), strict=True))
    if apart.places is not None:
        assert counted == {cell: cells.count(cell) for cell in cells}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["M", "F", "M", "F"], ["M", "F"]),
        (["M", None, "M", None], ["M", None]),
        ([None, None], [None]),
        (["a", "b", "c", "c"], ["a", "b", "c", "c"]),
        ([], []),
    ],
)
def test_cells_are_told_apart_only_where_they_repeat(
    cells: list[str | None], found: list[str | None]
) -> None:
    apart = distinct(pl.Series(cells, dtype=pl.String))

    assert apart.cells.to_list() == found


def test_cells_that_repeat_only_later_are_all_told_apart() -> None:
    column = pl.Series(["x"] * 5000 + [str(n) for n in range(3000)])

    apart = distinct(column)

    assert apart.cells.len() == 3001
    assert apart.spread(apart.cells).cast(pl.String).equals(column)


@pytest.mark.parametrize("rows", [0, 3])
def test_one_text_of_all_rows_is_one_cell(rows: int) -> None:
    apart = of_all("I", rows)

    assert apart.spread(apart.cells).to_list() == ["I"] * rows
    assert apart.rows().sum() == rows
