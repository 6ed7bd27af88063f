"""Selectors of a Listing: CSS (with ``::text`` and ``::attr(name)``) or XPath, compiled once, read as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from cssselect import SelectorError
from lxml import etree
from parsel.csstranslator import HTMLTranslator

from newsarchive.errors import ListingError

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
_PROBE = etree.fromstring("<html><body/></html>")


class AttributeText(str):
    """A text that was read from an attribute, such as ``datetime``: better evidence than what is shown."""

    __slots__ = ()


class FieldSelector:
    """The ways to one field of a card: alternatives tried in order until one gives a text.

    :param name: what is selected, as it stands in the Listing; named in errors
    :param spec: one selector or several. One that begins with ``/``, ``./``, ``(`` or a
        function's name and ``(`` is XPath, every other is CSS
    :raises ListingError: a selector cannot be understood

    >>> card = etree.HTML('<div><h2>One <b>two</b></h2><time datetime="2017-09-05">today</time></div>')
    >>> FieldSelector("title", "h2").texts(card)
    ['One two']
    >>> FieldSelector("date", ["time::attr(content)", "time::attr(datetime)"]).texts(card)
    ['2017-09-05']
    """

    __slots__ = ("_ways",)

    def __init__(self, name: str, spec: Spec) -> None:
        specs = (spec,) if isinstance(spec, str) else tuple(spec)
        if not specs:
            raise ListingError(f"{name}: expected a selector, found an empty list; leave {name} out instead")
        self._ways = [_compile(name, one) for one in specs]

    def elements(self, node: Any) -> list[Any]:
        """Return the elements that the first matching alternative selects, in document order; else ``[]``."""
        for xpath, _ in self._ways:
            result: Any = xpath(node)
            if found := [one for one in result if not isinstance(one, str)]:
                return found
        return []

    def texts(self, node: Any) -> list[str]:
        """Return the texts that the first alternative with any text selects, in document order; else ``[]``.

        A selected element gives its whole text (see `element_text`), an attribute gives an `AttributeText`.
        """
        for xpath, is_attribute in self._ways:
            found: Any = xpath(node)
            if isinstance(found, str):
                found = [found]
            texts = [_text(one, is_attribute) for one in found]
            if texts := [text for text in texts if text and not text.isspace()]:
                return texts
        return []


def _text(found: Any, is_attribute: bool) -> str:
    if not isinstance(found, str):
        return element_text(found)
    return AttributeText(found) if is_attribute else found


@lru_cache(maxsize=1024)
def _compile(name: str, spec: str) -> tuple[etree.XPath, bool]:
    """Return a compiled selector and whether it selects attributes."""
    if not isinstance(spec, str) or not spec.strip():
        raise ListingError(f"{name}: expected a CSS or XPath selector, found {spec!r}")
    text = spec.strip()
    try:
        path = text if _XPATH.match(text) else HTMLTranslator().css_to_xpath(text)
        # Python's regular expressions in XPath (EXSLT) have no bound on their time.
        compiled = etree.XPath(path, smart_strings=False, regexp=False)
        result = compiled(_PROBE)
    except (SelectorError, etree.XPathError) as error:
        kind = "XPath" if _XPATH.match(text) else "CSS"
        raise ListingError(f"{name}: {spec!r} is not a valid {kind} selector: {error}") from error
    if not isinstance(result, list | str):
        raise ListingError(f"{name}: {spec!r} gives a {type(result).__name__}; expected elements, attributes or text")
    return compiled, _ATTRIBUTE.search(path) is not None


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
