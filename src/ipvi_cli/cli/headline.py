"""The one sentence that an audit is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipvi_cli.cli.text import percent, plural, span

if TYPE_CHECKING:
    from ipvi_cli.pipeline import Audit


def headline_lines(audit: Audit) -> list[str]:
    """Say what share of the incidents was intimate partner, as far as the data let one say it.

    Args:
        audit: What was counted.

    Returns:
        The sentence, then what a reader must know with it. Up to a tenth undetermined the share stands first, up to
        a quarter the range, above that there is no single figure.
    """
    head = audit.headline
    mark = "" if audit.complete else "INCOMPLETE, a source is missing or unreadable: "
    if head is None:
        return [f"{mark}The delivery holds counts only; the tables below sum them up."]
    words = audit.denominator_words
    known = head.denominator - head.undetermined
    bounds = span(head.share_lower, head.share_upper)
    if head.denominator == 0:
        return [f"{mark}No {words}: nothing can be said."]
    if known == 0:
        return [
            f"{mark}Nothing can be said about {head.denominator:,} {words}: ask for the relationship column.",
            "The relationship of victim and offender is undetermined in every one of them.",
        ]
    split = (
        f"{plural(head.undetermined, 'incident')} of {head.denominator:,} undetermined"
        f" ({percent(head.undetermined / head.denominator)})"
    )
    assumed = "The share among known ties assumes that unknown ties split like known ones."
    if head.lead == "known_only" and not head.undetermined:
        return [
            f"{mark}{head.intimate_partner:,} of {head.denominator:,} {words}, {percent(head.share)} {bounds}, were"
            " intimate partner"
        ]
    if head.lead == "known_only":
        return [
            f"{mark}{head.intimate_partner:,} of {known:,} {words} with a known tie, {percent(head.share)} {bounds},"
            " were intimate partner",
            f"In brackets the range over all; {split}. {assumed}",
        ]
    between = f"{percent(head.share_lower)} and {percent(head.share_upper)}"
    if head.lead == "range":
        return [
            f"{mark}Between {between} of {head.denominator:,} {words} were intimate partner"
            f" ({percent(head.share)} of the {known:,} with a known tie)",
            f"{split}. {assumed}",
        ]
    return [
        f"{mark}No single figure: between {between} of {head.denominator:,} {words} were intimate partner",
        f"{split}, too many for a share. The table of reasons says what to ask for.",
    ]
