"""What a person sees while a harvest runs and when it has ended."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsarchive.pages import PageRead
    from newsarchive.run import Run

_PLAIN_EVERY = 10.0
"""Seconds between two progress lines where there is no terminal: a log should not have one a page."""


class Progress:
    """One live line on a terminal, a plain line now and then elsewhere; both on standard error."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._began = self._said = time.monotonic()
        self._slug = ""
        self._shown = False

    def page(self, run: Run, page: PageRead) -> None:
        """Show how far a run is, after each committed page."""
        now = time.monotonic()
        if run.slug != self._slug:
            self._slug, self._began, self._said = run.slug, now, now
        if self._live:
            # One line, whatever the width: the name stands last, for what does not fit is cut.
            width = max(20, shutil.get_terminal_size().columns - 1)
            sys.stderr.write(f"\r\x1b[K{f'{self._text(run, now)}  {run.slug}'[:width]}")
            self._shown = True
        elif now - self._said >= _PLAIN_EVERY:
            self._said = now
            sys.stderr.write(f"{run.slug}: {self._text(run, now)}\n")
        sys.stderr.flush()

    def _text(self, run: Run, now: float) -> str:
        counts, elapsed = run.counts, now - self._began
        total = max(sum(walk.last_number or 0 for walk in run.walks.values()), 0)
        parts = [f"page {counts['pages']}" + (f" of {total}" if total >= counts["pages"] > 0 else "")]
        parts += [f"{counts[name]} {name}" for name in ("new", "known", "changed")]
        if elapsed > 0 and counts["pages"] > 1:
            rate = (counts["pages"] - 1) / elapsed
            parts.append(f"{rate:.1f} pages/s" if rate >= 1 else f"{1 / rate:.1f} s a page")
            if total > counts["pages"]:
                parts.append(f"{_duration((total - counts['pages']) / rate)} left")
        return ", ".join(parts)

    def clear(self) -> None:
        """Take the live line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False

    def say(self, text: str) -> None:
        """Print a line without tearing the live one."""
        self.clear()
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


def _duration(seconds: float) -> str:
    """Return a time span as a person says it.

    >>> _duration(59.2), _duration(3700)
    ('59 s', '62 min')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in plain columns; on a terminal too narrow for it, each row as lines of name and value."""
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    if sys.stdout.isatty() and sum(widths) + 2 * len(widths) > shutil.get_terminal_size().columns:
        names = max(map(len, columns))
        for row in rows:
            for column, cell in zip(columns, row, strict=True):
                sys.stdout.write(f"{column.ljust(names)}  {cell}\n")
        return
    for row in (columns, *rows):
        cells = [
            cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


_NUMBERS = frozenset(("entries", "pages", "new", "changed", "known", "exit"))
