"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from newsarchive.archive.files import make_folder, write_whole
from newsarchive.errors import ArchiveError


class KilledError(BaseException):
    """Stands for a kill at one moment."""


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "source.toml"
    for data in (b"old", b"newer", b""):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert [one.name for one in tmp_path.iterdir()] == ["source.toml"]


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_crash_before_the_rename_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "source.toml"
    write_whole(path, b"old")

    def die(*arguments: object) -> None:
        raise KilledError

    monkeypatch.setattr(*((os, "fsync") if moment == "fsync" else (Path, "replace")), die)
    with pytest.raises(KilledError):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "source.toml"
    write_whole(path, b"old")

    def full(*arguments: object, **more: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "open")), full)
    with pytest.raises(ArchiveError, match=r"source\.toml.*No space left"):
        write_whole(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["source.toml"]


def test_a_folder_where_a_file_stands_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="file"):
        make_folder(tmp_path / "file" / "source")
    make_folder(tmp_path)
