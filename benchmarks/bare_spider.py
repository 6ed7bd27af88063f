"""What a good engineer writes by hand for one site: a plain Scrapy spider without any of newsarchive.

``python -m benchmarks.bare_spider ADDRESS FILE`` writes the entries of the newspaper to FILE as JSON Lines.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import TextResponse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response


class Bare(Spider):
    """The newspaper's listing: CSS selectors into dicts, ``strptime``, the next link."""

    name = "bare"

    def parse(self, response: Response) -> Iterator[Any]:  # noqa: D102
        assert isinstance(response, TextResponse)
        following = response.css("a[rel=next]::attr(href)").get()
        if following:
            yield response.follow(following)
        for card in response.css("article.story"):
            link = card.css(".story-title a")
            day = datetime.strptime(card.css(".story-date::text").get(""), "%B %d, %Y").replace(tzinfo=UTC)
            yield {
                "url": response.urljoin(link.attrib["href"]),
                "title": link.css("::text").get("").strip(),
                "date": day.date().isoformat(),
                "summary": card.css(".story-text p::text").get("").removesuffix("(…)").strip(),
                "bylines": card.css(".story-author::text").getall(),
                "section": card.css(".story-section a::text").get(),
            }


def main() -> int:
    """Crawl from an address into a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bare_spider", description=__doc__)
    parser.add_argument("start")
    parser.add_argument("file")
    arguments = parser.parse_args()
    process = CrawlerProcess(
        {
            "FEEDS": {arguments.file: {"format": "jsonlines", "overwrite": True, "encoding": "utf8"}},
            "LOG_LEVEL": "INFO",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Bare, start_urls=[arguments.start])
    process.start()
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
