"""``manifest.json``: what was read, what became of each row, and what was written; the mark of a workspace."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ipvi_cli.workspace.files import sha256, write_bytes

MANIFEST: Final = "manifest.json"
TOOL: Final = "ipvi"

INPUT_KEYS: Final = (
    "file",
    "sha256",
    "bytes",
    "rows_read",
    "rows_accepted",
    "rows_quarantined",
    "row_fates",
    "lines_skipped",
)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Read the manifest of a folder.

    Args:
        folder: Any folder.

    Returns:
        The manifest, or ``None`` when the folder holds none of ours.
    """
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and content.get("tool") == TOOL else None


def is_whole(manifest: Mapping[str, Any]) -> bool:
    """Say whether a manifest holds the lists that every command goes by."""
    inputs, outputs = manifest.get("inputs"), manifest.get("outputs")
    return (
        isinstance(inputs, list)
        and isinstance(outputs, list)
        and all(isinstance(item, dict) and set(INPUT_KEYS) <= item.keys() for item in inputs)
        and all(isinstance(item, dict) and isinstance(item.get("file"), str) for item in outputs)
    )


def build_manifest(
    folder: Path,
    *,
    version: str,
    profile_sha256: str,
    rules_sha256: str,
    complete: bool,
    inputs: Sequence[Mapping[str, Any]],
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """Describe a finished folder.

    Args:
        folder: Folder whose every file is listed among the outputs.
        version: Version of the package.
        profile_sha256: Hash of the profile.
        rules_sha256: Hash of the rules and crosswalks.
        complete: Whether every source that the profile names was read.
        inputs: One mapping per input with at least ``INPUT_KEYS``.
        more: Further keys.

    Returns:
        The manifest; ``created_at`` is the only value that differs between equal runs.
    """
    inputs = [
        {key: item[key] for key in (*INPUT_KEYS, *sorted(item.keys() - set(INPUT_KEYS)))}
        for item in inputs
    ]
    files = sorted(
        (path.relative_to(folder).as_posix(), path)
        for path in folder.rglob("*")
        if path.is_file() and path != folder / MANIFEST
    )
    with ThreadPoolExecutor(2) as pool:
        hashes = list(pool.map(sha256, (path for _, path in files)))
    return {
        "tool": TOOL,
        "version": version,
        "profile_sha256": profile_sha256,
        "rules_sha256": rules_sha256,
        "complete": complete,
        **more,
        "inputs": inputs,
        "outputs": [
            {"file": name, "sha256": digest, "rows": _rows(path)}
            for (name, path), digest in zip(files, hashes, strict=True)
        ],
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def store_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write a manifest into its folder."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
    write_bytes(folder / MANIFEST, f"{text}\n".encode())


def _rows(path: Path) -> int | None:
    if path.suffix != ".parquet":
        return None
    from pyarrow.parquet import read_metadata

    return int(read_metadata(path).num_rows)
