"""Lets through what is new or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from newsarchive.deduplicate import Sightings
from newsarchive.items import Entry
from newsarchive.run import run_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class DropDuplicates:
    """Drops what the archive, or without one this run, already holds unchanged. A duplicate is normal: no noise."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._sightings: Sightings | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        return cls(crawler)

    def process_item(self, item: Any) -> Any:  # noqa: D102
        if not isinstance(item, Entry):
            return item
        if self._sightings is None:
            run = run_of(self.crawler)
            self._sightings = Sightings(run.archive, run.counts, run.saw_in_walk)
        revision = self._sightings.judge(item)
        if revision is None:
            raise DropItem(f"known: {item.url or item.title!r}", log_level="DEBUG")
        return revision
