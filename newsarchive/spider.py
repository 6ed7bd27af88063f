"""`ListingSpider`: fetches the pages of a listing, reads their cards, follows the pager."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.http import TextResponse

from newsarchive.errors import ListingError
from newsarchive.health.pages import shows_more_pages
from newsarchive.listing import Listing
from newsarchive.moments import moment
from newsarchive.order import certain_date
from newsarchive.pagequeue import Arrival, PageQueue
from newsarchive.pagers import PageLink, SinglePage
from newsarchive.pages import PageRead
from newsarchive.reading import HtmlCard, ListingPage, Reading, read_page
from newsarchive.responses import (
    GONE,
    NOT_MODIFIED,
    as_utf8,
    header,
    lost_in_parsing,
    say_failure,
    unreadable,
    validating_date,
)
from newsarchive.run import Run, run_of
from newsarchive.text.urls import resolve, same_site, slug_for_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newsarchive.ends import NextPage
    from newsarchive.items import Entry
    from newsarchive.selectors import Spec
    from newsarchive.walk import Walk


class ListingSpider(Spider):
    """Base of all spiders. A site is data: ``name``, ``start_urls`` and ``listing``; one that is irregular overrides
    `adjust`; a platform says in `recognises` which pages are its own.

    For each start address it 1. asks the first page, 2. yields the entries of a page and then its `PageRead`, 3. asks
    the page that the run's `Walk` names, until that finds the end.

    :param start: replaces ``start_urls`` (``-a start=URL``)
    :raises ListingError: there is no address to start from, or no Listing
    """  # noqa: D205 - the contract needs the room

    listing: Listing | None = None
    _queue: PageQueue | None = None
    _side_by_side = 1

    def __init__(self, start: str | None = None, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name, **kwargs)
        own = bool(self.start_urls)
        if start is not None:
            self.start_urls = start.split()
        for url in self.start_urls:
            if resolve(url, "") is None:
                raise ListingError(f"start: expected an address that begins with http:// or https://, found {url!r}")
        if not self.start_urls:
            raise ListingError(f"start: spider {self.name} has no address of its own; give one (-a start=URL)")
        if self.listing is None and type(self).read is ListingSpider.read:
            raise ListingError(f"listing: spider {self.name} has no Listing")
        # A family of sites is one spider and many sources; a site is one source wherever it starts.
        self.slug = self.name if own else slug_for_url(self.start_urls[0])

    @classmethod
    def recognises(cls, response: TextResponse) -> bool:
        """Tell whether a page is of the platform that this spider reads."""
        return False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: D102
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, cls)  # noqa: S101 - Scrapy types it as any spider
        return spider

    @property
    def run(self) -> Run:
        """The run that this spider works for."""
        return run_of(self.crawler)

    def adjust(self, entry: Entry, card: HtmlCard) -> Entry | None:
        """Change one entry before its identity is settled, or return ``None`` to leave the card out: the one hook."""
        return entry

    def read(self, page: ListingPage, response: TextResponse) -> tuple[ListingPage, Reading]:
        """Read a page with the spider's Listing; return the page as it was read and what it gave."""
        return page, read_page(page, self.run.slug, self.adjust)

    async def start(self) -> AsyncIterator[Any]:  # noqa: D102
        self._side_by_side = self.crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        for request in self._begin(0):
            yield request

    def _begin(self, order: int) -> Iterator[Request]:
        walk = self.run.walk(self.start_urls[order])
        self._queue = PageQueue(walk.begin())
        yield from self._ask(self._queue, walk, order, headers=self.run.validators(walk))

    def _ask(
        self, queue: PageQueue, walk: Walk, order: int, headers: dict[str, str] | None = None
    ) -> Iterator[Request]:
        """Yield the requests for the page that the walk waits for, and for those after it where the user allows."""
        for page in queue.to_ask(walk.ahead(self._side_by_side - 1) if self._side_by_side > 1 else ()):
            yield Request(
                page.url,
                callback=self.parse,
                errback=self.parse_failure,
                headers=headers,
                cb_kwargs={"start_url": walk.start_url, "page": page, "order": order},
                # The walk knows what it asked for; Scrapy's filter would drop a page that redirects to itself.
                dont_filter=True,
            )

    def parse(self, response: Response, start_url: str, page: NextPage, order: int) -> Iterator[Any]:
        """Yield a page's entries, its mark, and the request for the page that follows."""
        yield from self._arrived(Arrival(page, response, datetime.now(UTC)), start_url, order)

    def parse_failure(self, failure: Failure) -> Iterator[Any]:
        """Go on after a page that could not be fetched."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy sets it
        reason = say_failure(failure.value, self.crawler.settings)
        yield from self._arrived(
            Arrival(kwargs["page"], reason, datetime.now(UTC)), kwargs["start_url"], kwargs["order"]
        )

    def _arrived(self, arrival: Arrival, start_url: str, order: int) -> Iterator[Any]:
        """Read what has arrived in the order of the walk; a page that came early waits for those before it."""
        walk = self.run.walk(start_url)
        queue = self._queue = self._queue or PageQueue(arrival.page)
        if walk.has_ended or not queue.take(arrival):
            return
        while (page := queue.next_arrival()) is not None:
            following = yield from self._read_page(page, walk)
            if self.run.failure is not None or self.run.refusal is not None:
                return
            queue.wait_for(following)
            yield from self._ask(queue, walk, order) if following is not None else self._end(walk, order)

    def _end(self, walk: Walk, order: int) -> Iterator[Request]:
        """Say how a walk ended, and begin the next one: the pages of two listings do not mix."""
        end = walk.end.value if walk.end else "the end"
        self.logger.info("%s: %s; %d pages, %d entries", walk.start_url, end, walk.pages, walk.entries)
        if order + 1 < len(self.start_urls):
            yield from self._begin(order + 1)

    def _read_page(self, arrival: Arrival, walk: Walk) -> Generator[Any, None, NextPage | None]:
        """Yield a page's entries and its mark; return the page that follows, ``None`` at the end."""
        page, response = arrival.page, arrival.answer
        if isinstance(response, str):
            return self._failed(walk, page, response)
        walk.moved(response.url)
        if response.status == NOT_MODIFIED and walk.plan.if_changed is not None and not walk.pages:
            walk.unchanged()
            return None
        if (reason := unreadable(response)) is not None:
            return self._failed(walk, page, reason, not_found=response.status in GONE)
        assert isinstance(response, TextResponse)  # noqa: S101 - `unreadable` has made sure
        response = as_utf8(response)
        shown = ListingPage(
            url=response.url,
            root=response.selector.root,
            listing=self.listing or NO_LISTING,
            received=arrival.received,
            start_url=walk.start_url,
            number=page.number,
        )
        shown, reading = self.read(shown, response)
        if self.run.refusal is not None:
            walk.refused()
            return None
        if (reason := self._unread(shown, reading, response, walk)) is not None:
            return self._failed(walk, page, reason)
        if walk.pages == 0:
            shown = shown.numbered(reading)
        if not walk.lands([entry.id or "" for entry in reading.entries]):
            self.logger.info("Page %d shows nothing of what was left out; going back: %s", page.number, page.url)
            return walk.leap_missed()
        return (yield from self._take(shown, reading, response, walk))

    def _unread(self, shown: ListingPage, reading: Reading, response: TextResponse, walk: Walk) -> str | None:
        """Return why a page gave no entry, where that is a failure; ``None`` otherwise."""
        if not reading.cards and lost_in_parsing(response):
            return "nests its markup too deeply to be read"
        if not reading.cards and walk.pages == 0:
            return f"no entry on it: {_unmatched(shown.listing.card)}"
        if reading.failed and not reading.entries:
            return f"none of its {reading.cards} cards could be read ({reading.failed[0]})"
        return None

    def _take(
        self, shown: ListingPage, reading: Reading, response: TextResponse, walk: Walk
    ) -> Generator[Any, None, NextPage | None]:
        """Let the walk decide on a page, then yield what is to be committed; return the page that follows."""
        self._count(reading)
        links = shown.links
        onward = [link for link in links if same_site(link.url, walk.start_url)]
        walk.told_total(shown.total)
        if walk.pages == 0:
            walk.one_page = _one_page(shown, links)
        off_site = next((link.url for link in links if link not in onward), None)
        ids = [entry.id or "" for entry in reading.entries]
        following = walk.in_passing(shown.number, onward)
        if following is None:
            dates = {entry.id or "": date for entry in reading.entries if (date := certain_date(entry))}
            following = walk.page_read(shown.number, ids, onward, off_site=off_site, dates=dates)
        mark = self._mark(shown, response, walk)
        mark.ids, mark.next = ids, [link.url for link in onward]
        if self.run.archive is not None:
            self.run.archive.expect(ids)
        yield from reading.entries
        yield mark
        return following

    def _mark(self, shown: ListingPage, response: TextResponse, walk: Walk) -> PageRead:
        """Return the mark that commits a page, with its place in the walk."""
        return PageRead(
            start_url=walk.start_url,
            number=shown.number,
            url=response.url,
            status=response.status,
            received=moment(shown.received),
            etag=header(response, "ETag"),
            last_modified=validating_date(response),
            walk={"kind": walk.plan.kind, "run": walk.plan.walk},
            listing=shown.listing.hash,
            row=walk.row,
            over=walk.over.row if walk.over else None,
            learned={"order": str(walk.learned_order)} if walk.learned_order else {},
        )

    def _count(self, reading: Reading) -> None:
        counts = self.run.counts
        counts["cards_failed"] += len(reading.failed)
        counts["repeated"] += reading.repeated
        counts["shared_addresses"] += reading.shared_addresses
        for why in reading.failed:
            self.logger.warning("A card gave no entry: %s", why)

    def _failed(self, walk: Walk, page: NextPage, reason: str, *, not_found: bool = False) -> NextPage | None:
        """Return the page to ask after one that could not be read, where anything leads there."""
        self.logger.warning("Page %d could not be read: %s: %s", page.number, page.url, reason)
        return walk.page_failed(page.url, page.number, reason, computed=page.computed, not_found=not_found)


NO_LISTING = Listing(card="_", title="_", pager=SinglePage())
"""Stands in until the first page has shown which Listing reads it: no page matches it."""


def _unmatched(card: Spec | None) -> str:
    """Say that nothing was found where the Listing looks for cards."""
    if isinstance(card, str):
        return f"card {card!r} matches nothing"
    return f"none of the {len(card or ())} alternatives for a card matches anything"


def _one_page(page: ListingPage, links: list[PageLink]) -> str | None:
    """Return why a listing is known to have one page; ``None`` where that is not known."""
    if isinstance(page.listing.pager, SinglePage):
        return "the listing has one page, as its description says"
    if not links and not shows_more_pages(page.root, page.url):
        return "the listing has one page: nothing on it leads to another"
    return None
