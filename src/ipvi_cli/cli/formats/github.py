"""Workflow commands of GitHub Actions: a log line that becomes an annotation.

GitHub shows ten annotations of each kind for a step, so there is one for each rule and file, which counts its
findings; every line is in the log.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

import polars as pl

from ipvi_cli.cli.formats.report import Report, file_of
from ipvi_cli.cli.text import plural, visible
from ipvi_cli.model.finding import SEVERITIES

_KINDS: Final = {"error": "error", "warning": "warning", "info": "notice"}
_FIRST_ROWS: Final = 5


def github(report: Report) -> bytes:
    """Write an annotation for each rule and file, for each source that was not read, and for what is accepted."""
    lines = [command("error", visible(line), title="Not read") for line in report.failures]
    rules = {row["code"]: row for row in report.rules.iter_rows(named=True)}
    for row in _by_rule_and_file(report.new).iter_rows(named=True):
        rule = rules.get(row["code"], {"name": "", "mend": ""})
        words = [f"{row['message']}{_more(row['count'], row['rows'])}", rule["mend"]]
        lines.append(
            command(
                _KINDS[row["severity"]],
                "\n".join(visible(line) for line in words if line),
                file=_on_disk(row["source_file"], report.folder),
                line=row["source_row"],
                title=f"{row['code']} {rule['name']}".strip(),
            )
        )
    if report.accepted:
        told = f"{plural(report.accepted, 'finding is', 'findings are')} on the list of accepted findings."
        lines.append(command("notice", told, title="Accepted findings"))
    return "".join(f"{line}\n" for line in lines).encode()


def command(kind: str, message: str, **properties: str | int | None) -> str:
    """Write a workflow command.

    Args:
        kind: ``error``, ``warning`` or ``notice``.
        message: What to say; may have several lines.
        properties: ``file``, ``line`` and ``title``; those without a value are left out.
    """
    given = [
        f"{name}={_escaped_property(visible(str(value)))}"
        for name, value in properties.items()
        if value is not None
    ]
    return f"::{kind}{' ' if given else ''}{','.join(given)}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _by_rule_and_file(findings: pl.DataFrame) -> pl.DataFrame:
    return (
        findings.group_by("severity", "code", "source_file", maintain_order=True)
        .agg(
            pl.len().alias("count"),
            pl.col("source_row").first(),
            pl.col("source_row").drop_nulls().head(_FIRST_ROWS).alias("rows"),
            pl.col("message").first(),
        )
        .sort(
            pl.col("severity").cast(pl.Enum(SEVERITIES)), "code", "source_file", maintain_order=True
        )
    )


def _more(count: int, rows: list[int]) -> str:
    if count == 1:
        return ""
    first = f", first rows {', '.join(map(str, rows))}" if rows else ""
    return f" ({count:,} such findings here{first})"


def _on_disk(source_file: str | None, folder: PurePath | None) -> str | None:
    if source_file is None:
        return None
    file = file_of(source_file)
    return file if folder is None else (folder / file).as_posix()
