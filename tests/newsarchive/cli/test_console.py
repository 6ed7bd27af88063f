"""What a person sees: the line of progress and the table."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from newsarchive.cli import console
from newsarchive.cli.console import Progress, print_table
from newsarchive.pages import PageRead
from newsarchive.run import Run

PAGE = PageRead(start_url=None, number=1, url=None, status=None, received="")
COLUMNS = ["source", "pages", "new"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(pages: int, last: int | None = None, slug: str = "gazette") -> Run:
    made = Run(slug=slug, target="t")
    made.counts.update(pages=pages, new=20 * pages)
    made.walk("https://a.example/").last_number = last
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the console believes have gone by."""
    now = [100.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])
    return now


def test_without_a_terminal_there_is_a_line_every_ten_seconds(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    progress = Progress()
    for seconds, pages in ((0, 1), (5, 2), (6, 3), (5, 4), (1, 5), (10, 6)):
        clock[0] += seconds
        progress.page(run(pages, 18), PAGE)
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(", ")[0] for line in told] == ["gazette: page 3 of 18", "gazette: page 6 of 18"]
    assert told[0].endswith(", 60 new, 0 known, 0 changed, 5.5 s a page, 1 min left")


def test_a_terminal_has_one_line_whatever_its_width(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    progress = Progress()
    progress.page(run(1, 18, "a-source-with-a-name-that-is-long"), PAGE)
    progress.say("A word.")
    progress.clear()
    line, said = screen.getvalue().removeprefix("\r\x1b[K").split("\r\x1b[K")
    assert line == "page 1 of 18, 20 new, 0 known, 0 changed  a-source-with-a-n"
    assert said == "A word.\n"


def test_a_terminal_that_knows_no_codes_is_sent_none(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "dumb")
    Progress().page(run(1, 18), PAGE)
    assert screen.getvalue() == ""


@pytest.mark.parametrize(("pages", "last", "told"), [(1, None, "page 1,"), (3, 2, "page 3,"), (3, 3, "page 3 of 3,")])
def test_the_number_of_pages_is_told_where_it_is_known(
    clock: list[float], capsys: pytest.CaptureFixture[str], pages: int, last: int | None, told: str
) -> None:
    progress = Progress()
    progress.page(run(0), PAGE)
    clock[0] += 11
    progress.page(run(pages, last), PAGE)
    line = capsys.readouterr().err
    assert line.startswith(f"gazette: {told}")
    assert "left" not in line


def test_a_table_is_plain_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(COLUMNS, [["gazette", "18", "173"], ["x", "1", "0"]])
    assert capsys.readouterr().out == "source   pages  new\ngazette     18  173\nx            1    0\n"


def test_a_row_that_is_too_wide_for_the_terminal_is_not_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["a-source-with-a-name-that-is-long", "18", "173"]]
    for columns, wide in (("30", False), ("80", True)):
        screen = Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("COLUMNS", columns)
        print_table(COLUMNS, rows)
        assert (len(screen.getvalue().splitlines()) == 2) is wide
        assert (screen.getvalue() == "source  a-source-with-a-name-that-is-long\npages   18\nnew     173\n") is not wide


def test_a_pipe_gets_whole_rows_whatever_the_terminals_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    print_table(COLUMNS, [["a-source-with-a-name-that-is-long", "18", "173"]])
    assert len(capsys.readouterr().out.splitlines()) == 2
