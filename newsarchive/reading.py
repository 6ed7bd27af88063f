"""Reading a page: cards cut, loaded, their dates settled together, their identities given. No engine, no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from newsarchive.changes import merge
from newsarchive.items import Entry, address_key, make_id, title_key
from newsarchive.loaders import Card, EntryLoader
from newsarchive.moments import moment
from newsarchive.text.dates import DateContext, read_dates
from newsarchive.text.languages import clean_language
from newsarchive.text.urls import resolve

if TYPE_CHECKING:
    from datetime import datetime

    from newsarchive.listing import Listing
    from newsarchive.pagers import PageLink

_AnyCard = TypeVar("_AnyCard", bound=Card)
_ADDRESSES = {"url": "href", "image": "src"}
_LONGEST_TOTAL = 9
"""Digits; no listing has more entries than that."""
_TOTAL = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+|\d+")


@dataclass(frozen=True, slots=True)
class HtmlCard:
    """The part of a parsed page that shows one entry."""

    element: Any
    listing: Listing

    def values(self, field: str) -> list[str]:
        """Return the raw texts of a field, ``[]`` where the card does not have it."""
        selector = self.listing.selectors.get(field)
        if selector is None:
            return []
        if field == "date":
            return selector.date_texts(self.element)
        attribute = _ADDRESSES.get(field)
        return selector.addresses(self.element, attribute) if attribute else selector.texts(self.element)


@dataclass(frozen=True)
class ListingPage:
    """One parsed listing page and where it stands in its listing.

    :param url: its address
    :param root: its parsed tree (lxml)
    :param received: the moment it was received, aware
    :param start_url: address of the listing's first page
    :param number: place of the page in the listing, from 1
    """

    url: str
    root: Any
    listing: Listing
    received: datetime
    start_url: str
    number: int = 1

    @cached_property
    def base_url(self) -> str:
        """Where its relative links start: ``<base href>``, wherever it stands, else the page's address."""
        base = next(iter(self.root.xpath("//base/@href")), None)
        return (resolve(base, self.url) if base else None) or self.url

    def numbered(self, reading: Reading) -> ListingPage:
        """Return the page that a walk starts at with the number that its pager says it has, its entries too."""
        number = (self.listing.pager.own_number(self) if self.listing.pager else None) or self.number
        if number == self.number:
            return self
        for entry in reading.entries:
            entry.listing_page = number
        return replace(self, number=number)

    def read_with(self, listing: Listing | None) -> ListingPage:
        """Return the same page, to be read with another Listing."""
        return replace(self, listing=listing or self.listing)

    @cached_property
    def cards(self) -> list[HtmlCard]:
        """The cards of the page in document order."""
        return [HtmlCard(element, self.listing) for element in self.listing.cards.elements(self.root)]

    @property
    def last_card(self) -> Any | None:
        """The element of the last card; ``None`` on a page without one."""
        return self.cards[-1].element if self.cards else None

    @property
    def language(self) -> str | None:
        """Language of the page: what the Listing says, else ``<html lang>``."""
        return self.listing.language or clean_language(self.root.get("lang") or self.root.get("xml:lang"))

    @property
    def links(self) -> list[PageLink]:
        """Addresses of the other listing pages that the pager shows or makes."""
        return self.listing.pager.read(self) if self.listing.pager else []

    @property
    def total(self) -> int | None:
        """How many entries the page says that the listing has; ``None`` where it does not say."""
        texts = self.listing.totals.texts(self.root) if self.listing.totals else []
        number = next((found for text in texts if (found := _TOTAL.search(text))), None)
        digits = re.sub(r"\D", "", number[0]) if number else ""
        return int(digits) if 0 < len(digits) <= _LONGEST_TOTAL else None


@dataclass(slots=True)
class Reading:
    """What was read from the cards of one page."""

    entries: list[Entry] = field(default_factory=list)
    """One for each identity, in page order."""
    cards: int = 0
    """Cards found."""
    failed: list[str] = field(default_factory=list)
    """Why a card gave no entry, one text a card."""
    repeated: int = 0
    """Cards that showed an entry of the page once more."""
    shared_addresses: int = 0
    """Addresses under which several cards show different titles: they identify nothing."""


Adjust: TypeAlias = Callable[[Entry, HtmlCard], Entry | None]
"""Changes an entry before its identity is settled; ``None`` leaves the card out."""


def read_page(page: ListingPage, slug: str, adjust: Adjust | None = None) -> Reading:
    """Read every card of a page. A card that cannot be read costs one record; the others are read."""
    where = Where(slug, page.received, page.base_url, page.url, page.language)
    reading = read_cards(page.cards, page.listing, where, adjust)
    for entry in reading.entries:
        entry.listing_url, entry.listing_page = page.url, page.number
    return reading


def read_text(text: str, listing: Listing, slug: str, received: datetime) -> Reading:
    """Read a plain-text listing: its blocks become cards, read by the same loader."""
    from newsarchive.textlisting import text_cards  # its expressions take long to compile, and no page needs them

    cards = text_cards(text, language=listing.language)
    reading = read_cards(cards, listing, Where(slug, received, "", "", listing.language))
    for entry in reading.entries:
        entry.listing_page = 1
    return reading


class Where(NamedTuple):
    """Where and when cards were read."""

    slug: str
    received: datetime
    base_url: str
    page_url: str
    language: str | None


def read_cards(
    cards: Sequence[_AnyCard],
    listing: Listing,
    where: Where,
    adjust: Callable[[Entry, _AnyCard], Entry | None] | None = None,
) -> Reading:
    """Load cards, settle their dates together, give every entry its identity and merge what one page shows twice."""
    reading = Reading(cards=len(cards))
    loaders = list(_load(cards, where, reading))
    languages = dict.fromkeys(loader.context["language"] for _, loader in loaders)
    context = DateContext(
        languages=tuple(one for one in languages if one),
        order=listing.date_order,
        timezone=listing.timezone,
        received=where.received,
    )
    dates = read_dates([loader.date_texts for _, loader in loaders], context)
    entries = []
    retrieved_at = moment(where.received)
    for (position, loader), date in zip(loaders, dates, strict=True):
        try:
            entry: Entry | None = loader.load_entry(date)
            if adjust is not None and entry is not None:
                entry = adjust(entry, cards[position - 1])
        except Exception as error:  # noqa: BLE001 - a site's own code: one card, not the page
            reading.failed.append(f"card {position}: {type(error).__name__}: {error}")
            continue
        if entry is None:  # the site's own code left the card out
            continue
        if entry.title is None and entry.url is None:
            reading.failed.append(f"card {position}: neither title nor address found")
            continue
        entry.language = entry.language or loader.context["language"]
        entry.listing_position, entry.retrieved_at, entry.source = position, retrieved_at, where.slug
        entries.append(entry)
    _identify(entries, where.slug, reading)
    reading.entries = _merge_sightings(entries, reading)
    return reading


def _load(cards: Iterable[Card], where: Where, reading: Reading) -> Iterator[tuple[int, EntryLoader]]:
    for position, card in enumerate(cards, 1):
        spoken = _language_of(card) or where.language
        try:
            yield position, EntryLoader(base_url=where.base_url, page_url=where.page_url, language=spoken).collect(card)
        except ValueError as error:  # what item loaders make of any error in a processor
            reading.failed.append(f"card {position}: {error}")


def _language_of(card: Card) -> str | None:
    return clean_language(card.element.get("lang")) if isinstance(card, HtmlCard) else None


def _identify(entries: Iterable[Entry], slug: str, reading: Reading) -> None:
    """Give every entry its id; an address that several titles share identifies nothing."""
    titles: dict[str, set[str | None]] = {}
    keys = [(entry, address_key(entry)) for entry in entries]
    for entry, key in keys:
        if key is not None:
            titles.setdefault(key, set()).add(entry.title)
    alike: dict[str, int] = {}
    for entry, key in keys:
        if key is None or len(titles[key] - {None}) > 1:
            base = title_key(entry, slug, 1)
            alike[base] = alike.get(base, 0) + 1
            entry.id = make_id(title_key(entry, slug, alike[base]))
        else:
            entry.id = make_id(key)
    reading.shared_addresses = sum(len(found - {None}) > 1 for found in titles.values())


def _merge_sightings(entries: list[Entry], reading: Reading) -> list[Entry]:
    merged: dict[str, Entry] = {}
    for entry in entries:
        key = entry.id or ""
        if key in merged:
            merged[key] = merge(merged[key], entry)
            reading.repeated += 1
        else:
            merged[key] = entry
    return list(merged.values())
