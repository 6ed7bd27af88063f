"""What an answer of a made-up newspaper shows, read without newsarchive."""

from __future__ import annotations

import itertools
import re

from lxml import html

from tests.newsroom.faults import Answer
from tests.newsroom.publication import Publication


def numbers(answer: Answer) -> list[int]:
    """Return the numbers of the articles whose cards a page shows, in order."""
    cards = html.fromstring(answer.body.decode()).xpath("//article|//li[contains(@class, 'hentry')]")
    return [int(re.findall(r"\d+", card.xpath(".//a/@href")[0])[-1]) for card in cards]


def links(answer: Answer) -> dict[str, str]:
    """Return what a page's pager links to, by the text of the link."""
    return {link.text_content(): link.get("href") for link in html.fromstring(answer.body.decode()).xpath("//nav//a")}


def page(paper: Publication, number: int) -> Answer:
    """Return the answer to a request for a listing page."""
    return paper.answer(paper.style.path_of(number))


def pages(paper: Publication, count: int) -> list[list[int]]:
    """Return the articles that each of the first pages shows, asked in order."""
    return [numbers(page(paper, number)) for number in range(1, count + 1)]


def joined(shown: list[list[int]]) -> list[int]:
    """Return the articles of several pages as one list."""
    return list(itertools.chain.from_iterable(shown))


def listed(paper: Publication) -> list[int]:
    """Return the articles that are listed now, in page order."""
    return [article.number for article in paper.listed()]
