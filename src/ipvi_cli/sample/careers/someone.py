"""Persons who recur, and how hands write them down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ipvi_cli.sample.careers.words import Words
from ipvi_cli.sample.chance import Chance

_USUAL_MESS: Final = 0.1
"""The mess at which names and births are written wrong as often as in a usual records system."""

_SLIPS: Final = (
    ("typo", 60), ("short", 80), ("turned", 15), ("no_middle", 200), ("half", 250),
)  # fmt: skip
"""Slips of a name in a thousand records; ``half`` befalls double surnames alone."""


@dataclass(eq=False)
class Someone:
    """Somebody invented.

    Attributes:
        key: Number of the true person.
        family: Surname.
        given: Given name.
        short: Short form of it.
        middle: Initial.
        born: Date of birth.
        sex: Sex.
        race: Race as recorded.
        address: Address.
        phone: Telephone number.
        numbers: The number of the person in each agency.
        state_id: State identification number.
        married: Surname after a wedding, and its day.
    """

    key: int
    family: str
    given: str
    short: str
    middle: str
    born: date
    sex: str
    race: str
    address: str
    phone: str
    numbers: tuple[str, ...]
    state_id: str
    married: tuple[str, date] | None = None

    @property
    def name(self) -> str:
        """Name of the true person."""
        return f"P{self.key:05d}"

    def age(self, day: date) -> int:
        """Age in whole years on a day."""
        before = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - before


class Crowd:
    """Makes persons."""

    def __init__(self, words: Words, chance: Chance, streets: tuple[str, ...], mess: float) -> None:
        self._words, self._chance, self._streets = words, chance, streets
        self._reuse = 0.004 * min(mess / _USUAL_MESS, 3)
        self.made: list[Someone] = []

    def one(self, day: date, *, sex: str, ages: tuple[int, int] = (20, 58)) -> Someone:
        """Make a person of an age on a day; some bear another's name, and a few got another's number by mistake."""
        chance, key = self._chance, len(self.made) + 1
        age = chance.between(*ages)
        born = day - timedelta(days=age * 365 + age // 4 + 1 + chance.between(0, 363))
        given, short = chance.pick(self._words.given[sex])
        family, before = self._words.surname(chance), None
        if self.made and chance.hit(0.02):
            family = chance.pick(self.made).family
        numbers = (f"M{key:05d}", f"H{key * 7 % 90_000 + 10_000}")
        if self.made and chance.hit(self._reuse):
            before = chance.pick(self.made)
            numbers = (before.numbers[0], numbers[1])
        married = None
        if sex == "F" and chance.hit(0.06):
            married = (self._words.surname(chance), day + timedelta(days=chance.between(-300, 700)))
        made = Someone(
            key, family, given, short, chance.pick("ABCDEGJLMRST"), born, sex,
            chance.weighted((("W", 50), ("B", 36), ("A", 4), ("U", 10))),
            f"{chance.between(1, 999)} {chance.pick(self._streets)}",
            f"555-01{chance.between(0, 99):02d}", numbers, f"ZZ{chance.between(0, 9)}{key:06d}", married,
        )  # fmt: skip
        self.made.append(made)
        return made


class Hand:
    """Writes persons down as hands do, with slips as often as the mess asks for."""

    def __init__(self, chance: Chance, words: Words, mess: float) -> None:
        self._chance, self._words = chance, words
        self._scale = min(mess / _USUAL_MESS, 3)

    def slips(self, in_a_thousand: float) -> bool:
        """Say whether a slip happens."""
        return self._chance.hit(in_a_thousand / 1000 * self._scale)

    def name(self, one: Someone, day: date) -> str:
        """Write the name."""
        slip = {kind for kind, often in _SLIPS if self.slips(often)}
        family = one.married[0] if one.married and one.married[1] <= day else one.family
        given = one.short if "short" in slip else one.given
        if "half" in slip and "-" in family:
            family = self._chance.pick((*family.split("-"), family.replace("-", " ")))
        if "typo" in slip:
            if len(given) < 4 or self._chance.hit(0.6):
                family = self._typo(family)
            else:
                given = self._typo(given)
        if "turned" in slip:
            family, given = given, family
        return f"{family}, {given}" if "no_middle" in slip else f"{family}, {given} {one.middle}"

    def born(self, one: Someone) -> str:
        """Write the birth date; at times it is missing or wrong."""
        if self.slips(50):
            return ""
        born = one.born
        if self.slips(25):
            how = self._chance.pick(("day", "year", "turned"))
            if how == "turned" and born.day <= 12:
                born = date(born.year, born.day, born.month)
            elif how == "year":
                born = born.replace(year=born.year - 1, day=min(born.day, 28))
            else:
                born = born.replace(day=born.day % 28 + 1)
        return f"{born:%m/%d/%Y}"

    def number(self, one: Someone, agency: int) -> str:
        """Write the agency's number of the person; at times it is missing."""
        return "" if self.slips(70) else one.numbers[agency]

    def _typo(self, text: str) -> str:
        place = self._chance.between(1, len(text) - 2)
        how = self._chance.pick(("drop", "double", "swap", "other"))
        before, own, after = text[:place], text[place], text[place + 1 :]
        return {
            "drop": before + after,
            "double": before + own + own + after,
            "swap": before + after[0] + own + after[1:],
            "other": before + self._chance.pick("AEIOULNRST") + after,
        }[how]
