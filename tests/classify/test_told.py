"""The steps of a word end where the crosswalk ends, and every rule says what it rests on."""

import csv
from pathlib import Path

import pytest

from ipvi_cli.classify import lists
from ipvi_cli.classify.crosswalk import relationship_crosswalk
from ipvi_cli.classify.settle import STEPS
from ipvi_cli.classify.sources import SOURCES
from ipvi_cli.classify.told import origin, settling_steps, told, word_steps

CASES = Path(__file__).parent / "cases" / "relationship_words.csv"
SITE = {"zork": "BG", "Family": "other_family:sibling"}


def words() -> list[str]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [next(iter(row.values())) for row in csv.DictReader(file)]


@pytest.mark.parametrize("system", ["text", "nibrs", "shr", "site"])
@pytest.mark.parametrize("direction", ["victim_to_offender", "offender_to_victim", "undeclared"])
def test_the_last_step_is_what_the_crosswalk_says(system: str, direction: str) -> None:
    crosswalk = relationship_crosswalk({})
    for word in [*words()[::12], "CH", "SE", "BF", "", "?", "ZZZ", "HUSBEND"]:
        steps, meaning = word_steps(word, code_system=system, direction=direction)
        assert meaning == crosswalk.meaning(word, code_system=system, direction=direction)
        yielded = [one for one in steps["yielded"] if not one.startswith("only a suggestion")]
        if meaning.rule is not None:
            assert yielded[-1] == told(meaning)
        else:
            assert yielded[-1] in ("nothing", "not read as a word")


def test_the_site_s_own_words_come_before_all_lists() -> None:
    steps, meaning = word_steps("FAMILY", site_words=SITE)
    assert meaning.tie == "sibling"
    assert steps["step"].to_list() == ["brought to one form", "site's own words"]


def test_a_reading_names_every_word_and_a_near_miss_is_only_a_suggestion() -> None:
    steps, _ = word_steps("04 - EX-GIRLFRIEND OF VICTIM")
    assert "VICTIM: party" in steps.row(-1, named=True)["looked_at"]
    steps, meaning = word_steps("HUSBEND")
    assert meaning.reason == "unmapped"
    assert steps.row(-1, named=True)["yielded"] == "only a suggestion: intimate_partner:spouse"


def test_every_entry_of_a_list_says_where_it_comes_from() -> None:
    rules = [one.rule for one in [*lists.words().values()][::40]]
    rules += [one.rule for codes in lists.codes().values() for one in [*codes.values()][::5]]
    for rule in rules:
        known = origin(str(rule))
        assert known.source
        assert known.means
        assert known.rests_on != rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("grammar:former+dating", "word by word as former+dating"),
        ("site:BG", "the site's own words, which mean BG"),
        ("pair:child_in_common", "the step child_in_common"),
        ("statute:CA PC 273.5", "packaged statutes, CA PC 273.5"),
        ("review:AB", "by AB"),
        ("blank", "a blank cell"),
        ("something:else", "something:else"),
    ],
)
def test_what_other_rules_rest_on(rule: str, words: str) -> None:
    assert words in origin(rule).rests_on


def test_the_steps_are_those_that_settle_a_pair_and_say_what_they_do() -> None:
    names = [name for name, _ in settling_steps()]
    assert names[0] == "review"
    assert len(names) == len(set(names)) == len(STEPS) + len(SOURCES) + 1
    assert all(does.endswith(".") for _, does in settling_steps())
