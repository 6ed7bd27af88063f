"""`Listing`: where things are on a source's pages. Data, not code; the same in a spider, a site file and an archive."""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w

from newsarchive.errors import ListingError
from newsarchive.pagers import Pager, pager_from_table, pager_to_table
from newsarchive.selectors import FieldSelector, Spec
from newsarchive.text.languages import clean_language

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMATS = ("html", "text")
CARD_FIELDS = ("title", "url", "date", "summary", "bylines", "section", "tags", "image")
_ORDERS = ("DMY", "MDY", "YMD")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Where the cards are on a listing page, where the fields are in a card, and how pages lead to others.

    A selector without ``::`` means the whole text of the first element that it selects; for ``bylines`` and
    ``tags``, of every element. A list of selectors is tried in order. Two fields may name the same element: what the
    date takes of its beginning is not given to the other (SPIP shows date and bylines in one ``<small>``).

    :param card: one entry's part of the page
    :param title: its title, as shown
    :param url: its address, as ``h2 a::attr(href)``; of an element, its own ``href`` or that of the first link in it
    :param date: its date: an attribute, or a text that begins with it
    :param summary: its teaser
    :param bylines: who wrote it: an element a name, or names with joiners
    :param section: its section label
    :param tags: further labels
    :param image: the address of its picture
    :param total: how many entries the listing says it has; the first number of the text counts
    :param pager: how pages lead to others
    :param language: BCP 47 tag, where the pages do not say it or say it wrongly
    :param timezone: IANA name of the zone of times without one
    :param date_order: ``DMY``, ``MDY`` or ``YMD``: how to read ``05/09/2017``
    :param format: ``html``, or ``text`` for a plain-text listing, which needs no selectors
    :raises ListingError: an attribute is wrong; the message names it

    >>> from newsarchive.pagers import SinglePage
    >>> Listing(card="article", title="h2", url="h2 a::attr(href)", pager=SinglePage(), language="en").language
    'en'
    """

    card: Spec | None = None
    title: Spec | None = None
    url: Spec | None = None
    date: Spec | None = None
    summary: Spec | None = None
    bylines: Spec | None = None
    section: Spec | None = None
    tags: Spec | None = None
    image: Spec | None = None
    total: Spec | None = None
    pager: Pager | None = None
    language: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    format: str = "html"

    cards: FieldSelector = field(init=False, repr=False, compare=False)
    selectors: dict[str, FieldSelector] = field(init=False, repr=False, compare=False)
    totals: FieldSelector | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        for name in ("card", *CARD_FIELDS, "total"):  # so that a Listing made in code equals one read from a file
            if isinstance(spec := getattr(self, name), list):
                object.__setattr__(self, name, tuple(spec))
        self._check()
        if self.format == "text":
            object.__setattr__(self, "selectors", {})
            return
        object.__setattr__(self, "cards", FieldSelector("card", self.card or "", elements_only=True))
        chosen = {name: getattr(self, name) for name in CARD_FIELDS}
        compiled = {name: FieldSelector(name, spec) for name, spec in chosen.items() if spec is not None}
        object.__setattr__(self, "selectors", compiled)
        object.__setattr__(self, "totals", FieldSelector("total", self.total) if self.total is not None else None)

    def _check(self) -> None:
        if self.format not in FORMATS:
            raise ListingError(f"format: expected one of {', '.join(FORMATS)}; found {self.format!r}")
        if self.format == "html":
            if self.card is None:
                raise ListingError("card: a listing needs a selector for its cards, such as 'article.teaser'")
            if self.title is None and self.url is None:
                raise ListingError("title: a listing needs a selector for the title or the url of an entry")
            if self.pager is None:
                raise ListingError("pager: is missing; a listing of one page has one of kind 'single'")
            if not isinstance(self.pager, Pager):
                raise ListingError(f"pager: expected a pager, found {self.pager!r}")
        elif given := [name for name in ("card", *CARD_FIELDS, "total") if getattr(self, name) is not None]:
            raise ListingError(f"{given[0]}: a text listing is read by the shape of its blocks and has no selectors")
        elif self.pager is not None:
            raise ListingError("pager: a text listing is one page and has no pager")
        if self.language is not None and (
            not isinstance(self.language, str) or clean_language(self.language) != self.language
        ):
            raise ListingError(f"language: expected a BCP 47 tag such as 'en' or 'pt-BR', found {self.language!r}")
        if self.date_order is not None and self.date_order not in _ORDERS:
            raise ListingError(f"date_order: expected one of {', '.join(_ORDERS)}; found {self.date_order!r}")
        if self.timezone is not None:
            try:
                ZoneInfo(self.timezone)
            except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
                raise ListingError(
                    f"timezone: expected an IANA name such as 'Europe/Paris', found {self.timezone!r}"
                ) from error

    def to_table(self) -> dict[str, Any]:
        """Return the Listing as a TOML table; what is not set is left out."""
        table: dict[str, Any] = {}
        for name in LISTING_KEYS:
            value = getattr(self, name)
            if value is None or (name == "format" and value == "html"):
                continue
            if isinstance(value, Pager):
                value = pager_to_table(value)
            table[name] = list(value) if isinstance(value, tuple) else value
        return table

    @classmethod
    def from_table(cls, table: Any) -> Listing:
        """Return the Listing that a TOML table describes.

        :raises ListingError: a key or a value is wrong
        """
        if not isinstance(table, dict):
            raise ListingError(f"listing: expected a table, found {table!r}")
        check_keys("listing", table, LISTING_KEYS)
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
        }
        for key, value in values.items():
            if key != "pager" and not isinstance(value, str | tuple):
                raise ListingError(f"{key}: expected a text, found {value!r}")
        if "pager" in table:
            values["pager"] = pager_from_table(table["pager"])
        return cls(**values)

    def to_toml(self) -> str:
        """Return the Listing as TOML text, the same for equal Listings."""
        return tomli_w.dumps({"listing": self.to_table()})

    @property
    def hash(self) -> str:
        """Name of this Listing among all that a source ever used: 12 hex digits of the hash of its TOML."""
        return hashlib.sha256(self.to_toml().encode()).hexdigest()[:12]


LISTING_KEYS = tuple(f.name for f in fields(Listing) if f.init)


def check_keys(where: str, table: dict[str, Any], known: Iterable[str]) -> None:
    """Raise a `ListingError` that names the first key of a table that is not known, and the nearest one that is."""
    known = list(known)
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise ListingError(f"{where}{'.' if where else ''}{key}: there is no such key; {hint}")
