import polars as pl
import pytest

from ipvi_cli.link.names import name_parts, nicknames, take_names_apart


@pytest.mark.parametrize(
    ("written", "given", "middle", "surname", "suffix"),
    [
        ("SAMPLE, JON PAUL JR", "JON", "PAUL", "SAMPLE", "JR"),
        ("SAMPLE JR, JON", "JON", None, "SAMPLE", "JR"),
        ("Jon Sample III", "JON", None, "SAMPLE", "III"),
        ("Jon Q. Sample", "JON", "Q", "SAMPLE", None),
        ("PRUEBA MUESTRA, MARÍA", "MARIA", None, "PRUEBA MUESTRA", None),
        ("SAMPLE-TEST, ANNA", "ANNA", None, "SAMPLE TEST", None),
        ("O'Sample, Sean", "SEAN", None, "OSAMPLE", None),
        ("DE LA MUESTRA, ANA", "ANA", None, "DELAMUESTRA", None),
        ("Ana de la Muestra", "ANA", None, "DELAMUESTRA", None),
        ("MC SAMPLE, R", "R", None, "MCSAMPLE", None),
        ("LE, AN", "AN", None, "LE", None),
        ("UNKNOWN", None, None, None, None),
        ("DOE, JOHN", "JOHN", None, None, None),
        ("  ,  ", None, None, None, None),
        (None, None, None, None, None),
    ],
)
def test_a_whole_name_is_taken_apart(
    written: str | None, given: str | None, middle: str | None, surname: str | None, suffix: str | None,
) -> None:  # fmt: skip
    found = take_names_apart(pl.Series("name", [written], pl.String))
    assert found.row(0) == (given, middle, surname, suffix)


def test_parts_are_written_as_in_whole_names() -> None:
    said = {"given": "Mary-Ann", "middle": "Q", "surname": "van Sample Sr", "suffix": None}
    found = name_parts(pl.DataFrame([said], schema=dict.fromkeys(said, pl.String)))
    assert found.row(0) == ("MARY", "ANN Q", "VANSAMPLE", "SR")


def test_short_forms_are_plain_and_never_a_name_of_themselves() -> None:
    listed = nicknames()
    assert listed.filter(pl.col("name") == pl.col("nickname")).height == 0
    assert listed.unique().height == listed.height
    assert listed.filter(~pl.all_horizontal(pl.all().str.contains(r"^[A-Z]+$"))).height == 0
