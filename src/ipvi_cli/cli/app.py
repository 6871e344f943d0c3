"""The command line itself: finds the commands, and loads of them no more than is asked for."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ipvi_cli.cli import commands, completing
from ipvi_cli.cli.command import declared

NAME = "ipvi"


def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))


def _function(name: str) -> Callable[..., int]:
    module = importlib.import_module(f"{commands.__name__}.{name}")
    function: Callable[..., int] = getattr(module, name)
    return function


def _paragraphs(function: Callable[..., int]) -> list[str]:
    return (inspect.getdoc(function) or "").split("\n\n")


def _build(name: str) -> Any:
    function = _function(name)
    facts = declared(function)
    examples = "\n".join(["Examples:", *(f"  {line}" for line in facts.examples)])
    single = typer.Typer(add_completion=False, rich_markup_mode="rich")
    help_text = "\n\n".join(" ".join(part.split()) for part in _paragraphs(function))
    single.command(name, help=help_text, rich_help_panel=facts.panel.value, epilog=examples)(
        function
    )
    return typer.main.get_command(single)


class LazyGroup(TyperGroup):
    """Commands by the names of their files; a file is imported when its command is run or listed."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # The names are what a misspelt command is compared with.
        self.commands: dict[str, Any] = dict.fromkeys(_names())

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands in the order of the help."""
        return sorted(self.commands, key=lambda name: declared(_function(name)).rank)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build a command, or give ``None`` when there is none of that name."""
        if cmd_name not in self.commands:
            return None
        if self.commands[cmd_name] is None:
            self.commands[cmd_name] = _build(cmd_name)
        return self.commands[cmd_name]


app = typer.Typer(
    name=NAME,
    cls=LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Start with: ipvi audit DELIVERY\n\nExit codes: 0 clean, 1 findings at --fail-on, 2 wrong usage,"
    " 3 unusable input or profile, 4 output not written, 70 internal error, 130 interrupted.",
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"{NAME} {version('ipvi-cli')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Read, check, classify and count a jurisdiction's police extracts for intimate partner violence."""


def call(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: What follows the name of the command.

    Returns:
        The exit code.

    Raises:
        UsageError: The command line cannot be understood.
    """
    from ipvi_cli.model.errors import UsageError

    group = typer.main.get_command(app)
    if completing.asked():
        completing.answer(group, NAME)
        return 0
    try:
        code = group.main(args=list(arguments), prog_name=NAME, standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            # Asked for nothing: the help is printed already.
            return UsageError.exit_code
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else NAME
        raise UsageError(error.format_message(), mend=f"See `{path} --help`.") from None
    return code if isinstance(code, int) else 0
