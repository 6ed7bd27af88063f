"""A made-up newspaper for measurements: pages by the thousand, the same in every run, served from its own process.

``python -m benchmarks.site 40 400`` serves two listings of 40 and 400 pages until its standard input is closed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ENTRIES_A_PAGE = 23
_ENTRIES_A_DAY = 4
_NEWEST = date(2026, 3, 1)
_LINKED_AROUND = 5
_MONTHS = "January February March April May June July August September October November December".split()
_NOUNS = (
    "harbour ferry lighthouse dockers quay tide storm council mayor inquiry court tribunal strike budget ballot school "
    "clinic hospital bridge tunnel tram station airport orchard vineyard harvest drought flood forest reservoir "
    "turbine pipeline refinery factory foundry market bakery museum library theatre orchestra festival stadium keeper "
    "striker tenants nurses teachers pensioners migrants fishermen farmers students engineers inspectors"
).split()
_VERBS = (
    "reopens closes delays backs rejects questions welcomes awaits reviews publishes loses wins saves doubles halves "
    "postpones defends leaves joins"
).split()
_SMALL = "after before despite without amid over under against behind".split()
_GIVEN = "Agnes Bruno Célia Dmitri Esther Farid Greta Hugo Ines Jonas Karla Liam Mireille Noor Olga Pavel".split()
_FAMILY = "Adair Bonnet Castro Dvořák Eriksen Falk García-López Holm Ito Jansen Kovács Lemaire Müller O'Hara".split()
_SECTIONS = ("Harbour", "City", "Economy", "Courts", "Culture", "Opinion", "Sport")
_HALF = ("quietly", "at last", "for now", "once more", "in part", "by a vote")

SITE_FILE = """\
slug = "harbour-courier"
start = "{start}"

[listing]
card = "article.story"
title = ".story-title"
url = ".story-title a::attr(href)"
date = ".story-date"
summary = ".story-text"
bylines = ".story-author"
section = ".story-section"
language = "en"
pager = {{ kind = "next-link", css = "a[rel=next]" }}
"""
"""How newsarchive reads the newspaper; ``start`` is to be filled in."""


@dataclass(frozen=True, slots=True)
class Story:
    """One entry of the newspaper, as its card shows it."""

    number: int
    """Counted from the newest, 0."""
    title: str
    day: date
    summary: str
    authors: tuple[str, ...]
    section: str

    @property
    def path(self) -> str:
        """Path of its article."""
        words = "-".join(word for word in self.title.lower().split() if word.isascii() and word.isalpha())
        return f"/{self.day:%Y/%m}/{words[:60]}-{self.number}.html"

    @property
    def shown_day(self) -> str:
        """The day as the card writes it: ``March 01, 2026``."""
        return f"{_MONTHS[self.day.month - 1]} {self.day.day:02}, {self.day.year}"


@dataclass(frozen=True)
class Newspaper:
    """All of it is a function of ``seed``: two newspapers with one seed are alike to the byte."""

    seed: int = 0
    _stories: dict[int, Story] = field(default_factory=dict, repr=False, compare=False)

    def _dice(self, what: str) -> random.Random:
        return random.Random(f"{self.seed} {what}")  # noqa: S311 - no secret depends on it

    def story(self, number: int) -> Story:
        """Return a story by its number; the newest is 0."""
        if number not in self._stories:
            dice = self._dice(f"story {number}")
            sentences = (self._sentence(dice, dice.randint(1, 2)) for _ in range(dice.randint(2, 4)))
            people = dice.choices([0, 1, 2, 3], weights=[2, 6, 2, 1])[0]
            self._stories[number] = Story(
                number=number,
                title=f"{self._sentence(dice, 1)} – No. {number} & more",
                day=_NEWEST - timedelta(days=number // _ENTRIES_A_DAY),
                summary=". ".join(sentences),
                authors=tuple(dict.fromkeys(f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)}" for _ in range(people))),
                section=dice.choice(_SECTIONS),
            )
        return self._stories[number]

    @staticmethod
    def _sentence(dice: random.Random, clauses: int) -> str:
        words: list[str] = []
        for _ in range(clauses):
            words += [dice.choice(_NOUNS), dice.choice(_VERBS), "the", dice.choice(_NOUNS), dice.choice(_HALF)]
            words += [dice.choice(_SMALL), "the", dice.choice(_NOUNS)]
        return " ".join(words).capitalize()

    def page(self, pages: int, number: int) -> bytes:
        """Return page ``number``, from 1, of the listing that has so many ``pages``."""
        first = (number - 1) * ENTRIES_A_PAGE
        cards = "".join(_card(self.story(n)) for n in range(first, first + ENTRIES_A_PAGE))
        before, between, after = self._frame
        briefs = self._briefs(number)
        text = f"{before}{cards}{_pager(pages, number)}{between}{briefs}{after}"
        return text.encode()

    @cached_property
    def _frame(self) -> tuple[str, str, str]:
        """What stands round the cards on every page: menus, events and lists that look like entries and are none."""
        dice = self._dice("frame")
        style = "".join(f".{noun} .c{n} {{ margin: {n}px; color: #{n:06x}; }}\n" for n, noun in enumerate(_NOUNS))
        menu = "".join(
            f'<li class="menu-item"><a href="/{name.lower()}/">{name}</a><ul>'
            + "".join(
                f'<li><a href="/{name.lower()}/{noun}/">{noun.title()}</a></li>' for noun in dice.sample(_NOUNS, 6)
            )
            + "</ul></li>\n"
            for name in _SECTIONS
        )
        events = "".join(
            f'<article class="event"><h3><a href="/events/{n}">{self._sentence(dice, 1)}</a></h3>'
            f'<time datetime="2026-03-{n + 3:02}">March {n + 3:02}, 2026</time>'
            f"<p>{self._sentence(dice, 3)}.</p></article>\n"
            for n in range(6)
        )
        most = "".join(f'<li><a href="/most/{n}">{self._sentence(dice, 1)}</a></li>\n' for n in range(10))
        tags = " ".join(f'<a class="tag" rel="tag" href="/tag/{noun}">{noun}</a>' for noun in _NOUNS)
        before = (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>The Harbour Courier</title>\n'
            f'<style>\n{style}</style>\n<script>var tide = "{"; ".join(_NOUNS)}";</script>\n</head>\n<body>\n'
            f'<header><h1><a href="/">The Harbour Courier</a></h1><nav><ul>{menu}</ul></nav></header>\n'
            '<main>\n<h1>Latest</h1>\n<section class="stories">\n'
        )
        between = f"</section>\n</main>\n<aside>\n<h2>Events</h2>\n{events}<h2>Most read</h2>\n<ol>{most}</ol>\n"
        columns = "".join(
            "<ul>"
            + "".join(f'<li><a href="/about/{noun}">{noun.title()}</a></li>' for noun in dice.sample(_NOUNS, 9))
            + "</ul>"
            for _ in range(4)
        )
        after = (
            f'<p class="tags">{tags}</p>\n</aside>\n<footer>{columns}<p>© The Harbour Courier</p></footer>\n'
            "</body>\n</html>\n"
        )
        return before, between, after

    def _briefs(self, number: int) -> str:
        """Return a list whose length differs from page to page, so that pages do."""
        dice = self._dice(f"briefs {number}")
        lines = [
            f'<li><a href="/brief/{number}-{n}">{self._sentence(dice, 1)}</a></li>\n'
            for n in range(dice.choice((0, 20, 60, 120)))
        ]
        return f"<h2>In brief</h2>\n<ul>{''.join(lines)}</ul>\n"


def _card(story: Story) -> str:
    """Return one story's card: picture, section, title, date and names on a line, teaser cut off."""
    link = escape(story.path)
    names = ", ".join(
        f'<a class="story-author" rel="author" href="/people/{n}">{escape(name)}</a>'
        for n, name in enumerate(story.authors)
    )
    return (
        f'<article class="story" id="story-{story.number}">\n'
        f'<a class="story-picture" href="{link}"><img src="/pictures/{story.number}.jpg" width="240" alt=""></a>\n'
        f'<p class="story-section"><a href="/{story.section.lower()}/">{story.section}</a></p>\n'
        f'<h2 class="story-title"><a href="{link}">{escape(story.title)}</a></h2>\n'
        f'<p class="story-line"><span class="story-date">{story.shown_day}</span>'
        f"{f' By {names}' if names else ''}</p>\n"
        f'<div class="story-text"><p>{escape(story.summary)} (…)</p></div>\n'
        f'<p class="story-more"><a href="{link}#comments">{story.number % 40} comments</a></p>\n</article>\n'
    )


def _pager(pages: int, number: int) -> str:
    """Return the links to the pages around one, and to the one before and after it."""
    around = range(max(1, number - _LINKED_AROUND), min(pages, number + _LINKED_AROUND) + 1)
    links = [f"<b>{n}</b>" if n == number else f'<a href="{path_of(pages, n)}">{n}</a>' for n in around]
    if number > 1:
        links.insert(0, f'<a rel="prev" href="{path_of(pages, number - 1)}">Newer</a>')
    if number < pages:
        links.append(f'<a rel="next" href="{path_of(pages, number + 1)}">Older</a>')
    return f'<nav class="pages">{" ".join(links)}</nav>\n'


def path_of(pages: int, number: int = 1) -> str:
    """Return the path of a page of the listing that has so many ``pages``.

    >>> path_of(40), path_of(40, 3)
    ('/latest-40/', '/latest-40/?from=46')
    """
    return f"/latest-{pages}/" + (f"?from={(number - 1) * ENTRIES_A_PAGE}" if number > 1 else "")


class _Server(asyncio.Protocol):
    """Answers GET from a table of ready answers, one request after the other, connections kept open."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers = answers
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1]
            self._transport.write(self._answers.get(path) or _answer(b"404 Not Found", b"<h1>Not found</h1>"))


def _answer(status: bytes, body: bytes) -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


async def _serve(sizes: Iterable[int]) -> None:
    newspaper = Newspaper()
    answers = {
        path_of(pages, number).encode(): _answer(b"200 OK", newspaper.page(pages, number))
        for pages in sizes
        for number in range(1, pages + 1)
    }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(answers), "127.0.0.1", 0)
    closed = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), closed.set)  # readable: whoever started this has closed it, or has gone
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await closed.wait()
    server.close()


@contextmanager
def serving(sizes: Sequence[int]) -> Iterator[str]:
    """Serve listings of so many pages from a process of its own while the block runs; the value is the origin."""
    command = [sys.executable, "-m", "benchmarks.site", *map(str, sizes)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        origin = process.stdout.readline().strip()
        if not origin:
            raise OSError(f"the newspaper cannot be served (exit status {process.wait()})")
        try:
            yield origin
        finally:
            process.stdin.close()


def main() -> int:
    """Serve the listings that the command line asks for; print the origin."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description="Serve the newspaper on loopback.")
    parser.add_argument("pages", type=int, nargs="+", help="a listing of so many pages, at /latest-PAGES/")
    asyncio.run(_serve(parser.parse_args().pages))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
