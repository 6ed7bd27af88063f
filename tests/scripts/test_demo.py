"""The demo: what it may delete, how it shows a record, and what it does when its port is taken."""

import json
import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from scripts import demo


def test_the_folder_of_the_last_demo_is_emptied(tmp_path: Path) -> None:
    archive = tmp_path / "demo-archive"
    assert demo.prepare(archive)
    (archive / "lantern").mkdir()
    assert demo.prepare(archive)
    assert [path.name for path in archive.iterdir()] == [demo.MARKER]


def test_a_folder_or_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo-archive").mkdir()
    (tmp_path / "demo-archive" / "mine.txt").touch()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "demo-archive")
    assert not any(demo.prepare(tmp_path / name) for name in ("demo-archive", "file", "link"))
    assert (tmp_path / "demo-archive" / "mine.txt").exists()


def test_a_foreign_folder_ends_the_demo_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "demo-archive").mkdir()
    monkeypatch.chdir(tmp_path)
    assert demo.main() == 2
    assert "move it away" in capsys.readouterr().err


def test_another_port_is_used_when_the_usual_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken, ExitStack() as stack:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(demo, "PORT", taken.getsockname()[1])
        assert demo.start(stack).port != demo.PORT


def test_the_newest_revision_of_each_record_is_shown_in_the_place_of_its_first(tmp_path: Path) -> None:
    lines = [{"id": "a", "revision": 1}, {"id": "b", "revision": 1}, {"id": "a", "revision": 2}]
    path = tmp_path / "entries.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert demo.newest_revisions(path) == [{"id": "a", "revision": 2}, {"id": "b", "revision": 1}]


def test_a_record_is_wrapped_at_the_width_and_unknown_is_a_dash() -> None:
    shown = demo.readable({"title": "word " * 30, "summary_truncated": False, "bylines": []}, 40)
    assert max(map(len, shown.splitlines())) <= 40
    assert "summary_truncated: no" in shown
    assert "bylines:           –" in shown
