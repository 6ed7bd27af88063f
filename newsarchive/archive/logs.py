"""Append-only logs of JSON Lines: one write and one sync an append, a torn tail cut when the log is opened."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from newsarchive.archive.files import saying, sync_folder
from newsarchive.errors import DamagedLogError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK = 1 << 20


class Log:
    """One ``.jsonl`` file of a source, opened for appending by the holder of the source's lock.

    :ivar length: bytes of whole lines
    :ivar torn: bytes of a torn last line that were cut when it was opened
    :raises ArchiveError: the file cannot be opened
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.torn = 0
        with saying("open", path):
            is_new = not path.exists()
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
            if is_new:
                sync_folder(path.parent)
            self.length = self._cut_torn_tail()

    def _cut_torn_tail(self) -> int:
        """Cut what stands behind the last line end: the rest of a write that a kill or a full disk stopped."""
        size = os.fstat(self._fd).st_size
        whole = size
        while whole > 0:
            start = max(0, whole - _CHUNK)
            newline = os.pread(self._fd, whole - start, start).rfind(b"\n")
            if newline >= 0:
                whole = start + newline + 1
                break
            whole = start
        if whole < size:
            os.ftruncate(self._fd, whole)
            os.fsync(self._fd)
            self.torn = size - whole
        return whole

    def append(self, data: bytes) -> int:
        """Append whole lines in one write, sync them, and return the offset at which they begin.

        :raises ArchiveError: they cannot be written; the log is as it was before
        """
        offset = self.length
        with saying("write", self.path):
            try:
                _write(self._fd, data)
                os.fsync(self._fd)
            except BaseException:  # a second Ctrl-C too: what follows must not stand behind a torn line
                os.ftruncate(self._fd, offset)
                raise
        self.length += len(data)
        return offset

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes of the log."""
        return os.pread(self._fd, length, offset)

    def lines(self, offset: int = 0) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, line with its LF) from an offset on which a line begins."""
        held = b""
        position = offset
        while position + len(held) < self.length:
            start = position + len(held)
            chunk = held + os.pread(self._fd, min(_CHUNK, self.length - start), start)
            *whole, held = chunk.split(b"\n")
            for line in whole:
                yield position, line + b"\n"
                position += len(line) + 1

    def line_at(self, offset: int) -> bytes:
        """Return the line, with its LF, that begins at an offset."""
        found = b""
        while not found.endswith(b"\n") and offset + len(found) < self.length:
            head, newline, _ = self.read(offset + len(found), 4096).partition(b"\n")
            found += head + newline
        return found

    def line_before(self, end: int) -> bytes:
        """Return the line, with its LF, that ends at an offset; ``b""`` when no line ends there."""
        start = end - 1
        if end <= 0 or end > self.length or self.read(start, 1) != b"\n":
            return b""
        while start > 0:
            block = max(0, start - 4096)
            newline = self.read(block, start - block).rfind(b"\n")
            if newline >= 0:
                return self.read(block + newline + 1, end - block - newline - 1)
            start = block
        return self.read(0, end)

    def latest(self) -> Iterator[dict[str, Any]]:
        """Yield the parsed lines from the last to the first.

        :raises DamagedLogError: a line is no JSON object
        """
        end = self.length
        while end > 0:
            line = self.line_before(end)
            end -= len(line)
            yield self.parse(line, end)

    def parse(self, line: bytes, offset: int) -> dict[str, Any]:
        """Return the object that a line holds.

        :raises DamagedLogError: it is no JSON object; the message tells the line's number
        """
        try:
            value = json.loads(line)
        except ValueError as error:
            raise self.damage(offset, f"is not JSON ({error})") from error
        if not isinstance(value, dict):
            raise self.damage(offset, "is not a JSON object")
        return value

    def damage(self, offset: int, what: str) -> DamagedLogError:
        """Return the error for the line at an offset."""
        number = sum(1 for at, _ in self.lines() if at < offset) + 1
        return DamagedLogError(
            f"{self.path}, line {number} {what}. No whole line was changed. Restore the file from a copy, or move "
            "that line to another file; what it held is then read again from the site"
        )

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _write(descriptor: int, data: bytes) -> None:
    """Write all of the data: the system may take less than it is given, as on a disk that fills."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def read_log(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a log without its lock, from the first; a line that is still being written is left out.

    :raises DamagedLogError: a whole line is no JSON object
    """
    with saying("read", path):
        if not path.exists():
            return
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                try:
                    value = json.loads(line)
                except ValueError as error:
                    raise DamagedLogError(f"{path}, line {number} is not JSON ({error})") from error
                if isinstance(value, dict):
                    yield value
