import csv
import io
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes_cli import ipvi
from hypothesis import given, settings
from hypothesis import strategies as st

from ipvi_cli.cli.console import machine_bytes
from ipvi_cli.cli.word_list import read_words
from ipvi_cli.model.errors import InputError

ECHO = """
    import json, polars as pl
    def crosswalk(words, **options):
        print(json.dumps(options), file=sys.stderr)
        return pl.DataFrame({
            "value": words, "relationship_class": "undetermined", "reason": "=unmapped",
            "nibrs_code": None, "candidates": [["a", "b"]] * len(words), "rule": None,
        })
    pipeline.crosswalk = crosswalk
"""


def listed(words: Sequence[str], *, other: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["value", "n"] if other else ["value"])
    writer.writerows([word, "1"] if other else [word] for word in words)
    return text.getvalue().encode("utf-8")


words = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
    max_size=6,
)


@settings(derandomize=True, deadline=None)
@given(words, st.booleans())
def test_words_come_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, given_words: list[str], other: bool
) -> None:
    import polars as pl

    path = tmp_path_factory.getbasetemp() / "words.csv"
    path.write_bytes(listed(given_words, other=other))
    read = read_words(path, "value", print)
    frame = pl.DataFrame(
        {"value": read, "rule": "r"}, schema={"value": pl.String, "rule": pl.String}
    )
    printed = machine_bytes(frame, "csv", keep=("value",)).decode()
    back = [row[0] for row in csv.reader(io.StringIO(printed, newline=""))][1:]
    assert read == given_words
    assert back == given_words


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"value\nWIFE\n\nEX\n", ["WIFE", "", "EX"]),
        (b"n,value\n1,WIFE\n\n2\n", ["WIFE", ""]),
        (b"n;value\r\n1;WIFE\r\n", ["WIFE"]),
        (b"\xef\xbb\xbf value \nWIFE\n", ["WIFE"]),
        ("value\nNIÑA".encode("utf-16"), ["NIÑA"]),
        (b"value\nNI\xd1A\n", ["NIÑA"]),
        (b"value\n", []),
        (b"value\n" + b"W" * 200_000, ["W" * 200_000]),
    ],
)
def test_lists_of_every_make_are_read(tmp_path: Path, content: bytes, expected: list[str]) -> None:
    (tmp_path / "words.csv").write_bytes(content)
    assert read_words(tmp_path / "words.csv", "value", print) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot be read"), (b"", "it has none"), (b"valeu,n\n", "Did you mean --column valeu")],
)
def test_a_list_that_cannot_be_used_is_3(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "words.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_words(path, "value", print)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("format", ["csv", "json", "ndjson", "table"])
def test_a_list_from_standard_input_keeps_its_order_and_its_words(format: str) -> None:
    done = ipvi(
        "crosswalk", "-", "--column", "word", "--direction", "victim-to-offender",
        "--format", format, given=ECHO, input=b"word\n=EX-WIFE\nB/F\n=EX-WIFE\n",
    )  # fmt: skip
    assert done.returncode == 0
    assert json.loads(done.stderr) == {
        "kind": "relationship", "code_system": "text", "direction": "victim_to_offender",
    }  # fmt: skip
    if format == "csv":
        assert done.stdout == (
            b"value,relationship_class,reason,nibrs_code,candidates,rule\n"
            b"=EX-WIFE,undetermined,'=unmapped,,a|b,\n"
            b"B/F,undetermined,'=unmapped,,a|b,\n"
            b"=EX-WIFE,undetermined,'=unmapped,,a|b,\n"
        )
    elif format == "json":
        assert [row["value"] for row in json.loads(done.stdout)] == ["=EX-WIFE", "B/F", "=EX-WIFE"]
    else:
        assert done.stdout.count(b"=EX-WIFE") == 2


def test_an_empty_standard_input_is_3() -> None:
    done = ipvi("crosswalk", "-", given=ECHO, stdin=subprocess.DEVNULL)
    assert done.returncode == 3
    assert b"standard input" in done.stderr
