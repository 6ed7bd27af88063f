"""Brings entries into the form of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

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
            try:
                cut = normalize(item)
            except (TypeError, AttributeError) as error:  # a site's own code put something else where a text belongs
                run_of(self.crawler).counts["invalid"] += 1
                raise DropItem(f"invalid entry {item.url or item.title!r}: {error}", log_level="ERROR") from error
            for name in cut:
                self.crawler.stats.inc_value(f"newsarchive/cut/{name}")
            item.run_id = run_of(self.crawler).id
        return item
