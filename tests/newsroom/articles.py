"""The articles of a made-up newspaper, and who writes them. Every word is invented (``scripts/sample_words.py``)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scripts.sample_words import BODIES, NAMES, PLACES, SECTIONS, THINGS

_VERBS = ("asks about", "closes", "repairs", "sells", "paints", "counts the cost of", "votes on", "forgets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as the newspaper holds it at a moment; an edit makes another of the same number.

    :ivar number: what it is known by; higher numbers were written later
    :ivar url_path: path and query of its address
    :ivar summary: without the mark of a cut; ``None`` where its card shows none
    :ivar cut: whether its card marks the summary as cut
    :ivar date: the moment that its card shows as its day
    :ivar score: how popular it is; counts in the order "popularity" alone
    :ivar version: 1, and one more for every edit
    """

    number: int
    url_path: str
    title: str
    summary: str | None
    cut: bool
    bylines: tuple[str, ...]
    section: str
    date: datetime
    score: int
    version: int = 1

    def record(self, origin: str, *, dates: bool, sections: bool) -> dict[str, Any]:
        """Return what the newest revision of its entry must say, for the fields that a card shows.

        :param dates: whether cards show dates
        :param sections: whether cards show sections
        """
        return {
            "url": origin + self.url_path,
            "title": self.title,
            "date": f"{self.date:%Y-%m-%d}" if dates else None,
            "summary": self.summary,
            "summary_truncated": None if self.summary is None else self.cut,
            "bylines": list(self.bylines),
            "section": self.section if sections else None,
        }


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes articles: the same seed and number give the same text, however often and in whatever order.

    :param seed: what distinguishes this newspaper's texts from another's
    :param path: path of an article's address, with ``{}`` for its number

    >>> writer = Writer(7, "/story/{}/")
    >>> one = writer.write(12, datetime(2024, 5, 1))
    >>> one.title, one.url_path, one == writer.write(12, datetime(2024, 5, 1))
    ('Pilots’ Guild asks about the Weigh House, no. 12', '/story/12/', True)
    """

    seed: int
    path: str

    def write(self, number: int, date: datetime, *, version: int = 1, score: int | None = None) -> Article:
        """Return the article of a number; a higher version has another title and summary, and some author.

        An edit empties no field: that would be no change for the archive.
        """
        draw = zlib.crc32(f"{self.seed}/{number}/{version}".encode())
        names = draw % 3 if version == 1 else 1 + draw % 2
        title = f"{_pick(BODIES, draw)} {_pick(_VERBS, draw >> 4)} the {_pick(THINGS, draw >> 7)}, no. {number}"
        summary = f"What is known of number {number} at {_pick(PLACES, draw >> 11)}"
        summary += f", as of version {version}" if version > 1 else ""
        return Article(
            number=number,
            url_path=self.path.format(number),
            title=title if version == 1 else f"{title} (put right {version - 1} times)",
            summary=None if number % 9 == 4 and version == 1 else summary + "." * (number % 3 > 0),
            cut=number % 3 == 0,
            bylines=(*dict.fromkeys(_pick(NAMES, draw >> shift) for shift in range(15, 15 + names)),),
            section=_pick(SECTIONS, draw >> 20),
            date=date,
            score=zlib.crc32(f"{self.seed}/{number}".encode()) % 1000 if score is None else score,
            version=version,
        )


def _pick(options: Sequence[str], draw: int) -> str:
    return options[draw % len(options)]
