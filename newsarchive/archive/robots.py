"""The robots.txt of a source's site, kept for a day, so that a site is not asked for it by every run."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from newsarchive.archive.files import write_whole
from newsarchive.moments import moment

if TYPE_CHECKING:
    from pathlib import Path

ROBOTS = "robots.json"
_KEPT_FOR = timedelta(hours=24)
_CLOCKS_DIFFER = timedelta(minutes=5)
"""An answer from further in the future than this was kept before the clock jumped back: nobody knows how old it is."""


class RobotsAnswer(NamedTuple):
    """What a site answered for its robots.txt."""

    status: int
    text: str


class KeptRobots:
    """``robots.json`` of a source: by origin (``https://gazette.example:443``), the last answer and its time.

    A file that is missing, unreadable or damaged holds nothing.

    :param folder: the source's folder
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / ROBOTS

    def fresh(self, origin: str, at: datetime) -> RobotsAnswer | None:
        """Return the answer of an origin if it is less than a day old at a moment, else ``None``."""
        kept: Any = self._read().get(origin)
        return RobotsAnswer(kept["status"], kept["text"]) if _is_fresh(kept, at) else None

    def keep(self, origin: str, answer: RobotsAnswer, at: datetime) -> None:
        """Keep an answer that came at a moment; what is too old to be used goes.

        :raises ArchiveError: it cannot be written; the file is as it was before
        """
        kept = {known: value for known, value in self._read().items() if _is_fresh(value, at)}
        kept[origin] = {"fetched_at": moment(at), **answer._asdict()}
        write_whole(self._path, json.dumps(kept, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")

    def _read(self) -> dict[str, Any]:
        try:
            value = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def _is_fresh(kept: Any, at: datetime) -> bool:
    """Whether a value of the file is an answer that may still be used."""
    try:
        age = at - datetime.fromisoformat(kept["fetched_at"])
        whole = isinstance(kept["status"], int) and isinstance(kept["text"], str)
    except (TypeError, KeyError, ValueError):
        return False
    return whole and -_CLOCKS_DIFFER <= age < _KEPT_FOR
