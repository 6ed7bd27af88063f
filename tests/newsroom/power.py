"""What a kill and a power cut leave of a source's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Literal, TypeAlias

from newsarchive.archive.source import ENTRIES, PAGES, RUNS

Tear: TypeAlias = Literal[False, True, "entries", "pages", "runs", "unsynced"]
"""What a power cut takes: nothing; the rest of the last commit's entries, and its page line ("entries"); the rest of
that page line ("pages"); the rest of the last line of ``runs.jsonl``; or, on a disk that lies about what it has synced,
the rest of the last commit's entries and not its page line ("unsynced"). ``True`` is "entries" or "pages" by lot, or
"runs" where the run committed nothing; and by lot the index is gone too."""

_DERIVED = ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm")
_LOCK = "lock"


class Folder:
    """A source's folder while a run writes into it.

    :param path: the folder, once the run has opened it
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._now = self._sizes()
        self._before: dict[str, int] | None = None

    def look(self) -> None:
        """Note how long the logs are now; call it at least once a commit."""
        sizes = self._sizes()
        if sizes[PAGES] != self._now[PAGES]:
            self._before, self._now = self._now, sizes

    def cut(self, close: Callable[[], None], tear: Tear, dice: Random) -> None:
        """Let go of the folder without a trace of ``close``, which frees its files and its lock; then tear the logs."""
        self.look()
        kept = {path: path.read_bytes() for path in self._files()}
        close()
        for path in self._files():
            if path not in kept:
                path.unlink()
        for path, data in kept.items():
            if not path.exists() or path.read_bytes() != data:
                path.write_bytes(data)
        if tear:
            self._tear(self._choose(dice) if tear is True else tear, dice)
            if tear is True and dice.random() < 0.5:
                for name in _DERIVED:
                    (self.path / name).unlink(missing_ok=True)

    def _choose(self, dice: Random) -> Tear:
        if self._before is None:
            return "runs"
        return dice.choice(["entries", "pages"] if self._grew(ENTRIES) else ["pages"])

    def _tear(self, what: Tear, dice: Random) -> None:
        if what == "runs":
            size = (self.path / RUNS).stat().st_size
            start = (self.path / RUNS).read_bytes()[: size - 1].rfind(b"\n") + 1
            os.truncate(self.path / RUNS, dice.randrange(start, size))
            return
        if self._before is None:
            return
        if what in ("entries", "unsynced") and self._grew(ENTRIES):
            os.truncate(self.path / ENTRIES, dice.randrange(self._before[ENTRIES], self._now[ENTRIES]))
        if what == "entries":
            os.truncate(self.path / PAGES, self._before[PAGES])
        if what == "pages":
            os.truncate(self.path / PAGES, dice.randrange(self._before[PAGES], self._now[PAGES]))

    def _grew(self, name: str) -> bool:
        return self._before is not None and self._now[name] > self._before[name]

    def _sizes(self) -> dict[str, int]:
        return {name: (self.path / name).stat().st_size for name in (ENTRIES, PAGES)}

    def _files(self) -> list[Path]:
        return [path for path in self.path.rglob("*") if path.is_file() and path.name != _LOCK]
