"""How a made-up newspaper shows its articles: in what order, on pages of what shape, under which addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from newsarchive.listing import Listing
from newsarchive.pagers import NextLink, NumberedLinks, Offset, Pager, Template

PagerKind = Literal["next-link", "numbered-links", "offset", "template"]
Skin = Literal["cards", "spip"]
Order = Literal["newest", "oldest", "popularity"]
PAGERS: tuple[PagerKind, ...] = ("next-link", "numbered-links", "offset", "template")
SKINS: tuple[Skin, ...] = ("cards", "spip")
ORDERS: tuple[Order, ...] = ("newest", "oldest", "popularity")

_NUMBER = re.compile(r"\d{1,7}")
_FOLDER = re.compile(r"(.*/)page/(\d{1,7})/?")


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a newspaper shows its articles.

    :param pager: how a page leads to the others
    :param skin: "cards": ``article.teaser`` with ``time[datetime]``; "spip": SPIP's default templates
    :param order: which article stands first
    :param page_size: articles a page, pinned ones aside
    :param dates: whether cards show dates
    :param total: whether pages state how many articles there are: those "listed", or all that are "held", also where
        the pages are too few to list them
    :param empty_pages: numbers of pages in the middle that show nothing; what they would show stands a page later
    :param window: how many numbers are linked on either side of the page's own
    :param links_first: whether the first page is always linked, not only within the window
    :param links_last: whether the last page is always linked
    :param past_end: what a page beyond the last answers: "404", the "last" page again or an "empty" one; SPIP's offset
        gives the last page again, others 404, where nothing is said
    :param validators: which of ETag and Last-Modified a page has
    :param most_pages: pages at most; what is older is listed no more
    :param pins: where pinned articles stand: at the head of the "first" page or of "every" page, there beside the
        others; or "moved" before all others, where they take the others' places
    :param noise: whether every answer differs in a comment, so that no validator ever fits
    """

    pager: PagerKind = "next-link"
    skin: Skin = "cards"
    order: Order = "newest"
    page_size: int = 10
    dates: bool = True
    total: Literal["listed", "held"] | None = None
    empty_pages: frozenset[int] = frozenset()
    window: int = 3
    links_first: bool = True
    links_last: bool = True
    past_end: Literal["404", "last", "empty"] | None = None
    validators: Literal["both", "etag", "modified", "none"] = "both"
    most_pages: int | None = None
    pins: Literal["first", "every", "moved"] = "first"
    noise: bool = False

    def __post_init__(self) -> None:
        if self.page_size < 1 or (self.most_pages is not None and self.most_pages < 1):
            raise ValueError("a page has room for one article at least, and one page there is")
        if any(page < 2 for page in self.empty_pages):
            raise ValueError("the first page is never empty: the listing would be none")
        if self.total == "held" and self.most_pages is None:
            raise ValueError("what is held is listed, unless the number of pages is bounded")

    # --- which page shows what ---

    def last_page(self, articles: int) -> int:
        """Return the number of the last page of a listing.

        >>> Style(page_size=10).last_page(0), Style(page_size=10).last_page(21)
        (1, 3)
        >>> Style(page_size=10, empty_pages=frozenset({2, 9})).last_page(21), Style(most_pages=2).last_page(21)
        (4, 2)
        """
        last = max(1, -(-articles // self.page_size))
        for page in sorted(self.empty_pages):
            last += page <= last
        return last if self.most_pages is None else min(last, self.most_pages)

    def places(self, page: int) -> slice:
        """Return the places in the listing that a page shows, the pinned aside; an empty page shows none.

        >>> [Style(page_size=10, empty_pages=frozenset({2})).places(page) for page in (1, 2, 3)]
        [slice(0, 10, None), slice(10, 10, None), slice(10, 20, None)]
        """
        start = (page - 1 - sum(one < page for one in self.empty_pages)) * self.page_size
        return slice(start, start if page in self.empty_pages else start + self.page_size)

    # --- addresses ---

    @property
    def start_path(self) -> str:
        """Path and query of the first page."""
        return "/spip.php?rubrique1" if self.skin == "spip" and self.pager == "offset" else "/news/"

    @property
    def article_path(self) -> str:
        """Path and query of an article, with ``{}`` for its number."""
        return "/spip.php?article{}" if self.skin == "spip" else "/story/{}/"

    def path_of(self, page: int) -> str:
        """Return path and query of a page.

        >>> [Style(pager=pager).path_of(3) for pager in PAGERS]
        ['/news/page/3/', '/news/?page=3', '/news/?debut_articles=20', '/news/page/3/']
        """
        start = self.start_path
        if page == 1:
            return start
        if self.pager == "offset":
            return f"{start}{'&' if '?' in start else '?'}debut_articles={(page - 1) * self.page_size}"
        return f"{start}?page={page}" if self.pager == "numbered-links" else f"{start}page/{page}/"

    def page_of(self, path: str) -> int | None:
        """Return the number of the listing page at a path and query; ``None`` where no page can be.

        The first page has a second address, which counts it. A key without a value may come with an equals sign.

        >>> style = Style(pager="offset", skin="spip")
        >>> [style.page_of(f"/spip.php?{query}") for query in ("rubrique1=", "rubrique1&debut_articles=20", "article9")]
        [1, 3, None]
        """
        start, asked = urlsplit(self.start_path), urlsplit(path)
        counted = None
        if self.pager in ("next-link", "template"):
            found = _FOLDER.fullmatch(asked.path)
            asked, counted = (asked._replace(path=found[1]), found[2]) if found else (asked, None)
        query = dict(parse_qsl(asked.query, keep_blank_values=True))
        if self.pager in ("numbered-links", "offset"):
            counted = query.pop("page" if self.pager == "numbered-links" else "debut_articles", None)
        if asked.path != start.path or query != dict(parse_qsl(start.query, keep_blank_values=True)):
            return None
        if counted is None:
            return 1
        number = int(counted) if _NUMBER.fullmatch(counted) else -1
        number = number // self.page_size + 1 if self.pager == "offset" and number >= 0 else number
        return number if number > 0 else None

    @property
    def answer_past_end(self) -> Literal["404", "last", "empty"]:
        """What a page beyond the last answers."""
        return self.past_end or ("last" if self.pager == "offset" else "404")

    # --- how newsarchive reads it ---

    def listing(self) -> Listing:
        """Return the `Listing` that reads this newspaper exactly."""
        if self.skin == "spip":
            return Listing(
                card=".menu_articles li.hentry",
                title="strong a",
                url="strong a::attr(href)",
                date="small" if self.dates else None,
                summary=".introduction",
                bylines="small",
                total=".menu_articles h2" if self.total else None,
                pager=self._pager(),
            )
        return Listing(
            card="article.teaser",
            title=".teaser-title",
            url=".teaser-title a::attr(href)",
            date="time::attr(datetime)" if self.dates else None,
            summary=".excerpt",
            bylines=".author",
            section=".kicker",
            total=".count" if self.total else None,
            pager=self._pager(),
        )

    def _pager(self) -> Pager:
        made: dict[PagerKind, Pager] = {
            "next-link": NextLink("a[rel=next]"),
            "numbered-links": NumberedLinks("nav.pages a"),
            "offset": Offset("debut_articles", css=".pagination a"),
            "template": Template("page/{n}/"),
        }
        return made[self.pager]
