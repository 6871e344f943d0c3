"""The one line of an audit on how far the share depends on who is called an intimate partner."""

import polars as pl
import pytest

from ipvi_cli.cli.audit_view import definition_parts


def lines(**shares: float | None) -> list[str]:
    figures = pl.DataFrame(
        {"figure_id": ["S01"] * len(shares), "group": list(shares), "value": list(shares.values())},
        schema_overrides={"value": pl.Float64},
    )
    return [str(part) for part in definition_parts(figures)]


def test_definitions_that_lie_apart_are_told_in_one_line() -> None:
    assert lines(dating_left_out=0.393, vawa=0.651, ipvi=0.651, nibrs=0.628) == [
        "Depends on who counts: 39.3 % (Dating partners left out) to 65.1 % (As in the headline);"
        " `ipvi summarize` has every definition."
    ]


@pytest.mark.parametrize(
    "shares",
    [
        {"ipvi": 0.65, "dating_left_out": 0.61},
        {"ipvi": None, "dating_left_out": None},
        {"ipvi": 0.65, "dating_left_out": None},
    ],
)
def test_definitions_that_agree_or_cannot_be_given_are_not(shares: dict[str, float | None]) -> None:
    assert lines(**shares) == []


def test_a_delivery_without_figures_says_nothing() -> None:
    assert list(definition_parts(None)) == []
