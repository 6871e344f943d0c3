"""What samples with careers are written with: names, and offences by what is done."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ipvi_cli.sample.chance import Chance


@dataclass(frozen=True)
class Crime:
    """An offence.

    Attributes:
        act: What is done: violence, order, property, drug or weapon.
        say: The words.
        code: NIBRS code that the profile gives them.
        grade: Grade as charged.
        weight: How often, among offences of the same act.
        weapons: Weapons that go with it, and how often.
        injuries: Injuries that go with it, and how often.
    """

    act: str
    say: str
    code: str
    grade: str
    weight: int
    weapons: tuple[tuple[str, int], ...]
    injuries: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Words:
    """Names and offences.

    Attributes:
        surnames: First and second parts of surnames.
        given: Given names by sex, each with the short form.
        crimes: Offences.
    """

    surnames: tuple[tuple[str, ...], tuple[str, ...]]
    given: Mapping[str, tuple[tuple[str, str], ...]]
    crimes: tuple[Crime, ...]

    def crime(self, act: str, chance: Chance) -> Crime:
        """Draw an offence of an act."""
        return chance.weighted([(one, one.weight) for one in self.crimes if one.act == act])

    def surname(self, chance: Chance) -> str:
        """Draw a surname; some are double."""
        first, second = self.surnames
        name = f"{chance.pick(first)}{chance.pick(second)}".upper()
        if chance.hit(0.08):
            name = f"{name}-{chance.pick(first)}{chance.pick(second)}".upper()
        return name


@cache
def career_words() -> Words:
    """Read the packaged words."""
    text = (resources.files("ipvi_cli.sample.careers") / "words.toml").read_text(encoding="utf-8")
    told: dict[str, Any] = tomllib.loads(text)
    crimes = tuple(
        Crime(
            **{**item, **{kind: tuple(map(tuple, item[kind])) for kind in ("weapons", "injuries")}}
        )
        for item in told["crimes"]
    )
    given = {
        sex: tuple((name, short) for name, short in some) for sex, some in told["given"].items()
    }
    parts = told["surnames"]
    return Words((tuple(parts["first"]), tuple(parts["second"])), given, crimes)
