"""Keeps defective records out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from newsarchive.items import Entry
from newsarchive.run import run_of
from newsarchive.validate import problems

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class ValidateEntry:
    """Drops an entry that is no valid record: a defect, logged as an error and counted by field, never repaired."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        return cls(crawler)

    def process_item(self, item: Any) -> Any:  # noqa: D102
        if isinstance(item, Entry) and (found := problems(item)):
            for name, _ in found:
                self.crawler.stats.inc_value(f"newsarchive/invalid/{name}")
            run_of(self.crawler).counts["invalid"] += 1
            said = "; ".join(f"{name}: {what}" for name, what in found)
            raise DropItem(f"invalid entry {item.url or item.title!r}: {said}", log_level="ERROR")
        return item
