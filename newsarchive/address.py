"""The spider for a bare address: its first page, fetched once, says which platform's spider reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsarchive.harvest import load_spiders
from newsarchive.spider import ListingSpider

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    from newsarchive.reading import ListingPage, Reading

NOT_RECOGNISED = (
    "no platform that newsarchive knows was recognised on this page. Describe the listing in a site file "
    "(docs/site-files.md shows how, in ten lines) and harvest that"
)


class AddressSpider(ListingSpider):
    """Reads a listing of which only the address is known."""

    name = "address"

    _reader: ListingSpider | None = None

    def read(self, page: ListingPage, response: TextResponse) -> tuple[ListingPage, Reading]:
        """Read a page with the spider of the platform; the first page decides which."""
        if self._reader is None:
            self._reader = self._recognise(response)
            if self._reader is None:
                self.run.refusal = NOT_RECOGNISED
                return super().read(page, response)
            assert self._reader.listing is not None  # noqa: S101 - built, so it has one
            self.run.describe(self._reader.listing, self._reader.name, self.start_urls)
        return self._reader.read(page.read_with(self._reader.listing), response)

    def _recognise(self, response: TextResponse) -> ListingSpider | None:
        for cls in load_spiders(self.crawler.settings).values():
            if issubclass(cls, ListingSpider) and cls.recognises(response):
                reader: ListingSpider = cls.from_crawler(self.crawler, start=self.start_urls[0])
                return reader
        return None
