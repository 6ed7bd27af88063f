"""Only the source's own site is asked, and never less safely than the user did."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newsarchive.middlewares.origin import SourceOrigin
from spiders.spip import Spip


def is_asked(start: str, url: str) -> bool:
    crawler = get_crawler(Spip)
    crawler.spider = Spip.from_crawler(crawler, start=start)
    try:
        build_from_crawler(SourceOrigin, crawler).process_request(Request(url))
    except IgnoreRequest:
        return False
    return True


@pytest.mark.parametrize(
    ("start", "url", "asked"),
    [
        ("http://a.example/news", "http://a.example/news?page=2", True),
        ("http://a.example/news", "https://a.example/news", True),
        ("https://a.example/news", "https://www.a.example/news", True),
        ("https://a.example/news", "http://a.example/news", False),
        ("https://a.example/news", "http://www.a.example/robots.txt", False),
        ("http://a.example/news", "http://b.example/news", False),
        ("http://a.example/news", "http://a.example:8080/news", False),
        ("http://a.example/news", "http://news.a.example/", False),
        ("http://a.example/news", "file:///etc/passwd", False),
        ("http://a.example/ https://b.example/", "https://b.example/x", True),
        ("http://a.example/ https://b.example/", "http://b.example/x", False),
    ],
)
def test_what_is_asked(start: str, url: str, asked: bool) -> None:
    assert is_asked(start, url) is asked
