"""Cookies, where the user switches them on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.downloadermiddlewares.cookies import CookiesMiddleware


class LazyCookies:
    """Scrapy's own, loaded only with ``COOKIES_ENABLED``: it imports an HTTP client that nothing else needs."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CookiesMiddleware:  # noqa: D102
        if not crawler.settings.getbool("COOKIES_ENABLED"):
            raise NotConfigured
        from scrapy.downloadermiddlewares.cookies import CookiesMiddleware

        return CookiesMiddleware.from_crawler(crawler)
