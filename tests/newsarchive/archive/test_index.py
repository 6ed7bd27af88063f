"""The index is derived from the log: whatever becomes of its file, it says what the log says."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsarchive.archive.index import Index, Known
from newsarchive.archive.logs import Log
from newsarchive.errors import ArchiveError, DamagedLogError
from newsarchive.items import Entry, content_hash, to_line

IDS = [f"{n:024x}" for n in range(6)]


def line_of(entry_id: str, revision: int) -> bytes:
    """Return a record's line; its length tells revisions apart."""
    entry = Entry(id=entry_id, title="Title" + "!" * revision, revision=revision)
    entry.content_hash = content_hash(entry)
    return to_line(entry)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Log, Index]]:
    log, pages, runs = (Log(folder / f"{name}.jsonl") for name in ("entries", "pages", "runs"))
    try:
        index = Index(folder / "index.sqlite", log, pages, runs)
        try:
            yield log, index
        finally:
            index.close()
    finally:
        for one in (log, pages, runs):
            one.close()


def commit(log: Log, index: Index, *wanted: tuple[str, int]) -> None:
    """Append revisions and take them into the index, as a page's commit does."""
    lines = [line_of(*one) for one in wanted]
    at = log.append(b"".join(lines))
    rows = []
    for (entry_id, revision), line in zip(wanted, lines, strict=True):
        entry = Entry(id=entry_id, title="Title" + "!" * revision, revision=revision)
        rows.append((entry_id, Known(at, len(line), revision, content_hash(entry))))
        at += len(line)
    index.add(rows)


def content(log: Log, index: Index) -> dict[str, Known | None]:
    """Return what the index says, after making sure that each place holds that revision."""
    said = {entry_id: index.get(entry_id) for entry_id in IDS}
    for entry_id, known in said.items():
        if known is not None:
            value = log.parse(log.read(known.offset, known.length), known.offset)
            assert (value["id"], value["revision"]) == (entry_id, known.revision)
            assert value["content_hash"] == known.content_hash
    return said


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with two entries, one of them in two revisions."""
    with opened(tmp_path) as (log, index):
        commit(log, index, (IDS[0], 1), (IDS[1], 1))
        commit(log, index, (IDS[0], 2))
    return tmp_path


def check(source: Path, why: str | None) -> None:
    """Open the index and compare it with one made from nothing."""
    with opened(source) as (log, index):
        assert index.rebuilt is None if why is None else why in (index.rebuilt or "")
        said, size = content(log, index), len(index)
    (source / "index.sqlite").unlink()
    for path in source.glob("index.sqlite-*"):
        path.unlink()
    with opened(source) as (log, index):
        assert content(log, index) == said
        assert len(index) == size
    with opened(source) as (_, index):
        assert index.rebuilt is None


def test_a_current_index_is_used_as_it_is(source: Path) -> None:
    with opened(source) as (_, index):
        assert (len(index), index.rebuilt) == (2, None)
        known = index.get(IDS[0])
        assert known is not None
        assert known.revision == 2
        assert index.get("nobody") is None
    check(source, None)


def test_an_index_behind_the_log_is_brought_up(source: Path) -> None:
    """As after a kill between the append and the index."""
    with (source / "entries.jsonl").open("ab") as file:
        file.write(line_of(IDS[2], 1) + line_of(IDS[1], 2))
    with opened(source) as (_, index):
        assert index.rebuilt is None
        assert [known.revision for known in map(index.get, IDS[:3]) if known] == [2, 2, 1]
    check(source, None)


def test_an_index_ahead_of_the_log_is_made_anew(source: Path) -> None:
    """As after a power cut that took the log's tail."""
    lines = (source / "entries.jsonl").read_bytes().splitlines(keepends=True)
    (source / "entries.jsonl").write_bytes(b"".join(lines[:-1]))
    with opened(source) as (_, index):
        known = index.get(IDS[0])
        assert known is not None
        assert known.revision == 1
        assert "shorter" in (index.rebuilt or "")
    check(source, None)


def test_an_index_of_another_log_is_made_anew(source: Path) -> None:
    """Same length, other lines; and a longer log that does not continue the one it covers."""
    (source / "entries.jsonl").write_bytes(line_of(IDS[3], 1) + line_of(IDS[4], 1) + line_of(IDS[3], 2))
    check(source, "not what it was")
    (source / "entries.jsonl").write_bytes(b"".join(line_of(one, 1) for one in IDS))
    check(source, "not what it was")
    (source / "entries.jsonl").write_bytes(b"")
    check(source, "shorter")


@pytest.mark.parametrize("size", [20, 5000, 20000])
def test_a_damaged_index_is_made_anew(source: Path, size: int) -> None:
    (source / "index.sqlite").write_bytes(b"This is no database. " * (size // 20))
    check(source, "damaged")


def test_an_index_cut_short_or_empty_is_made_anew(source: Path) -> None:
    data = (source / "index.sqlite").read_bytes()
    for length in (0, 100, 4096, len(data) - 4096):
        (source / "index.sqlite").write_bytes(data[:length])
        with opened(source) as (log, index):
            assert len(index) == 2
            content(log, index)


def test_an_index_damaged_in_the_middle_does_not_fool_anybody(source: Path) -> None:
    """A page of its tables destroyed: found when it is read, at the latest, and made anew without anybody's help."""
    data = bytearray((source / "index.sqlite").read_bytes())
    data[4096:8192] = b"\xff" * 4096
    (source / "index.sqlite").write_bytes(bytes(data))
    with opened(source) as (log, index):
        assert len(index) == 2
        content(log, index)
        commit(log, index, (IDS[5], 1))


def test_an_index_of_another_version_is_made_anew(source: Path) -> None:
    with closing(sqlite3.connect(source / "index.sqlite")) as db:
        db.execute("PRAGMA user_version=99")
    check(source, "")
    with closing(sqlite3.connect(source / "index.sqlite")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] != 99


def test_a_wrong_line_beyond_the_index_is_told_and_changes_nothing(source: Path) -> None:
    with (source / "entries.jsonl").open("ab") as file:
        file.write(line_of(IDS[2], 1) + b"{}\n")
    before = (source / "entries.jsonl").read_bytes()
    for _ in range(2):
        with pytest.raises(DamagedLogError, match=r"line 5.*schema_version"), opened(source):
            pass
    assert (source / "entries.jsonl").read_bytes() == before
    (source / "entries.jsonl").write_bytes(before.removesuffix(b"{}\n"))
    check(source, None)


def test_a_database_that_is_a_folder_is_told(tmp_path: Path) -> None:
    from newsarchive.errors import ArchiveError

    (tmp_path / "index.sqlite").mkdir()
    with pytest.raises(ArchiveError, match=r"index\.sqlite"), opened(tmp_path):
        pass


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("commit"), st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True)),
        st.tuples(st.just("append only"), st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True)),
        st.tuples(st.sampled_from(["reopen", "delete", "damage", "old index", "keep index", "lose a line"])),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whatever_happens_the_index_equals_a_rebuild(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str] | tuple[str, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("source")
    path, kept = folder / "index.sqlite", folder / "kept"
    for step in steps:
        with opened(folder) as (log, index):
            if step[0] in ("commit", "append only"):
                wanted = []
                for entry_id in step[1]:  # type: ignore[misc]
                    known = index.get(entry_id)
                    wanted.append((entry_id, known.revision + 1 if known else 1))
                if step[0] == "commit":
                    commit(log, index, *wanted)
                else:
                    log.append(b"".join(line_of(*one) for one in wanted))
        if step[0] == "delete":
            path.unlink()
        elif step[0] == "damage":
            path.write_bytes(b"damage" * 1000)
        elif step[0] == "keep index":
            shutil.copy(path, kept)
        elif step[0] == "old index" and kept.exists():
            shutil.copy(kept, path)
        elif step[0] == "lose a line":
            lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
            (folder / "entries.jsonl").write_bytes(b"".join(lines[:-1]))
    with opened(folder) as (log, index):
        said = content(log, index)
        counted = len(index)
    path.unlink()
    with opened(folder) as (log, index):
        assert content(log, index) == said
        assert len(index) == counted == sum(known is not None for known in said.values())


def test_a_database_that_has_rolled_back_already_tells_its_own_error(source: Path) -> None:
    """On a full disk SQLite does; rolling back once more would hide why."""
    with opened(source) as (_, index):

        def full() -> Iterator[tuple[str, Known]]:
            index._db.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")
            yield  # a generator, as the rows are

        with pytest.raises(ArchiveError, match="disk is full"):
            index.add(full())
    check(source, None)
