"""Reads robots.txt as RFC 9309 says: what cannot be had forbids everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser


class RobotsTxt(RobotsTxtMiddleware):
    """Asks nothing of a host whose robots.txt answers with an error of the server or not at all (RFC 9309, 2.3.1.4).

    Scrapy's own goes on then. A 404 allows everything, here and there.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._missing: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:  # noqa: D102
        if (why := self._missing.get(urlparse_cached(request).netloc)) is not None:
            raise IgnoreRequest(f"its robots.txt {why}, so nothing may be asked; try later")
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._missing[netloc] = f"answered {response.status}"
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self._missing[netloc] = f"cannot be reached ({' '.join(str(exc).split()) or type(exc).__name__})"
        super()._robots_error(exc, netloc)
