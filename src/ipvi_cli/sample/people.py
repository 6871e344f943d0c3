"""Persons who do not exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ipvi_cli.sample.chance import Chance
from ipvi_cli.sample.vocabulary import Tie, Vocabulary

_YOUNGEST, _OLDEST = 18, 62
_OPPOSITE = {"F": "M", "M": "F"}
_SAME_SEX = 0.04


@dataclass(frozen=True)
class Person:
    """Somebody invented; ``number`` is the agency's own number for the person in one incident."""

    number: str
    family: str
    given: str
    born: date
    sex: str
    race: str
    address: str
    phone: str

    @property
    def name(self) -> str:
        """Name as a records system writes it."""
        return f"TESTPERSON-{self.family.upper()}, {self.given.upper()}"

    def age(self, day: date) -> int:
        """Age in whole years on a day."""
        before = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - before


class People:
    """Makes persons, and couples of persons whose sexes and ages fit what is said of them."""

    def __init__(self, words: Vocabulary, chance: Chance) -> None:
        self._names = words.names
        self._chance = chance
        self._made = 0

    def one(self, day: date, age: int, sex: str) -> Person:
        """Make a person of an age and sex on a day."""
        chance = self._chance
        self._made += 1
        born = day - timedelta(days=age * 365 + age // 4 + 1 + chance.between(0, 363))
        return Person(
            number=f"P{self._made:06d}",
            family=chance.pick(self._names["family"]),
            given=chance.pick(self._names["given"]),
            born=born,
            sex=sex,
            race=chance.weighted((("W", 50), ("B", 36), ("A", 4), ("U", 10))),
            address=f"{chance.between(1, 999)} {chance.pick(self._names['street'])}",
            phone=f"555-01{chance.between(0, 99):02d}",
        )

    def any(self, day: date, sex: str | None = None) -> Person:
        """Make an adult."""
        drawn = sex or self._chance.pick("FM")
        return self.one(day, self._chance.between(_YOUNGEST, _OLDEST), drawn)

    def pair(self, tie: Tie, day: date, describes: str) -> tuple[Person, Person]:
        """Make the victim and the offender of a pair.

        Args:
            tie: Their tie.
            day: Day of the incident.
            describes: Whether the words describe the ``victim`` or the ``offender``.

        Returns:
            Victim and offender.
        """
        chance = self._chance
        usual = "F" if describes == "victim" else "M"
        sex = tie.sex or (usual if chance.hit(0.75) else _OPPOSITE[usual])
        if tie.meaning == "intimate_partner":
            other = sex if chance.hit(_SAME_SEX) else _OPPOSITE[sex]
        else:
            other = chance.pick("FM")
        young = chance.between(_YOUNGEST, 40 if tie.gap else _OLDEST)
        near = young if abs(tie.gap) > 0 else max(_YOUNGEST, young + chance.between(-6, 6))
        old = near + abs(tie.gap)
        ages = (old, young) if tie.gap > 0 else (young, old)
        described, opposite = self.one(day, ages[0], sex), self.one(day, ages[1], other)
        return (described, opposite) if describes == "victim" else (opposite, described)
