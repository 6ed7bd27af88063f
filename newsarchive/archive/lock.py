"""The lock of a source: held with flock for a run's life, so that a killed run frees it at once."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from typing import TYPE_CHECKING

from newsarchive.archive.files import make_folder, saying
from newsarchive.errors import LockedError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


_TRIES, _PAUSE = 5, 0.05
"""How often, and after how many seconds, a lock that is held is tried again."""


class SourceLock:
    """An exclusive lock on a source's folder. Its text only names the holder; the file is never deleted.

    :raises LockedError: another run holds it; the message says which
    """

    def __init__(self, path: Path, run_id: str, since: datetime) -> None:
        tries = 0
        while True:
            make_folder(path.parent)
            with saying("open", path):
                self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                tries += 1
                if tries < _TRIES:  # `is_locked` may be looking at this very moment
                    os.close(self._fd)
                    time.sleep(_PAUSE)
                    continue
                holder = os.pread(self._fd, 500, 0).decode("utf-8", "replace").strip() or "another run"
                os.close(self._fd)
                raise LockedError(
                    f"{path.parent} is being harvested by {holder}. Try again when it has ended"
                ) from error
            # A run that read nothing takes its folder away, lock and all: then this is the lock of nobody.
            if path.exists() and os.path.samestat(os.fstat(self._fd), path.stat()):
                break
            self.release()
        with saying("write", path):
            try:
                when = since.isoformat(timespec="seconds")
                text = f"process {os.getpid()} on {socket.gethostname()}, run {run_id}, since {when}\n"
                os.ftruncate(self._fd, 0)
                os.pwrite(self._fd, text.encode(), 0)
            except OSError:
                self.release()
                raise

    def release(self) -> None:
        """Free the source."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def is_locked(path: Path) -> bool:
    """Tell whether a run holds the lock at this moment."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
