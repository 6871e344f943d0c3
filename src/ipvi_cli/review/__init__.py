"""The review room: what is undecided goes to a person, and what the person decided comes back."""

from ipvi_cli.review.agreement import Agreement, agree
from ipvi_cli.review.filled import Filled, Judge, check, named_pairs, read_filled
from ipvi_cli.review.kept import DECISIONS_SCHEMA, merge_decisions, read_decisions
from ipvi_cli.review.profile_words import with_words
from ipvi_cli.review.sample import draw, read_sample
from ipvi_cli.review.undecided import (
    PAIR,
    RELATIONSHIP,
    REVIEW_SCHEMA,
    SAMPLE,
    VALUE,
    blank_rows,
    count_undecided,
    undecided_pairs,
    undecided_ties,
    undecided_words,
)

__all__ = [
    "DECISIONS_SCHEMA",
    "PAIR",
    "RELATIONSHIP",
    "REVIEW_SCHEMA",
    "SAMPLE",
    "VALUE",
    "Agreement",
    "Filled",
    "Judge",
    "agree",
    "blank_rows",
    "check",
    "count_undecided",
    "draw",
    "merge_decisions",
    "named_pairs",
    "read_decisions",
    "read_filled",
    "read_sample",
    "undecided_pairs",
    "undecided_ties",
    "undecided_words",
    "with_words",
]
