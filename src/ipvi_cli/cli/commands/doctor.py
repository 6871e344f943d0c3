"""``ipvi doctor``: what a run depends on, and what a report of a fault needs."""

from __future__ import annotations

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


@command(Panel.PRACTICE, 3, "ipvi doctor", "ipvi doctor --format json --out doctor.json")
def doctor(
    format: options.Printed = options.Format.TABLE,
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """Look at versions, memory, disk, locale and permissions.

    Exits 1 where something is not as a run needs it. The output holds no path and no name, so it can go with a report.
    """
    from pathlib import Path

    from ipvi_cli.cli.console import Screen
    from ipvi_cli.pipeline.checkup import checkup

    found = checkup(Path.cwd())
    screen = Screen(format.value, out, quiet=quiet)
    if screen.for_people:
        from ipvi_cli.cli.doctor_view import checkup_table

        screen.show(checkup_table(found))
    else:
        screen.put_frame(found)
    return 0 if found["fine"].fill_null(True).all() else 1
