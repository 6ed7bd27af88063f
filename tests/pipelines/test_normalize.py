"""The pipeline `normalize`: a record that a site's own code spoilt costs one record."""

from __future__ import annotations

import pytest
from scrapy.exceptions import DropItem
from scrapy.utils.misc import build_from_crawler
from scrapy.utils.test import get_crawler

from newsarchive.items import Entry
from newsarchive.run import run_of
from pipelines.normalize import NormalizeEntry
from spiders.spip import Spip


@pytest.mark.parametrize(
    "wrong", [{"title": 5}, {"summary": ["a"]}, {"bylines": None}, {"bylines": [None]}, {"section": {}}], ids=str
)
def test_something_else_where_a_text_belongs_is_dropped_and_counted(wrong: dict[str, object]) -> None:
    crawler = get_crawler(Spip)
    crawler.spider = Spip.from_crawler(crawler, start="https://a.example/")
    pipeline = build_from_crawler(NormalizeEntry, crawler)
    with pytest.raises(DropItem, match=r"invalid entry 'https://a\.example/1'"):
        pipeline.process_item(Entry(**{"url": "https://a.example/1", **wrong}))  # type: ignore[arg-type]
    assert run_of(crawler).counts["invalid"] == 1
    good = pipeline.process_item(Entry(title=" A\n tide "))
    assert (good.title, good.run_id) == ("A tide", run_of(crawler).id)
