"""The command line as Python calls it: what is wrong with the words is said in one line, with status 2."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from newsarchive.cli import main
from newsarchive.harvest import Harvester, Options
from newsarchive.targets import Job


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written into the checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSARCHIVE_ARCHIVE", raising=False)


def status_of(*words: str) -> int:
    try:
        return main(words)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("harvest",), "TARGET"),
        (("harvest", "x", "--max-page", "3"), "--max-page"),  # an abbreviation
        (("harvest", "x", "--max-pages", "0"), "--max-pages"),
        (("harvest", "x", "--delay", "-1"), "--delay"),
        (("harvest", "x", "--delay", "nan"), "--delay"),
        (("harvst", "x"), "harvst"),
        (("status", "x"), "x"),
    ],
)
def test_wrong_words_are_one_line_and_name_the_help(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(*words) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith("newsarchive")
    assert said in line
    assert line.endswith("--help")
    assert captured.out == ""


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of() == 2
    assert "harvest" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_stream_that_the_caller_closed_is_no_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, name, None)
    assert status_of("schema") == 0
    getattr(sys, name).close()


def test_a_log_that_cannot_be_written_is_told_before_anything_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of("harvest", "https://site.example/", "--log-file", "none/log") == 2
    assert "--log-file none/log: cannot be written" in capsys.readouterr().err
    assert not Path("archive").exists()


def test_the_status_of_one_source_is_not_an_archive(capsys: pytest.CaptureFixture[str]) -> None:
    Path("archive/gazette").mkdir(parents=True)
    Path("archive/gazette/source.toml").write_text('slug = "gazette"\n', "utf-8")
    assert status_of("status", "--archive", "archive/gazette") == 2
    assert "its archive is" in capsys.readouterr().err
    assert status_of("status") == 0


def test_a_damaged_source_does_not_hide_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {"broken": "[half a", "gazette": 'slug = "gazette"\n'}.items():
        Path("archive", name).mkdir(parents=True)
        Path("archive", name, "source.toml").write_text(text, "utf-8")
    assert status_of("status") == 1
    shown = capsys.readouterr().out
    assert "broken: cannot read" in shown
    assert "gazette" in shown


def test_jobs_that_an_interruption_left_out_are_reported(tmp_path: Path) -> None:
    harvester = Harvester(Options(archive=tmp_path / "archive"))
    harvester._stopped = 1
    text = tmp_path / "listing.txt"
    reports = harvester.harvest([Job(target="a.txt", slug="a", text=text), Job(target="b.txt", slug="b", text=text)])
    assert [(one.slug, one.status, one.records) for one in reports] == [("a", 130, None), ("b", 130, None)]
    assert {one.reason for one in reports} == {"not begun: interrupted"}
    assert not (tmp_path / "archive").exists()
