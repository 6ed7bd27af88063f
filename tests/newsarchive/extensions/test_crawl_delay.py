"""Crawl-delay on Scrapy's own downloader, whether the host was asked for its robots.txt or not."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newsarchive.extensions.crawl_delay import CrawlDelay

PAGE = Request("https://gazette.example/news/")


def crawler_with(**settings: Any) -> Crawler:
    defaults = {"NEWSARCHIVE_OBEY_CRAWL_DELAY": True, "NEWSARCHIVE_LONGEST_CRAWL_DELAY": 60.0, "DOWNLOAD_DELAY": 1.0}
    names = {"ROBOTSTXT_USER_AGENT": "newsarchive", "ADDONS": {}, "DOWNLOAD_HANDLERS_BASE": {}}
    crawler = get_crawler(settings_dict={**defaults, **names, "DOWNLOADER_MIDDLEWARES_BASE": {}, **settings})
    crawler.engine = SimpleNamespace(downloader=Downloader(crawler))
    return crawler


def slot_of(crawler: Crawler, request: Request = PAGE) -> Slot:
    """Return the slot that a request goes through; made, as the downloader does it, where there is none."""
    return crawler.engine.downloader._get_slot(request)[1]


def slot_after(text: str, *, exists: bool, **settings: Any) -> Slot:
    """Return a host's slot after its robots.txt was read."""
    crawler = crawler_with(**settings)
    extension = build_from_crawler(CrawlDelay, crawler)

    async def read() -> Slot:
        if exists:
            slot_of(crawler)
        parser = ProtegoRobotParser(text.encode(), None)
        crawler.signals.send_catch_log(signal=signals.robots_parsed, robotparser=parser, request=PAGE)
        assert slot_of(crawler, Request("https://other.example/")).delay == settings.get("DOWNLOAD_DELAY", 1.0)
        slot = slot_of(crawler)
        crawler.engine.downloader.slots.clear()  # as after a minute of silence
        assert (slot_of(crawler).delay, slot_of(crawler).jitter) == (slot.delay, slot.jitter)
        crawler.engine.downloader.close()
        return slot

    slot = asyncio.run(read())
    del extension  # signals hold receivers weakly
    return slot


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    ("text", "delay", "jitter"),
    [
        ("User-agent: *\nCrawl-delay: 5\n", 5, 0),
        ("User-agent: *\nCrawl-delay: 9000\n", 60, 0),
        ("User-agent: *\nCrawl-delay: 0.2\n", 1, 0),
        ("User-agent: *\nDisallow: /x\n", 1, 0.5),
        ("User-agent: other\nCrawl-delay: 5\n", 1, 0.5),
        ("User-agent: *\nCrawl-delay: 5\n\nUser-agent: newsarchive\nCrawl-delay: 7\n", 7, 0),
    ],
)
def test_a_host_is_slowed_down(text: str, delay: float, jitter: float, exists: bool) -> None:
    slot = slot_after(text, exists=exists)
    assert (slot.delay, slot.jitter, slot.concurrency) == (delay, jitter, 8)


def test_what_a_slot_of_the_user_says_stays() -> None:
    slots = {"gazette.example": {"concurrency": 2, "delay": 8.0}}
    slot = slot_after("User-agent: *\nCrawl-delay: 5\n", exists=False, DOWNLOAD_SLOTS=slots)
    assert (slot.delay, slot.concurrency) == (8.0, 2)


def test_a_delay_of_the_user_stands_instead() -> None:
    with pytest.raises(NotConfigured):
        CrawlDelay.from_crawler(crawler_with(NEWSARCHIVE_OBEY_CRAWL_DELAY=False))
