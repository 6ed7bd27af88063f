"""Append-only logs: whole lines stay, a torn tail is cut, an append happens or does not."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.archive import logs
from newsarchive.archive.logs import Log, read_log
from newsarchive.errors import ArchiveError, DamagedLogError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "entries.jsonl"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    path.write_bytes(b'{"a": 1}\n{"a": 2}\n')
    one = Log(path)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b"", b""),
        (b"torn", b""),
        (b"{}\n", b"{}\n"),
        (b"{}\n{", b"{}\n"),
        (b"{}\n\n", b"{}\n\n"),
        (b"{}\n" + b"x" * 2_500_000, b"{}\n"),
        (b"x" * 2_500_000, b""),
        (b"{}\n" + b"x" * ((1 << 20) - 1), b"{}\n"),
        (b"{}\n" + b"x" * (1 << 20), b"{}\n"),
        (b"{}\n" + "é".encode()[:1], b"{}\n"),
    ],
)
def test_a_torn_tail_is_cut_and_whole_lines_stay(path: Path, data: bytes, kept: bytes) -> None:
    path.write_bytes(data)
    log = Log(path)
    assert path.read_bytes() == kept
    assert (log.length, log.torn) == (len(kept), len(data) - len(kept))
    log.close()
    again = Log(path)
    assert (again.length, again.torn) == (len(kept), 0)
    again.close()


def test_an_append_stands_at_the_offset_returned(path: Path, log: Log) -> None:
    before = path.read_bytes()
    assert log.append(b'{"a": 3}\n{"a": 4}\n') == len(before)
    assert log.append(b"{}\n") == len(before) + 18
    assert path.read_bytes() == before + b'{"a": 3}\n{"a": 4}\n{}\n'
    assert log.length == path.stat().st_size
    assert log.read(len(before), 8) == b'{"a": 3}'


@pytest.mark.parametrize("taken", [0, 1, 9, 12])
def test_no_room_at_the_write_leaves_the_log_as_it_was(
    path: Path, log: Log, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    """Also after the system has taken a part of it."""
    before, write = path.read_bytes(), os.write
    calls = []

    def fill(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1 or not taken:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, bytes(data[:taken]))

    monkeypatch.setattr(logs.os, "write", fill)
    with pytest.raises(ArchiveError, match=r"entries\.jsonl: No space left") as error:
        log.append(b'{"a": 3}\n{"a": 4}\n')
    monkeypatch.undo()
    assert str(path) in str(error.value)
    assert error.value.status == 1
    assert path.read_bytes() == before
    assert log.length == len(before)
    assert log.append(b"{}\n") == len(before)
    assert path.read_bytes() == before + b"{}\n"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_an_error_at_the_sync_leaves_the_log_as_it_was(
    path: Path, log: Log, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = path.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(logs.os, "fsync", fail)
    with pytest.raises(ArchiveError, match=r"entries\.jsonl"):
        log.append(b'{"a": 3}\n')
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert log.append(b"{}\n") == len(before)


def test_an_interruption_in_the_write_leaves_the_log_fit_for_the_next(
    path: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second Ctrl-C may come in the middle; what is appended later must not follow a torn line."""
    write = os.write

    def interrupt(descriptor: int, data: bytes) -> int:
        write(descriptor, bytes(data[:4]))
        raise KeyboardInterrupt

    monkeypatch.setattr(logs.os, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        log.append(b'{"a": 3}\n')
    monkeypatch.undo()
    log.append(b'{"a": 4}\n')
    assert list(read_log(path)) == [{"a": 1}, {"a": 2}, {"a": 4}]
    assert log.length == path.stat().st_size


def test_a_write_taken_in_parts_is_whole(path: Path, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    before, write = path.read_bytes(), os.write
    monkeypatch.setattr(logs.os, "write", lambda descriptor, data: write(descriptor, bytes(data[:5])))
    log.append(b'{"a": 3}\n')
    monkeypatch.undo()
    assert path.read_bytes() == before + b'{"a": 3}\n'


@given(lines=st.lists(st.binary(max_size=30).map(lambda data: data.replace(b"\n", b" ") + b"\n"), max_size=12))
def test_lines_forward_and_back_are_the_lines_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    path.write_bytes(b"".join(lines))
    log = Log(path)
    found = list(log.lines())
    assert [line for _, line in found] == lines
    ends = [at + len(line) for at, line in found]
    assert [log.line_before(end) for end in ends] == lines
    assert all(log.line_before(end - 1) in (b"", *lines) for end in ends)
    log.close()


def test_long_lines_cross_the_chunks(path: Path) -> None:
    lines = [b"x" * size + b"\n" for size in (0, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, 3 << 20, 5)]
    path.write_bytes(b"".join(lines))
    log = Log(path)
    assert [line for _, line in log.lines()] == lines
    end, back = log.length, []
    while end:
        back.append(log.line_before(end))
        end -= len(back[-1])
    assert back[::-1] == lines
    log.close()


def test_latest_reads_from_the_last(log: Log) -> None:
    assert [line["a"] for line in log.latest()] == [2, 1]


@pytest.mark.parametrize("line", [b"{half\n", b"[]\n", b'"text"\n', b"\n", b"\xff\xfe{}\n", b"NaN\n"])
def test_a_line_that_is_no_object_is_named_by_its_number(path: Path, line: bytes) -> None:
    path.write_bytes(b"{}\n{}\n" + line + b"{}\n")
    log = Log(path)
    with pytest.raises(DamagedLogError, match=r"entries\.jsonl, line 3 is not"):
        _ = [log.parse(one, at) for at, one in log.lines()]
    assert path.read_bytes() == b"{}\n{}\n" + line + b"{}\n"
    log.close()


def test_a_reader_without_the_lock_leaves_out_a_line_in_the_making(path: Path) -> None:
    path.write_bytes(b'{"a": 1}\n{"a": ')
    assert list(read_log(path)) == [{"a": 1}]
    assert path.read_bytes() == b'{"a": 1}\n{"a": '
    assert list(read_log(path.with_name("none.jsonl"))) == []
    path.write_bytes(b"{\n")
    with pytest.raises(DamagedLogError, match="line 1"):
        list(read_log(path))


def test_a_log_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "entries.jsonl").mkdir()
    with pytest.raises(ArchiveError, match=r"entries\.jsonl"):
        Log(tmp_path / "entries.jsonl")
