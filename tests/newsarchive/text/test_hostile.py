"""A hostile page costs one page: no text makes a function slow."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from newsarchive.text.bylines import raw_bylines, split_bylines
from newsarchive.text.dates import DateContext, DateText, guess_language, leading_date, read_dates
from newsarchive.text.summaries import clean_summary, without_lead
from newsarchive.text.titles import clean_title
from newsarchive.text.urls import article_url, identity_key, page_key, resolve, slug_for_name, slug_for_url

BASE = "https://example.org/"
CONTEXT = DateContext(("en", "fr"), received=datetime(2026, 3, 1, tzinfo=UTC))
SIZE = 40_000
FUNCTIONS: list[Callable[[str], object]] = [
    clean_summary,
    clean_title,
    lambda text: without_lead(text, text[: SIZE // 2]),
    lambda text: split_bylines([text], "es"),
    lambda text: raw_bylines([text]),
    lambda text: read_dates([[DateText(text), DateText(text, attribute=True)]], CONTEXT),
    leading_date,
    lambda text: guess_language([text]),
    lambda text: resolve(text, BASE),
    lambda text: article_url(f"http://{text}", BASE),
    lambda text: article_url(f"http://example.org/{text}", BASE),
    lambda text: identity_key(f"http://example.org/{text}?{text}"),
    lambda text: page_key(f"//{text}"),
    slug_for_name,
    slug_for_url,
]
PIECES = [
    "a",
    "1",
    " ",
    "é",
    "…",
    ".",
    "(...)",
    "1 ",
    "a ",
    "a-",
    "a.",
    "a@",
    "../",
    "&a",
    "%2e/",
    ";",
    "by ",
    "le ",
    "5 May ",
    "par: ",
    "\u200b",
    "、",
]


@pytest.mark.parametrize("piece", PIECES)
def test_time_does_not_explode_with_length(piece: str) -> None:
    text = piece * (SIZE // len(piece))
    for function in FUNCTIONS:
        started = time.process_time()
        function(text)
        assert time.process_time() - started < 1  # seconds; what is linear takes some milliseconds
