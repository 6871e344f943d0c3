"""Only certain repairs are made."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.ingest.repair import PAIRS_SCHEMA, repair_mojibake


def repaired(*texts: str | None) -> dict[str, str]:
    pairs = repair_mojibake(pl.Series("x", texts, dtype=pl.String))
    assert pairs.schema == PAIRS_SCHEMA
    return dict(pairs.rows())


@pytest.mark.parametrize("text", ["José", "Muñoz", "Zoë Brontë", "naïve “quote”", "Łódź", "日本"])
@pytest.mark.parametrize("rounds", [1, 2])
@pytest.mark.parametrize("page", ["latin-1", "sloppy-windows-1252"])
def test_text_read_in_the_wrong_page(text: str, rounds: int, page: str) -> None:
    import ftfy  # noqa: F401

    damaged = text
    for _ in range(rounds):
        damaged = damaged.encode().decode(page)

    assert repaired(damaged, None, "plain", damaged) == {damaged: text}


@pytest.mark.parametrize(
    "text",
    [
        "José",
        "plain",
        "",
        "Ã",
        "A\u00c2 B",
        "5 \u00a3",
        "&amp; caf\u00e9",
        "ﬁancé",
        "it’s",
        "É© und Ã",
        "JOSÃ? RUIZ",
    ],
)
def test_what_is_not_certain_stays(text: str) -> None:
    assert repaired(text) == {}


def test_nothing_to_repair() -> None:
    assert repaired(None, "a") == {}
    assert repair_mojibake(pl.Series("x", [], dtype=pl.String)).schema == PAIRS_SCHEMA


@settings(derandomize=True, deadline=None, max_examples=80)
@given(st.lists(st.text(max_size=8), max_size=5))
def test_a_repair_can_be_undone(texts: list[str]) -> None:
    for old, new in repaired(*texts).items():
        damaged = {new}
        for _ in range(3):
            damaged |= {
                one.encode().decode(page)
                for one in damaged
                for page in ("sloppy-windows-1252", "latin-1")
            }
        assert old in damaged
