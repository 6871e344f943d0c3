"""The site's own profile, beside the copy that a workspace keeps of it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from ipvi_cli import pipeline
from ipvi_cli.model.errors import InputError
from ipvi_cli.model.profile import parse_profile
from ipvi_cli.workspace import Workspace


def own_profile(workspace: Workspace, named: Path | None) -> Path | None:
    """Find the site's own profile: the one that is named, or else the one that the workspace was read with.

    Raises:
        InputError: What is named is not there.
    """
    if named is not None:
        if not named.is_file():
            raise InputError("there is no such profile.", where=str(named), mend="Check the path.")
        return named
    if not workspace.has(pipeline.KEPT_ORIGIN):
        return None
    path = Path(workspace.read_text(pipeline.KEPT_ORIGIN).strip())
    return path if path.is_file() else None


def profile_with(put: partial[str], content: bytes, path: Path) -> str:
    """Give the text of the site's profile with the decided words, or say why it cannot have them.

    Args:
        put: Puts the words into a text.
        content: The profile as it is.
        path: Where it lies, for messages.

    Raises:
        InputError: It is no UTF-8, or no profile, before or afterwards.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise InputError(
            "the profile cannot be read as UTF-8 text.", where=str(path), mend="Save it as UTF-8."
        ) from None
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    parse_profile(text.removeprefix(mark), where=str(path))
    new = put(text.removeprefix(mark), where=str(path))
    parse_profile(new, where=str(path))
    return mark + new


def writable(path: Path) -> bool:
    """Say whether the profile can be changed where it lies."""
    return os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)
