"""Any source that a site file describes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from newsarchive.errors import ListingError
from newsarchive.sitefile import read_site_file
from newsarchive.spider import ListingSpider


class Site(ListingSpider):
    """The source of a TOML site file: ``scrapy crawl site -a file=gazette.toml``."""

    name = "site"

    def __init__(self, file: str | None = None, start: str | None = None, **kwargs: Any) -> None:
        if file is None:
            raise ListingError("file: spider site reads a site file; name it with -a file=PATH")
        site = read_site_file(Path(file))
        self.listing = site.listing
        self.start_urls = list(site.start)
        super().__init__(start, **kwargs)
        self.slug = site.slug
