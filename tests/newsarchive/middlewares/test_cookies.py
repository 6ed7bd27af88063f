from __future__ import annotations

import pytest
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import NotConfigured
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newsarchive.middlewares.cookies import LazyCookies


def test_cookies_are_scrapys_own_where_they_are_asked_for() -> None:
    middleware = build_from_crawler(LazyCookies, get_crawler(settings_dict={"COOKIES_ENABLED": True}))
    assert isinstance(middleware, CookiesMiddleware)
    with pytest.raises(NotConfigured):
        build_from_crawler(LazyCookies, get_crawler(settings_dict={"COOKIES_ENABLED": False}))
