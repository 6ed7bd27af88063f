"""Keeps every request on the source's own site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from newsarchive.spider import ListingSpider
from newsarchive.text.urls import resolve, same_site

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler


class SourceOrigin:
    """Refuses a request that leaves the host and port of the start addresses, also after a redirect.

    ``www.`` may come and go and http may become https; everything else, and every address that is not http or https,
    is refused. Scrapy's own offsite filter knows only domains and lets another port pass.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        return cls(crawler)

    def process_request(self, request: Request) -> None:  # noqa: D102
        spider = self.crawler.spider
        if not isinstance(spider, ListingSpider):
            return
        if resolve(request.url, "") is None or not any(_within(request.url, url) for url in spider.start_urls):
            self.crawler.stats.inc_value("newsarchive/refused_origin")
            raise IgnoreRequest(f"leads to another site, {request.url}")


def _within(url: str, start: str) -> bool:
    """Whether an address is on the site of a start address and no less safe."""
    return same_site(url, start) and not (start.startswith("https:") and url.startswith("http:"))
