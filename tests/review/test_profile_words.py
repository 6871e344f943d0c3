import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.classify import word_key
from ipvi_cli.model.errors import InputError
from ipvi_cli.review import Filled, with_words

TODAY = date(2026, 5, 1)


def row(value: str, decision: str, kind: str = "relationship", note: str = "") -> Filled:
    return Filled("row 2", "value", kind, value, "", "", "", decision, "AB", note)


def put(text: str, *rows: Filled, today: date = TODAY) -> str:
    return with_words(text, rows, same=word_key, today=today, where="x.toml")


CASES = {
    "a new section goes to the end": (
        "# top\na = 1",
        [row("STBX", "SE", note="asked")],
        '# top\na = 1\n\n[site_words.relationship]\n"STBX" = "SE"  # AB, 2026-05-01: asked\n',
    ),
    "a word goes to the end of its section": (
        '[site_words.relationship]\n# why\n"A" = "SE"\n\n# next\n[b]\n',
        [row("STBX", "SE")],
        '[site_words.relationship]\n# why\n"A" = "SE"\n"STBX" = "SE"  # AB, 2026-05-01\n\n# next\n[b]\n',
    ),
    "another spelling of a word is the same word": (
        '[ site_words . relationship ] # ours\n"s.t.b.x." = "FR"  # old\nb = "SE"\n',
        [row("STBX", "SE")],
        '[ site_words . relationship ] # ours\n"s.t.b.x." = "SE"  # AB, 2026-05-01\nb = "SE"\n',
    ),
    "what is there already stays as it is": (
        '[site_words.relationship]\n"STBX"="SE" # old',
        [row("stbx", "SE")],
        '[site_words.relationship]\n"STBX"="SE" # old',
    ),
    "each kind has its section": (
        "",
        [row("A", "BG"), row("B", "13B", "offense"), row("C", "BG")],
        '\n\n[site_words.relationship]\n"A" = "BG"  # AB, 2026-05-01\n"C" = "BG"  # AB, 2026-05-01\n'
        '\n[site_words.offense]\n"B" = "13B"  # AB, 2026-05-01\n',
    ),
    "line ends stay": (
        "a = 1\r\n[b]\r\n",
        [row("A", "BG")],
        'a = 1\r\n[b]\r\n\r\n[site_words.relationship]\r\n"A" = "BG"  # AB, 2026-05-01\r\n',
    ),
}


@pytest.mark.parametrize(("text", "rows", "expected"), CASES.values(), ids=CASES)
def test_only_the_lines_of_the_words_change(text: str, rows: list[Filled], expected: str) -> None:
    assert put(text, *rows) == expected


@pytest.mark.parametrize(
    "text",
    [
        '[site_words]\nrelationship = { "A" = "SE" }\n',
        '[site_words]\nrelationship.A = "SE"\n',
        '[j]\nx = """\n[site_words.relationship]\n"""\n',
    ],
)
def test_a_layout_that_cannot_be_changed_line_by_line_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"one section \[site_words"):
        put(text, row("B", "BG"))


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(st.lists(st.tuples(words, st.sampled_from(["BG", "SE", "other_family"])), max_size=5), words)
def test_any_word_comes_back_as_it_was(pairs: list[tuple[str, str]], note: str) -> None:
    text = '# one\n[site_words.relationship]\n"OLD" = "SE"  # two\n\n[[sources]]\nx = 1  # three\n'
    rows = [row(value, decision, note=note) for value, decision in pairs]
    made = put(text, *rows)
    said = tomllib.loads(made)["site_words"]["relationship"]
    last = {word_key("relationship", value): decision for value, decision in pairs}
    assert {word_key("relationship", word): target for word, target in said.items()} == {
        "OLD": "SE",
        **last,
    }
    for line in ("# one", "[[sources]]", "x = 1  # three"):
        assert line in made.split("\n")
    assert put(made, *rows[::-1][:1], today=date(2027, 1, 1)) == made
