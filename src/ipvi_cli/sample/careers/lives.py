"""What each person does, and when: acts against partners and others, and who is notified of what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from ipvi_cli.sample.careers.level import true_level
from ipvi_cli.sample.careers.someone import Crowd, Someone
from ipvi_cli.sample.careers.words import Crime, Words
from ipvi_cli.sample.chance import Chance
from ipvi_cli.sample.vocabulary import Vocabulary

CAREERS: Final = (("one_time", 72), ("occasional", 18), ("chronic", 10))
_BURST: Final = 150
"""Days in which half of a career's incidents cluster: who is looked at in a burst falls back without any help."""

_OTHERS: Final = (("violence", 3), ("property", 4), ("drug", 3), ("weapon", 1))


@dataclass(eq=False)
class Act:
    """Something that one person does, before anybody writes it down.

    Attributes:
        day: When.
        agency: Position of the agency.
        meaning: True class of the incident.
        offender: Who.
        victim: To whom; ``None``: to society.
        crime: The offence.
        weapon: The weapon's word.
        injury: The injury's word.
        said: What the record says that the victim was to the offender; ``None``: nothing.
        back: What it says that the offender was to the victim, where both are arrested.
        arrested: Whether the offender is arrested.
        charges: What is charged.
        sealed: Whether the case is sealed.
        dual: Whether both are arrested: ``open``, or ``named`` where the aggressor is.
        order: Whether an order follows.
        violated: Day of the act that violated that order, where it is recorded.
        incident: Its number, once it is numbered.
    """

    day: date
    agency: int
    meaning: str
    offender: Someone
    victim: Someone | None
    crime: Crime
    weapon: str
    injury: str
    said: str | None
    back: str = ""
    arrested: bool = False
    charges: tuple[Crime, ...] = ()
    sealed: bool = False
    dual: str = ""
    order: bool = False
    incident: str = ""
    violated: date | None = None


@dataclass(frozen=True)
class Notice:
    """A notification.

    Attributes:
        level: True level on the day of the act that qualified the person.
        qualified: That day.
        notified: Day of the attempt.
        delivered: Whether it was delivered.
        act: That act.
    """

    level: str
    qualified: date
    notified: date
    delivered: bool
    act: Act


@dataclass(eq=False)
class Life:
    """A person and what the person does.

    Attributes:
        who: The person.
        career: ``one_time``, ``occasional``, ``chronic``, or ``other`` for who never harms a partner.
        acts: The acts in order.
        notices: Notifications in order.
        exit: Day and kind of leaving.
    """

    who: Someone
    career: str
    acts: list[Act]
    notices: list[Notice] = field(default_factory=list)
    exit: tuple[date, str] | None = None

    def count(self, *meanings: str) -> int:
        """Count the acts of some classes."""
        return sum(act.meaning in meanings for act in self.acts)


class Lives:
    """Draws lives.

    Args:
        crowd: Makes persons.
        chance: Source of chance.
        words: Offences.
        ties: Words for ties.
        span: First and last day.
        effect: Share of the later incidents of the notified that happen all the same; ``None``: nobody is notified.
    """

    def __init__(
        self, crowd: Crowd, chance: Chance, words: Words, ties: Vocabulary,
        *, span: tuple[date, date], effect: float | None,
    ) -> None:  # fmt: skip
        self._crowd, self._chance, self._words, self._ties = crowd, chance, words, ties
        self._start, self._end = span
        self._effect = effect
        self.programme = self._start + (self._end - self._start) / 2
        """First day on which an act qualifies for a notification."""

    def offender(self, career: str) -> Life:
        """Draw the life of somebody who harms a partner."""
        chance = self._chance
        young = chance.hit(0.03) and career == "one_time"
        sex = "M" if chance.hit(0.8) else "F"
        who = self._crowd.one(self._start, sex=sex, ages=(15, 15) if young else (20, 58))
        last = self._start + timedelta(days=330) if young else self._end
        count = {
            "one_time": 1,
            "occasional": 2 + chance.hit(0.3),
            "chronic": chance.between(4, 10),
        }[career]
        home = chance.weighted(((0, 7), (1, 3)))
        partners = self._partners(who, chance.between(1, 3) if career == "chronic" else 1)
        days = self._days(count, last)
        acts = []
        for place, day in enumerate(days):
            victim, said, open_ = partners[place * len(partners) // count]
            acts.append(self._against_partner(day, self._where(home), who, victim, said, open_))
        others = {"one_time": chance.hit(0.12), "occasional": chance.between(0, 2)}
        more = others.get(career, chance.between(3, 9))
        acts += [self._other(day, self._where(home), who) for day in self._days(int(more), last)]
        life = Life(who, career, sorted(acts, key=lambda act: act.day))
        if self._effect is not None and not young:
            self._notify(life)
        return life

    def passer_by(self, meaning: str) -> Life:
        """Draw somebody with one incident of another class."""
        chance = self._chance
        day = self._days(1, self._end)[0]
        who = self._crowd.one(self._start, sex=chance.weighted((("M", 7), ("F", 3))))
        act = self._other(day, chance.weighted(((0, 7), (1, 3))), who, "violence")
        tie = self._tie(meaning, None)
        act.meaning, act.said = meaning, tie
        act.arrested = act.arrested and meaning != "undetermined"
        act.charges = act.charges if act.arrested else ()
        return Life(who, "other", [act])

    def _partners(self, who: Someone, count: int) -> list[tuple[Someone, str, bool]]:
        """Draw partners, one after the other: who, what the record calls them, and whether it never says."""
        found = []
        for _ in range(count):
            same = self._chance.hit(0.04)
            sex = who.sex if same else {"F": "M", "M": "F"}[who.sex]
            age = who.age(self._start)
            near = (max(15, age - 4), age + 3) if age < 18 else (max(20, age - 5), age + 4)
            victim = self._crowd.one(self._start, sex=sex, ages=near)
            open_ = self._chance.hit(0.12)
            found.append((victim, self._tie("intimate_partner", sex), open_))
        return found

    def _tie(self, meaning: str, sex: str | None) -> str:
        fitting = [
            (tie, tie.weight)
            for tie in self._ties.ties[meaning]
            if not tie.gap and not tie.flagged and tie.says in (None, "victim")
            and tie.sex in (None, sex) and tie.reason in (None, "unknown")
        ]  # fmt: skip
        return self._chance.pick(self._chance.weighted(fitting).plain)

    def _days(self, count: int, last: date) -> list[date]:
        """Draw days, half of them in one burst."""
        whole = (last - self._start).days
        burst = self._chance.between(0, max(0, whole - _BURST))
        drawn = [
            self._chance.between(burst, min(whole, burst + _BURST))
            if self._chance.hit(0.5)
            else self._chance.between(0, whole)
            for _ in range(count)
        ]
        return [self._start + timedelta(days=one) for one in sorted(set(drawn))]

    def _where(self, home: int) -> int:
        return 1 - home if self._chance.hit(0.1) else home

    def _against_partner(
        self, day: date, agency: int, who: Someone, victim: Someone, said: str, open_: bool
    ) -> Act:
        chance = self._chance
        crime = self._words.crime("order" if chance.hit(0.08) else "violence", chance)
        unsaid = open_ and chance.hit(0.5)
        act = Act(
            day, agency, "undetermined" if unsaid else "intimate_partner", who, victim, crime,
            chance.weighted(crime.weapons), chance.weighted(crime.injuries),
            "UNKNOWN" if unsaid else said,
        )  # fmt: skip
        self._court(act, 0.45)
        if not unsaid and act.arrested and chance.hit(0.06):
            act.dual = chance.pick(("open", "named"))
            act.sealed, act.back = False, self._tie("intimate_partner", who.sex)
        act.order = not open_ and not act.sealed and chance.hit(0.15)
        return act

    def _other(self, day: date, agency: int, who: Someone, what: str = "") -> Act:
        chance = self._chance
        doing = what or chance.weighted(_OTHERS)
        crime = self._words.crime(doing, chance)
        victim, said, meaning = None, None, "not_applicable"
        if doing in ("violence", "property"):
            victim = self._crowd.one(self._start, sex=chance.pick("FM"))
        if doing == "violence":
            meaning = chance.pick(("other_family", "known_not_domestic", "stranger"))
            said = self._tie(meaning, None)
        act = Act(
            day, agency, meaning, who, victim, crime,
            chance.weighted(crime.weapons), chance.weighted(crime.injuries), said,
        )  # fmt: skip
        self._court(act, 0.6)
        return act

    def _court(self, act: Act, share: float) -> None:
        act.arrested = self._chance.hit(share)
        if act.arrested and self._chance.hit(0.85):
            more = (
                self._words.crime("violence", self._chance) if self._chance.hit(0.25) else act.crime
            )
            act.charges = tuple(dict.fromkeys((act.crime, more)))
            act.sealed = self._chance.hit(0.03)

    def _notify(self, life: Life) -> None:
        """Notify by the order of acts; half of those who qualify are left to be compared with."""
        chance, effect = self._chance, self._effect or 0.0
        chosen = chance.hit(0.5)
        kept: list[Act] = []
        for act in life.acts:
            if life.exit is not None and act.day > life.exit[0]:
                break
            told = any(one.delivered and one.notified < act.day for one in life.notices)
            if told and act.meaning in ("intimate_partner", "undetermined"):
                times = int(effect) + chance.hit(effect - int(effect))
                if not times:
                    continue
                kept += [self._again(act, place) for place in range(1, times)]
            kept.append(act)
            if chosen and act.meaning == "intimate_partner" and act.day >= self.programme:
                self._qualify(life, kept, act)
        life.acts = sorted(kept, key=lambda act: act.day)

    def _again(self, act: Act, place: int) -> Act:
        later = min(act.day + timedelta(days=11 * place), self._end)
        return Act(
            later, act.agency, act.meaning, act.offender, act.victim, act.crime, act.weapon,
            act.injury, act.said, "", act.arrested, act.charges, act.sealed,
        )  # fmt: skip

    def _qualify(self, life: Life, acts: Sequence[Act], act: Act) -> None:
        chance = self._chance
        level = true_level(life.who, acts, life.notices, until=act.day)
        noticed = life.notices[-1].level if life.notices else "none"
        day = act.day + timedelta(days=chance.between(5, 40))
        if level not in "BCD" or (noticed != "none" and level >= noticed) or day > self._end:
            return
        notice = Notice(level, act.day, day, chance.hit(0.9), act)
        life.notices.append(notice)
        if notice.delivered and chance.hit(0.04):
            gone = day + timedelta(days=chance.between(60, 900))
            if gone <= self._end:
                life.exit = (gone, chance.pick(("DEATH", "PRISON", "MOVED")))
