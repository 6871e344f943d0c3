"""The samples' own vocabulary: what the synthetic records say, and what it truly means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from ipvi_cli.sample.chance import Chance


@dataclass(frozen=True)
class Tie:
    """A tie between two persons, in the words of a records system.

    Attributes:
        meaning: Class of a pair that is described so.
        weight: How often, among the ties of its class.
        plain: Usual spellings.
        rough: Abbreviations, typing errors, Spanish.
        reason: Why it stays undetermined, if it does.
        flagged: Reason why it stays undetermined where the agency's domestic flag is set.
        sex: Sex of the person whom the words describe, where they tell it.
        gap: Years by which that person is older than the other.
        child: Whether the words say that the two share a child.
        says: Whom alone the words can describe; ``None``: either.
    """

    meaning: str
    weight: int
    plain: tuple[str, ...]
    rough: tuple[str, ...]
    reason: str | None = None
    flagged: str | None = None
    sex: str | None = None
    gap: int = 0
    child: bool = False
    says: Literal["victim", "offender"] | None = None

    def spelled(self, chance: Chance, mess: float) -> str:
        """Draw a spelling; the share of rough ones is the mess."""
        return chance.pick(self.rough if chance.hit(mess) else self.plain)


@dataclass(frozen=True)
class Offense:
    """An offence in the words of a records system.

    Attributes:
        say: The words.
        code: NIBRS code that a profile gives them.
        domestic: How often, among offences between persons with a domestic tie.
        other: How often, among other offences.
        weapons: Weapons that go with it, and how often.
        injuries: Injuries that go with it, and how often.
    """

    say: str
    code: str
    domestic: int
    other: int
    weapons: tuple[tuple[str, int], ...]
    injuries: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Vocabulary:
    """Everything that the samples are written with.

    Attributes:
        ties: Ties by the class of a pair that is described so.
        offenses: Offences.
        codes: Kind of word (offense, weapon, injury) to the words and the NIBRS code that a profile gives each.
        names: Kind of name to names that nobody bears.
    """

    ties: Mapping[str, tuple[Tie, ...]]
    offenses: tuple[Offense, ...]
    codes: Mapping[str, Mapping[str, str]]
    names: Mapping[str, tuple[str, ...]]

    def tie(self, meaning: str, describes: str, chance: Chance) -> Tie:
        """Draw a tie of a class that can be said of the victim or of the offender."""
        fitting = [(tie, tie.weight) for tie in self.ties[meaning] if tie.says in (None, describes)]
        return chance.weighted(fitting)

    def offense(self, chance: Chance, *, domestic: bool) -> Offense:
        """Draw an offence."""
        return chance.weighted(
            [(one, one.domestic if domestic else one.other) for one in self.offenses]
        )

    def named(self, say: str) -> Offense:
        """Find an offence by its words."""
        return next(one for one in self.offenses if one.say == say)


@cache
def vocabulary() -> Vocabulary:
    """Read the packaged vocabulary."""
    file = resources.files("ipvi_cli.sample") / "vocabulary.toml"
    return parse_vocabulary(file.read_text(encoding="utf-8"))


def parse_vocabulary(text: str) -> Vocabulary:
    """Read a vocabulary from its TOML text."""
    document: dict[str, Any] = tomllib.loads(text)
    ties: dict[str, list[Tie]] = {}
    for item in document["ties"]:
        meaning = item.pop("class")
        item |= {"plain": tuple(item["plain"]), "rough": tuple(item["rough"])}
        ties.setdefault(meaning, []).append(Tie(meaning, **item))
    offenses = tuple(
        Offense(**item | {kind: _weighted(item[kind]) for kind in ("weapons", "injuries")})
        for item in document["offenses"]
    )
    return Vocabulary(
        ties={meaning: tuple(some) for meaning, some in ties.items()},
        offenses=offenses,
        codes={"offense": {one.say: one.code for one in offenses}, **document["codes"]},
        names={kind: tuple(names) for kind, names in document["names"].items()},
    )


def _weighted(entries: list[list[Any]]) -> tuple[tuple[str, int], ...]:
    return tuple((word, weight) for word, weight in entries)
