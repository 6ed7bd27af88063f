"""What a response is: a page that can be read, or why it is none."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.responsetypes import responsetypes

from newsarchive.responses import as_utf8, lost_in_parsing, unreadable

URL = "https://a.example/news"
XHTML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head><title>L’été</title></head>
<body><p class="été">Un<br />deux&nbsp;trois</p></body></html>
"""


def response(body: str | bytes, content_type: str | None = "text/html", status: int = 200) -> Response:
    headers = {} if content_type is None else {"Content-Type": content_type}
    data = body if isinstance(body, bytes) else body.encode()
    cls = responsetypes.from_args(headers=headers, url=URL, body=data)
    return cls(URL, status=status, headers=headers, body=data)


@pytest.mark.parametrize(
    "content_type", ["application/xhtml+xml", "application/xhtml+xml; charset=utf-8", "text/xml", "text/html"]
)
def test_xhtml_is_read_as_html_whatever_it_is_called(content_type: str) -> None:
    one = response(XHTML, content_type)
    assert unreadable(one) is None
    assert isinstance(one, TextResponse)
    page = as_utf8(one)
    assert isinstance(page, HtmlResponse)
    assert page.css("p::text").getall() == ["Un", "deux\xa0trois"]
    assert page.css("title::text").get() == "L’été"
    assert page.selector.root.get("xml:lang") or page.selector.root.get("lang") == "fr"


def test_other_xml_stays_xml() -> None:
    feed = response('<?xml version="1.0"?><rss><channel><title>Été</title></channel></rss>', "application/xml")
    assert isinstance(feed, TextResponse)
    assert not isinstance(as_utf8(feed), HtmlResponse)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (response("<p>x"), None),
        (response("<p>x", None), None),
        (response(" \n<p>x", "text/plain"), None),
        (response("hello", "text/html"), None),
        (response("hello", "text/plain"), "is no HTML page (text/plain)"),
        (response('{"a": 1}', "application/json"), "is no HTML page (application/json)"),
        (response(b"%PDF-1.4\x00\x01", "application/pdf"), "is no HTML page (application/pdf)"),
        (response(" \n"), "answered with an empty body"),
        (response("<p>x", status=403), "answered 403 (forbidden)"),
        (response("<p>x", status=418), "answered 418"),
    ],
)
def test_what_is_a_page(one: Response, why: str | None) -> None:
    assert unreadable(one) == why


def test_bytes_that_are_utf_8_are_read_so_and_others_as_they_say() -> None:
    for body in ("<p>Été</p>".encode(), "<p>Été</p>".encode("latin-1")):
        one = response(body, "text/html; charset=iso-8859-1")
        assert isinstance(one, TextResponse)
        assert as_utf8(one).css("p::text").get() == "Été"


def test_what_the_parser_gave_up_on_is_told_from_a_page_without_entries() -> None:
    deep, flat = response("<div>" * 20_000 + "x"), response("<p>x</p>" * 20_000)
    assert isinstance(deep, TextResponse)
    assert isinstance(flat, TextResponse)
    elements = sum(1 for _ in deep.selector.root.iter())
    assert elements < 3_000 or elements > 20_000  # libxml2 before 2.14 loses nothing
    assert (lost_in_parsing(deep), lost_in_parsing(flat)) == (elements < 3_000, False)
