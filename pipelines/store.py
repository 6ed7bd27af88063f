"""Commits pages to the archive."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from newsarchive.errors import ArchiveError
from newsarchive.items import Entry
from newsarchive.pages import PageRead
from newsarchive.run import run_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


class StorePages:
    """Holds a page's entries until its mark comes, then commits them together and takes the mark out.

    With ``NEWSARCHIVE_ARCHIVE`` set under plain ``scrapy`` it opens and ends the run itself. An error of the disk ends
    the run: nothing more is written, and the spider is closed.
    """

    def __init__(self, crawler: Crawler, root: str | None) -> None:
        self.crawler = crawler
        self._root = Path(root) if root else None
        self._held: list[Entry] = []
        self._owns_run = False
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:  # noqa: D102
        return cls(crawler, crawler.settings.get("NEWSARCHIVE_ARCHIVE"))

    def open_spider(self) -> None:  # noqa: D102
        run = run_of(self.crawler)
        if run.archive is None and self._root is not None:
            run.open_archive(self._root)
            self._owns_run = True
        spider = self.crawler.spider
        if (listing := getattr(spider, "listing", None)) is not None and spider is not None:
            run.describe(listing, spider.name, list(spider.start_urls))

    def process_item(self, item: Any) -> Any:  # noqa: D102
        run = run_of(self.crawler)
        if run.failure is not None:
            raise DropItem("the run has failed; nothing more is written", log_level="DEBUG")
        if isinstance(item, Entry):
            self._held.append(item)
            return item
        if not isinstance(item, PageRead):
            return item
        held, self._held = self._held, []
        if run.archive is not None:
            try:
                if item.ids:
                    run.keep_description()
                run.archive.commit_page(held, item.to_line(run.id))
            except ArchiveError as error:
                run.fail(error)
                self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="archive_error"))
                raise DropItem(str(error), log_level="ERROR") from error
        run.committed(item)
        raise DropItem("the mark of a page, which is committed now", log_level="DEBUG")

    def close_spider(self) -> None:  # noqa: D102
        if self._owns_run:
            run_of(self.crawler).end()
