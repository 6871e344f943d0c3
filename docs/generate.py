"""Write the reference pages of this folder from the declarations: ``python docs/generate.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import typer

from ipvi_cli.classify import lists
from ipvi_cli.classify.meaning import CLASSES as SHORT_NAMES
from ipvi_cli.classify.rollup import LEFT_OUT, REASONS
from ipvi_cli.classify.word_grammar import read_entries
from ipvi_cli.cli.app import app
from ipvi_cli.ingest.nibrs.segments import LEVELS
from ipvi_cli.model.classified import PARTNER_STATUSES
from ipvi_cli.model.codelists import CODE_LISTS
from ipvi_cli.model.definitions import DEFINITIONS
from ipvi_cli.model.meanings import meanings
from ipvi_cli.model.nibrs_layout import LAYOUT, Field
from ipvi_cli.model.outputs import OUTPUTS
from ipvi_cli.model.profile_sources import mappable_columns
from ipvi_cli.model.tables import TABLES, TRACE_COLUMNS, metadata
from ipvi_cli.summarize import registry as figures
from ipvi_cli.summarize.figure import Figure
from ipvi_cli.validate import registry as rules
from ipvi_cli.validate.published import PUBLISHED, judged_by
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
    kinds = {
        "A": "Quality of the data", "B": "Volume", "C": "Incidents", "D": "Repeat and concentration",
        "E": "History of offenders", "F": "Homicide", "G": "Response of the justice system", "H": "Levels",
        "I": "Totals of partners", "J": "Equity", "S": "Other definitions", "T": "Published counts",
    }  # fmt: skip
    for letter, of_kind in groupby(figures.FIGURES, key=lambda figure: figure.figure_id[0]):
        lines += ["", f"## {kinds[letter]}", *_flat(_figure(figure) for figure in of_kind)]
        if letter == "S":
            lines += _definitions()
    return _page(lines)


def _definitions() -> list[str]:
    cells = [(f"`{one.code}`", one.title, one.text, one.source) for one in DEFINITIONS]
    return [
        "",
        "Who counts:",
        "",
        *_table(("group", "definition", "what it counts", "source"), cells),
    ]


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


_SYSTEMS: Final = {
    "nibrs": "NIBRS, data element 35: what the victim was to the offender",
    "shr": "Supplementary Homicide Reports: what the victim was to the offender",
    "ncic": "NCIC, misdemeanor crime of domestic violence: what the defendant was to the victim",
    "ndex": "N-DEx, beside the NIBRS words",
    "cibrs": "California CIBRS: what the victim was to the offender",
    "librs": "Louisiana LIBRS, beside the NIBRS codes",
}


def codes_page() -> str:
    """Write the page of the classes, code systems and code lists."""
    lines = ["# Codes", "", _MADE, *_classes(), *_relationship_codes(), *_relationship_words()]
    lines += [*_site_codes(), *_code_lists(), *_statutes(), *_columns()]
    return _page(lines)


def _classes() -> list[str]:
    statuses = _ticked(PARTNER_STATUSES)
    return [
        *_meanings("class", "Classes of pairs and incidents"),
        *_meanings(
            "reason",
            "Reasons",
            "Why a pair or incident is undetermined or not applicable, and why a person has a candidate level. An"
            f" incident gives the first of {_ticked([*REASONS, *LEFT_OUT])} that one of its pairs has.",
        ),
        *_meanings("basis", "Evidence", "What decided a pair (`basis`), the strongest first."),
        *_meanings(
            "conflict", "Conflicts", "What speaks against the class of a pair (`conflict`)."
        ),
        *_meanings(
            "tie", "Ties", f"`partner_status`: {statuses}; empty unless the pair is intimate."
        ),
        *_meanings("level", "Candidate levels"),
    ]


def _meanings(kind: str, title: str, more: str = "") -> list[str]:
    cells = [(f"`{one.code}`", one.text, one.source) for one in meanings(kind).values()]
    return [
        "",
        f"## {title}",
        "",
        *([more, ""] if more else []),
        *_table((kind, "meaning", "source"), cells),
    ]


def _relationship_codes() -> list[str]:
    lines = [
        "",
        "## Relationship codes",
        "",
        "The same two letters mean different people in different systems, so a column says which one it is of"
        " (`code_system`). Lists of a state or a federal system beside NIBRS are looked up first, then NIBRS.",
    ]
    rows = list(lists.rows("relationship_codes.csv"))
    for system in dict.fromkeys(row["code_system"] for row in rows):
        cells = [
            (
                f"`{row['code']}`",
                _class_of(row),
                row["tie"] or row["reason"],
                row["nibrs_code"],
                row["source"],
            )
            for row in rows
            if row["code_system"] == system
        ]
        lines += ["", f"### {_SYSTEMS[system]} (`{system}`)", ""]
        lines += _table(("code", "class", "tie or reason", "NIBRS", "source"), cells)
    return lines


def _relationship_words() -> list[str]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in lists.rows("relationship_words.csv"):
        grouped.setdefault((_class_of(row), row["tie"] or row["reason"]), []).append(row["words"])
    cells = [(of_class, tie, ", ".join(words)) for (of_class, tie), words in grouped.items()]
    return [
        "",
        "## Relationship words",
        "",
        "Read whatever their case, accents, hyphens, slashes, commas and stops. A word that is not listed is unmapped;"
        " nothing is guessed. `[site_words.relationship]` in the profile wins over this list.",
        "",
        *_table(("class", "tie or reason", "words"), cells),
    ]


def _class_of(row: dict[str, str]) -> str:
    named = f"`{SHORT_NAMES.get(row['class'], row['class'])}`"
    candidates = [SHORT_NAMES[name] for name in row["candidates"].split()]
    return f"{named}: {_ticked(candidates)}" if candidates else named


def _site_codes() -> list[str]:
    lines = [
        "",
        "## Offences, weapons, injuries, dispositions and calls",
        "",
        "What words of these kinds map to. `ipvi crosswalk FILE --kind offense` says what each word of a list maps to,"
        " and why; `[site_words]` in the profile wins.",
    ]
    for kind in ("offense", "weapon", "injury", "disposition", "call"):
        named: dict[str, list[str]] = {}
        for entry in read_entries(kind):
            if entry.system in ("nibrs", "group") and entry.role in ("code", "name"):
                for code in entry.means:
                    held = named.setdefault(code, [])
                    held.extend(entry.words[:1] if entry.role == "name" and not held else ())
        cells = [(f"`{code}`", ", ".join(words).capitalize()) for code, words in named.items()]
        lines += ["", f"### {kind.capitalize()}", ""]
        if any(words for words in named.values()):
            lines += _table(("code", "name"), cells)
        else:
            lines += [f"{_ticked(named)}."]
    return lines


def _statutes() -> list[str]:
    cells = [
        (row["state"], row["pattern"], row["implies"], row["gist"], row["source"])
        for row in lists.rows("statutes.csv")
    ]
    return [
        "",
        "## Statutes",
        "",
        "Sections whose victims are intimate partners alone (`yes`), others beside them (`any`), or nobody in"
        " particular (`none`). A charge decides only under a section that `[statutes]` in the profile confirms; laws"
        " change.",
        "",
        *_table(("state", "section", "implies partners", "what it says", "source"), cells),
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


def _columns() -> list[str]:
    lines = [
        "",
        "## Canonical columns",
        "",
        f"Every table also has {_ticked(TRACE_COLUMNS)}. Columns marked *identifying* lie in `restricted/identity/`"
        " alone; those marked *derived* are made while reading, and a profile does not map them.",
    ]
    for table in TABLES:
        cells = []
        for name, column in TABLES[table].columns().items():
            if name in TRACE_COLUMNS:
                continue
            meta = metadata(table, name)
            marks = ["identifying"] if meta.get("identifying") else []
            marks += [] if name in mappable_columns(table) else ["derived"]
            cells.append((f"`{name}`", str(column.dtype), meta["description"], ", ".join(marks)))
        lines += ["", f"### {table}", ""]
        lines += _table(("column", "type", "meaning", ""), cells)
    return lines


def edits_page() -> str:
    """Write the page of the FBI's published edits."""
    judged = judged_by(rules.RULES)
    names = {rule.code: rule.name for rule in rules.RULES}
    count = sum(one.number in judged for one in PUBLISHED)
    cells = [
        (
            one.number,
            one.gist,
            ", ".join(f"{code} {names[code]}" for code in judged.get(one.number, ())),
            one.why_not,
        )
        for one in PUBLISHED
    ]
    return _page(
        [
            "# NIBRS edits",
            "",
            _MADE,
            "",
            f"The FBI's published edits by number: {count} of {len(PUBLISHED)} are judged. Rules on canonical tables"
            " judge every delivery; those on segments judge NIBRS flat files and XML, and published bundles as far as"
            " these have the elements. No finding drops a row. Messages name the edit's number and the data element."
            " Where 1,000 segments and more than half of a level fail the same edit, there is one finding for all.",
            "",
            *_table(("edit", "what it asks", "rules", "why it is not judged"), cells),
        ]
    )


def commands_page() -> str:
    """Write the page of every command, as its help tells it, and of the exit codes."""
    lines = ["# Commands", "", _MADE, ""]
    lines += [
        "`ipvi COMMAND --help` says the same. Data go to standard output, messages and progress to standard error;"
        " `-` reads standard input where one file is expected. Options that every command has stand once, at the end.",
    ]
    group: Any = typer.main.get_command(app)
    panels = groupby(
        group.list_commands(None), key=lambda name: group.get_command(None, name).rich_help_panel
    )
    every = _options_of_all([group.get_command(None, name) for name in group.list_commands(None)])
    for panel, names in panels:
        lines += ["", f"## {panel}"]
        lines += _flat(_command(name, group.get_command(None, name), every) for name in names)
    lines += ["", "## Options of every command", "", *_parameters(every.values())]
    readme = (HERE.parent / "README.md").read_text(encoding="utf-8")
    codes = readme.split("### Exit codes\n")[1].split("\n## ")[0]
    return _page([*lines, "", "## Exit codes", "", codes.strip()])


def _options_of_all(commands: Sequence[Any]) -> dict[str, Any]:
    shared = set.intersection(*({_told(one) for one in command.params} for command in commands))
    return {_told(one): one for one in commands[0].params if _told(one) in shared}


def _told(parameter: Any) -> str:
    return f"{parameter.name}: {parameter.help}"


def _command(name: str, command: Any, every: Mapping[str, Any]) -> list[str]:
    own = [one for one in command.params if not one.hidden and _told(one) not in every]
    usage = " ".join(_usage(one) for one in own if one.param_type_name == "argument")
    examples = [line.strip() for line in command.epilog.splitlines()[1:]]
    return [
        "",
        f"### ipvi {name}",
        "",
        f"`ipvi {name} [OPTIONS] {usage}".rstrip() + "`",
        "",
        command.help,
        "",
        *_parameters(own),
        "",
        "```text",
        *examples,
        "```",
    ]


def _usage(argument: Any) -> str:
    named = str(argument.metavar or argument.name.upper()) + ("…" if argument.nargs == -1 else "")
    return named if argument.required else f"[{named}]"


def _parameters(parameters: Iterable[Any]) -> list[str]:
    cells = []
    for one in parameters:
        if one.param_type_name == "argument":
            named = f"`{_usage(one)}`"
        else:
            named = _ticked([*one.opts, *one.secondary_opts])
        held = "" if one.param_type_name == "argument" or one.is_flag else one.metavar or ""
        variable = f" Variable: `{one.envvar}`." if one.envvar else ""
        # The help's "<name>" is no tag.
        meaning = (one.help or "").replace("<", "&lt;")
        cells.append((f"{named} {held}".strip(), f"{meaning}{variable}"))
    return _table(("argument or option", "meaning"), cells) if cells else []


def workspace_page() -> str:
    """Write the page of the files that a workspace may hold."""
    tables = [
        (f"`tables/{name}.parquet`", TABLES[name].__doc__.strip().splitlines()[0])
        for name in TABLES
    ]
    lines = [
        "# Files of a workspace",
        "",
        _MADE,
        "",
        "A workspace is one confidential folder: 0700, its files 0600 from their creation. It appears whole or not at"
        " all. Nothing outside `restricted/` holds a name, birth date, address, telephone number or narrative."
        " `manifest.json` gives the version, the hashes of profile and rules, each input with its rows and their"
        " fates, and each output with its hash. `ipvi schema --out schemas` writes all of this as JSON Schema and as a"
        " Frictionless data package.",
        "",
        "## Canonical tables",
        "",
        "Their columns are in [codes and columns](codes.md#canonical-columns).",
        "",
        *_table(("file", "one row is"), tables),
    ]
    for output in OUTPUTS.values():
        cells = [
            (f"`{name}`", str(kind), output.meanings[name]) for name, kind in output.types.items()
        ]
        lines += ["", f"## {output.path}", "", output.description, ""]
        lines += _table(("column", "type", "meaning"), cells)
    return _page(lines)


def nibrs_page() -> str:
    """Renew the table of data elements in the page about NIBRS, and keep what stands around it."""
    before, rest = (HERE / "nibrs.md").read_text(encoding="utf-8").split(_ELEMENTS_BEGIN)
    after = rest.split(_ELEMENTS_END)[1]
    cells = [
        (
            str(level),
            element.number or "–",
            element.title,
            _position(LAYOUT[name][element.name], element.slots),
            f"`{element.column}`" if element.column else "not kept",
        )
        for level, (name, elements) in enumerate(LEVELS.items())
        for element in elements
    ]
    table = _table(("level", "element", "what it says", "position", "column"), cells)
    lines = [_ELEMENTS_BEGIN, "", *table, "", _ELEMENTS_END]
    return before + "\n".join(lines) + after


_ELEMENTS_BEGIN: Final = "<!-- made by docs/generate.py -->"
_ELEMENTS_END: Final = "<!-- end of what is made -->"


def _position(at: Field, slots: int) -> str:
    last = at.start + at.width - 1
    span = str(at.start) if at.width == 1 else f"{at.start}–{last}"
    return span if slots == 1 else f"{span}, {slots} times"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "rules.md": rules_page,
    "figures.md": figures_page,
    "codes.md": codes_page,
    "nibrs-edits.md": edits_page,
    "commands.md": commands_page,
    "workspace.md": workspace_page,
    "nibrs.md": nibrs_page,
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
