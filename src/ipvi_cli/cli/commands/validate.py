"""``ipvi validate``: findings, and an exit code for a pipeline that checks extracts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command

if TYPE_CHECKING:
    from ipvi_cli.pipeline import Audit


@command(
    Panel.STAGES,
    2,
    "ipvi validate DELIVERY",
    "ipvi validate DELIVERY --fail-on warning --format concise",
    "ipvi validate DELIVERY --format sarif --out findings.sarif",
    "ipvi validate DELIVERY --write-baseline accepted_findings.csv",
    "ipvi validate city.audit --select IPVI-4 --format csv --out findings.csv",
)
def validate(
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="PATH",
            help="A delivery or a workspace; by default the only *.audit here.",
            show_default=False,
        ),
    ] = None,
    profile: options.ProfileName = None,
    format_in: options.ReadAs = None,
    out: options.FileOut = None,
    format: options.PrintedFindings = options.FindingFormat.TABLE,
    fail_on: options.Threshold = options.FailOn.ERROR,
    select: options.Selected = None,
    ignore: options.Ignored = None,
    baseline: options.Baseline = None,
    write_baseline: options.WriteBaseline = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Check a delivery, leaving nothing behind, or renew the findings of a workspace.

    Exits 1 when there are findings of the severity that --fail-on names, accepted ones not counted.
    """
    from ipvi_cli import pipeline
    from ipvi_cli.cli.audit_view import row_parts, severity_counts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.findings_view import findings_parts, outstanding
    from ipvi_cli.cli.formats import RENDERERS, Report
    from ipvi_cli.cli.text import plural
    from ipvi_cli.cli.verdict import verdict

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    selected, ignored = _codes(select), _codes(ignore)
    with screen.progress() as progress:
        done = pipeline.validate(
            path,
            profile=profile,
            select=selected,
            ignore=ignored,
            baseline=baseline,
            write_baseline=write_baseline,
            format_in=format_in,
            progress=progress,
        )
    screen.say_all(done.taken_for)
    assert done.findings is not None
    assert done.grouped is not None
    if screen.for_people:
        screen.show(*findings_parts(done.grouped), *row_parts(done))
    else:
        report = Report(
            findings=done.findings,
            rules=pipeline.rules(select=selected, ignore=ignored),
            failures=done.failures,
            severities=done.profile.findings.severity,
            threshold=fail_on,
            folder=_folder(path, done),
        )
        screen.put(RENDERERS[format](report))
    new = outstanding(done.findings)
    counts = [plural(number, name) for name, number in severity_counts(new).items()]
    if accepted := done.findings.height - new.height:
        counts.append(f"{accepted:,} accepted")
    if write_baseline is not None:
        screen.say(f"Written: {write_baseline}")
    elif done.accepted is not None and not (selected or ignored):
        gone = done.accepted.join(done.findings, on="finding_id", how="anti").height
        if gone:
            screen.say(f"Accepted and no longer found: {plural(gone, 'finding')}")
    screen.say(", ".join(counts))
    return verdict(done, fail_on)


def _codes(given: list[str] | None) -> list[str]:
    return [code for item in given or () for code in item.split(",") if code.strip()]


def _folder(path: Path | None, done: Audit) -> Path | None:
    """Give the folder that names of inputs are relative to, for a delivery."""
    if path is None or done.workspace is not None:
        return None
    return path if path.is_dir() else path.parent
