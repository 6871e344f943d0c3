"""The explain room: declarations and the rows of one incident give an account that a person can follow."""

from ipvi_cli.explain.declared import (
    explain_definition,
    explain_figure,
    explain_finding,
    explain_meaning,
    explain_rule,
)
from ipvi_cli.explain.explanation import Explanation
from ipvi_cli.explain.record import Record, explain_record
from ipvi_cli.explain.subject import Subject, find_subject, unknown
from ipvi_cli.explain.word import explain_word

__all__ = [
    "Explanation",
    "Record",
    "Subject",
    "explain_definition",
    "explain_figure",
    "explain_finding",
    "explain_meaning",
    "explain_record",
    "explain_rule",
    "explain_word",
    "find_subject",
    "unknown",
]
