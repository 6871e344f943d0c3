"""Time and peak memory of child processes, alternating in one run so that a busy machine disturbs all alike."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Seconds of the work itself, imports aside, on the clock and of all processors; peak memory of the process."""

    seconds: float
    mebibytes: float
    processor: float


def report(work: Callable[[], object]) -> None:
    """In the child: do the work, and print what it took as the last line."""
    start, used = time.perf_counter(), time.process_time()
    work()
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    print(json.dumps(asdict(Measured(seconds, _peak(), processor))))


def _peak() -> float:
    """Greatest memory of this process; what getrusage says on Linux includes the parent's at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def measure(command: list[str]) -> Measured:
    """In the parent: run a Python script that ends with a report."""
    done = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, check=True, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def alternate(commands: dict[str, list[str]], rounds: int) -> dict[str, Measured]:
    """Run all commands in turn, round after round; give the least times and the greatest peak of each."""
    runs = [{name: measure(command) for name, command in commands.items()} for _ in range(rounds)]
    return {
        name: Measured(
            min(run[name].seconds for run in runs),
            max(run[name].mebibytes for run in runs),
            min(run[name].processor for run in runs),
        )
        for name in commands
    }
