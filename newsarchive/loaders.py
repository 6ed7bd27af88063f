"""`EntryLoader`: one card -> one `Entry`. The item loader collects raw texts; dates are settled page-wise between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from itemloaders import ItemLoader

from newsarchive.items import Entry
from newsarchive.listing import CARD_FIELDS
from newsarchive.selectors import AttributeText
from newsarchive.text.bylines import raw_bylines, split_bylines
from newsarchive.text.dates import DateReading, DateText
from newsarchive.text.summaries import clean_summary, without_lead
from newsarchive.text.titles import clean_title
from newsarchive.text.urls import article_url, resolve
from newsarchive.text.whitespace import fold

if TYPE_CHECKING:
    from collections.abc import Mapping


class Card(Protocol):
    """One entry's part of a listing, HTML or text."""

    def values(self, field: str) -> list[str]:
        """Return the raw texts of a field, ``[]`` where the card does not have it."""


def fold_each(values: list[str]) -> list[str]:
    r"""Return texts with their white space folded; empty ones are left out.

    >>> fold_each([" Ten\n Dead ", "  "])
    ['Ten Dead']
    """
    return [text for value in values if (text := fold(value))]


def first(values: list[Any]) -> Any:
    """Return the first value, ``None`` when there is none.

    >>> first(["a", "b"]), first([])
    ('a', None)
    """
    return values[0] if values else None


def clean_titles(values: list[str]) -> list[str]:
    """Return the titles as they are stored; empty ones are left out."""
    return [title for value in values if (title := clean_title(value))]


def to_article_urls(values: list[str], loader_context: Mapping[str, Any]) -> list[str]:
    """Return the addresses of articles, absolute and without tracking; what is no address is left out.

    >>> to_article_urls(["/a?utm_source=x", "javascript:void(0)"], {"base_url": "https://gazette.example/news"})
    ['https://gazette.example/a']
    """
    base, page = loader_context["base_url"], loader_context.get("page_url")
    return [url for value in values if (url := article_url(value, base, page))]


def to_image_urls(values: list[str], loader_context: Mapping[str, Any]) -> list[str]:
    """Return absolute picture addresses; inline pictures (``data:``) are left out."""
    return [url for value in values if (url := resolve(value, loader_context["base_url"]))]


def to_date_texts(values: list[str]) -> list[DateText]:
    """Return what the date can be read from, attributes marked as such."""
    return [DateText(value, isinstance(value, AttributeText)) for value in values]


def unchanged(values: list[Any]) -> list[Any]:
    """Return the values as they are."""
    return values


class EntryLoader(ItemLoader):
    """Reads one card. `collect` takes the raw texts, `load_entry` makes the record once the page's dates are settled.

    Every processor is named for its field, so that none is looked up in the item class. The loader context holds
    ``base_url`` (where relative links start), ``page_url`` (the page's own address) and ``language``.
    """

    default_item_class = Entry

    title_in, title_out = clean_titles, first
    url_in, url_out = to_article_urls, first
    date_raw_in, date_raw_out = to_date_texts, unchanged
    summary_in, summary_out = fold_each, first
    bylines_in, bylines_out = unchanged, unchanged
    section_in, section_out = fold_each, first
    tags_in, tags_out = fold_each, unchanged
    image_in, image_out = to_image_urls, first

    def collect(self, card: Card) -> EntryLoader:
        """Take every field's raw texts from a card; return the loader."""
        for name in CARD_FIELDS:
            if values := card.values(name):
                self.add_value("date_raw" if name == "date" else name, values)
        return self

    @property
    def date_texts(self) -> list[DateText]:
        """What the entry's date can be read from, in the order of the page."""
        return self.get_collected_values("date_raw")

    def load_entry(self, date: DateReading) -> Entry:
        """Return the record of the card with its settled date.

        A text that the date begins may be shared by two fields (see `Listing`): the date is then taken off before the
        other field is read.
        """
        entry: Entry = self.load_item()
        entry.date, entry.date_raw, entry.date_precision = date.value, date.raw, date.precision
        entry.date_method, entry.date_ambiguous = date.method, date.ambiguous
        texts = (fold(one.text) for one in self.date_texts)
        source = next((text for text in texts if date.raw and date.raw in text), None)
        if entry.summary is not None:
            entry.summary, entry.summary_truncated = clean_summary(_without_date(entry.summary, date.raw, source))
        if entry.bylines:
            shown = [_without_date(text, date.raw, source) for text in entry.bylines]
            entry.bylines = split_bylines(shown, self.context["language"])
            entry.bylines_raw = raw_bylines(shown) if entry.bylines else None
        entry.tags = list(dict.fromkeys(entry.tags))
        return entry


def _without_date(text: str, date: str | None, source: str | None) -> str:
    """Return a text without the date at its front, where the date was read from that very text.

    A summary that merely happens to begin with a date keeps it. Line ends stay: they part names.
    """
    if date is None or fold(text) != source:
        return text
    head, newline, rest = text.partition("\n")
    return without_lead(head, date) + newline + rest
