"""What the shell may offer after TAB: commands and options by themselves, and the codes of rules and figures."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Any, Final

VARIABLE: Final = "_IPVI_COMPLETE"
"""Set by the shell's own script when it asks what may follow."""


class Shell(StrEnum):
    """Shells that can be made to complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def script(name: str, shell: Shell) -> str:
    """Give the script that makes a shell ask for completions.

    Args:
        name: The command's name.
        shell: Which shell.
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    return get_completion_script(prog_name=name, complete_var=VARIABLE, shell=shell.value)


def asked() -> bool:
    """Say whether a shell asks for completions."""
    return VARIABLE in os.environ


def answer(group: Any, name: str) -> None:
    """Print what may follow the command line that the shell tells of."""
    from typer.completion import completion_init  # type: ignore[attr-defined]

    completion_init()
    try:
        group.main(args=[], prog_name=name, complete_var=VARIABLE)
    except SystemExit:
        return


def rule_codes(incomplete: str) -> list[tuple[str, str]]:
    """Give the codes of rules that begin so, with their titles; after a comma the next code begins."""
    from ipvi_cli import pipeline

    before, comma, begun = incomplete.rpartition(",")
    return [
        (f"{before}{comma}{code}", title)
        for code, title in pipeline.rules().select("code", "title").iter_rows()
        if code.startswith(begun)
    ]


def figure_codes(incomplete: str) -> list[tuple[str, str]]:
    """Give the ids of figures that begin so, with their titles."""
    from ipvi_cli import pipeline

    listed = pipeline.figures()
    return [
        (code, title)
        for code, title in listed.select(listed.columns[0], "title").iter_rows()
        if code.startswith(incomplete)
    ]


def codes(incomplete: str) -> list[tuple[str, str]]:
    """Give the codes of rules and figures that begin so, with their titles."""
    return [*rule_codes(incomplete), *figure_codes(incomplete)]


def profile_names(incomplete: str) -> list[tuple[str, str]]:
    """Give the names of shipped profiles that begin so."""
    from ipvi_cli import pipeline

    listed = pipeline.profiles().select("profile", "title").iter_rows()
    return [(name, title) for name, title in listed if name.startswith(incomplete)]
