"""Waits as long as a server asks before a page is asked again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import RetryMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class RetryAfter(RetryMiddleware):
    """Scrapy's own asks again at once, whatever ``Retry-After`` says."""

    async def process_response(  # type: ignore[override]  # Scrapy takes coroutines here
        self, request: Request, response: Response
    ) -> Request | Response:
        """Return the response, or the request to make again once the wait is over."""
        answer: Request | Response = super().process_response(request, response)
        if answer is not response:
            longest = self.crawler.settings.getfloat("NEWSARCHIVE_LONGEST_CRAWL_DELAY")
            await asyncio.sleep(min(_seconds(response.headers.get("Retry-After")), longest))
        return answer


def _seconds(value: bytes | None) -> float:
    text = (value or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
