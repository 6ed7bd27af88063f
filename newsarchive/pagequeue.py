"""Pages that are fetched side by side and read one after the other, in the order of the walk."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsarchive.text.urls import page_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from scrapy.http import Response

    from newsarchive.ends import NextPage


class Arrival(NamedTuple):
    """What became of a request: the page that was asked, the response (or why there is none), and when it came."""

    page: NextPage
    answer: Response | str
    received: datetime


class PageQueue:
    """Holds what has arrived before its turn.

    :param first: the page that the walk begins with
    """

    def __init__(self, first: NextPage) -> None:
        self._awaited: NextPage | None = first
        self._asked: set[str] = set()
        self._arrived: dict[str, Arrival] = {}
        self._is_reading = False

    def to_ask(self, ahead: Iterable[NextPage]) -> Iterator[NextPage]:
        """Yield, of the page that is waited for and those ahead of it, the ones that were not asked yet."""
        for page in ([self._awaited] if self._awaited else []) + list(ahead):
            key = page_key(page.url)
            if key not in self._asked:
                self._asked.add(key)
                yield page

    def take(self, arrival: Arrival) -> bool:
        """Keep what has arrived; tell whether the caller is to read on, or somebody is reading already."""
        self._arrived[page_key(arrival.page.url)] = arrival
        was_reading, self._is_reading = self._is_reading, True
        return not was_reading

    def next_arrival(self) -> Arrival | None:
        """Return the page that is waited for, if it has arrived; the caller then reads it and says what follows."""
        key = page_key(self._awaited.url) if self._awaited is not None else ""
        found = self._arrived.pop(key, None)
        if found is None:
            self._is_reading = False
            return None
        self._asked.discard(key)
        # How it was asked for is the walk's word, not that of the time when it was asked ahead.
        return found._replace(page=self._awaited or found.page)

    def wait_for(self, page: NextPage | None) -> None:
        """Wait for the page that the walk names, ``None`` at its end."""
        self._awaited = page
