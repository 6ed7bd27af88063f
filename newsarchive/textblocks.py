"""The lines of a plain-text listing as they were before a terminal or a mail program laid them out.

Two things happen to a page on its way to text: long lines are wrapped, and `lynx -dump` adds
indents, bullets, `[12]` markers and a list of addresses at the end. Both are undone here by their
shape; what the lines mean is read in `newsarchive.textlisting`.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from newsarchive.text.summaries import clean_summary
from newsarchive.text.whitespace import fold

# Nobody's terminal or mail program wraps at fewer or more columns.
_NARROWEST, _WIDEST = 30, 200
# The fullest of a few wrapped lines may lack this much of the width: the room of a word.
_LONG_WORD = 15

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# White space of any kind, and marks that take no room: a line of nothing else is blank.
_EDGE = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\u200b\u2060\ufeff"
_NEWLINE = re.compile("\r\n?")
_RULE = re.compile(r"[-_=*~#+|–—―─━═•·\s]+")
_BULLET = re.compile(r"[-*+•◦▪‣●]\s+(?=\S)")
_LYNX_BULLET = re.compile(r"o\s+(?=\S)")
_MARKER = re.compile(r"\[(\d{1,5})\]")
_LINK = re.compile(r"(?:(\d{1,5})\.|\[(\d{1,5})\])\s+([A-Za-z][A-Za-z0-9+.-]{1,15}:\S+)")
_CUT = re.compile(r"(?:\(\s*(?:\.{3}|…)\s*\)|\[\s*(?:\.{3}|…)\s*\]|…|\.{3})\s*$")
_BROKEN_WORD = re.compile(r"\w-$")
_BY = re.compile(r"(?:by|par|por|von|door|av|af|od|przez|di|da|de|от|автор)\b[\s:]+(?=\S)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.。！？!?…][\"'”’»)\]]*$")
_ABBREVIATION = re.compile(r"(?:^|\s)[A-Z]\w{0,2}\.(?:[A-Z]\.)*$")
_PIECES = re.compile(r"\s*[,;&/]\s*|\s+(?:and|et|y|e|und|en|och|og|i|и|ja|ve)\s+")
_ELIDED = re.compile(r"\b(?:d|l|s|n|dell|dall|all)['’](?=[^\W\d_])")  # "Collectif d’Ivry"
_ADDRESS = re.compile(r"://|www\.|\w@\w|\.html?\b")
# A name stands within this many characters in all, and the end of a text shows in its last ones: both bound the work
# on a huge line.
_SHORT = 240
_TAIL = 60


class DatedLine(Protocol):
    """What a line says that holds a date."""

    @property
    def is_firm(self) -> bool:
        """Whether the line is set out as a date line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: what stood on one line of the page, however it was wrapped since."""

    number: int
    """Where it begins in the file, from 1."""
    indent: int
    """Columns before its text, its bullet counted."""
    gap: int
    """Blank lines directly above it."""
    text: str
    """Without indent, bullet and link markers; otherwise as it stands."""
    url: str | None = None
    """The address of its first link marker, when the file lists one."""
    width: int = 0
    """Columns up to the end of its text, as laid out."""
    bullet: bool = False
    """A bullet stood before it, so it begins an item."""

    @property
    def key(self) -> str:
        """Its text for comparing."""
        return fold(self.text).casefold()


def decode_text(data: bytes) -> str:
    r"""Decode a text file: by its byte order mark, else as UTF-8, else as cp1252; line ends become LF.

    Bytes that mean nothing in the encoding become U+FFFD; nothing is raised.

    >>> decode_text(b"\xef\xbb\xbfMarch\r\nApril\rMay")
    'March\nApril\nMay'
    >>> decode_text("Ríos".encode("utf-16")), decode_text("Ríos".encode("cp1252"))
    ('Ríos', 'Ríos')
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _NEWLINE.sub("\n", data[len(mark) :].decode(encoding, "replace"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return _NEWLINE.sub("\n", text)


def text_lines(text: str, dated: Callable[[str], DatedLine | None] = lambda _: None) -> list[Line]:
    r"""Read the logical lines of a text, without blank lines, rules and lists of link addresses.

    `dated` reads a line that begins with a date: the date line of an entry is never taken for the
    rest of the line above it, even when its first word had no room there.

    >>> [line.text for line in text_lines("There was a long walk to the sea\nand to the islands.\n\n * Home")]
    ['There was a long walk to the sea and to the islands.', 'Home']
    >>> text_lines("  [1]Title\n\nReferences\n\n  1. https://a.example/1")[0].url
    'https://a.example/1'
    """
    laid_out, ends, addresses = _without_links(_laid_out(_NEWLINE.sub("\n", text)))
    groups = _unwrapped(laid_out, dated)
    linked = bool(addresses) or _counts_up(laid_out)
    lines = []
    position = 0
    for group in groups:
        section = bisect_right(ends, position)
        position += len(group)
        line = replace(group[0], text=_joined(group)) if len(group) > 1 else group[0]
        lines.append(_unmarked(line, addresses[section] if section < len(ends) else {}) if linked else line)
    return [line for line in lines if line.text]


def _laid_out(text: str) -> list[Line]:
    lines: list[Line] = []
    gap = 0
    for number, raw in enumerate(text.split("\n"), 1):
        content = raw.strip(_EDGE)
        if not content or _RULE.fullmatch(content):
            gap += 1
            continue
        start = raw.index(content[0])
        indent = len(raw[:start].expandtabs())
        bullet = _BULLET.match(content) or (_LYNX_BULLET.match(content) if indent > 1 else None)
        shift = bullet.end() if bullet else 0
        width = indent + len(content)
        lines.append(Line(number, indent + shift, gap, content[shift:], width=width, bullet=bool(bullet)))
        gap = 0
    return lines


def _without_links(lines: Sequence[Line]) -> tuple[list[Line], list[int], list[dict[str, str]]]:
    """Take the lists of link addresses out of the lines, with their headings.

    Beside the lines left come, for each list (a file may hold several dumps, each numbered from 1),
    how many of the lines left stand above it, and its addresses by number.
    """
    kept: list[Line] = []
    ends: list[int] = []
    addresses: list[dict[str, str]] = []
    in_list = False
    gap = 0  # the gaps of the lines taken out go to the line after them
    for line in lines:
        link = _LINK.fullmatch(line.text)
        if not link:
            kept.append(replace(line, gap=line.gap + gap) if gap else line)
            in_list, gap = False, 0
            continue
        gap += line.gap
        if not in_list:
            _drop_headings(kept, line)
            in_list = True
            if not ends or ends[-1] != len(kept):
                ends.append(len(kept))
                addresses.append({})
        addresses[-1][link[1] or link[2]] = link[3]
    return kept, ends, addresses


def _drop_headings(kept: list[Line], link: Line) -> None:
    """Drop what heads a list of links: `Visible links:` directly above it, `References` less indented."""
    if kept and link.gap == 0 and len(kept[-1].text.split()) <= 3:
        link = kept.pop()
        if link.indent == 0:
            return
    if kept and kept[-1].indent < link.indent and len(kept[-1].text.split()) <= 2:
        kept.pop()


def _counts_up(lines: Sequence[Line]) -> bool:
    """Whether the file's `[n]` are link markers though the list of addresses was cut off: 1, 2, 3 …."""
    numbers = [int(n) for line in lines for n in _MARKER.findall(line.text)]
    return len(numbers) > 2 and all(b == a + 1 for a, b in itertools.pairwise(numbers))


def _unmarked(line: Line, addresses: dict[str, str]) -> Line:
    marker = _MARKER.search(line.text)
    if not marker:
        return line
    return replace(line, text=_MARKER.sub("", line.text).strip(_EDGE), url=addresses.get(marker[1]))


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a line could be the next one's beginning as far as block, indent and its own end tell."""
    return not (following.gap or following.bullet or following.indent != line.indent or is_cut(line.text))


def _lacks_room(line: Line, following: Line, width: tuple[int, int]) -> bool:
    """Whether the next line's first word had no room left on the line, counted in characters or bytes."""
    word = following.text.split(" ", 1)[0]
    need = line.width + len(word) + (not _BROKEN_WORD.search(line.text))
    return need > width[0] or need + _extra(line.text) + _extra(word) > width[1]


def _extra(text: str) -> int:
    # `fold` counts bytes, so lines with accents are shorter than the others.
    return 0 if text.isascii() else len(text.encode("utf-8", "replace")) - len(text)


def _wrap_width(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Estimate the width (in characters, in bytes) the text was wrapped at; None when it was not.

    A wrap shows in pairs of lines: the upper one is full, the lower one goes on, often in lower case.
    In a text that was never wrapped only the longest lines are full, and there is no such habit.
    """
    if any(line.width > _WIDEST and " " in line.text for line in lines):
        return None
    pairs = [(a, b) for a, b in itertools.pairwise(lines) if " " in a.text and _goes_on(a, b)]
    in_lower_case = [pair for pair in pairs if pair[1].text[0].islower()]
    model = in_lower_case if len(in_lower_case) > 1 else pairs
    if not model:
        return None
    width = max(a.width for a, _ in model), max(a.width + _extra(a.text) for a, _ in model)
    wider = sum(line.width > width[0] + _LONG_WORD and " " in line.text for line in lines)
    if width[0] < _NARROWEST or wider * 20 > len(lines):
        return None
    if len(in_lower_case) > 2 and all(_lacks_room(a, b, width) for a, b in in_lower_case):
        return width
    long = [(a, b) for a, b in pairs if a.width * 2 > width[0]]
    # A line that ends a sentence may be full by chance.
    full = [(a, b) for a, b in long if not ends_sentence(a.text) and _lacks_room(a, b, width)]
    if any(b.text[0].islower() for _, b in full):
        return width if len(full) * 2 >= len(long) else None
    return width if len(full) > 2 and len(full) * 10 >= len(long) * 7 else None


def _unwrapped(lines: Sequence[Line], dated: Callable[[str], DatedLine | None]) -> list[list[Line]]:
    width = _wrap_width(lines)
    groups = [[line] for line in lines[:1]]
    for above, line in itertools.pairwise(lines):
        wrapped = width and _goes_on(above, line) and _lacks_room(above, line, width)
        found = dated(_MARKER.sub("", line.text).strip(_EDGE)) if wrapped else None
        if wrapped and not (found and found.is_firm):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _joined(group: Sequence[Line]) -> str:
    parts = [group[0].text]
    for line in group[1:]:
        # Wrapping after a hyphen splits a word, and its parts go back together without a space.
        split = _BROKEN_WORD.search(parts[-1]) and line.text[0].isalpha()
        parts.append(line.text if split else " " + line.text)
    return "".join(parts)


def is_cut(text: str) -> bool:
    """Tell whether a text ends in a mark that it was cut there.

    >>> is_cut("and of the (...)"), is_cut("The end.")
    (True, False)
    """
    return _CUT.search(text[-_TAIL:]) is not None


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends as a sentence does; `Jr.` and initials do not.

    >>> ends_sentence("They went home."), ends_sentence("Sam Davis Jr.")
    (True, False)
    """
    if len(text) < _TAIL and len(text.split()) < 6 and _ABBREVIATION.search(text):
        return False
    return _SENTENCE.search(text[-_TAIL:]) is not None


def is_prose(text: str) -> bool:
    """Tell running text from names and labels: long, or a sentence, or mostly words in lower case.

    >>> [is_prose(t) for t in ("Ana Ríos", "A march through the old town.", "Ana Ríos, Luc Noir and Tom Day")]
    [False, True, False]
    """
    if len(text) > _SHORT or is_cut(text):
        return True
    if has_by_word(text):
        return False
    words = text.split()
    if ends_sentence(text):
        return len(words) > 2 or len(text) > 25
    if len(words) >= 9:
        pieces = _PIECES.split(fold(text))
        return len(pieces) < 2 or any(not has_name_case(piece) for piece in pieces)
    if len(text) >= 40 * len(words):  # scripts without spaces
        return True
    return len(words) >= 4 and sum(len(w) > 3 and w[0].islower() for w in words) * 2 >= len(words)


def has_by_word(text: str) -> bool:
    """Tell whether a line is a byline by its first word (`By`, `Par`, `Von` …) and a name after it.

    >>> has_by_word("par Ana Ríos, Luc Noir"), has_by_word("By the time they came")
    (True, False)
    """
    by = _BY.match(text) if len(text) <= _SHORT else None
    if not by or (ends_sentence(text) and not text.endswith(".")):
        return False
    return all(has_name_case(piece) for piece in _PIECES.split(fold(text[by.end() :]).rstrip(".")))


def has_name_case(text: str) -> bool:
    """Tell whether no word but short particles begins in lower case, and there is no number.

    >>> has_name_case("Ana de la Cruz"), has_name_case("Collectif d’Ivry"), has_name_case("Next page")
    (True, True, False)
    """
    words = _ELIDED.sub("", text).split()
    if any(c.isdecimal() for c in text):
        return False
    return 0 < len(words) <= 6 and all(not w[0].islower() or len(w) < 4 for w in words) and not words[-1][0].islower()


def may_be_byline(text: str) -> bool:
    """Tell whether a text may stand in a byline block: short, no running text, number, address or mark.

    >>> [may_be_byline(t) for t in ("Ana Ríos", "12 comments", "Read more", "ana@paper.example")]
    [True, False, False, False]
    """
    if is_prose(text) or text[0].isdecimal() or not any(c.isalpha() for c in text):
        return False
    if clean_summary(text) == (None, None):  # a link to the article
        return False
    if ":" in text and not has_by_word(text):  # `Tags: …`
        return False
    return not (_ADDRESS.search(text) or any(c in "©®»«›‹→←|<>=" for c in text))


def is_plain_name(line: Line) -> bool:
    """Tell whether a line has the shape of one full name, for places where little else is known.

    >>> [is_plain_name(Line(1, 0, 0, text)) for text in ("Ana de la Cruz", "Next page", "Next")]
    [True, False, False]
    """
    return " " in line.text and has_name_case(line.text) and may_be_byline(line.text)


def blocks_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Part lines where blank lines stand between them.

    >>> [len(block) for block in blocks_of([Line(1, 0, 1, "a"), Line(2, 0, 0, "b"), Line(4, 0, 1, "c")])]
    [2, 1]
    """
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and line.gap == 0:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks
