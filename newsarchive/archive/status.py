"""A source's state, read without its lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsarchive.archive.lock import is_locked
from newsarchive.archive.logs import read_log
from newsarchive.archive.source import RUNS, read_description
from newsarchive.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path


def source_status(folder: Path) -> dict[str, Any]:
    """Return a source's slug, target, start addresses, entries at its last end, state, and last run (or ``None``).

    The state is ``idle``, ``running``, or ``killed``: the last run began, never ended, and holds the lock no more.

    :raises ArchiveError: a file of the source cannot be read
    """
    problem = None
    try:
        description = read_description(folder) or {}
    except ArchiveError as error:  # one damaged source does not hide the others
        description, problem = {}, str(error)
    last: dict[str, Any] | None = None
    entries = None
    for line in read_log(folder / RUNS):
        if line.get("event") in ("begin", "end", "dead"):
            last = line
        if line.get("event") == "end":
            entries = line.get("entries", entries)
    return {
        "slug": folder.name,
        "target": description.get("target"),
        "start": description.get("start", []),
        "entries": entries,
        "state": _state(folder, last),
        "problem": problem,
        "last_run": last,
    }


def _state(folder: Path, last: dict[str, Any] | None) -> str:
    if is_locked(folder / "lock"):
        return "running"
    return "killed" if last and last.get("event") != "end" else "idle"
