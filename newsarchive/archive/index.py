"""The index of a source: where the newest revision of each entry stands. Derived from the log, never over it."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from newsarchive.archive.files import saying
from newsarchive.errors import ArchiveError
from newsarchive.items import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsarchive.archive.logs import Log

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id TEXT PRIMARY KEY, offset INTEGER NOT NULL, length INTEGER NOT NULL, revision INTEGER NOT NULL,
    content_hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS covers (
    one INTEGER PRIMARY KEY CHECK (one = 1), length INTEGER NOT NULL, last TEXT NOT NULL
);
"""


class Known(NamedTuple):
    """Where the newest revision of an entry stands in ``entries.jsonl``."""

    offset: int
    length: int
    revision: int
    content_hash: str


class Index:
    """Keeps `Known` by id in SQLite. It records how much of the log it covers and the hash of the last line there.

    :ivar rebuilt: why the index was made anew when it was opened; ``None`` when it was not
    """

    def __init__(self, path: Path, log: Log) -> None:
        self._path, self._log = path, log
        self.rebuilt: str | None = None
        with saying("open", path), _saying_database(path):
            try:
                self._db = self._connect()
                self._bring_up()
            except sqlite3.OperationalError:  # no room, no permission: the file itself is not to blame
                raise
            except sqlite3.DatabaseError:
                self._restart("it was damaged")
                self._bring_up()
            except BaseException:
                self._db.close()
                raise

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None)
        try:
            if db.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
                raise sqlite3.DatabaseError("made by another version")
            # A write-ahead log keeps the file whole through a kill; what a power cut takes is derived again.
            db.execute("PRAGMA locking_mode=EXCLUSIVE")  # the source's lock sees to it that nobody else comes
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.executescript(_SCHEMA)
            db.execute(f"PRAGMA user_version={_VERSION}")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def _restart(self, why: str) -> None:
        self.rebuilt = why
        if db := getattr(self, "_db", None):
            db.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._db = self._connect()

    def _bring_up(self) -> None:
        """Read what the log has beyond the index; start anew when the index is ahead or does not fit."""
        row = self._db.execute("SELECT length, last FROM covers").fetchone()
        covered, last = row or (0, "")
        if covered > self._log.length:
            self._restart("entries.jsonl is shorter than it was")
            covered = 0
        elif covered and _digest(self._log.line_before(covered)) != last:
            self._restart("entries.jsonl is not what it was")
            covered = 0
        if covered < self._log.length:
            self.add(self._replay(covered))
        elif covered:  # a newer version may have written here and left a current index
            line = self._log.line_before(covered)
            check_line(self._log.parse(line, covered - len(line)), covered - len(line), self._log)

    def _replay(self, offset: int) -> Iterator[tuple[str, Known]]:
        for at, line in self._log.lines(offset):
            value = self._log.parse(line, at)
            yield check_line(value, at, self._log), Known(at, len(line), value["revision"], value["content_hash"])

    def get(self, entry_id: str) -> Known | None:
        """Return where the newest revision of an entry stands; ``None`` when the source does not hold it."""
        found = self._one("SELECT offset, length, revision, content_hash FROM entries WHERE id = ?", entry_id)
        return Known(*found) if found else None

    def _one(self, query: str, *values: str) -> Any:
        """Return the first row of an answer; an index that proves to be damaged is made anew first."""
        with _saying_database(self._path):
            try:
                return self._db.execute(query, values).fetchone()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._restart("it was damaged")
                self._bring_up()
                return self._db.execute(query, values).fetchone()

    def add(self, rows: Iterable[tuple[str, Known]]) -> None:
        """Take in revisions that the log holds now; the index then covers the whole log."""
        with _saying_database(self._path):
            self._add(rows)

    def _add(self, rows: Iterable[tuple[str, Known]]) -> None:
        self._db.execute("BEGIN")
        try:
            self._db.executemany(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET offset = excluded.offset, "
                "length = excluded.length, revision = excluded.revision, content_hash = excluded.content_hash "
                "WHERE excluded.revision >= revision",
                ((entry_id, *known) for entry_id, known in rows),
            )
            last = _digest(self._log.line_before(self._log.length))
            self._db.execute("INSERT OR REPLACE INTO covers VALUES (1, ?, ?)", (self._log.length, last))
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled it back already
                self._db.execute("ROLLBACK")
            raise

    def __len__(self) -> int:
        return int(self._one("SELECT count(*) FROM entries")[0])

    def close(self) -> None:
        """Close the file."""
        self._db.close()


@contextmanager
def _saying_database(path: Path) -> Iterator[None]:
    """Turn an error of the database into one that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot write {path}: {error}. What was stored before is unharmed") from error


def _digest(line: bytes) -> str:
    return hashlib.blake2b(line, digest_size=16).hexdigest()


def check_line(value: dict[str, Any], offset: int, log: Log) -> str:
    """Return the id of a record's line, after making sure that this version can read it.

    :raises DamagedLogError: it is of a newer format, or lacks what every record has
    """
    version = value.get("schema_version")
    if not isinstance(version, str) or version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
        raise log.damage(
            offset, f"has schema_version {version!r}; this version reads {SCHEMA_VERSION}: use the newer newsarchive"
        )
    entry_id = value.get("id")
    if (
        not isinstance(entry_id, str)
        or not entry_id
        or not isinstance(value.get("revision"), int)
        or not isinstance(value.get("content_hash"), str)
    ):
        raise log.damage(offset, "is not a record: it lacks id, revision or content_hash")
    return entry_id
