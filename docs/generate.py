"""Write the reference pages of this folder from the declarations: ``python docs/generate.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from ipvi_cli.model.classified import PARTNER_STATUSES, TIES
from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.model.tables import TABLES, metadata
from ipvi_cli.summarize import registry as figures
from ipvi_cli.summarize.figure import Figure
from ipvi_cli.validate import registry as rules
from ipvi_cli.validate.rule import Rule

HERE: Final = Path(__file__).parent

_MADE: Final = "Made from the declarations by `python docs/generate.py`; do not edit."

_GROUPS: Final = {
    "structure": "How files are built",
    "duplicate": "Rows and files that come twice",
    "type": "Values that cannot be read",
    "required": "Columns that must be there",
    "code-list": "Words and codes",
    "tally": "Published counts",
    "chronology": "Order of dates",
    "range": "Values out of range",
    "reference": "Records that belong together",
    "uniqueness": "Numbers given twice",
    "plausibility": "What ages and ties say of each other",
    "dv-flag": "The domestic violence flag against the tie",
    "completeness": "What is missing",
    "volume": "How much came, by month and agency",
    "heaping": "Values that stand in for unknown ones",
    "lag": "Time from occurrence to report",
    "filter": "What a publisher left out",
    "control": "The cover letter",
}


def rules_page() -> str:
    """Write the page of every rule."""
    known = {rule.group for rule in rules.RULES}
    lines = [
        "# Rules",
        "",
        _MADE,
        "",
        "What is looked at in every delivery. An **error** makes a number wrong or breaks a published rule; a"
        " **warning** is suspicious but possible; **info** should be known. `ipvi rules` prints this list, and a"
        " code never changes its meaning. How each one fails and passes is in `tests/validate/cases/`.",
    ]
    for group, title in _GROUPS.items():
        of_group = [rule for rule in rules.RULES if rule.group == group]
        if of_group:
            lines += ["", f"## {title}", *_flat(_rule(rule) for rule in of_group)]
    if known - set(_GROUPS):
        raise SystemExit(f"no title for the rule groups {sorted(known - set(_GROUPS))}")
    return _page(lines)


def _rule(rule: Rule) -> list[str]:
    place = ".".join(part for part in (rule.table, rule.column) if part)
    return [
        "",
        f"### {rule.code} {rule.name}",
        "",
        f"**{rule.severity}**{f' · `{place}`' if place else ''} · {rule.title}",
        "",
        f"- Why: {rule.why}",
        f"- How to mend: {rule.mend}",
        f"- Source: {rule.source}",
    ]


def figures_page() -> str:
    """Write the page of every figure."""
    lines = [
        "# Figures",
        "",
        _MADE,
        "",
        "What an audit counts. A share whose class may be undetermined has bounds (`lower`, `upper`): what it would be"
        " if none, or all, of the undetermined had the property. `ci_lower` and `ci_upper` are a sampling interval and"
        " serve comparison alone. A figure that the delivery does not allow says which column is missing."
        " `ipvi figures` prints this list.",
    ]
    kinds = {"A": "Quality of the data", "B": "Volume", "C": "Incidents", "T": "Published counts"}
    for letter, of_kind in groupby(figures.FIGURES, key=lambda figure: figure.figure_id[0]):
        lines += ["", f"## {kinds[letter]}", *_flat(_figure(figure) for figure in of_kind)]
    return _page(lines)


def _figure(figure: Figure) -> list[str]:
    needs = ", ".join(f"`{need.replace('|', '` or `')}`" for need in figure.needs) or "nothing"
    known = [
        "",
        f"### {figure.figure_id} {figure.title}",
        "",
        f"{figure.formula[0].upper()}{figure.formula[1:]}.",
        "",
        f"- Counts: {figure.unit}",
        f"- Broken down by: {', '.join(figure.breakdowns)}",
        f"- Needs: {needs}",
        f"- Small cells are withheld when published: {'yes' if figure.suppress else 'no'}",
        f"- Source: {figure.source}",
    ]
    return [*known, f"- Note: {figure.note}"] if figure.note else known


def codes_page() -> str:
    """Write the page of the classes, code systems and code lists."""
    lines = ["# Codes", "", _MADE, *_classes(), *_code_lists()]
    return _page(lines)


def _classes() -> list[str]:
    return [
        "",
        "## Kinds of intimate tie",
        "",
        f"`tie`: {_ticked(TIES)}, or the family or household kind. `partner_status`: {_ticked(PARTNER_STATUSES)};"
        " empty unless the pair is intimate.",
    ]


def _code_lists() -> list[str]:
    lines = [
        "",
        "## Short code lists",
        "",
        "Codes of NIBRS, and the words that are read as them whatever their case. A word that is not listed is not"
        " guessed: it is reported, and the profile can say what it means with `codes`.",
    ]
    for vocabulary, words in CODE_LISTS.items():
        columns = [
            f"`{table}.{column}`"
            for table in TABLES
            for column in TABLES[table].columns()
            if metadata(table, column).get("vocabulary") == vocabulary
        ]
        by_code: dict[str, list[str]] = {}
        for word, code in words.items():
            by_code.setdefault(code, []).append(word)
        rows = [(f"`{code}`", ", ".join(told)) for code, told in by_code.items()]
        lines += ["", f"### {vocabulary.replace('_', ' ').capitalize()} ({', '.join(columns)})", ""]
        lines += _table(("code", "words"), rows)
    return lines


PAGES: Final[dict[str, Callable[[], str]]] = {
    "rules.md": rules_page,
    "figures.md": figures_page,
    "codes.md": codes_page,
}
"""Each generated page by its file name."""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [
        *lines,
        *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows),
    ]


def _ticked(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _flat(parts: Iterable[list[str]]) -> list[str]:
    return [line for part in parts for line in part]


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name, write in PAGES.items():
        (HERE / name).write_text(write(), encoding="utf-8", newline="\n")
