from polars.testing import assert_frame_equal

from ipvi_cli.cli.crosswalk_view import crosswalk_frame
from ipvi_cli.pipeline import crosswalk


def test_words_are_told_in_few_columns() -> None:
    words = ["EX-BF", "PARENT", "FAMILY MEMBER", "JOHN SMITHS WIFE", "VO"]
    shown = crosswalk_frame(crosswalk(words, direction="offender_to_victim"))
    assert shown.columns == ["value", "maps_to", "code", "why"]
    assert shown.rows() == [
        ("EX-BF", "intimate partner", "XR", "words:EX BF"),
        ("PARENT", "other family", "CH", "words:PARENT"),
        (
            "FAMILY MEMBER",
            "undetermined: ambiguous term",
            None,
            "may be intimate partner, other family",
        ),
        ("JOHN SMITHS WIFE", "undetermined: unmapped", None, "may be anything"),
        ("VO", "not applicable: self mutual", "VO", "words:VO"),
    ]


def test_other_kinds_have_no_relationship_code() -> None:
    shown = crosswalk_frame(crosswalk(["SIMPLE ASSAULT", "ASSAULT"], kind="offense"))
    assert shown["maps_to"].to_list() == ["13B", "ambiguous term"]
    assert shown["why"].to_list()[1].startswith("may be 13A, 13B")
    assert_frame_equal(shown, shown.select("value", "maps_to", "why"))
