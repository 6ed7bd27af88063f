"""The lock of a source: one holder at a time, also while another run takes an empty folder away."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsarchive.archive import lock as lock_module
from newsarchive.archive.lock import SourceLock, is_locked
from newsarchive.archive.source import SourceArchive
from newsarchive.errors import LockedError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def locked(path: Path, run: str = "run") -> SourceLock:
    return SourceLock(path, run, NOW)


def before_the_first_lock(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen between the opening of the lock's file and its locking, once."""
    real, left = fcntl.flock, [happens]

    def flock(descriptor: int, operation: int) -> None:
        if left:
            left.pop()()
        real(descriptor, operation)

    monkeypatch.setattr(lock_module.fcntl, "flock", flock)


def test_the_lock_of_a_folder_that_is_taken_away_holds_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that was opened is gone when it is locked: a third run would not see that lock."""
    path = tmp_path / "gazette" / "lock"
    path.parent.mkdir()
    before_the_first_lock(monkeypatch, lambda: shutil.rmtree(path.parent))
    held = locked(path)
    monkeypatch.undo()
    assert is_locked(path)
    with pytest.raises(LockedError):
        locked(path, "other")
    held.release()
    assert not is_locked(path)


def test_a_folder_that_was_made_anew_has_another_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gazette" / "lock"
    path.parent.mkdir()
    others: list[SourceLock] = []

    def made_anew() -> None:
        monkeypatch.undo()
        shutil.rmtree(path.parent)
        others.append(locked(path, "other"))

    before_the_first_lock(monkeypatch, made_anew)
    with pytest.raises(LockedError, match="run other"):
        locked(path)
    others[0].release()
    locked(path).release()


def test_a_run_that_read_nothing_frees_the_source_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While its files go nobody may open them; then the next run makes the folder anew."""
    source = SourceArchive(tmp_path / "gazette", "first")
    real, seen = Path.rmdir, []

    def rmdir(path: Path) -> Any:
        seen.append(source._lock._fd >= 0)
        return real(path)

    monkeypatch.setattr(Path, "rmdir", rmdir)
    assert source.discard_if_empty()
    assert seen == [True]
    again = SourceArchive(tmp_path / "gazette", "second")
    assert again.discard_if_empty()


def test_a_look_at_the_lock_does_not_turn_a_run_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    looking = path.open("w")
    fcntl.flock(looking, fcntl.LOCK_SH)
    monkeypatch.setattr(lock_module.time, "sleep", lambda seconds: looking.close())
    held = locked(path)
    monkeypatch.undo()
    assert is_locked(path)
    held.release()


def test_a_lock_that_nobody_made_is_free(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "none" / "lock")
