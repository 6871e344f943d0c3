"""``ipvi completion``: what makes a shell complete the commands."""

from __future__ import annotations

from typing import Annotated

import typer

from ipvi_cli.cli import options
from ipvi_cli.cli.command import Panel, command
from ipvi_cli.cli.completing import Shell, script


@command(
    Panel.PRACTICE,
    2,
    'eval "$(ipvi completion bash)"',
    "ipvi completion fish --out ~/.config/fish/completions/ipvi.fish",
)
def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh, fish or powershell.")],
    out: options.FileOut = None,
    quiet: options.Quiet = False,
) -> int:
    """Print the script that makes a shell complete commands, options and codes.

    Run it from the shell's start file: for bash and zsh as in the example, for fish write it to the folder shown, for
    PowerShell `ipvi completion powershell | Out-String | Invoke-Expression`.
    """
    from ipvi_cli.cli.app import NAME
    from ipvi_cli.cli.console import Screen

    Screen("text", out, quiet=quiet).put(f"{script(NAME, shell)}\n".encode())
    return 0
