"""Honours the Crawl-delay of robots.txt, which Scrapy reads past."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

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

    :param longest: seconds that are waited at most (``NEWSARCHIVE_LONGEST_CRAWL_DELAY``)
    """

    def __init__(self, crawler: Crawler, agent: str, longest: float) -> None:
        self.crawler, self._agent, self._longest = crawler, agent, longest
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        settings = crawler.settings
        if not settings.getbool("NEWSARCHIVE_OBEY_CRAWL_DELAY"):
            raise NotConfigured
        agent = settings.get("ROBOTSTXT_USER_AGENT") or settings["USER_AGENT"]
        return cls(crawler, agent, settings.getfloat("NEWSARCHIVE_LONGEST_CRAWL_DELAY"))

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        rules: Any = getattr(robotparser, "rp", None)  # Protego's own object: Scrapy's interface has no Crawl-delay
        asked = rules.crawl_delay(self._agent) if rules is not None else None
        if not asked:
            return
        if asked > self._longest:
            logger.warning("robots.txt asks for %s seconds between requests; waiting %s", asked, self._longest)
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        if slot is not None:
            slot.delay = max(slot.delay, min(float(asked), self._longest))
            slot.jitter = 0
