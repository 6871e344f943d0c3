"""How a command is declared: one decorated function in a file of ``commands``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

Command = TypeVar("Command", bound=Callable[..., int])

_DECLARED: Final = "__ipvi_command__"


class Panel(Enum):
    """Groups of commands in the help, in their order."""

    JOB = "The whole job"
    STAGES = "Stage by stage"
    LOOK_UP = "Look something up"
    SIDE_BY_SIDE = "Set side by side"
    PRACTICE = "Practise and set up"


@dataclass(frozen=True)
class Declared:
    """What the help and the parser need of a command besides its function.

    Attributes:
        panel: Group in the help.
        place: Rank within the group.
        examples: Command lines that a reader can adapt.
    """

    panel: Panel
    place: int
    examples: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """Sort key of the help."""
        return list(Panel).index(self.panel), self.place


def command(panel: Panel, place: int, *examples: str) -> Callable[[Command], Command]:
    """Declare a function that returns an exit code as the command of its name.

    Args:
        panel: Group in the help.
        place: Rank within the group.
        examples: Command lines that a reader can adapt.
    """

    def declare(function: Command) -> Command:
        setattr(function, _DECLARED, Declared(panel, place, examples))
        return function

    return declare


def declared(function: Callable[..., int]) -> Declared:
    """Give what was declared of a command."""
    found = getattr(function, _DECLARED)
    assert isinstance(found, Declared)
    return found
