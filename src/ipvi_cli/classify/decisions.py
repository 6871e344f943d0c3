"""What a person may decide about a word or a pair, and whether two words are one."""

from __future__ import annotations

from ipvi_cli.classify.crosswalk import relationship_crosswalk, site_meaning, site_targets
from ipvi_cli.classify.normalise import fold
from ipvi_cli.classify.site_codes import load_site_crosswalk, site_codes
from ipvi_cli.classify.site_words import tokens
from ipvi_cli.model.errors import InputError

RELATIONSHIP = "relationship"


def decision_words(kind: str) -> tuple[str, ...]:
    """List what a word of a kind may be decided to mean; pairs are decided as relationship words are."""
    return site_targets() if kind == RELATIONSHIP else site_codes(kind)


def decision_fault(kind: str, decision: str) -> str | None:
    """Say how to mend a decision that the profile would not take; never what was written, which may be a shifted cell.

    Args:
        kind: Kind of words.
        decision: What a person wrote.

    Returns:
        ``None`` where there is nothing to mend.
    """
    try:
        if kind == RELATIONSHIP:
            relationship_crosswalk({"": decision})
        else:
            load_site_crosswalk(kind, overrides={"": decision})
    except InputError as error:
        return error.mend
    return None


def decided_class(decision: str) -> str:
    """Give the class of a decision about a pair.

    Raises:
        InputError: It is no relationship.
    """
    return site_meaning(decision).relationship_class


def word_key(kind: str, word: str) -> str:
    """Give the form in which two spellings of one word are the same for the crosswalk of a kind."""
    return fold(word) if kind == RELATIONSHIP else " ".join(tokens(word))
