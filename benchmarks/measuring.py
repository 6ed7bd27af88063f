"""Commands run and measured, and figures printed: what the benchmarks share."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Used:
    """What one command used."""

    cpu: float
    """Seconds, user and system."""
    wall: float
    """Seconds from start to exit."""
    peak: float
    """MB resident at most."""
    status: int
    """Its exit status."""


def environment() -> dict[str, str]:
    """Return the surroundings of a command as a user has them: compiled modules are kept, the checkout is found."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(CHECKOUT)}


def run(command: Sequence[str], cwd: Path = CHECKOUT) -> Used:
    """Run a command to its end and return what it used; what it says is not shown."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return Used(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, process.returncode)


def say_progress(text: str) -> None:
    """Show on a terminal what is being done; an empty text takes it away."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def say_target(what: str, value: float, most: float) -> None:
    """Print a figure and whether it is within its target."""
    shown = f"{value:,}" if isinstance(value, int) else f"{value:.2f}"
    print(f"{what}: {shown}, at most {most:g}: {'kept' if value <= most else 'MISSED'}")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, right-aligned."""
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))


def positive(text: str) -> int:
    """Return a number from 1 that a command line gives."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError("expected a number from 1")
    return int(text)
