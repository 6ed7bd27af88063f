"""What a person sees while a harvest runs and when it has ended."""

from __future__ import annotations

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
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()
        self._said = float("-inf")
        self._slug = ""
        self._shown = False

    def page(self, run: Run, page: PageRead) -> None:
        """Show how far a run is, after each committed page."""
        now = time.monotonic()
        if run.slug != self._slug:
            self._slug, self._began, self._said = run.slug, now, float("-inf")
        if not self._live and now - self._said < _PLAIN_EVERY:
            return
        self._said = now
        text = self._text(run, now)
        if self._live:
            # One line, whatever the width: what does not fit is cut, never wrapped.
            text = text[: max(20, _terminal_width() - 1)]
            sys.stderr.write(f"\r\x1b[K{text}")
            self._shown = True
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def _text(self, run: Run, now: float) -> str:
        counts, elapsed = run.counts, now - self._began
        total = sum(walk.last_number or 0 for walk in run.walks.values())
        of = f" of {total}" if total > counts["pages"] else ""
        parts = [f"{run.slug}: page {counts['pages']}{of}"]
        parts += [f"{counts[name]} {name}" for name in ("new", "known", "changed")]
        if elapsed > 0 and counts["pages"] > 1:
            rate = (counts["pages"] - 1) / elapsed
            parts.append(f"{rate:.1f} pages/s" if rate >= 1 else f"{1 / rate:.1f} s a page")
            if of:
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


def _terminal_width() -> int:
    import shutil

    return shutil.get_terminal_size().columns


def _duration(seconds: float) -> str:
    """Return a time span as a person says it.

    >>> _duration(59.2), _duration(3700)
    ('59 s', '62 min')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on standard output: drawn on a terminal, in plain columns elsewhere. ``NO_COLOR`` is honoured."""
    if not sys.stdout.isatty():
        _print_columns(columns, rows)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column in _NUMBERS else "left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console(highlight=False).print(table)


def _print_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = [
            cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


_NUMBERS = frozenset(("entries", "pages", "new", "changed", "known"))
