"""``ipvi classify``: intimate partner against other family."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.STAGES, 3, "ipvi classify", "ipvi classify city.audit --format csv")
def classify(
    path: options.Workspace = None,
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    show_values: options.ShowValues = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> int:
    """Classify every pair and incident of a workspace anew."""
    from ipvi_cli import pipeline
    from ipvi_cli.cli.audit_view import class_frame, class_parts, headline_parts, value_parts
    from ipvi_cli.cli.console import Screen
    from ipvi_cli.cli.verdict import verdict

    screen = Screen(format.value, out, quiet=quiet, verbose=verbose)
    with screen.progress() as progress:
        done = pipeline.classify(path, progress=progress)
    if screen.for_people:
        values = value_parts(done.values, show_values=show_values)
        screen.show(*headline_parts(done), *class_parts(done), *values)
    else:
        screen.put_frame(class_frame(done))
    return verdict(done, options.FailOn.NEVER)
