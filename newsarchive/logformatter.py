"""Log lines: pages and errors are logged, entries one by one are not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem
from scrapy.logformatter import LogFormatter, LogFormatterResult

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure


class PageLogFormatter(LogFormatter):
    """Says nothing of an entry that was stored or is known: twenty lines a page would hide what matters."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:  # noqa: D102
        return None  # type: ignore[return-value]  # documented: None means that nothing is logged

    def dropped(  # noqa: D102
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        if isinstance(exception, DropItem) and exception.log_level == "DEBUG":
            return None  # type: ignore[return-value]
        return super().dropped(item, exception, response, spider)
