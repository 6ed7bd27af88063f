"""Honours the Crawl-delay of robots.txt, which Scrapy reads past."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)


class CrawlDelay:
    """Slows a host down to the delay that its robots.txt asks for, up to a cap; never speeds it up.

    :param agent: the name that rules are looked for under
    :param delay: seconds between two requests that a host begins with
    :param longest: seconds that are waited at most (``NEWSARCHIVE_LONGEST_CRAWL_DELAY``)
    """

    def __init__(self, crawler: Crawler, agent: str, delay: float, longest: float) -> None:
        self.crawler, self._agent, self._delay, self._longest = crawler, agent, delay, longest
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        settings = crawler.settings
        if not settings.getbool("NEWSARCHIVE_OBEY_CRAWL_DELAY"):
            raise NotConfigured
        agent = settings.get("ROBOTSTXT_USER_AGENT") or settings["USER_AGENT"]
        longest = settings.getfloat("NEWSARCHIVE_LONGEST_CRAWL_DELAY")
        return cls(crawler, agent, settings.getfloat("DOWNLOAD_DELAY"), longest)

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        asked = robotparser.crawl_delay(self._agent)
        if not asked:
            return
        if asked > self._longest:
            logger.warning("robots.txt asks for %s seconds between requests; waiting %s", asked, self._longest)
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(request)
        # A host that was not asked for its robots.txt, because that was kept, has no slot yet, and one that nothing is
        # asked of for a minute loses it: what a new slot begins with has to say it too.
        begun = downloader.per_slot_settings.get(key, {})
        delay = max(begun.get("delay", self._delay), min(asked, self._longest))
        downloader.per_slot_settings[key] = {**begun, "delay": delay, "jitter": 0.0}
        if (slot := downloader.slots.get(key)) is not None:
            slot.delay = max(slot.delay, delay)
            slot.jitter = 0.0
