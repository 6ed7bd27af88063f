"""Pagers: how one listing page leads to the others. One small class a kind; each is data and fits in a site file."""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol
from urllib.parse import parse_qsl, urldefrag, urlsplit, urlunsplit

from newsarchive.errors import ListingError
from newsarchive.selectors import FieldSelector, Spec, element_text
from newsarchive.text.urls import page_key, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWN_ANCHOR = (
    "ancestor::*[not(self::body)]/a[starts-with(@id, 'pagination_')]/@id"
    "|ancestor::*[not(self::body)]/a[not(@id) and starts-with(@name, 'pagination_')]/@name"
)
_LATER_ANCHORS = "following::a[starts-with(@id, 'pagination_') or starts-with(@name, 'pagination_')]"
_NUMBER = re.compile(r"\d{1,7}")


class PageLink(NamedTuple):
    """An address of another listing page, with its number where the pager tells it (from 1)."""

    url: str
    number: int | None = None
    computed: bool = False  # no page links there: it may not exist


class PagerPage(Protocol):
    """What a pager needs to know of a page: its address, its parsed tree, where relative links start, its number."""

    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def start_url(self) -> str: ...  # noqa: D102
    @property
    def base_url(self) -> str: ...  # noqa: D102
    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def root(self) -> Any: ...  # noqa: D102
    @property
    def last_card(self) -> Any | None: ...  # noqa: D102


class Pager:
    """Base of the pagers. `read` gives the addresses a page leads to; ``kind`` names the class in a site file."""

    kind: ClassVar[str]

    def read(self, page: PagerPage) -> list[PageLink]:
        """Return the addresses of other pages, in list order where it is known; ``[]`` where the page shows none."""
        raise NotImplementedError

    def own_number(self, page: PagerPage) -> int | None:
        """Return the number of the page that a walk starts at, from 1; ``None`` where the pager cannot tell."""
        return None


@dataclass(frozen=True, slots=True)
class SinglePage(Pager):
    """The listing has one page, and the site file says so."""

    kind: ClassVar[str] = "single"

    def read(self, page: PagerPage) -> list[PageLink]:  # noqa: D102
        return []


@dataclass(frozen=True)
class NextLink(Pager):
    """A link to the next page.

    :param css: selects the link, or an element that holds it
    """

    css: Spec
    kind: ClassVar[str] = "next-link"
    _links: FieldSelector = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_links", FieldSelector("pager.css", self.css, elements_only=True))
        object.__setattr__(self, "css", _spec(self.css))

    def read(self, page: PagerPage) -> list[PageLink]:  # noqa: D102
        return [PageLink(url) for url, _ in _hrefs(self._links, page)]


@dataclass(frozen=True)
class NumberedLinks(Pager):
    """Links whose text is a page number, gaps and all; the page itself is mostly not among them.

    :param css: selects the links, or an element that holds them
    """

    css: Spec
    kind: ClassVar[str] = "numbered-links"
    _links: FieldSelector = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_links", FieldSelector("pager.css", self.css, elements_only=True))
        object.__setattr__(self, "css", _spec(self.css))

    def read(self, page: PagerPage) -> list[PageLink]:  # noqa: D102
        numbered: dict[int, str] = {}
        for url, text in _hrefs(self._links, page):
            number = _NUMBER.fullmatch(text.strip())
            if number and int(number[0]) > 0:
                numbered.setdefault(int(number[0]), url)
        return [PageLink(url, number) for number, url in sorted(numbered.items())]

    def own_number(self, page: PagerPage) -> int | None:  # noqa: D102
        links = {link.number: link.url for link in self.read(page)}
        for number, url in links.items():
            if page_key(url) == page_key(page.url):
                return number
        if 1 not in links:
            return 1
        # The number that is not linked: after one that is, and before one that is or at the end.
        gaps = [
            n + 1 for n in links if n and n + 1 not in links and (n + 2 in links or n == max(x or 0 for x in links))
        ]
        return gaps[0] if gaps else None


@dataclass(frozen=True)
class Offset(Pager):
    """A parameter counts entries (``?debut_articles=20``); its step is read from the pager's own links.

    Addresses between linked ones are filled in; beyond the last linked offset nothing is asked, unless ``step``
    is given: then the next offset is asked until the listing ends.

    :param param: name of the parameter; a ``*`` at its end stands for any rest (``debut_*``), and then the pager that
        follows the cards most closely counts
    :param css: selects the links, or an element that holds them; by default every link with that parameter
    :param step: entries a page
    """

    param: str
    css: Spec | None = None
    step: int | None = None
    kind: ClassVar[str] = "offset"
    _links: FieldSelector = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.param, str) or not re.fullmatch(r"[\w.\[\]-]+\*?", self.param):
            raise ListingError(f"pager.param: expected the name of a query parameter, found {self.param!r}")
        if self.step is not None and (not _is_whole(self.step) or self.step < 1):
            raise ListingError(f"pager.step: expected a number of entries from 1, found {self.step!r}")
        css = "a[href*='=']" if self.css is None else self.css
        object.__setattr__(self, "css", _spec(self.css))
        object.__setattr__(self, "_links", FieldSelector("pager.css", css, elements_only=True))

    def read(self, page: PagerPage) -> list[PageLink]:  # noqa: D102
        name, current, offsets = self._shown(page)
        step = self.step or _step({0, current, *offsets})
        if step is None:
            return []
        known = {offset: PageLink(url, offset // step + 1) for offset, url in offsets.items()}
        last = max(offsets, default=0)
        for following in (current + step, current + 2 * step):
            beyond = following > last
            if following not in known and (self.step is not None or not beyond):
                url = _with_param(page.start_url, name, following)
                known[following] = PageLink(url, following // step + 1, computed=beyond)
        return [known[offset] for offset in sorted(known)]

    def own_number(self, page: PagerPage) -> int | None:  # noqa: D102
        _, current, offsets = self._shown(page)
        step = self.step or _step({0, current, *offsets})
        return current // step + 1 if step else None

    def _shown(self, page: PagerPage) -> tuple[str, int, dict[int, str]]:
        """Return the parameter's name, the page's own offset, and the addresses of the offsets that it links to."""
        linked = self._linked(page)
        name = self._name(page, linked) or self.param.rstrip("*")
        offsets: dict[int, str] = {}
        for found, offset, url in linked:
            if found == name:
                offsets.setdefault(offset, url)
        current = next((offset for found, offset in _offsets(page.url) if found == name), 0)
        return name, current, offsets

    def _linked(self, page: PagerPage) -> list[tuple[str, int, str]]:
        """Return (parameter, offset, address) of every link that carries the parameter, in document order."""
        hrefs = [url for url, _ in _hrefs(self._links, page)]
        found = [(name, offset, url) for url in hrefs for name, offset in self._counted(url)]
        names = [name for name, *_ in found] + [name for name, _ in self._counted(page.url)]
        for name in dict.fromkeys(names):  # an address that only lacks the parameter is offset 0
            listing = page_key(_without_param(page.url, name))
            found += [(name, 0, url) for url in hrefs if page_key(url) == listing]
        return found

    def _counted(self, url: str) -> list[tuple[str, int]]:
        stem, rest = self.param.rstrip("*"), self.param.endswith("*")
        return [(name, n) for name, n in _offsets(url) if name == stem or (rest and name.startswith(stem))]

    def _name(self, page: PagerPage, linked: list[tuple[str, int, str]]) -> str | None:
        """Return the parameter that counts these cards: a page may have a pager for each of several lists."""
        names = list(dict.fromkeys(name for name, _, _ in linked))
        if self.param.endswith("*") and page.last_card is not None:
            # SPIP marks every list that has pages with an anchor: only the pager of that name is this list's.
            marks = page.last_card.xpath(_OWN_ANCHOR)
            if marks:
                own = self.param.rstrip("*") + marks[-1].removeprefix("pagination_")
                return own if own in names else None
            # A list that is whole has no anchor; one that stands after the cards marks another list.
            later = {mark.get("id") or mark.get("name") for mark in page.last_card.xpath(_LATER_ANCHORS)}
            names = [name for name in names if f"pagination_{name.removeprefix(self.param.rstrip('*'))}" not in later]
        if len(names) > 1 and page.last_card is not None:
            for href in page.last_card.xpath("following::a/@href"):
                for name, _ in _offsets(resolve(href, page.base_url) or ""):
                    if name in names:
                        return name
        return names[0] if names else None


@dataclass(frozen=True)
class Template(Pager):
    """Addresses made from a pattern: page 2 is ``template`` with ``{n}`` replaced by ``first``, and so on.

    No page says which of them exist: they are asked until the listing ends.

    :param template: relative to the start address, with ``{n}`` in it (``/page/{n}/``, ``?page={n}``)
    :param first: the number that stands for page 2
    :param step: by how much it grows a page
    """

    template: str
    first: int = 2
    step: int = 1
    kind: ClassVar[str] = "template"

    def __post_init__(self) -> None:
        usable = isinstance(self.template, str) and self.template.count("{n}") == 1
        if not usable or resolve(self.template.replace("{n}", "2"), "http://site.example/") is None:
            raise ListingError(f"pager.template: expected an address with one {{n}} in it, found {self.template!r}")
        for name in ("first", "step"):
            value = getattr(self, name)
            if not _is_whole(value) or value < 0 or (name == "step" and not value):
                raise ListingError(f"pager.{name}: expected a whole number, found {value!r}")

    def read(self, page: PagerPage) -> list[PageLink]:  # noqa: D102
        links = []
        for number in (
            page.number + 1,
            page.number + 2,
        ):  # where one is missing, the next tells whether that is the end
            n = self.first + (number - 2) * self.step
            url = resolve(self.template.replace("{n}", str(n)), page.start_url)
            links += [PageLink(url, number, computed=True)] if url else []
        return links

    def own_number(self, page: PagerPage) -> int | None:  # noqa: D102
        own = page_key(page.url)
        near = _NUMBER.findall(page.url)[-3:]
        for n in map(int, near):
            url = resolve(self.template.replace("{n}", str(n)), page.start_url)
            if url and page_key(url) == own and n >= self.first and (n - self.first) % self.step == 0:
                return (n - self.first) // self.step + 2
        return 1


PAGERS: dict[str, type[Pager]] = {cls.kind: cls for cls in (NextLink, NumberedLinks, Offset, Template, SinglePage)}


def pager_to_table(pager: Pager) -> dict[str, Any]:
    """Return a pager as a TOML table.

    >>> pager_to_table(Offset("debut_articles"))
    {'kind': 'offset', 'param': 'debut_articles'}
    """
    values = {name: value for name, value in _settings(pager).items() if value is not None}
    return {"kind": pager.kind, **{k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}}


def _settings(pager: Pager) -> dict[str, Any]:
    assert hasattr(pager, "__dataclass_fields__")  # noqa: S101 - every pager is a dataclass
    return {f.name: getattr(pager, f.name) for f in fields(pager) if f.init}  # type: ignore[arg-type]


def pager_from_table(table: Any) -> Pager:
    """Return the pager that a TOML table describes.

    :raises ListingError: the kind is unknown, a key is wrong or missing
    """
    if not isinstance(table, dict) or not isinstance(table.get("kind"), str):
        raise ListingError(f"pager: expected a table with a kind, one of {', '.join(PAGERS)}; found {table!r}")
    values = dict(table)
    kind = values.pop("kind")
    if kind not in PAGERS:
        raise ListingError(f"pager.kind: expected one of {', '.join(PAGERS)}; found {kind!r}")
    cls = PAGERS[kind]
    known = [f.name for f in fields(cls) if f.init]  # type: ignore[arg-type]
    for key in values:
        if key not in known:
            raise ListingError(f"pager.{key}: a {kind} pager has no such key; it has {', '.join(known) or 'none'}")
    if missing := [name for name in known[:1] if name not in values]:
        raise ListingError(f"pager: a {kind} pager needs {missing[0]}")
    return cls(**values)


def _hrefs(links: FieldSelector, page: PagerPage) -> Iterator[tuple[str, str]]:
    """Yield (absolute address, text) of the selected links; what is no http(s) address is passed over."""
    for element in links.elements(page.root):
        anchors = [element] if element.get("href") is not None else element.iterdescendants("a")
        for anchor in anchors:
            url = resolve(anchor.get("href") or "", page.base_url)
            if url is not None:
                yield urldefrag(url)[0], element_text(anchor)


def _spec(spec: Any) -> Any:
    """Return a selector as it is kept: several as a tuple, so that a pager made in code equals one read from a file."""
    return tuple(spec) if isinstance(spec, list) else spec


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _offsets(url: str) -> list[tuple[str, int]]:
    query = urlsplit(url).query
    pairs = parse_qsl(query, max_num_fields=200) if query.count("&") < 200 else []
    return [(name, int(value)) for name, value in pairs if _NUMBER.fullmatch(value)]


def _step(offsets: set[int]) -> int | None:
    """Return the entries a page: what all the offsets are multiples of; ``None`` for fewer than two."""
    ordered = sorted(offsets)
    return math.gcd(*(b - a for a, b in itertools.pairwise(ordered))) or None if len(ordered) > 1 else None


def _with_param(url: str, name: str, value: int) -> str:
    """Return an address with one parameter set; the rest of the query stays as it stands, value-less keys too.

    >>> _with_param("http://a.example/spip.php?mot1&debut_articles=10", "debut_articles", 20)
    'http://a.example/spip.php?mot1&debut_articles=20'
    """
    bare = urlsplit(_without_param(url, name))
    return urlunsplit(bare._replace(query=f"{bare.query}&{name}={value}" if bare.query else f"{name}={value}"))


def _without_param(url: str, name: str) -> str:
    """Return an address without one parameter and without its fragment."""
    parts = urlsplit(url)
    kept = [one for one in parts.query.split("&") if one and one.partition("=")[0] != name]
    return urlunsplit(parts._replace(query="&".join(kept), fragment=""))
