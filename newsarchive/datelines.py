"""Date lines of a plain-text listing: what stands on a line that begins with a date, or that a date ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsarchive.text.dates import leading_date
from newsarchive.text.whitespace import fold
from newsarchive.textblocks import has_by_word

_SEPARATOR = re.compile(r"[)\]]?(\.)?\s*(?:([|¦│])|([·•∙])|([-–—―]+)|([:：])|(,))?\s*")
_KINDS = ("bar", "dot", "dash", "colon", "comma")
# A date stands within this many characters of a line: that bounds the work on a huge one.
_HEAD = 120
_WORD = re.compile(r"(?<= )\S")


@dataclass(frozen=True, slots=True)
class Dated:
    """What a line says that begins with a date, or that ends with one after a byline."""

    date: str
    kind: str
    """How the rest is set off: alone (no rest), bar, dot, dash, colon, comma, by (a byline beside it), none."""
    rest: str

    @property
    def is_firm(self) -> bool:
        """Whether the line is set out as a date line: prose that begins with a date just goes on."""
        return self.kind not in ("comma", "none")


def dated_line(text: str, languages: Sequence[str]) -> Dated | None:
    """Read a line that begins with a date, or is a byline that ends with one, white space folded; else None.

    >>> dated_line("2017-09-05 | The mill stands still.", ["en"])
    Dated(date='2017-09-05', kind='bar', rest='The mill stands still.')
    >>> dated_line("By Ana Ríos on May 5, 2017", ["en"])
    Dated(date='May 5, 2017', kind='by', rest='By Ana Ríos')
    """
    text = fold(text)
    found = leading_date(text[:_HEAD], languages)
    start = text.find(found[0], 0, _HEAD) if found else -1
    if found is None or start < 0:
        return _byline_with_date(text, languages)
    date, end = found[0], start + len(found[0])
    mark = _SEPARATOR.match(text, end)
    if mark is None or text[end : end + 1].isalnum():
        return None
    stop, *marks = mark.groups()
    rest = text[mark.end() :]
    kind = next((k for k, m in zip(_KINDS, marks, strict=True) if m), "none")
    if not rest:
        kind = "none" if stop else "alone"  # a sentence may end with a date
    return Dated(date, "by" if has_by_word(rest) else kind, rest)


def _byline_with_date(text: str, languages: Sequence[str]) -> Dated | None:
    if len(text) > _HEAD or not text[-1:].isdigit() or not has_by_word(" ".join(text.split()[:2])):
        return None
    for word in _WORD.finditer(text):
        found = leading_date(text[word.start() :], languages)
        if found and not found[1]:
            names = text[: word.start()].rstrip(" ,;|·•–—-")
            return Dated(found[0], "by", names) if has_by_word(names) else None
    return None
