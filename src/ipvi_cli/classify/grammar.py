"""Relationship texts that are in no list, read word by word.

A text is accepted only when every word of it has its place: a role, a status, a step or in-law, a third party, a
separator, or a filler. There is no search for key words. Order: a single tie, then a gloss in parentheses, then facts
that hold together (``;`` ``,`` ``&`` ``+`` AND), then alternatives (``/`` OR), then a general term made specific
(``FAMILY - BROTHER``). Words of doubt leave every tie open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ipvi_cli.classify import lists
from ipvi_cli.classify.combine import alternatives, made_specific, together
from ipvi_cli.classify.meaning import UNDETERMINED, Meaning, undetermined
from ipvi_cli.classify.normalise import fold, plain, without_lead
from ipvi_cli.classify.phrase import phrase
from ipvi_cli.classify.vocabulary import Lexeme, cut

_NUMBERED: Final = re.compile(r"^[(\[#]?\d{1,3}[)\]]?(?:\s*[-:.=)]+\s*|\s+)(?=[A-Z(])")
_NUMBER_LAST: Final = re.compile(r"\s*(?:[-:=]\s*\d{1,3}|[(\[]\s*\d{1,3}\s*[)\]])$")
_EITHER: Final = re.compile(r"^\(\s*EX\s*[-/]?\s*\)\s*-?\s*")
_CODED: Final = re.compile(r"^[(\[]?([A-Z0]{1,2})[)\]]?(\s*[-:=]+\s*|\s+|(?<=[)\]]))(.{3,})$")
_CODE_LAST: Final = re.compile(r"^(.{3,}?)\s*(?:[-:=]\s*([A-Z]{2})|[(\[]([A-Z]{2})[)\]])$")

_SHORTEST_TERM: Final = 2
"""Letters that it takes to be a term that what follows a dash makes specific: ``G-FRIEND`` is no friend."""

_SHORTEST_PLURAL: Final = 6
"""Letters from which on a final S makes a plural and not another code."""

_COMMON: Final = frozenset(("common_child",))

_NO_SPECIFIC: Final = frozenset(("IP", "NP"))
"""Short words that in a call nature mean in progress, and make no general term specific."""


def read(value: str) -> Meaning | None:
    """Say what a text means.

    Args:
        value: A cell, as written.

    Returns:
        What it means, or ``None`` when a word is left over.
    """
    text = plain(value)
    bare = _NUMBER_LAST.sub("", _NUMBERED.sub("", _EITHER.sub("CURRENT OR FORMER ", text)))
    return listed(bare) or _labelled(bare) or _resolved(cut(bare))


def listed(text: str) -> Meaning | None:
    """Look a text up as a whole, then without the words that say whose tie follows."""
    words = lists.words()
    key = fold(text)
    if key in words:
        return words[key]
    rest, whose = without_lead(key)
    found = words.get(rest)
    if found is None and len(rest) > _SHORTEST_PLURAL and rest.endswith("S"):
        found = words.get(rest[:-1])
    if found is not None and found.sense == "stated" and whose is not None:
        return replace(found, sense=whose)  # type: ignore[arg-type]
    return found


def _labelled(text: str) -> Meaning | None:
    """Read a code with its label; the label decides, and a label that its code denies leaves both open."""
    first, last = _CODED.match(text), _CODE_LAST.match(text)
    if last is not None and (first is None or not _coded(first[1])):
        code, label, joined = last[2] or last[3], last[1], True
    elif first is not None:
        code, label, joined = first[1], first[3], bool(first[2].strip())
    else:
        return None
    coded = _coded(code)
    initial = len(code) == 1 and label.startswith(code) and joined
    if not (coded or initial) or cut(text)[0].text.startswith(f"{code} "):
        return None
    found = listed(label) or _resolved(cut(label))
    if found is None or initial:
        return found
    if any(one.relationship_class == found.relationship_class for one in coded):
        return found
    if not joined:
        return None
    nibrs = lists.codes()["nibrs"].get(code)
    if nibrs is not None and found.relationship_class == UNDETERMINED:
        return made_specific(found, nibrs)
    return alternatives([found, coded[0]])


def _coded(code: str) -> list[Meaning]:
    return [one[code] for one in lists.codes().values() if code in one]


def _resolved(lexemes: Sequence[Lexeme]) -> Meaning | None:
    """Read a text that is in no list."""
    doubt = [one for one in lexemes if _doubts(one)]
    if doubt:
        rest = [one for one in lexemes if not _doubts(one)]
        if rest and _tied(rest) is None:
            return None
        return undetermined("ambiguous_term", rule="grammar:doubt")
    return _tied(lexemes)


def _doubts(lexeme: Lexeme) -> bool:
    return lexeme.separator == "doubt" or ("doubt" in lexeme.kinds and len(lexeme.kinds) == 1)


def _tied(lexemes: Sequence[Lexeme]) -> Meaning | None:
    """Read a text without doubt, the tightest reading first."""
    words = [one for one in lexemes if not one.separator]
    if not words:
        return None
    apart = {one.separator for one in lexemes}
    if not any(one.separator == "and" and not one.text for one in lexemes):
        found = listed(" ".join(one.text for one in lexemes if one.text))
        if found is not None:
            return found
    joined = "and" in apart and not _qualified(lexemes)
    if "alt" not in apart and not joined and not (apart & {"comma", "dash"} and _owned(words)):
        single = phrase(words)
        if single is not None:
            return single
    if "open" in apart:
        return _glossed(lexemes)
    for kinds, join in ((("and", "comma"), together), (("alt",), alternatives)):
        if apart & set(kinds):
            parts = [_tied(part) for part in _shared(_split(lexemes, kinds), kinds)]
            firm = [one for one in parts if one is not None]
            return join(firm) if len(firm) == len(parts) else None
    return _specified(lexemes)


def _qualified(lexemes: Sequence[Lexeme]) -> bool:
    """Say whether of facts that hold together all but one only say when the tie was: ``HUSBAND; LIVING APART``."""
    if not any("status" in one.kinds for one in lexemes):
        return False
    parts = _split(lexemes, ("and",))
    tied = [part for part in parts if not all("status" in one.kinds for one in part if one.text)]
    return len(parts) > len(tied) == 1


def _glossed(lexemes: Sequence[Lexeme]) -> Meaning | None:
    """Read ``A (B)``."""
    main: list[Lexeme] = []
    gloss: list[Lexeme] = []
    inside = False
    for one in lexemes:
        if one.separator in ("open", "close"):
            inside = one.separator == "open"
        else:
            (gloss if inside else main).append(one)
    return _both(main, gloss)


def _specified(lexemes: Sequence[Lexeme]) -> Meaning | None:
    """Read ``A - B`` at the first dash or hyphen at which both sides are understood."""
    for kind in ("dash", "soft"):
        for place, one in enumerate(lexemes):
            if one.separator == kind:
                found = _both(lexemes[:place], lexemes[place + 1 :])
                if found is not None:
                    return found
    return None


def _both(general: Sequence[Lexeme], special: Sequence[Lexeme]) -> Meaning | None:
    said = " ".join(one.text for one in general if one.text)
    if len(said) < _SHORTEST_TERM or any(one.text in _NO_SPECIFIC for one in special):
        return None
    first, second = _tied(general), _tied(special)
    if first is not None and not first.determinate:
        whole = listed(" ".join(one.text for one in (*special, *general) if one.text))
        if whole is not None and whole.determinate:
            return whole
    return made_specific(first, second) if first is not None and second is not None else None


def _split(lexemes: Sequence[Lexeme], kinds: Sequence[str]) -> list[list[Lexeme]]:
    parts: list[list[Lexeme]] = [[]]
    for one in lexemes:
        if one.separator in kinds:
            parts.append([])
        else:
            parts[-1].append(one)
    return [part for part in parts if not all(_says_nothing(one) for one in part)]


def _says_nothing(lexeme: Lexeme) -> bool:
    return len(lexeme.kinds) == 1 and not lexeme.kinds.keys().isdisjoint(("filler", "neutral"))


def _shared(parts: list[list[Lexeme]], kinds: Sequence[str]) -> list[list[Lexeme]]:
    """Give each part what it shares with its neighbours.

    ``FORMER / CURRENT WIFE`` shares the noun, ``FATHER / MOTHER IN LAW`` the in-law, ``EX HUSBAND / WIFE`` the status;
    of facts that hold together none says whether the other is past.
    """
    made = [list(part) for part in parts]
    for place in range(len(made) - 2, -1, -1):
        after = made[place + 1]
        bare = all(one.kinds.keys() & {"status", "kin", "ex"} for one in made[place])
        leads = bool(after and after[0].kinds.keys() & {"status", "kin"})
        if not (bare and any("role" in one.kinds or "ex" in one.kinds for one in after)):
            continue
        if (leads and not _headed(made[place])) or not _says_alone(made[place]):
            made[place] += [one for one in after if not one.kinds.keys() & {"status", "ex"}]
    last = [one for one in made[-1] if "in_law" in one.kinds.get("kin", ())]
    for part in made[:-1]:
        if last and _plain_kin(part):
            part.extend(last)
    shared = {"status", "kin", "ex"} if "alt" in kinds else {"kin"}
    before = [one for one in made[0][:1] if one.kinds.keys() & shared]
    for part in made[1:]:
        if before and _headed(made[0]) and _takes(part, before[0]):
            part[:0] = before
    return made


def _headed(lexemes: Sequence[Lexeme]) -> bool:
    return any("role" in one.kinds for one in lexemes)


def _says_alone(lexemes: Sequence[Lexeme]) -> bool:
    return any("ex" in one.kinds for one in lexemes)


def _plain_kin(lexemes: Sequence[Lexeme]) -> bool:
    """Say whether a part is a bare parent, child or sibling."""
    return len(lexemes) == 1 and bool(
        lexemes[0].kinds.get("role", frozenset()) & {"parent", "child", "sibling"}
    )


def _takes(lexemes: Sequence[Lexeme], before: Lexeme) -> bool:
    """Say whether a part that starts with its noun shares the word before the first part's noun."""
    if len(lexemes) != 1 or not lexemes[0].kinds.get("role", _COMMON) - _COMMON:
        return False
    return "kin" not in before.kinds or _plain_kin(lexemes)


def _owned(lexemes: Sequence[Lexeme]) -> bool:
    """Say whether a plural may be read as an owner."""
    heads = [place for place, one in enumerate(lexemes) if one.kinds.keys() & {"role", "ex"}]
    return any(lexemes[place].text.endswith("S") for place in heads[:-1])
