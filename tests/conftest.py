"""Shared by all tests: which of them run, and the real command with a server to harvest from."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest

from scripts.serve import Page, SavedSite

CHECKOUT = Path(__file__).parents[1]
FIXTURES = CHECKOUT / "fixtures"
SHOWN = ("url", "title", "date", "date_raw", "summary", "summary_truncated", "bylines", "section")
"""What the fixtures' expected records hold."""

OF_A_RUN = ("run_id", "retrieved_at")
"""The fields that two runs over the same pages may write differently."""

SITE_FILE = """
start = "{start}"

[listing]
card = "article.teaser"
title = ".teaser-title"
url = ".teaser-title a::attr(href)"
date = "time::attr(datetime)"
summary = ".excerpt"
bylines = ".author"
section = ".kicker"
pager = {pager}
"""
NEXT_LINK = "{ kind = 'next-link', css = 'a.next' }"
NUMBERED = "{ kind = 'numbered-links', css = 'nav.pages a' }"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what the system or the time at hand is not made for, saying how to run it.

    ``@pytest.mark.system("root, to mount a small disk")`` runs where NEWSARCHIVE_TEST_ALL is 1 (`make test-all`), and
    fails there when the piece is missing; ``@pytest.mark.long`` runs when it is asked for with ``-m long``.
    """
    all_pieces = os.environ.get("NEWSARCHIVE_TEST_ALL") == "1"
    long_wanted = re.search(r"\blong\b", config.getoption("markexpr") or "") is not None
    for item in items:
        system = item.get_closest_marker("system")
        if system is not None and not all_pieces:
            needs = ", ".join(map(str, system.args)) or "another piece of the system"
            item.add_marker(pytest.mark.skip(reason=f"needs {needs}; `make test-all` runs it"))
        if item.get_closest_marker("long") is not None and not long_wanted:
            item.add_marker(pytest.mark.skip(reason="takes long; `make test-long` runs it"))


@dataclass(frozen=True)
class Result:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    def objects(self) -> list[Any]:
        """Return what ``--json`` printed."""
        return [json.loads(line) for line in self.out.splitlines()]

    def error(self) -> str:
        """Return the one line that a quiet command said of its trouble."""
        assert "Traceback" not in self.err, self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("newsarchive: "), self.err
        return lines[0]


class Command:
    """The real command, run as a user would, from a folder of its own that is not the checkout.

    :ivar folder: the current folder of the commands
    :ivar archive: where they put what they harvest
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = folder / "archive"
        self.started: list[subprocess.Popen[str]] = []

    def environment(self, **more: str) -> dict[str, str]:
        """Return this process's environment without anything that would change what the command does."""
        ours = ("NEWSARCHIVE_", "SCRAPY_", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "http_proxy")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "HOME": str(self.folder), **more}

    def words(self, *words: object) -> list[str]:
        """Return a whole command line; a harvest goes to the archive and without delay."""
        line = [sys.executable, "-m", "newsarchive", *map(str, words)]
        if words[0] == "harvest":
            line += ["--archive", str(self.archive)]
            line += [] if "--delay" in words else ["--delay", "0"]
        return line

    def start(self, *words: object, **environment: str) -> subprocess.Popen[str]:
        """Start a command and return it running; what is left of it is killed when the test ends."""
        process = subprocess.Popen(
            self.words(*words),
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.started.append(process)
        return process

    def __call__(self, *words: object, timeout: float = 60, **environment: str) -> Result:
        """Run a command to its end."""
        return finish(self.start(*words, **environment), timeout)

    def harvest(self, *words: object, timeout: float = 60) -> Result:
        """Harvest quietly, without delay."""
        return self("harvest", *words, "--quiet", timeout=timeout)

    def program(self, line: Sequence[object], cwd: Path | None = None, timeout: float = 60) -> Result:
        """Run any other program in the same surroundings."""
        ended = subprocess.run(
            list(map(str, line)),
            cwd=cwd or self.folder,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Result(ended.returncode, ended.stdout, ended.stderr)

    @property
    def source(self) -> Path:
        """The folder of the archive's only source."""
        (one,) = self.archive.iterdir()
        return one

    @property
    def log(self) -> bytes:
        """The bytes of the only source's ``entries.jsonl``."""
        return (self.source / "entries.jsonl").read_bytes()

    def files(self) -> list[str]:
        """Return every file of the archive; ``[]`` when nothing was written."""
        return sorted(str(path.relative_to(self.archive)) for path in self.archive.rglob("*") if path.is_file())


def finish(process: subprocess.Popen[str], timeout: float = 60) -> Result:
    """Wait for a command's end."""
    out, err = process.communicate(timeout=timeout)
    return Result(process.returncode, out, err)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a log, every line of which must be whole and JSON."""
    data = path.read_bytes()
    assert data == b"" or data.endswith(b"\n"), f"{path} has a torn tail"
    return [json.loads(line) for line in data.splitlines()]


def newest(entries: Path) -> dict[str, dict[str, Any]]:
    """Return each entry's newest revision by id, without what differs from run to run; check the revisions' order."""
    found: dict[str, dict[str, Any]] = {}
    for line in read_lines(entries):
        before = found.get(line["id"])
        assert line["revision"] == (before["revision"] + 1 if before else 1), line
        found[line["id"]] = {name: value for name, value in line.items() if name not in OF_A_RUN}
    return found


def shown(records: Iterable[dict[str, Any]], *without: str) -> list[dict[str, Any]]:
    """Return of records what the fixtures' expected records hold."""
    return [{name: record[name] for name in SHOWN if name not in without} for record in records]


def expected(path: Path, origin: str = "", *without: str) -> list[dict[str, Any]]:
    """Return a fixture's expected records, their addresses on a server."""
    records = read_lines(path)
    for record in records:
        if origin and record["url"] is not None:
            record["url"] = origin + record["url"]
    return shown(records, *without)


def listing_page(numbers: Iterable[int], pager: str = "", extra: str = "") -> Page:
    """Make a listing page of invented entries, one a number (the higher, the older), with a pager below."""
    cards = "".join(
        f'<article class="teaser"><h3 class="teaser-title"><a href="/story/{n}/">Story number {n} of the tide</a></h3>'
        f'<time datetime="{date(2026, 12, 28) - timedelta(days=n)}">x</time>'
        f'<p class="excerpt">What number {n} is about.</p></article>\n'
        for n in numbers
    )
    text = f'<!DOCTYPE html><html lang="en"><title>News</title><main>{cards}{extra}{pager}</main></html>'
    return Page(text.encode())


def listing_site(pages: int, *, size: int = 10, numbered: bool = False, near: int = 3) -> SavedSite:
    """Make a site of ``/news/`` and ``/news/page/2/`` and so on, with a next link or with linked numbers and gaps.

    Numbers are linked from the first, the last and ``near`` pages on either side.
    """
    made = {}
    for page in range(1, pages + 1):
        entries = range((page - 1) * size, page * size)
        made[address_of(page)] = listing_page(entries, _numbers(page, pages, near) if numbered else _next(page, pages))
    return SavedSite("/news/", made)


def address_of(page: int) -> str:
    """Return the path of a page of a `listing_site`."""
    return "/news/" if page == 1 else f"/news/page/{page}/"


def _next(page: int, pages: int) -> str:
    return f'<a class="next" href="{address_of(page + 1)}">Older</a>' if page < pages else ""


def _numbers(page: int, pages: int, near: int) -> str:
    linked = {1, pages, *range(max(1, page - near), min(pages, page + near) + 1)} - {page}
    links = "".join(f'<a href="{escape(address_of(n))}">{n}</a> ' for n in sorted(linked))
    return f'<nav class="pages"><span>{page}</span> {links}</nav>'


def site_file(folder: Path, start: str, pager: str = NEXT_LINK, name: str = "gazette") -> Path:
    """Write a site file for the cards of `listing_page` and of ``fixtures/lantern-cards``."""
    path = folder / f"{name}.toml"
    path.write_text(SITE_FILE.format(start=start, pager=pager), "utf-8")
    return path


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    """The real command, in an empty folder."""
    one = Command(tmp_path)
    yield one
    for process in one.started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()
