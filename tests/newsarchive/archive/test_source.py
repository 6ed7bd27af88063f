"""One source's folder: its lock, what is mended on opening, the commit of a page, what is refused."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsarchive.archive import index as index_module
from newsarchive.archive import logs
from newsarchive.archive.index import Known
from newsarchive.archive.source import SourceArchive, list_sources, read_description
from newsarchive.archive.status import source_status
from newsarchive.errors import ArchiveError, DamagedLogError, LockedError
from newsarchive.items import Entry, content_hash, to_line
from newsarchive.pages import PageRead

LOGS = ("entries.jsonl", "pages.jsonl", "runs.jsonl")


def entry(number: int, title: str = "Title", revision: int = 1) -> Entry:
    one = Entry(id=f"{number:024x}", title=title, url=f"https://site.example/{number}", revision=revision)
    one.content_hash = content_hash(one)
    return one


def page(*entries: Entry, number: int = 1) -> dict[str, Any]:
    mark = PageRead(
        start_url="https://site.example/",
        number=number,
        url="https://site.example/",
        status=200,
        received="2026-03-01T12:00:00Z",
        ids=[one.id or "" for one in entries],
    )
    return mark.to_line("run")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source with one committed page of three entries and one finished run."""
    path = tmp_path / "gazette"
    source = SourceArchive(path, "first")
    source.append_run({"event": "begin", "run": "first"})
    source.commit_page([entry(1), entry(2), entry(3)], page(entry(1), entry(2), entry(3)))
    source.append_run({"event": "end", "run": "first"})
    source.close()
    return path


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of the logs."""
    return {name: (folder / name).read_bytes() for name in LOGS}


def test_a_folder_is_made_and_opened_again_as_it_was(tmp_path: Path, folder: Path) -> None:
    before = bytes_of(folder)
    source = SourceArchive(folder, "second")
    assert source.notices == []
    known = source.newest(entry(2).id or "")
    assert known is not None
    assert source.load(known) == entry(2)
    assert source.newest("nobody") is None
    source.close()
    source.close()
    assert bytes_of(folder) == before
    assert list_sources(tmp_path) == []  # it was never described
    assert list_sources(tmp_path / "none") == []


def test_the_lock_names_its_holder_and_is_free_after_it(folder: Path) -> None:
    holder = SourceArchive(folder, "holding-run")
    before = bytes_of(folder)
    with pytest.raises(LockedError, match=rf"gazette.*process {os.getpid()} on .*run holding-run, since 20") as error:
        SourceArchive(folder, "other")
    assert error.value.status == 75
    assert bytes_of(folder) == before
    holder.close()
    again = SourceArchive(folder, "x")
    assert again.notices == []
    again.close()
    text = (folder / "lock").read_text("utf-8")
    assert "run x" in text
    assert "holding-run" not in text


def test_a_killed_process_frees_the_lock_and_is_found_dead(folder: Path) -> None:
    code = (
        "import os, sys, pathlib\n"
        "from newsarchive.archive.source import SourceArchive\n"
        "source = SourceArchive(pathlib.Path(sys.argv[1]), 'killed-run')\n"
        "source.append_run({'event': 'begin', 'run': 'killed-run'})\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, folder], check=False).returncode == -9
    source = SourceArchive(folder, "next-run")
    assert source.notices == ["run killed-run was killed; what it had read is kept"]
    source.close()
    last = json.loads((folder / "runs.jsonl").read_bytes().splitlines()[-1])
    assert (last["event"], last["run"], last["found_by"]) == ("dead", "killed-run", "next-run")
    again = SourceArchive(folder, "third")
    assert again.notices == []
    again.close()


@pytest.mark.parametrize("name", LOGS)
def test_torn_tails_are_cut_and_told(folder: Path, name: str) -> None:
    before = bytes_of(folder)
    with (folder / name).open("ab") as file:
        file.write(b'{"torn": "li')
    source = SourceArchive(folder, "second")
    assert [notice for notice in source.notices if name in notice and "12 bytes" in notice]
    source.close()
    assert bytes_of(folder) == before


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda record: b"{broken\n", "is not JSON"),
        (lambda record: b"[1]\n", "is not a JSON object"),
        (lambda record: line({**record, "schema_version": "2.0"}), "schema_version '2.0'"),
        (lambda record: line({**record, "schema_version": 1}), "schema_version"),
        (lambda record: line({key: record[key] for key in record if key != "id"}), "lacks id"),
        (lambda record: line({**record, "id": None}), "lacks id"),
        (lambda record: line({**record, "id": ""}), "lacks id"),
        (lambda record: line({**record, "revision": "1"}), "revision"),
        (lambda record: line({**record, "content_hash": None}), "content_hash"),
    ],
)
@pytest.mark.parametrize("index", ["kept", "gone"])
def test_a_wrong_record_is_refused_by_its_line_and_nothing_changes(
    folder: Path, change: Callable[[dict[str, Any]], bytes], why: str, index: str
) -> None:
    """Also where the index covers the file already."""
    lines = (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)
    lines[2] = change(json.loads(lines[2]))
    (folder / "entries.jsonl").write_bytes(b"".join(lines))
    if index == "gone":
        (folder / "index.sqlite").unlink()
    before = bytes_of(folder)
    for _ in range(2):
        with pytest.raises(DamagedLogError, match=r"entries\.jsonl, line 3") as error:
            SourceArchive(folder, "second")
        assert why in str(error.value)
        assert str(folder) in str(error.value)
    assert bytes_of(folder) == before


def test_a_source_that_a_newer_program_wrote_to_is_refused(folder: Path) -> None:
    """Also where that program left a current index, so that no line has to be read to bring it up."""
    source = SourceArchive(folder, "of-version-2")
    newer = line({**json.loads(to_line(entry(4))), "schema_version": "2.0"})
    at = source.entries.append(newer)
    source.index.add([(entry(4).id or "", Known(at, len(newer), 1, entry(4).content_hash or ""))])
    source.close()
    before = bytes_of(folder)
    with pytest.raises(DamagedLogError, match=r"entries\.jsonl, line 4 has schema_version '2.0'"):
        SourceArchive(folder, "second")
    assert bytes_of(folder) == before


def line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def test_a_newer_minor_version_is_read(folder: Path) -> None:
    with (folder / "entries.jsonl").open("ab") as file:
        file.write(line({**json.loads(to_line(entry(4))), "schema_version": "1.7", "new_field": 1}))
    source = SourceArchive(folder, "second")
    known = source.newest(entry(4).id or "")
    assert known is not None
    assert source.load(known).title == "Title"
    source.close()


@pytest.mark.parametrize("name", ["pages.jsonl", "runs.jsonl"])
def test_a_wrong_last_line_of_another_log_changes_nothing(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"no JSON\n")
    before = bytes_of(folder)
    if name == "runs.jsonl":
        with pytest.raises(DamagedLogError, match=r"runs\.jsonl, line 3"):
            SourceArchive(folder, "second")
        with pytest.raises(DamagedLogError, match=r"runs\.jsonl, line 3"):
            source_status(folder)
    assert bytes_of(folder) == before


def test_a_page_is_one_commit(folder: Path) -> None:
    before = bytes_of(folder)
    source = SourceArchive(folder, "second")
    source.commit_page([entry(1, "Other", 2), entry(4)], page(entry(1), entry(4)))
    source.commit_page([], page(entry(4), number=2))
    first = source.newest(entry(1).id or "")
    assert first is not None
    assert (first.revision, source.load(first).title, len(source.index)) == (2, "Other", 4)
    source.close()
    after = bytes_of(folder)
    assert after["entries.jsonl"].removeprefix(before["entries.jsonl"]).count(b"\n") == 2
    assert after["pages.jsonl"].removeprefix(before["pages.jsonl"]).count(b"\n") == 2


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_no_room_in_a_commit_leaves_whole_pages(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    """At the entries: nothing of the page. At the page's line: the entries stay, and the page is read again."""
    before = bytes_of(folder)
    source = SourceArchive(folder, "second")
    real, count = getattr(os, call), [0]

    def fail(*arguments: Any) -> Any:
        count[0] += 1
        if count[0] == nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    monkeypatch.setattr(logs.os, call, fail)
    with pytest.raises(ArchiveError, match=("entries", "pages")[nth - 1]):
        source.commit_page([entry(4), entry(5)], page(entry(4), entry(5)))
    monkeypatch.undo()
    assert bytes_of(folder)["pages.jsonl"] == before["pages.jsonl"]
    new = bytes_of(folder)["entries.jsonl"].removeprefix(before["entries.jsonl"])
    assert new.count(b"\n") == (0 if nth == 1 else 2)
    assert (source.newest(entry(4).id or "") is None) == (nth == 1)
    source.close()
    again = SourceArchive(folder, "third")
    assert len(again.index) == (3 if nth == 1 else 5)
    assert again.notices == []
    again.close()


def test_an_index_that_cannot_be_written_fails_the_page_and_is_derived_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = SourceArchive(folder, "second")

    def full(*arguments: Any) -> None:
        raise index_module.sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(index_module.Index, "_add", full)
    with pytest.raises(ArchiveError, match=r"index\.sqlite.*disk is full"):
        source.commit_page([entry(4)], page(entry(4)))
    monkeypatch.undo()
    source.close()
    again = SourceArchive(folder, "third")
    assert again.newest(entry(4).id or "") is not None
    again.close()


def test_a_description_is_kept_and_read(tmp_path: Path, folder: Path) -> None:
    source = SourceArchive(folder, "second")
    for start in ("https://site.example/a", "https://site.example/b"):
        source.describe({"slug": "gazette", "start": [start]}, "0123456789ab", "[listing]\n")
        assert read_description(folder) == {"slug": "gazette", "start": [start]}
    source.close()
    assert [path.name for path in (folder / "listings").iterdir()] == ["0123456789ab.toml"]
    assert list_sources(tmp_path) == [folder]
    (folder / "source.toml").write_text("[broken", "utf-8")
    with pytest.raises(ArchiveError, match=r"source\.toml"):
        read_description(folder)


def test_an_empty_new_folder_is_taken_away_and_no_other(tmp_path: Path, folder: Path) -> None:
    source = SourceArchive(tmp_path / "new", "first")
    assert source.discard_if_empty()
    assert not (tmp_path / "new").exists()
    kept = SourceArchive(folder, "second")
    assert not kept.discard_if_empty()
    kept.close()
    assert (folder / "entries.jsonl").stat().st_size > 0
    described = SourceArchive(tmp_path / "described", "first")
    described.describe({"slug": "described"}, "0123456789ab", "")
    assert not described.discard_if_empty()
    described.close()
    guest = SourceArchive(tmp_path / "guest", "first")
    (tmp_path / "guest" / "notes.txt").write_text("mine", "utf-8")
    guest.discard_if_empty()
    assert (tmp_path / "guest" / "notes.txt").read_text("utf-8") == "mine"


def test_the_state_of_a_source_is_read_while_it_is_held(folder: Path) -> None:
    source = SourceArchive(folder, "second")
    source.describe({"slug": "gazette", "target": "gazette.toml", "start": ["https://site.example/"]}, "0" * 12, "")
    source.append_run({"event": "begin", "run": "second"})
    state = source_status(folder)
    source.close()
    assert (state["slug"], state["target"], state["last_run"]["run"]) == ("gazette", "gazette.toml", "second")


def test_pages_whose_entries_are_gone_are_told(folder: Path) -> None:
    entries = folder / "entries.jsonl"
    lines = entries.read_bytes().splitlines(keepends=True)
    entries.write_bytes(b"".join(lines[:2]))
    source = SourceArchive(folder, "second")
    assert source.notices == [
        "the index was made anew: entries.jsonl is shorter than it was",
        "entries.jsonl lacks entries of pages read before: 1; these are open again",
    ]
    source.close()


def test_a_source_is_idle_running_or_killed(folder: Path) -> None:
    assert source_status(folder)["state"] == "idle"
    source = SourceArchive(folder, "second")
    source.append_run({"event": "begin", "run": "second"})
    assert source_status(folder)["state"] == "running"
    source.close()  # and no line that it has ended
    assert source_status(folder)["state"] == "killed"


def test_a_damaged_description_is_told_with_what_is_known_beside_it(folder: Path) -> None:
    assert source_status(folder)["problem"] is None
    (folder / "source.toml").write_text("[half a", "utf-8")
    state = source_status(folder)
    assert "source.toml" in state["problem"]
    assert (state["slug"], state["last_run"]["run"]) == ("gazette", "first")
