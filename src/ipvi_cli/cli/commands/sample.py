"""``ipvi sample``: a jurisdiction that does not exist."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command


class Shape(StrEnum):
    """Shapes of deliveries."""

    DIR = "dir"
    RMS = "rms"
    NYC = "nyc"
    NIBRS = "nibrs"


@command(
    Panel.PRACTICE,
    1,
    "ipvi sample practice && ipvi audit practice",
    "ipvi sample practice --shape rms --years 3 --seed 7 --mess 0.2",
    "ipvi sample practice --shape rms --careers --effect 0.7",
)
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make for the delivery.")],
    shape: Annotated[
        Shape, typer.Option("--shape", help="Shape of the delivery.", show_default=True)
    ] = Shape.DIR,
    seed: Annotated[
        int, typer.Option("--seed", help="The same seed gives the same bytes.", show_default=True)
    ] = 1,
    incidents: Annotated[
        int | None, typer.Option("--incidents", min=1, help="Number of incidents.")
    ] = None,
    intimate: Annotated[
        int | None,
        typer.Option("--intimate", min=0, help="Number of them that are intimate partner."),
    ] = None,
    years: Annotated[int | None, typer.Option("--years", min=1, help="Number of years.")] = None,
    mess: Annotated[
        float,
        typer.Option(
            "--mess", min=0, max=1, help="Share of messy cells and rows.", show_default=True
        ),
    ] = 0.1,
    careers: Annotated[
        bool,
        typer.Option("--careers", help="Let persons recur over the incidents of a records system."),
    ] = False,
    effect: Annotated[
        float | None,
        typer.Option(
            "--effect",
            metavar="SHARE",
            help="With --careers: notify offenders, after which this share of incidents is left; 1 is no effect.",
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> int:
    """Write a synthetic jurisdiction with its profile; the truth lies beside it, in DIR-truth.

    No real person's data are in it.
    """
    from ipvi_cli import pipeline
    from ipvi_cli.cli.console import Screen

    screen = Screen(quiet=quiet)
    delivery, truth = pipeline.sample(
        folder,
        shape=shape.value,
        seed=seed,
        incidents=incidents,
        intimate=intimate,
        years=years,
        mess=mess,
        careers=careers,
        effect=effect,
    )
    screen.say(f"Delivery: {delivery}\nTruth: {truth}\nNext: ipvi audit {delivery}")
    return 0
