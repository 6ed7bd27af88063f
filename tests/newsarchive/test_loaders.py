"""`EntryLoader`: one card -> one entry."""

from typing import Any

import pytest

from newsarchive.items import Entry
from newsarchive.listing import CARD_FIELDS
from newsarchive.loaders import EntryLoader, to_article_urls, to_image_urls
from newsarchive.selectors import AttributeText
from newsarchive.text.dates import DateReading, DateText

BASE = "https://gazette.example/news"


class Fields:
    """A card made of texts."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def values(self, field: str) -> list[str]:
        return self._values.get(field, [])


def load(settled: DateReading | None = None, language: str | None = "en", /, **values: Any) -> Entry:
    loader = EntryLoader(base_url=BASE, language=language).collect(Fields(**values))
    return loader.load_entry(settled or DateReading())


def test_an_empty_card_gives_an_empty_entry() -> None:
    assert load() == Entry()


def test_every_field_of_a_card_has_its_own_processors() -> None:
    for name in CARD_FIELDS:
        stored = "date_raw" if name == "date" else name
        assert f"{stored}_in" in vars(EntryLoader), stored
        assert f"{stored}_out" in vars(EntryLoader), stored


def test_the_first_text_counts_and_white_space_is_folded() -> None:
    entry = load(title=[" Ten\n Dead\xa0", "Other"], section=["  ", "City"], summary=["\n It reopens. "])
    assert (entry.title, entry.section, entry.summary, entry.summary_truncated) == (
        "Ten Dead",
        "City",
        "It reopens.",
        False,
    )


def test_what_is_only_white_space_is_unknown() -> None:
    entry = load(title=["\xa0"], section=["\u200b"], summary=[" \n"], bylines=["  "], tags=[" "], url=[" "])
    assert entry == Entry()


def test_addresses_are_absolute_and_what_is_none_is_passed_over() -> None:
    entry = load(url=["javascript:x()", "/a?utm_source=y#top", "/b"], image=["data:image/png;base64,xx", "/i.png"])
    assert (entry.url, entry.image) == ("https://gazette.example/a", "https://gazette.example/i.png")
    assert to_article_urls([], {"base_url": BASE}) == []
    assert to_image_urls(["mailto:a@b.example"], {"base_url": BASE}) == []


def test_attributes_are_told_from_texts() -> None:
    loader = EntryLoader(base_url=BASE, language="en").collect(Fields(date=[AttributeText("2017-09-05"), "today"]))
    assert loader.date_texts == [DateText("2017-09-05", attribute=True), DateText("today", attribute=False)]


def test_a_card_without_date_has_no_date_texts() -> None:
    assert EntryLoader(base_url=BASE, language="en").collect(Fields(title=["A"])).date_texts == []


def test_the_settled_date_is_taken_whole() -> None:
    entry = load(DateReading("2017-09-05", "05/09/2017", "day", "text", True), date=["05/09/2017 by Ann"])
    assert (entry.date, entry.date_raw, entry.date_precision) == ("2017-09-05", "05/09/2017", "day")
    assert (entry.date_method, entry.date_ambiguous) == ("text", True)
    assert load(date=["no date at all"]).date_raw is None


def test_the_date_is_taken_off_a_summary_that_it_begins() -> None:
    date = DateReading("2017-09-05", "September 05, 2017", "day", "text")
    text = "September 05, 2017 | On September 12 it reopens\xa0(...)"
    entry = load(date, summary=[text], date=[text])
    assert (entry.summary, entry.summary_truncated) == ("On September 12 it reopens", True)


def test_a_summary_that_is_nothing_but_the_date_is_none() -> None:
    date = DateReading("2017-09-05", "September 05, 2017", "day", "text")
    for text in ("September 05, 2017", "September 05, 2017 |", "September 05, 2017 | (...)"):
        entry = load(date, summary=[text], date=[text])
        assert (entry.summary, entry.summary_truncated) == (None, None), text


def test_the_date_is_taken_off_bylines_that_it_begins() -> None:
    date = DateReading("2022-08-13", "13 août 2022", "day", "text")
    text = "13 août 2022, par Ana García, \nCollectif d’Ivry, \nLDH"
    entry = load(date, "fr", bylines=[text], date=[text])
    assert entry.bylines == ["Ana García", "Collectif d’Ivry", "LDH"]
    assert load(date, "fr", bylines=["13 août 2022"], date=["13 août 2022"]).bylines == []


@pytest.mark.parametrize(
    ("texts", "bylines"),
    [
        (["Ann Bee"], ["Ann Bee"]),
        (["By Ann Bee"], ["Ann Bee"]),
        (["Ann Bee", "Cy Dee"], ["Ann Bee", "Cy Dee"]),
        (["Ann Bee and Cy Dee"], ["Ann Bee", "Cy Dee"]),
        (["Ann Bee", "Ann Bee"], ["Ann Bee"]),
    ],
)
def test_bylines_are_split_in_page_order(texts: list[str], bylines: list[str]) -> None:
    entry = load(bylines=texts)
    assert entry.bylines == bylines
    assert entry.bylines_raw


def test_the_raw_bylines_are_one_line() -> None:
    entry = load(bylines=["Ann Bee\nCy Dee"])
    assert entry.bylines_raw is not None
    assert "\n" not in entry.bylines_raw


def test_tags_keep_their_order_and_come_once() -> None:
    assert load(tags=["Port", " City ", "Port"]).tags == ["Port", "City"]


@pytest.mark.parametrize("name", CARD_FIELDS)
@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u2028", "a" * 50_000, "(" * 2000, "and " * 2000, "…" * 2000])
def test_any_text_is_read(name: str, text: str) -> None:
    assert isinstance(load(**{name: [text]}), Entry)


def test_only_the_text_that_the_date_was_read_from_loses_it() -> None:
    date = DateReading("2017-09-05", "5 September 2017", "day", "text")
    texts = ["5 September 2017", "5 September 2017 was the day"]
    entry = load(date, date=texts, summary=[texts[1]])
    assert entry.summary == texts[1]
    by_attribute = DateReading("2017-09-05", "2017-09-05", "day", "attribute")
    assert load(by_attribute, date=["2017-09-05", texts[1]], summary=[texts[1]]).summary == texts[1]
