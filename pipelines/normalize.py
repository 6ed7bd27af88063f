"""Brings entries into the form of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsarchive.items import Entry
from newsarchive.normalize import normalize
from newsarchive.run import run_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class NormalizeEntry:
    """Folds white space, bounds lengths and computes the content hash; counts the fields it had to cut."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        return cls(crawler)

    def process_item(self, item: Any) -> Any:  # noqa: D102
        if isinstance(item, Entry):
            for name in normalize(item):
                self.crawler.stats.inc_value(f"newsarchive/cut/{name}")
            item.run_id = run_of(self.crawler).id
        return item
