"""The walk through one listing: which page is asked next, and how the end of the listing is found. No Scrapy here."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsarchive.text.urls import page_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsarchive.pagers import PageLink

SLID_PAGES = 20
"""So many pages in a row may bring nothing new before the walk stops without having seen the listing's end."""

BUILT_IN_LIMIT = 10_000
"""Pages of one listing that a run reads at most when the user gives no limit."""


class End(enum.Enum):
    """How a walk ended; the value is what a person is told."""

    NO_NEXT_PAGE = "no next page"
    REPEATED = "the last pages were empty or showed the page before again"
    NOT_FOUND = "the next page does not exist (404)"
    UNCONFIRMED = f"{SLID_PAGES} pages in a row brought nothing new"
    USER_LIMIT = "page limit given by the user"
    BUILT_IN_LIMIT = f"built-in limit of {BUILT_IN_LIMIT} pages"
    FAILED = "a page could not be read and nothing shows the way on"
    LEFT_SITE = "the next page is on another site"
    NO_ENTRIES = "no entry on the first page"


_REAL_ENDS = (End.NO_NEXT_PAGE, End.REPEATED, End.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class NextPage:
    """The page to ask next."""

    url: str
    number: int
    computed: bool


@dataclass(slots=True)
class Walk:
    """The state of one walk, from a start address to the end of its listing.

    :param start_url: address of the first page
    :param limit: pages to read at most
    :param limit_is_users: whether the user gave that limit
    """

    start_url: str
    limit: int = BUILT_IN_LIMIT
    limit_is_users: bool = False

    end: End | None = None
    pages: int = 0
    """Pages read."""
    failed: list[str] = field(default_factory=list)
    """Why a page could not be read, with its address, one text a page."""
    last_number: int | None = None
    """The highest page number that a page links to; ``None`` where none is told."""
    totals: tuple[int | None, int | None] | None = None
    """How many entries the first and the latest page say that the listing has."""
    off_site: str | None = None
    """The first address on another site that a pager led to."""
    one_page: str | None = None
    """Why the listing is known to have one page; ``None`` where that is not known."""

    _open: dict[str, PageLink] = field(default_factory=dict)
    _visited: set[str] = field(default_factory=set)
    _own_number: int | None = None
    _seen: set[str] = field(default_factory=set)
    _previous: tuple[str, ...] = ()
    _idle: int = 0
    _alike: int = 0

    @property
    def entries(self) -> int:
        """Entries found, each counted once."""
        return len(self._seen)

    @property
    def reached_end(self) -> bool:
        """Whether the walk reached an end of the listing with no page missing."""
        return self.end in _REAL_ENDS and not self.failed

    def told_total(self, total: int | None) -> None:
        """Take note of how many entries a page says that the listing has."""
        self.totals = (self.totals[0] if self.totals else total, total)

    def begin(self) -> NextPage:
        """Return the first page."""
        self._visit(self.start_url)
        return NextPage(self.start_url, 1, computed=False)

    def moved(self, url: str) -> None:
        """Take note that a page answered under another address."""
        key = page_key(url)
        self._visited.add(key)
        self._open.pop(key, None)

    def page_read(
        self, number: int, ids: Sequence[str], links: Iterable[PageLink], *, off_site: str | None = None
    ) -> NextPage | None:
        """Take note of a page that was read; return the page to ask next, or ``None`` at the end (see ``end``).

        :param number: the page's number; the start page may not be the first
        :param ids: the entries that it shows, in order
        :param links: where its pager leads
        :param off_site: an address on another site that the pager led to, where the walk does not go
        """
        self.pages += 1
        links = list(links)
        self.last_number = max([self.last_number or 0, *(x.number or 0 for x in links if not x.computed)]) or None
        new = [one for one in ids if one not in self._seen]
        self._seen.update(new)
        if self.pages == 1:
            self._own_number = number
        if self.pages == 1 and not ids:
            return self._stop(End.NO_ENTRIES)
        self._idle = 0 if new else self._idle + 1
        self._alike = 0 if new or not (not ids or tuple(ids) == self._previous) else self._alike + 1
        self._previous = tuple(ids)
        self.off_site = self.off_site or off_site
        self._take(links)
        return self._next(number)

    def page_failed(self, url: str, number: int, reason: str, *, computed: bool, not_found: bool) -> NextPage | None:
        """Take note of a page that could not be read; return the page to ask next, or ``None`` at the end.

        A page that no other links to and that does not exist ends the listing; any other is a gap.
        """
        if computed and not_found and (self.last_number or 0) < number:
            return self._stop(End.NOT_FOUND)
        self.failed.append(f"{url}: {reason}")
        if not self.pages or not self._open:
            return self._stop(End.FAILED)
        return self._next(number)

    def _take(self, links: Iterable[PageLink]) -> None:
        for link in links:
            key = page_key(link.url)
            # The start page often has a second address, with its number in it.
            if key in self._visited or (link.number is not None and link.number == self._own_number):
                continue
            known = self._open.get(key)
            if known is None or (known.computed and not link.computed):
                self._open[key] = link

    def _next(self, number: int) -> NextPage | None:
        if not self._open:
            return self._stop(End.LEFT_SITE if self.off_site else End.NO_NEXT_PAGE)
        key = min(self._open, key=lambda one: self._open[one].number or number + 1)
        link = self._open[key]
        if self._idle >= SLID_PAGES:
            return self._stop(End.UNCONFIRMED)
        if link.computed and self._alike >= 2:
            return self._stop(End.REPEATED)
        if self.pages + len(self.failed) >= self.limit:
            return self._stop(End.USER_LIMIT if self.limit_is_users else End.BUILT_IN_LIMIT)
        following = link.number or number + 1
        self._visit(link.url)
        return NextPage(link.url, following, link.computed)

    def _visit(self, url: str) -> None:
        key = page_key(url)
        self._visited.add(key)
        self._open.pop(key, None)

    def refused(self) -> None:
        """End the walk: the first page is of no listing that can be read."""
        self.end = End.NO_ENTRIES

    def _stop(self, end: End) -> NextPage | None:
        self.end = end
        return None
