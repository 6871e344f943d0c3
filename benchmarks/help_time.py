"""Time `ipvi --help` against importing typer alone, both alternating in one run; minima compared.

Run: python benchmarks/help_time.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

ROUNDS = 15
TARGET = 3.5
BASE = [sys.executable, "-c", "import typer"]
HELP = [sys.executable, "-c", "from ipvi_cli.cli.exits import main; main()", "--help"]


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        command, stdout=subprocess.DEVNULL, check=True, env={**os.environ, "COLUMNS": "80"}
    )
    return time.perf_counter() - start


def main() -> None:
    seconds(BASE)
    seconds(HELP)
    rounds = [(seconds(BASE), seconds(HELP)) for _ in range(ROUNDS)]
    base, helped = (min(column) for column in zip(*rounds, strict=True))
    bare = min(seconds([sys.executable, "-c", "pass"]) for _ in range(ROUNDS))
    print(
        f"python alone {bare * 1000:.0f} ms, import typer {base * 1000:.0f} ms, ipvi --help {helped * 1000:.0f} ms"
    )
    print(f"ratio of processes {helped / base:.2f} (target {TARGET})")
    print(f"ratio without Python's own start {(helped - bare) / (base - bare):.2f}")


if __name__ == "__main__":
    main()
