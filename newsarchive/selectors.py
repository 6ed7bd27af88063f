"""Selectors of a Listing: CSS (with ``::text`` and ``::attr(name)``) or XPath, compiled once, read as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from newsarchive.errors import ListingError
from newsarchive.text.urls import resolve

Spec: TypeAlias = str | Sequence[str]

# Elements that stand on lines of their own, or are not text at all: only where one of them occurs
# must a text be put together in Python.
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tbody td th thead tr ul".split()
)
_HIDDEN = frozenset(("script", "style", "noscript", "template", "svg", "head"))
_SPECIAL = (*_BLOCKS, *_HIDDEN, "br", etree.Comment, etree.ProcessingInstruction)

# White space that HTML folds; a no-break space is not among it.
_SPACES = re.compile(r"[ \t\r\n\f]+")
_XPATH = re.compile(r"/|\./|\(|[a-z-]+\(")
_ATTRIBUTE = re.compile(r"/@[\w:.-]+$")
_NO_ELEMENT = re.compile(r"/(?:@[\w:.-]+|text\(\))\)*(?:\[\d+\])?$")
_ATTRIBUTE_NAME = re.compile(r"(?<=/@)[\w:.-]+$")
_ANY_BASE = "http://site.example/"
_NAME = re.compile(r"[a-z][a-z0-9]*")


class _QuickTranslator(HTMLTranslator):
    """Asks for a class in two steps: most elements fail the cheap one, which saves up to half the time of a card."""

    def xpath_attrib_includes(self, xpath: Any, name: str, value: str | None) -> Any:
        if value and not any(map(str.isspace, value)):
            xpath.add_condition(f"contains({name}, {self.xpath_literal(value)})")
        return super().xpath_attrib_includes(xpath, name, value)


_TRANSLATOR = _QuickTranslator()


class AttributeText(str):
    """A text that was read from an attribute, such as ``datetime``: better evidence than what is shown."""

    __slots__ = ()


class FieldSelector:
    """The ways to one field of a card: alternatives tried in order until one gives a text.

    :param name: what is selected, as it stands in the Listing; named in errors
    :param elements_only: whether attributes and text are wrong, as for cards and pagers
    :param spec: one selector or several. One that begins with ``/``, ``./``, ``(`` or a
        function's name and ``(`` is XPath, every other is CSS
    :raises ListingError: a selector cannot be understood

    >>> card = etree.HTML('<div><h2>One <b>two</b></h2><time datetime="2017-09-05">today</time></div>')
    >>> FieldSelector("title", "h2").texts(card)
    ['One two']
    >>> FieldSelector("date", ["time::attr(content)", "time::attr(datetime)"]).texts(card)
    ['2017-09-05']
    """

    __slots__ = ("_name", "_ways")

    def __init__(self, name: str, spec: Spec, *, elements_only: bool = False) -> None:
        specs = (spec,) if isinstance(spec, str) else spec
        if not isinstance(specs, list | tuple) or not all(isinstance(one, str) for one in specs):
            raise ListingError(f"{name}: expected a CSS or XPath selector or a list of them, found {spec!r}")
        if not specs:
            raise ListingError(f"{name}: expected a selector, found an empty list; leave {name} out instead")
        self._name = name
        self._ways = [_compile(name, one, elements_only) for one in specs]

    def elements(self, node: Any) -> list[Any]:
        """Return the elements that the first matching alternative selects, in document order; else ``[]``."""
        for way in self._ways:
            if found := [one for one in self._select(way, node) if not isinstance(one, str)]:
                return found
        return []

    def texts(self, node: Any) -> list[str]:
        """Return the texts that the first alternative with any text selects, in document order; else ``[]``.

        A selected element gives its whole text (see `element_text`), an attribute gives an `AttributeText`.
        """
        for way in self._ways:
            texts = [_text(one, way.is_attribute) for one in self._select(way, node)]
            if texts := [text for text in texts if text and not text.isspace()]:
                return texts
        return []

    def date_texts(self, node: Any) -> list[str]:
        """Return the texts that may hold a date: of all alternatives up to the first that shows a figure.

        An alternative can be filled and yet say nothing (``datetime="last week"``); then the next one is heard too.
        """
        found: list[str] = []
        for way in self._ways:
            texts = [text for one in self._select(way, node) if (text := _text(one, way.is_attribute))]
            found += texts
            if any(any(map(str.isdigit, text)) for text in texts):
                break
        return found

    def addresses(self, node: Any, attribute: str) -> list[str]:
        """Return the addresses that the first alternative with any http(s) address selects; else ``[]``.

        A selected element gives its own ``attribute`` (``href``, ``src``) or that of the first element in it that has
        one: an element's text is never an address.
        """
        for way in self._ways:
            found = [_address(one, attribute) for one in self._select(way, node)]
            if texts := [text for text in found if text and resolve(text, _ANY_BASE)]:
                return texts
        return []

    def _select(self, way: _Way, node: Any) -> list[Any]:
        try:
            found: Any = way.xpath(node)
        except etree.XPathError as error:
            raise ListingError(f"{self._name}: {way.spec!r} cannot be evaluated: {error}") from error
        return [found] if isinstance(found, str) else found


def _address(found: Any, attribute: str) -> str | None:
    if isinstance(found, str):
        return str(found)
    own: str | None = found.get(attribute)
    return own if own is not None else next(iter(found.xpath(f".//@{attribute}")), None)


class _Way(NamedTuple):
    """One compiled selector."""

    spec: str
    xpath: etree.XPath
    is_attribute: bool | None  # None: only each result tells


def _text(found: Any, is_attribute: bool | None) -> str:
    if not isinstance(found, str):
        return element_text(found)
    if is_attribute is None:
        is_attribute = bool(getattr(found, "is_attribute", False))
    return AttributeText(found) if is_attribute else str(found)


@lru_cache(maxsize=1024)
def _compile(name: str, spec: str, elements_only: bool) -> _Way:
    text = spec.strip()
    if not text:
        raise ListingError(f"{name}: expected a CSS or XPath selector, found {spec!r}")
    kind = "XPath" if _XPATH.match(text) else "CSS"
    try:
        path = (
            text
            if kind == "XPath"
            else _ATTRIBUTE_NAME.sub(lambda name: name[0].lower(), _TRANSLATOR.css_to_xpath(text))
        )
        selects_attribute = _ATTRIBUTE.search(path) is not None
        # "a::attr(title), b" selects both kinds, "(//a/@title)[1]" hides it: then every result is asked, which costs.
        is_attribute = None if "@" in path and ("|" in path or not selects_attribute) else selects_attribute
        # Python's regular expressions in XPath (EXSLT) have no bound on their time.
        compiled = etree.XPath(path, smart_strings=is_attribute is None, regexp=False)
        result: Any = compiled(_probe(path))
    except (SelectorError, etree.XPathError) as error:
        raise ListingError(f"{name}: {spec!r} is not a valid {kind} selector: {error}") from error
    if not isinstance(result, list | str):
        raise ListingError(f"{name}: {spec!r} gives a {type(result).__name__}; expected elements, attributes or text")
    if elements_only and (isinstance(result, str) or _NO_ELEMENT.search(path)):
        raise ListingError(f"{name}: {spec!r} selects attributes or text; expected elements, such as 'a.next'")
    return _Way(spec, compiled, is_attribute)


def _probe(path: str) -> Any:
    """Return a small page with every element that a path may name, so that a fault in a condition shows at once."""
    root = etree.Element("html")
    body = etree.SubElement(root, "body")
    for word in sorted(set(_NAME.findall(path)))[:200]:
        etree.SubElement(body, word)
    return root


def element_text(element: Any) -> str:
    r"""Return the text of a whole element as a reader sees it: white space folded, a line a block or ``<br>``.

    >>> element_text(etree.HTML("<p>Ann\n Bee<br>Cee <i>Dee</i><script>x()</script></p>"))
    'Ann Bee\nCee Dee'
    """
    if len(element) == 0:
        return _SPACES.sub(" ", element.text or "").strip(" ")
    inner = element.iterdescendants(*_SPECIAL)
    if next(inner, None) is None:
        return _SPACES.sub(" ", "".join(element.itertext())).strip(" ")
    lines = "".join(_pieces(element)).split("\n")
    return "\n".join(text for line in lines if (text := _SPACES.sub(" ", line).strip(" ")))


def _pieces(element: Any) -> Iterator[str]:
    r"""Yield the texts below an element, source line ends as spaces, ``"\\n"`` where a new line is shown."""
    skipped = None
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        tag = node.tag
        if event == "start":
            if skipped is None:
                if tag in _HIDDEN:
                    skipped = node
                else:
                    if tag == "br" or tag in _BLOCKS:
                        yield "\n"
                    yield _SPACES.sub(" ", node.text or "")
            continue
        if skipped is not None and skipped is not node:
            continue
        skipped = None
        if tag in _BLOCKS:
            yield "\n"
        if node is not element:
            yield _SPACES.sub(" ", node.tail or "")
