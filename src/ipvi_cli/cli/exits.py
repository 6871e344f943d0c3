"""The entry point, and the only place that turns an error into a message and an exit code.

No traceback and no text of a foreign exception ever reaches the terminal: both may quote what a cell holds.
"""

from __future__ import annotations

import codecs
import errno
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from types import FrameType
from typing import Final, NoReturn, TextIO

from ipvi_cli.model.errors import IpviError


class Exit(IntEnum):
    """What the command's end says; of several causes the highest."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    OUTPUT = 4
    INTERNAL = 70
    INTERRUPTED = 130


_PLAIN: Final = {
    "–": "-", "—": "-", "‘": "'", "’": "'", "…": "...", "×": "x", "·": "-", "≥": ">=", "≤": "<=", "→": "->",
    "─": "-", "━": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "•": "*", "�": "?",
}  # fmt: skip
"""What stands for a sign on a console that cannot show it."""

_UNWRITABLE: Final = {
    number
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EIO")
    if (number := getattr(errno, name, None)) is not None
}


def main() -> NoReturn:
    """Run the command line of this process and end it with the documented exit code."""
    _prepare_streams()
    if not sys.warnoptions:
        # A library's warning is for its users, not for ours, and may quote what it warns about.
        warnings.simplefilter("ignore")
    # A killed run tidies up as an interrupted one does.
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: What follows the name of the command.

    Returns:
        The exit code.
    """
    try:
        code = _guarded(arguments)
        sys.stdout.flush()
    except OSError as error:
        code = _closed_or_full(error)
    with suppress(OSError):
        sys.stderr.flush()
    return int(code)


def _guarded(arguments: Sequence[str]) -> int:
    try:
        from ipvi_cli.cli.app import call

        code = call(arguments)
        return _interrupted() if code == Exit.INTERRUPTED else code
    except IpviError as error:
        return _say(error.line(), error.exit_code)
    except (KeyboardInterrupt, EOFError):
        return _interrupted()
    except MemoryError:
        return _say(
            "internal error (MemoryError): not enough memory; nothing half-written is left.",
            Exit.INTERNAL,
        )
    except OSError as error:
        if _is_closed_pipe(error) or error.errno in _UNWRITABLE:
            raise
        return _internal(error)
    except SystemExit:
        # So typer and rich end, with 1, when the reader of a pipe has gone; nothing else here does.
        _discard_stdout()
        return Exit.CLEAN
    except BaseException as error:
        # Also a panic of a compiled library, which is no Exception.
        return _internal(error)


def _interrupted() -> int:
    return _say("interrupted; nothing half-written is left.", Exit.INTERRUPTED)


def _internal(error: BaseException) -> int:
    place = error.__traceback__
    where = ""
    while place is not None:
        module = place.tb_frame.f_globals.get("__name__", "")
        if module.startswith("ipvi_cli.") and module != __name__:
            where = f" in {module}, line {place.tb_lineno}"
        place = place.tb_next
    return _say(
        f"internal error ({type(error).__name__}){where}; nothing half-written is left."
        " Please report this line, which holds no data, with `ipvi --version`.",
        Exit.INTERNAL,
    )


def _say(line: str, code: int) -> int:
    from ipvi_cli.cli.text import visible

    with suppress(OSError):
        sys.stderr.write(f"ipvi: {visible(line)}\n")
    return code


def _is_closed_pipe(error: OSError) -> bool:
    # Windows tells a closed pipe as an invalid argument of a write, without a file's name.
    return isinstance(error, BrokenPipeError) or (
        sys.platform == "win32" and error.errno == errno.EINVAL and error.filename is None
    )


def _closed_or_full(error: OSError) -> int:
    _discard_stdout()
    if _is_closed_pipe(error):
        return Exit.CLEAN
    where = error.filename if isinstance(error.filename, str) else "standard output"
    reason = "the disk is full" if error.errno == errno.ENOSPC else "the system refused it"
    return _say(f"{where}: cannot be written: {reason}.", Exit.OUTPUT)


def _discard_stdout() -> None:
    """Let what is still buffered go nowhere, so that the end of the process does not complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in signs), error.end


def _prepare_streams() -> None:
    codecs.register_error("ipvi.plain", _plain)
    sys.stdout = _usable(sys.stdout)
    sys.stderr = _usable(sys.stderr)


def _usable(stream: TextIO | None) -> TextIO:
    if stream is None:
        # Closed by whoever started us.
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="ipvi.plain")
    return stream


if __name__ == "__main__":
    main()
