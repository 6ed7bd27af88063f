"""The index of a source: where the newest revision of each entry stands, and the spans of its listings.

Derived from the logs, never over them: it may be behind, ahead or gone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from newsarchive.archive import spans
from newsarchive.archive.files import saying
from newsarchive.archive.spans import Spans, id_key, marks
from newsarchive.errors import ArchiveError
from newsarchive.items import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from newsarchive.archive.logs import Log

_Answer = TypeVar("_Answer")

_VERSION = 2
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS entries (
    id BLOB PRIMARY KEY, offset INTEGER NOT NULL, length INTEGER NOT NULL, revision INTEGER NOT NULL,
    content_hash BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS covers (
    log TEXT PRIMARY KEY, length INTEGER NOT NULL, last TEXT NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID;
{spans.SCHEMA}
"""

_MOST_PENDING = 20_000
"""So many entries are held in memory before they are written, sorted by key: one by one, each costs a page of the
B-tree. What is not in the index after a kill is derived again, in less than a second."""


class Known(NamedTuple):
    """Where the newest revision of an entry stands in ``entries.jsonl``."""

    offset: int
    length: int
    revision: int
    content_hash: str


class Index:
    """Keeps `Known` by id, and `Spans`, in SQLite. It records how much of each log it covers and its last line there.

    :param entries: ``entries.jsonl``
    :param pages: ``pages.jsonl``
    :param runs: ``runs.jsonl``
    :ivar rebuilt: why the index was made anew when it was opened; ``None`` when it was not
    :ivar open_pages: pages that name entries which ``entries.jsonl`` lacks, found when it was brought up
    """

    def __init__(self, path: Path, entries: Log, pages: Log, runs: Log) -> None:
        self._path, self._log = path, entries
        self._pages, self._runs = pages, runs
        self.rebuilt: str | None = None
        self.open_pages = 0
        self._count = 0
        self._pending: dict[bytes, Known] = {}
        self._taken: dict[str, int] = {}
        with saying("open", path), _saying_database(path):
            try:
                self._connect()
                self._bring_up()
            except sqlite3.OperationalError:  # no room, no permission: the file itself is not to blame
                raise
            except sqlite3.DatabaseError as error:
                self._restart(f"it was damaged ({error})")
                self._bring_up()
            except BaseException:
                self._db.close()
                raise

    def _connect(self) -> None:
        self._db = sqlite3.connect(self._path, isolation_level=None)
        try:
            if self._db.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
                raise sqlite3.DatabaseError("another version made it")
            # A write-ahead log keeps the file whole through a kill; what a power cut takes is derived again.
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")  # the source's lock sees to it that nobody else comes
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)
            self._db.execute(f"PRAGMA user_version={_VERSION}")
        except sqlite3.DatabaseError:
            self._db.close()
            raise
        self._db.execute("BEGIN")
        self.spans = Spans(self._db, self._pages)

    def _restart(self, why: str) -> None:
        self.rebuilt = why
        self._count = self.open_pages = 0
        self._pending.clear()
        if hasattr(self, "_db"):
            self._db.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._connect()

    # --- brought up to the logs ---

    def _bring_up(self) -> None:
        """Read what the logs have beyond the index; start anew when the index is ahead or does not fit."""
        covered = [self._covered(log) for log in (self._log, self._pages, self._runs)]
        if None in covered:
            self._restart(self.rebuilt or "the logs are not what they were")
            covered = [0, 0, 0]
        entries, pages, runs = (length or 0 for length in covered)
        self._check_last_line(entries)
        self._add(self._replay(entries))
        self._replay_pages(pages, runs)
        for log in (self._log, self._pages, self._runs):
            self._taken[log.path.name] = log.length
        if covered != list(self._taken.values()):
            self.commit()

    def _covered(self, log: Log) -> int | None:
        """Return how much of a log the index covers; ``None`` when the log is not what the index was made from."""
        row = self._db.execute("SELECT length, last, count FROM covers WHERE log = ?", (log.path.name,)).fetchone()
        if row is None:
            return 0
        length, last, count = row
        if log is self._log:
            self._count = count
        if length > log.length or _digest(log.line_before(length)) != last:
            self.rebuilt = f"{log.path.name} is {'shorter than' if length > log.length else 'not what'} it was"
            return None
        return int(length)

    def _check_last_line(self, covered: int) -> None:
        """Make sure that this version can read the log where nothing else of it is read."""
        if covered and covered == self._log.length:  # a newer version may have left a current index
            line = self._log.line_before(covered)
            check_line(self._log.parse(line, covered - len(line)), covered - len(line), self._log)

    def _replay(self, offset: int) -> Iterator[tuple[str, Known]]:
        for at, line in self._log.lines(offset):
            value = self._log.parse(line, at)
            yield check_line(value, at, self._log), Known(at, len(line), value["revision"], value["content_hash"])

    def _replay_pages(self, pages: int, runs: int) -> None:
        """Take in the pages and the ends of runs that the index lacks, in the order in which they came about."""
        ends = {}
        for at, line in self._runs.lines(runs):
            value = self._runs.parse(line, at)
            if value.get("event") == "end":
                ends[value.get("run")] = value
        current = None
        for at, line in self._pages.lines(pages):
            value = self._pages.parse(line, at)
            if value.get("run") != current:
                self._end_run(ends.pop(current, None))
                current = value.get("run")
            ids = value.get("ids") or []
            whole = len(self._known(ids)) == len(set(ids))
            self.open_pages += not whole
            self.spans.add_page(value, at, whole=whole)
            self._flush_when_full()
        for run in list(ends):
            self._end_run(ends.pop(run))

    def _end_run(self, line: dict[str, Any] | None) -> None:
        if line is not None:
            self.spans.end_run(line)

    def _known(self, ids: Sequence[str]) -> dict[str, Known]:
        keys = {id_key(one): one for one in ids}
        found = {keys[key]: self._pending[key] for key in keys if key in self._pending}
        missing = [key for key, one in keys.items() if one not in found]
        query = f"SELECT * FROM entries WHERE id IN ({marks(missing)})"  # noqa: S608 - question marks only
        for key, offset, length, revision, content_hash in self._db.execute(query, missing) if missing else ():
            found[keys[key]] = Known(offset, length, revision, content_hash.hex())
        return found

    # --- asked ---

    def get(self, entry_id: str) -> Known | None:
        """Return where the newest revision of an entry stands; ``None`` when the source does not hold it."""
        return self.known([entry_id]).get(entry_id)

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """Return where the newest revisions of entries stand; those that the source does not hold are left out."""
        return self.ask(lambda _: self._known(ids))

    def ask(self, question: Callable[[Spans], _Answer]) -> _Answer:
        """Return the answer to a question; an index that proves to be damaged is made anew first.

        :raises ArchiveError: the file cannot be read or written
        """
        with _saying_database(self._path):
            try:
                return question(self.spans)
            except sqlite3.OperationalError:
                self._db.close()  # half of what was told may be in it: what is not committed is derived again
                raise
            except sqlite3.DatabaseError as error:
                if self._is_closed():
                    raise
                self._restart(f"it was damaged ({error})")
                self._bring_up()
                return question(self.spans)

    def _is_closed(self) -> bool:
        try:
            return self._db.total_changes < 0
        except sqlite3.ProgrammingError:
            return True

    def __len__(self) -> int:
        self.ask(lambda _: self._flush())
        return self._count

    # --- told ---

    def add(self, rows: Iterable[tuple[str, Known]]) -> None:
        """Take in revisions that ``entries.jsonl`` holds now."""
        self.ask(lambda _: self._add(rows))
        self._took(self._log)

    def _add(self, rows: Iterable[tuple[str, Known]]) -> None:
        for entry_id, known in rows:
            self._pending[id_key(entry_id)] = known
            self._flush_when_full()

    def _flush_when_full(self) -> None:
        if max(len(self._pending), self.spans.pending) >= _MOST_PENDING:
            self._flush()

    def _flush(self) -> None:
        """Write what was taken in, in the order of its keys."""
        before = self._db.total_changes
        rows = sorted((key, *known[:3], _hash_key(known.content_hash)) for key, known in self._pending.items())
        self._db.executemany("INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?)", rows)
        new = self._db.total_changes - before
        if new < len(rows):
            self._db.executemany(
                "UPDATE entries SET offset = ?2, length = ?3, revision = ?4, content_hash = ?5 "
                "WHERE id = ?1 AND revision <= ?4 AND offset < ?2",
                rows,
            )
        self._count += new
        self._pending.clear()
        self.spans.flush()

    def add_page(self, line: dict[str, Any], offset: int) -> None:
        """Take in a page whose line ``pages.jsonl`` holds now."""
        self.ask(lambda found: found.add_page(line, offset))
        self._took(self._pages)
        if max(len(self._pending), self.spans.pending) >= _MOST_PENDING:
            self.ask(lambda _: self.commit())

    def add_run(self, line: dict[str, Any]) -> None:
        """Take in a line that ``runs.jsonl`` holds now."""
        if self._is_closed():  # by an error that has ended the run: the line says so, and is taken in by the next one
            return
        if line.get("event") == "end":
            self.ask(lambda found: found.end_run(line))
        self._took(self._runs)

    def _took(self, log: Log) -> None:
        self._taken[log.path.name] = log.length

    def commit(self) -> None:
        """Keep what was taken in, and how much of the logs that covers."""
        self._flush()
        covers = []
        for log in (self._log, self._pages, self._runs):
            length = self._taken[log.path.name]
            covers.append((log.path.name, length, _digest(log.line_before(length)), self._count))
        self._db.executemany("INSERT OR REPLACE INTO covers VALUES (?, ?, ?, ?)", covers)
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Keep what was taken in, where the disk has room, and close the file."""
        try:
            if not self._is_closed():
                self.commit()
        except (sqlite3.Error, OSError):  # what is not kept is derived again
            pass
        finally:
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


def _hash_key(content_hash: str) -> bytes:
    try:
        return bytes.fromhex(content_hash)
    except ValueError:  # not one of ours: it will differ from every hash that is
        return b""


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
