"""What is known to hold between counts: groups that make up a total, parts of a mix, measures inside others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from ipvi_cli.model.disclosure import (
    ADDS_UP,
    AT_MOST,
    BY_FIRST,
    BY_LAST,
    CHANGES,
    COUNT_ALIKE,
    COUNT_NO_MORE,
    DEFINED,
    IN_NO_FIGURE,
    ONE_VICTIM,
    OVERLAP,
    PART_IS,
    REACH_ALIKE,
    REACH_NO_FURTHER,
    UNDER_18,
    YEAR_WITHOUT_MONTH,
)
from ipvi_cli.publish.system import Key, System, canonical

_VICTIMS: Final = ("victim_sex", "victim_age")
_YEAR: Final = len("2019")


def relate(made: System) -> None:
    """Take in everything that is declared to hold between the counts."""
    _add_parts(made)
    _add_places(made)
    _add_measures(made)
    _add_definitions(made)
    _add_steps(made)
    _add_changes(made)


def _keys(made: System) -> list[Key]:
    return [key for key in made.keys if key is not None]


def _found(made: System, key: Key, parts: Iterable[int]) -> int:
    """Give the unknown of a key; one that stands in no figure is the sum of its parts."""
    number = made.at.get(key)
    return made.add(sum(made.values[one] for one in parts), key) if number is None else number


def _add_parts(made: System) -> None:
    """Parts of a mix make up all that it is made of, finer parts coarser ones; some are known from elsewhere."""
    wholes: dict[Key, list[int]] = defaultdict(list)
    alike: dict[tuple[Key, str], list[int]] = defaultdict(list)
    for key in _keys(made):
        if not key.part:
            continue
        number = made.at[key]
        first, _, last = key.part.partition("/")
        if (
            level := BY_LAST.get((key.level, key.measure, key.part.rpartition("/")[2]))
        ) is not None:
            alike[canonical(Key(*level, "", key.place, key.group, "")), ""].append(number)
        if last and (level := BY_FIRST.get((key.level, key.measure))) is not None:
            alike[canonical(Key(*level, "", key.place, key.group, "")), first].append(number)
        wholes[canonical(key._replace(part_name="", part=""))].append(number)
        names, _, _ = key.part_name.rpartition("/")
        coarser = key._replace(part_name=names, part=key.part.rpartition("/")[0])
        if names and coarser in made.at:
            wholes[coarser].append(number)
        other = PART_IS.get((key.level, key.measure, key.part))
        if other is not None:
            same = canonical(Key(*other, "", key.place, key.group, ""))
            if same in made.at:
                made.equal([number], [made.at[same]])
            elif other in IN_NO_FIGURE:
                made.at[same] = number
    for (whole, _), parts in alike.items():
        if whole in made.at:
            made.equal(parts, [made.at[whole]])
    # Parts under several names, such as those of one and of two levels, each make up the whole.
    for whole, parts in wholes.items():
        for several in _by_name(made, parts):
            made.equal(several, [_found(made, whole, several)])


def _by_name(made: System, parts: list[int]) -> Iterable[list[int]]:
    named: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for one in parts:
        key = made.keys[one]
        assert key is not None
        named[key.family].append(one)
    return named.values()


def _add_places(made: System) -> None:
    """Months make up years, districts agencies, and all of them the total."""
    tables: dict[tuple[str, str, str], dict[str, dict[str, list[Key]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for key in _keys(made):
        tables[key.family][key.place][key.part].append(key)
    for family, places in tables.items():
        years = {key.group for of in places.get("year", {}).values() for key in of}
        agencies = {key.group for of in places.get("agency", {}).values() for key in of}
        for place, of_parts in places.items():
            if place == "total":
                continue
            for keys in of_parts.values():
                if place in _VICTIMS:
                    _add_victims(made, family, keys)
                    continue
                _add_sum(made, keys, [key._replace(place="total", group="total") for key in keys])
                if place == "month" and years:
                    above = [key._replace(place="year", group=_year(key.group)) for key in keys]
                    _add_sum(made, keys, above, rest=family[0] in YEAR_WITHOUT_MONTH)
                if place == "district" and any("/" in key.group for key in keys):
                    heads = [key.group.partition("/")[0] for key in keys]
                    if agencies.issuperset(heads):
                        above = [
                            key._replace(place="agency", group=head)
                            for key, head in zip(keys, heads, strict=True)
                        ]
                        _add_sum(made, keys, above)


def _year(month: str) -> str:
    return month[:_YEAR] if month[_YEAR : _YEAR + 1] == "-" else month


def _add_sum(made: System, keys: list[Key], above: list[Key], *, rest: bool = False) -> None:
    """Groups make up what is above them, or no more than it."""
    families: dict[Key, list[int]] = defaultdict(list)
    for key, whole in zip(keys, above, strict=True):
        families[whole].append(made.at[key])
    for whole, parts in families.items():
        total = _found(made, whole, parts)
        if rest:
            made.at_most(parts, [total])
        else:
            made.equal(parts, [total])


def _add_victims(made: System, family: tuple[str, str, str], keys: list[Key]) -> None:
    """Groups of victims make up the total, or where a thing has several victims no less than it."""
    total = made.at.get(keys[0]._replace(place="total", group="total"))
    if total is None:
        return
    groups = [made.at[key] for key in keys]
    if family[0] in ONE_VICTIM:
        made.equal(groups, [total])
        return
    made.at_most([total], groups)
    for one in groups:
        made.at_most([one], [total])


def _add_measures(made: System) -> None:
    """Measures of one place make up another, or are no more than it."""
    at = dict(made.at)
    places: dict[tuple[str, str], list[Key]] = defaultdict(list)
    for key in at:
        places[key.level, key.measure].append(key)
    for level, parts, whole in ADDS_UP:
        for key in places[level, whole]:
            found = [at.get(key._replace(measure=part)) for part in parts]
            told = [one for one in found if one is not None]
            # A measure that is not shown may be 0 there, or of a breakdown that is not made.
            if (
                len(told) == len(parts)
                or sum(made.values[one] for one in told) == made.values[at[key]] > 0
            ):
                made.equal(told, [at[key]])
    for big, *inside in AT_MOST:
        for key in places[big]:
            small = [key._replace(level=level, measure=measure) for level, measure in inside]
            there = [at[one] for one in small if one in at]
            # An incident counts in the group of any victim, a pair in that of its own.
            apart = key.place in _VICTIMS and {
                key.level in ONE_VICTIM,
                *(one.level in ONE_VICTIM for one in small),
            }
            if there and not (apart and len(apart) > 1):
                made.at_most(there, [at[key]])
    for within, *inner in OVERLAP:
        for key in places[within]:
            one, other, both = (
                at.get(key._replace(level=level, measure=measure)) for level, measure in inner
            )
            if one is not None and other is not None and both is not None:
                made.at_most([one, other], [at[key], both])
    _add_ages(made)


def _add_ages(made: System) -> None:
    """Victims under 18 are those of the groups of age under 18, where no age is missing."""
    whole = Key("victim", "under_18", "", "total", "total", "")
    groups = [whole._replace(measure="persons", place="victim_age", group=one) for one in UNDER_18]
    parts = [made.at[one] for one in groups if one in made.at]
    if whole in made.at and parts:
        _as_many(made, parts, [made.at[whole]])


def _add_definitions(made: System) -> None:
    """What one definition of a partner counts, another one counts too; both of the same things."""
    parts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for key, number in list(made.at.items()):
        if key.level in DEFINED and key.part and key.measure != "denominator":
            # First what is counted, then what is left open.
            parts[key.level][key.part].insert(0 if key.measure == "numerator" else 1, number)
    for told in parts.values():
        for pairs, reach in ((COUNT_ALIKE, 1), (REACH_ALIKE, 2)):
            for one, other in pairs:
                if told[one] and told[other]:
                    made.equal(told[one][:reach], told[other][:reach])
        for pairs, reach in ((COUNT_NO_MORE, 1), (REACH_NO_FURTHER, 2)):
            for big, small in pairs:
                if told[big] and told[small]:
                    made.at_most(told[small][:reach], told[big][:reach])
    incidents, victims, several, offenders = (parts[one] for one in DEFINED)
    for fewer, more in (
        (incidents, victims), (incidents, offenders), (victims, several), (offenders, several),
    ):  # fmt: skip
        for code, counts in fewer.items():
            for reach in (1, 2):
                if counts and more[code]:
                    made.at_most(counts[:reach], more[code][:reach])


def _add_steps(made: System) -> None:
    """Who went on to a further incident is at the next step; all steps are to a later incident."""
    steps: dict[str, dict[int, int]] = defaultdict(dict)
    for key, number in list(made.at.items()):
        if key.level == "step" and key.part:
            # From 1 to 2, and so on.
            steps[key.measure][int(key.part.split()[1])] = number
    there, further = steps["things"], steps["went_on"]
    for start, number in further.items():
        if start + 1 in there:
            made.equal([number], [there[start + 1]])
    whole = Key("offender", "", "", "total", "total", "")
    for measure, first in (("things", there), ("repeat", further)):
        every = made.at.get(whole._replace(measure=measure))
        if every is not None and 1 in first:
            made.equal([first[1]], [every])
    later = made.at.get(whole._replace(level="follower", measure="things"))
    if later is not None and further:
        _as_many(made, list(further.values()), [later])


def _as_many(made: System, parts: list[int], whole: list[int]) -> None:
    """Take in that some make up a whole where they do, else that they are no more."""
    if sum(made.values[one] for one in parts) == sum(made.values[one] for one in whole):
        made.equal(parts, whole)
    else:
        made.at_most(parts, whole)


def _add_changes(made: System) -> None:
    """Counts of a later and an earlier year are those of the figures of each year."""
    _add_areas(made)
    for key, number in list(made.at.items()):
        year, name = key.group, key.part
        if not year.isdigit():
            continue
        if key.level == "B12" and name in CHANGES:
            _same_year(made, number, key.measure, year, Key(*CHANGES[name], "", "year", "", ""))
        elif key.level == "tally_change":
            of = key._replace(level="tally_dir", measure="ipv")
            before = of._replace(group=str(int(year) - 1)) if key.measure == "before" else of
            named = key.part_name == "borough/district" and "unknown" not in key.part.split("/")
            if before in made.at and named:
                made.equal([number], [made.at[before]])
            elif before in made.at:
                made.at_most([number], [made.at[before]])


def _add_areas(made: System) -> None:
    """Published counts of the same named area are the same in each figure."""
    change: dict[tuple[str, str], list[int]] = defaultdict(list)
    for key, number in list(made.at.items()):
        if key.part_name == "borough/district" and "unknown" not in key.part.split("/"):
            if key.level == "tally_shared" and key.measure == "ipv":
                of = key._replace(level="tally_dir")
                if of in made.at:
                    made.equal([number], [made.at[of]])
            for name in ("felony_assault", "rape"):
                if key.level == f"tally_{name}" and key.measure == "ipv":
                    change[key.group, f"ipv_{name}"].append(number)
    for (year, name), parts in change.items():
        if not year.isdigit():
            continue
        for side, then in (("numerator", year), ("denominator", str(int(year) + 1))):
            number = made.at.get(Key("T05", side, "measure", "year", then, name), -1)
            if number >= 0:
                _as_many(made, [number], parts)


def _same_year(made: System, number: int, side: str, year: str, of: Key) -> None:
    group = year if side == "numerator" else str(int(year) - 1)
    other = of._replace(group=group)
    if other in made.at:
        made.equal([number], [made.at[other]])
