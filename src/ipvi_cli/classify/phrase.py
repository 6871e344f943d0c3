"""One tie in words: ``EX GIRL FRIEND OF VICTIM``, ``MOTHERS NEW BOYFRIEND``, ``STEP SON``.

Every word must have its place, or the phrase means nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ipvi_cli.classify import lists
from ipvi_cli.classify.meaning import Meaning, Sense, undetermined
from ipvi_cli.classify.vocabulary import Lexeme, Role, roles

_ELDERS_AND_YOUNGERS: Final = ("grandparent", "grandchild", "uncle_aunt", "nephew_niece")
_BLOOD: Final = ("parent", "child", "sibling", "cousin", *_ELDERS_AND_YOUNGERS)

_KIN: Final[dict[str, dict[str, str]]] = {
    "step": {
        **dict.fromkeys((*_ELDERS_AND_YOUNGERS, "cousin"), "other_family"),
        **{name: f"step_{name}" for name in ("parent", "child", "sibling")},
    },
    "foster": {name: f"foster_{name}" for name in ("parent", "child", "sibling")},
    "half": {name: name for name in ("sibling", "uncle_aunt", "nephew_niece")},
    "grand": {
        "parent": "grandparent",
        "child": "grandchild",
        "uncle_aunt": "uncle_aunt",
        "nephew_niece": "nephew_niece",
    },
    "great": {name: name for name in _ELDERS_AND_YOUNGERS},
    "god": dict.fromkeys(("parent", "child", "sibling", "cousin"), "godparent"),
    "in_law": dict.fromkeys((*_BLOOD, "family", "in_law"), "in_law"),
}
"""What a kin word makes of a role; a pair that is not here means nothing."""

_HOUSED: Final = ("roommate", "boarder", "caregiver", "guardian", "ward")
"""Roles that living together says nothing new of."""


_COUPLED: Final = frozenset(("spouse", "dating", "partner"))
"""Roles that common law may be said of."""

_SAME_SEX: Final = frozenset(("SAME SEX", "GAY", "LESBIAN"))
"""Words that make an intimate partner of a partner of some kind."""

_OWNS: Final = ("HAVE", "HAS", "HAD", "TIENE", "TIENEN")
"""Words after which a child is somebody's own and no side of the pair."""


@dataclass(frozen=True)
class _Person:
    """One person of a phrase, with what is said of the tie to the one before."""

    role: Role
    status: str = ""
    household: bool = False

    @property
    def name(self) -> str:
        return "+".join(part for part in (self.status, self.role.name) if part)

    @property
    def former(self) -> bool:
        return self.status == "former" or self.role.name in ("ex", "ex_spouse", "ex_dating")


def phrase(lexemes: Sequence[Lexeme]) -> Meaning | None:
    """Read one tie.

    Args:
        lexemes: Words and phrases without separators.

    Returns:
        What it means, or ``None`` when a word has no place.
    """
    if not lexemes or not all(one.kinds for one in lexemes):
        return None
    spoken = [one for one in lexemes if not (_is_only(one, "article") or _is_only(one, "neutral"))]
    spoken = _common_child(spoken)
    if any(one.text in _OWNS for one in spoken) and any(_is_child(one) for one in spoken):
        return None
    rest, whose = _without_parties(spoken)
    chain = _chain(rest)
    if not chain:
        alone = " ".join(one.text for one in rest)
        return lists.words().get(alone) if alone and rest != spoken else None
    meaning = _alone(chain[0]) if len(chain) == 1 else _through(chain)
    if meaning is not None and whose and meaning.sense == "stated":
        meaning = replace(meaning, sense=whose)
    return meaning


def _common_child(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Take a child that somebody has WITH the other, or that they SHARE or have TOGETHER, as theirs."""
    found = list(lexemes)
    for place, after in enumerate(lexemes[1:]):
        if _is_child(found[place]) and after.text in ("WITH", "CON"):
            found[place] = _as_role(found[place], "common_child")
        elif "shared" in found[place].kinds and _is_child(after):
            found[place + 1] = _as_role(after, "common_child")
        elif _is_child(found[place]) and "shared" in after.kinds:
            found[place] = _as_role(found[place], "common_child")
    common = any("common_child" in one.kinds.get("role", ()) for one in found)
    return [one for one in found if "shared" not in one.kinds] if common else found


def _as_role(lexeme: Lexeme, role: str) -> Lexeme:
    return replace(lexeme, kinds={"role": frozenset((role,))})


def _is_child(lexeme: Lexeme) -> bool:
    return bool(lexeme.kinds.get("role", frozenset()) & {"child", "baby", "step_child"})


def _without_parties(lexemes: list[Lexeme]) -> tuple[list[Lexeme], Sense | None]:
    """Take off who is spoken of: ``VICTIM WAS ...``, ``VICTIMS ...``, ``... OF VICTIM``, ``... OF VICTIMS ...``."""
    whose: Sense | None = None
    rest = list(lexemes)
    if len(rest) > 1 and "party" in rest[0].kinds and "copula" in rest[1].kinds:
        whose, rest = _party(rest[0]), rest[2:]
    if len(rest) > 1 and "party" in rest[-1].kinds:
        if {"of", "to"} & set(rest[-2].kinds):
            whose, rest = whose or _other(rest[-1]), rest[:-2]
        elif rest[-2].text.endswith((" TO", " WITH", " FROM", " DATE", "DATED", "DATING")):
            rest = rest[:-1]
    for place, one in enumerate(rest):
        first = place == 0 or _is_only(rest[place - 1], "of")
        if first and "party" in one.kinds and one.text.endswith("S"):
            whose, rest = whose or _other(one), rest[:place] + rest[place + 1 :]
            break
    while rest and ({"copula", "pronoun"} & set(rest[0].kinds) or _is_only(rest[0], "filler")):
        rest = rest[1:]
    while len(rest) > 1 and {"filler", "to"} & set(rest[-1].kinds):
        rest = rest[:-1]
    return rest, whose


def _party(lexeme: Lexeme) -> Sense:
    return "victim" if lexeme.value("party") == "victim" else "offender"


def _other(lexeme: Lexeme) -> Sense:
    return "offender" if lexeme.value("party") == "victim" else "victim"


def _chain(lexemes: Sequence[Lexeme]) -> list[_Person]:
    """Give the persons from the nearest to the one who is the other side of the pair; empty when not understood."""
    pieces: list[list[Lexeme]] = [[]]
    for one in lexemes:
        if _is_only(one, "of"):
            pieces.append([])
        elif not (_is_only(one, "pronoun") and not pieces[-1]):
            pieces[-1].append(one)
    chain: list[_Person] = []
    for piece in reversed(pieces):
        persons = _persons(piece)
        if not persons:
            return []
        chain.extend(persons)
    return chain


def _persons(lexemes: Sequence[Lexeme]) -> list[_Person]:
    """Cut ``EX WIFES NEW BOYFRIEND`` behind each owner."""
    groups: list[list[Lexeme]] = [[]]
    for place, one in enumerate(lexemes):
        groups[-1].append(one)
        owner = "role" in one.kinds or one.text == "EXS" or "in_law" in one.kinds.get("kin", ())
        if (
            owner
            and one.text.endswith("S")
            and any(_heads(other) for other in lexemes[place + 1 :])
        ):
            groups.append([])
    persons = [_person(group) for group in groups]
    return [one for one in persons if one is not None] if all(persons) else []


def _heads(lexeme: Lexeme) -> bool:
    return "role" in lexeme.kinds or "ex" in lexeme.kinds


def _person(lexemes: Sequence[Lexeme]) -> _Person | None:
    lexemes = _in_laws(_as_spouses(lexemes))
    heads = [place for place, one in enumerate(lexemes) if "role" in one.kinds]
    # A word that may be a role or describe one (TWIN, FAMILY) is the role only when it is the last.
    describing = [place for place in heads[:-1] if "adjective" in lexemes[place].kinds]
    heads = [place for place in heads if place not in describing]
    if len(heads) > 1:
        return None
    if not heads:
        return _ex_alone(lexemes)
    named = lexemes[heads[0]].value("role")
    status, household = "", False
    around = [one for place, one in enumerate(lexemes) if place != heads[0]]
    if named == "partner" and any(one.text in _SAME_SEX for one in around):
        named = "same_sex_partner"
    role: Role | None = roles()[named]
    kin = [one for one in around if "kin" in one.kinds]
    for one in reversed(kin):
        made = _KIN[one.value("kin")].get(role.name) if role is not None else None
        role = roles()[made] if made else None
    if role is None:
        return None
    for one in around:
        if "kin" in one.kinds:
            continue
        if one.text == "X" and role.group != "partner":
            return None
        if "ex" in one.kinds:
            status = "either" if status == "current" else "former"
        elif "status" in one.kinds and (role.group == "partner" or not _apart(one)):
            status = _with(status, one.value("status"))
        elif "household" in one.kinds:
            household = True
        elif not _fits(one, role):
            return None
    return _Person(role, status, household)


def _as_spouses(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Take a partner of common law, or one lived with AS a spouse, as one role: ``COMMON LAW HUSB``."""
    found = list(lexemes)
    for place in range(len(found) - 1, 0, -1):
        before, role = found[place - 1], found[place].kinds.get("role", frozenset())
        lived = "as" in before.kinds and place > 1 and "household" in found[place - 2].kinds
        if (lived and "spouse" in role) or (
            "common_law" in before.kinds.get("role", ()) and role & _COUPLED
        ):
            found[place - 1 : place + 1] = [_as_role(found[place], "common_law")]
    return found


def _in_laws(lexemes: Sequence[Lexeme]) -> list[Lexeme]:
    """Take IN LAWS that nothing else is said of as a role: ``EX IN LAWS``."""
    if any("role" in one.kinds for one in lexemes):
        return list(lexemes)
    return [
        _as_role(one, "in_law") if "in_law" in one.kinds.get("kin", ()) else one for one in lexemes
    ]


def _ex_alone(lexemes: Sequence[Lexeme]) -> _Person | None:
    """Read ``EX`` or ``DIVORCED`` without a noun."""
    alone = [one for one in lexemes if "ex" in one.kinds and one.text != "X"]
    rest = [one for one in lexemes if one not in alone]
    if len(alone) != 1 or not all(
        {"status", "household", "neutral"} & set(one.kinds)
        or {"any", "partner"} & one.kinds.get("adjective", frozenset())
        for one in rest
    ):
        return None
    return _Person(
        roles()[alone[0].value("ex")], household=any("household" in one.kinds for one in rest)
    )


def _apart(lexeme: Lexeme) -> bool:
    return "apart" in lexeme.kinds["status"]


def _is_only(lexeme: Lexeme, kind: str) -> bool:
    return set(lexeme.kinds) == {kind}


def _with(status: str, more: str) -> str:
    if more == "apart":
        return status or "apart"
    if {status, more} == {"current", "former"}:
        return "either"
    return more if status in ("", "apart", "current") else status


def _fits(lexeme: Lexeme, role: Role) -> bool:
    if "filler" in lexeme.kinds:
        return True
    groups = lexeme.kinds.get("adjective", frozenset())
    kin = role.group in ("parent", "child", "sibling", "kin")
    return "any" in groups or ("kin" if kin else role.group) in groups


def _alone(person: _Person) -> Meaning | None:
    """Read the tie of a pair with no third party between."""
    role, meaning = person.role, person.role.now
    if role.name == "partner" and person.household and person.status != "former":
        meaning = roles()["dating"].now
    elif person.household and role.group == "known" and role.name not in _HOUSED:
        candidates = ("intimate_partner", "other_domestic", "known_not_domestic")
        meaning = undetermined("ambiguous_term", candidates)
    elif person.status == "former":
        meaning = role.former
    if meaning is None:
        return None
    rule = f"grammar:{person.name}{'+household' if person.household else ''}"
    if person.status == "either" and role.group == "partner" and meaning.determinate:
        return replace(meaning, partner_status="either", nibrs_code=None, rule=rule)
    return replace(meaning, rule=rule)


def _through(chain: Sequence[_Person]) -> Meaning | None:
    """Read a tie through third parties, from the nearest on."""
    rule = "grammar:" + ">".join(person.name for person in chain)
    near = chain[0]
    found: Meaning | None = None
    for person in chain[1:]:
        found = _step(near, person)
        if found is None:
            return None
        near = _Person(_standing(found))
    return replace(found, rule=rule) if found is not None else None


def _standing(meaning: Meaning) -> Role:
    """Say what the person reached counts as for the next step."""
    if meaning.relationship_class == "intimate_partner":
        return roles()["ex"]
    if meaning.relationship_class == "other_family":
        return roles()["other_family"]
    return roles()["acquaintance"]


def _step(near: _Person, far: _Person) -> Meaning | None:
    """Say what somebody's somebody is."""
    owner, group = near.role.group, far.role.group
    words = lists.words()
    if not owner or not group:
        return None
    if owner == "known" or group == "known":
        return words["NEW PARTNER OF EX"]
    if owner == "partner":
        if group == "partner":
            return words["NEW PARTNER OF EX"]
        if group == "child":
            stepped = near.role.name == "spouse" and not near.former
            return words["STEP CHILD" if stepped else "CHILD OF PARTNER"]
        wed = near.role.name in ("spouse", "ex_spouse", "common_law", "domestic_partner")
        return (
            words["IN LAW"]
            if wed
            else replace(words["OTHER FAMILY"], tie="partners_family", nibrs_code=None)
        )
    if owner == "child" and group == "parent":
        own = near.role.name in ("child", "baby", "common_child") and far.role.name == "parent"
        return words["CHILD IN COMMON"] if own else None
    if group == "partner":
        name = "parents_partner" if owner == "parent" else "family_members_partner"
        return replace(
            words["MOTHERS BOYFRIEND"],
            tie=name,
            sense="stated" if owner == "parent" else "symmetric",
        )
    return words["OTHER FAMILY"]
