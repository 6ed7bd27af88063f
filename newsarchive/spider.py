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
from newsarchive.pagers import PageLink, SinglePage
from newsarchive.pages import PageRead
from newsarchive.reading import HtmlCard, ListingPage, Reading, read_page
from newsarchive.responses import GONE, as_utf8, header, lost_in_parsing, say_failure, unreadable
from newsarchive.run import Run, run_of
from newsarchive.text.urls import resolve, same_site, slug_for_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newsarchive.items import Entry
    from newsarchive.walk import NextPage, Walk


class ListingSpider(Spider):
    """Base of all spiders. A site is data: ``name``, ``start_urls`` and ``listing``; one that is irregular overrides
    `adjust`; a platform says in `recognises` which pages are its own.

    For each start address it 1. asks the first page, 2. yields the entries of a page and then its `PageRead`, 3. asks
    the page that the run's `Walk` names, until that finds the end.

    :param start: replaces ``start_urls`` (``-a start=URL``)
    :raises ListingError: there is no address to start from, or no Listing
    """  # noqa: D205 - the contract needs the room

    listing: Listing | None = None

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
        yield self._begin(0)

    def _begin(self, order: int) -> Request:
        walk = self.run.walk(self.start_urls[order])
        return self._ask(walk.begin(), walk, order)

    def _ask(self, page: NextPage, walk: Walk, order: int) -> Request:
        return Request(
            page.url,
            callback=self.parse,
            errback=self.parse_failure,
            cb_kwargs={"start_url": walk.start_url, "page": page, "order": order},
            # The walk knows what it asked for; Scrapy's filter would drop a page that redirects to itself in silence.
            dont_filter=True,
        )

    def parse(self, response: Response, start_url: str, page: NextPage, order: int) -> Iterator[Any]:
        """Yield a page's entries, its mark, and the request for the page that follows."""
        walk = self.run.walk(start_url)
        walk.moved(response.url)
        if (reason := unreadable(response)) is not None:
            yield from self._go_on(walk, page, order, reason, not_found=response.status in GONE)
            return
        assert isinstance(response, TextResponse)  # noqa: S101 - `unreadable` has made sure
        response = as_utf8(response)
        shown = ListingPage(
            url=response.url,
            root=response.selector.root,
            listing=self.listing or NO_LISTING,
            received=datetime.now(UTC),
            start_url=start_url,
            number=page.number,
        )
        shown, reading = self.read(shown, response)
        if self.run.refusal is not None:
            walk.refused()
            return
        if not reading.cards and lost_in_parsing(response):
            yield from self._go_on(walk, page, order, "nests its markup too deeply to be read")
            return
        if not reading.cards and walk.pages == 0:
            yield from self._go_on(walk, page, order, f"no entry on it: card {shown.listing.card!r} matches nothing")
            return
        if walk.pages == 0:
            shown = shown.numbered(reading)
        if reading.failed and not reading.entries:
            yield from self._go_on(
                walk, page, order, f"none of its {reading.cards} cards could be read ({reading.failed[0]})"
            )
            return
        yield from self._take(shown, reading, response, walk, order)

    def _take(
        self, shown: ListingPage, reading: Reading, response: TextResponse, walk: Walk, order: int
    ) -> Iterator[Any]:
        self._count(reading)
        yield from reading.entries
        links = shown.links
        onward = [link for link in links if same_site(link.url, walk.start_url)]
        ids = [entry.id or "" for entry in reading.entries]
        yield PageRead(
            start_url=walk.start_url,
            number=shown.number,
            url=response.url,
            status=response.status,
            received=moment(shown.received),
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            ids=ids,
            next=[link.url for link in onward],
        )
        walk.told_total(shown.total)
        if walk.pages == 0:
            walk.one_page = _one_page(shown, links)
        off_site = next((link.url for link in links if link not in onward), None)
        following = walk.page_read(shown.number, ids, onward, off_site=off_site)
        yield from self._follow(following, walk, order)

    def _follow(self, following: NextPage | None, walk: Walk, order: int) -> Iterator[Request]:
        if following is None:
            end = walk.end.value if walk.end else "the end"
            self.logger.info("%s: %s; %d pages, %d entries", walk.start_url, end, walk.pages, walk.entries)
            if order + 1 < len(self.start_urls):  # one listing after the other: a page's entries come together
                yield self._begin(order + 1)
        elif self.run.failure is None:
            yield self._ask(following, walk, order)

    def _count(self, reading: Reading) -> None:
        counts = self.run.counts
        counts["cards_failed"] += len(reading.failed)
        counts["repeated"] += reading.repeated
        counts["shared_addresses"] += reading.shared_addresses
        for why in reading.failed:
            self.logger.warning("A card gave no entry: %s", why)

    def _go_on(
        self, walk: Walk, page: NextPage, order: int, reason: str, *, not_found: bool = False
    ) -> Iterator[Request]:
        """Ask the page after one that could not be read, where anything leads there."""
        following = walk.page_failed(page.url, page.number, reason, computed=page.computed, not_found=not_found)
        self.logger.warning("Page %d could not be read: %s: %s", page.number, page.url, reason)
        yield from self._follow(following, walk, order)

    def parse_failure(self, failure: Failure) -> Iterator[Request]:
        """Go on after a page that could not be fetched."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy sets it
        walk = self.run.walk(kwargs["start_url"])
        yield from self._go_on(walk, kwargs["page"], kwargs["order"], say_failure(failure.value, self.crawler.settings))


NO_LISTING = Listing(card="_", title="_", pager=SinglePage())
"""Stands in until the first page has shown which Listing reads it: no page matches it."""


def _one_page(page: ListingPage, links: list[PageLink]) -> str | None:
    """Return why a listing is known to have one page; ``None`` where that is not known."""
    if isinstance(page.listing.pager, SinglePage):
        return "the listing has one page, as its description says"
    if not links and not shows_more_pages(page.root, page.url):
        return "the listing has one page: nothing on it leads to another"
    return None
