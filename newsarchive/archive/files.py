"""Files written whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsarchive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def saying(action: str, path: Path) -> Iterator[None]:
    """Turn an error of the machine into one that names the file, what failed and what to do."""
    try:
        yield
    except PermissionError as error:
        raise ArchiveError(
            f"cannot {action} {path}: permission denied. Choose another folder with --archive"
        ) from error
    except OSError as error:
        raise ArchiveError(
            f"cannot {action} {path}: {error.strerror or error}. What was stored before is unharmed"
        ) from error


def make_folder(path: Path) -> None:
    """Make a folder and its parents; an existing one is kept.

    :raises ArchiveError: it cannot be made
    """
    with saying("make the folder", path):
        path.mkdir(parents=True, exist_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place, sync it and rename it, so that a reader sees the old or the new one, never half.

    :raises ArchiveError: it cannot be written; the old file stays
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with saying("write", path):
        try:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            sync_folder(path.parent)
        finally:
            beside.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Sync a folder, so that the names of new files survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
