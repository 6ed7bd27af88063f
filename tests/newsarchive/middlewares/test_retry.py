"""What a server asks for in Retry-After is waited for, up to a cap."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newsarchive.middlewares import retry
from newsarchive.middlewares.retry import RetryAfter

URL = "https://a.example/"
SOON = format_datetime(datetime.now(UTC) + timedelta(days=1))
PAST = format_datetime(datetime.now(UTC) - timedelta(days=1))


def waited(
    monkeypatch: pytest.MonkeyPatch, status: int, retry_after: str | None, request: Request | None = None
) -> tuple[Request | Response, list[float]]:
    """Return what becomes of an answer, and the seconds that were waited before."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(retry.asyncio, "sleep", sleep)
    crawler = get_crawler(settings_dict={"NEWSARCHIVE_LONGEST_CRAWL_DELAY": 60.0})
    crawler.spider = Spider.from_crawler(crawler, "a")
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    asked = build_from_crawler(RetryAfter, crawler).process_response(
        request or Request(URL), Response(URL, status=status, headers=headers)
    )
    return asyncio.run(asked), pauses


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("7", 7), ("0", 0), (" 12 ", 12), ("86400", 60), ("9" * 400, 60), (SOON, 60), (PAST, 0), (None, 0)]
    + [(wrong, 0) for wrong in ("", "soon", "-5", "1.5")],
    ids=lambda one: str(one).partition(",")[0][:9],
)
def test_a_page_is_asked_again_after_the_wait(
    monkeypatch: pytest.MonkeyPatch, status: int, retry_after: str | None, seconds: float
) -> None:
    again, pauses = waited(monkeypatch, status, retry_after)
    assert isinstance(again, Request)
    assert again.url == URL
    assert pauses == [seconds]


def test_an_answer_that_is_final_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for status, request in (
        (200, None),
        (404, None),
        (503, Request(URL, meta={"retry_times": 2})),
        (503, Request(URL, meta={"dont_retry": True})),
    ):
        answer, pauses = waited(monkeypatch, status, "7", request)
        assert isinstance(answer, Response)
        assert pauses == []
