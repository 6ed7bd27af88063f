"""Listings kept as plain text: a saved rendering of a page, or `lynx -dump`, cut into cards.

The file is read by the shape of its blocks and the dates in it, never by its words. What a line is
follows from where it stands: a date line makes an entry, the line above it (or below it, where the
dates stand first) is its title, running text is its summary, short lines after that are its bylines,
and a single line that keeps closer to the next title than entries keep to each other is that entry's
section. How far entries keep apart, and whether bylines share a block, is learned from the file as a
whole. Where two readings are equally good the text is left out: no field holds a guess.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import median

from newsarchive import textblocks
from newsarchive.datelines import Dated, dated_line
from newsarchive.text.dates import guess_language
from newsarchive.text.whitespace import fold
from newsarchive.textblocks import Line, blocks_of, decode_text, is_prose, may_be_byline

__all__ = ["TextCard", "decode_text", "text_cards"]

_SAMPLE = 400  # lines in which the language shows
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|\?xml)\b", re.IGNORECASE)
_YEAR = re.compile(r"\D*\d{4}\D*")
# More lines than this between a summary and the next title are a menu, not the people who wrote it.
_MOST_BYLINES = 8
_NEAREST = 40


@dataclass(frozen=True, slots=True)
class TextCard:
    """One entry's part of a text listing: raw texts by field, as the loader takes them.

    >>> TextCard({"title": ("Bread and Roses",)}, 1).values("bylines")
    []
    """

    fields: Mapping[str, tuple[str, ...]]
    """Texts by field (title, date, summary, bylines, section, url); a missing field has no key."""
    line: int
    """The line of its title in the file, from 1."""

    def values(self, field: str) -> list[str]:
        """Return the texts of a field, none when the card does not have it.

        >>> TextCard({"title": ("Bread and Roses",)}, 1).values("title")
        ['Bread and Roses']
        """
        return list(self.fields.get(field, ()))


@dataclass(slots=True)
class _Entry:
    """An entry while it is put together."""

    title: Line
    date: Dated
    first: int  # its topmost line: title or date
    body: int  # the line after both
    inner_gap: int  # blank lines between title and date
    before: list[Line] = field(default_factory=list)  # short lines above its summary
    summary: list[str] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)  # short lines below it
    end_gap: int = 0  # blank lines before the next entry
    bylines: list[Line] = field(default_factory=list)
    section: str | None = None

    @property
    def gaps(self) -> list[int]:
        return [*(line.gap for line in self.after), self.end_gap]


@dataclass(frozen=True, slots=True)
class _Habits:
    """What the file as a whole shows about its blocks."""

    break_gap: int | None  # blank lines between entries, when that is more than within them
    shared: bool  # several bylines stand in one block
    singly: bool  # several bylines stand in a block each
    above: bool  # bylines stand above the summary
    by_words: bool  # bylines begin with `By`
    labelled: bool  # every entry has a section


def text_cards(text: str, *, language: str | None = None) -> list[TextCard]:
    r"""Cut a text listing into cards, in file order; [] when no line begins with a date.

    `language` is the BCP 47 tag of the language of its dates, guessed from the text when None.
    A line that could as well be a byline of the entry above as the section of the one below is
    in neither.

    >>> page = "A Long Strike\n\nMay 01, 2016 | The mill stands still.\n\nAna Ríos\n"
    >>> [(card.values("title"), card.values("date"), card.values("bylines")) for card in text_cards(page)]
    [(['A Long Strike'], ['May 01, 2016'], ['Ana Ríos'])]
    """
    if _HTML.match(text):  # its tags would be read as titles
        return []
    languages = _languages(text, language)
    read_date = partial(dated_line, languages=languages)
    lines = textblocks.text_lines(text, read_date)
    found = {i: dated for i, line in enumerate(lines) if (dated := read_date(line.text))}
    dates = _date_lines(lines, found)
    entries = (_date_first if _dates_stand_first(lines, dates) else _title_first)(lines, dates)
    if not entries:
        return []
    _fill(lines, entries, {lines[i].number for i in found.keys() - dates.keys()})
    _settle(lines, entries, _habits(entries))
    return [_card(entry) for entry in entries]


def _languages(text: str, language: str | None) -> list[str]:
    if language is None:
        sample = (line.strip() for line in text[: _SAMPLE * 500].splitlines())
        language = guess_language([line for line in sample if line][:_SAMPLE])
    return [language] if language else []


def _date_lines(lines: Sequence[Line], found: dict[int, Dated]) -> dict[int, Dated]:
    """Keep, of the lines that begin with a date, the date lines: those whose form is the file's own."""
    # A month or a year alone heads a part of the list when the entries have days.
    coarse = {i for i, dated in found.items() if _YEAR.fullmatch(dated.date)}
    if len(coarse) * 2 < len(found):
        found = {i: dated for i, dated in found.items() if i not in coarse}
    kinds = Counter(dated.kind for dated in found.values())
    usual, count = max(kinds.items(), key=lambda item: item[1], default=("", 0))
    kept = {}
    for i, dated in found.items():
        loose = dated.kind in ("comma", "none") and kinds[dated.kind] * 2 <= len(found)
        # Prose may begin with a date and a dash; an entry's date line has a title above it.
        odd = dated.kind not in (usual, "alone", "by") and kinds[dated.kind] * 10 < count
        if not loose and not (odd and i and _is_closed(lines[i - 1].text)):
            kept[i] = dated
    return kept


def _dates_stand_first(lines: Sequence[Line], dates: Mapping[int, Dated]) -> bool:
    """Decide for the file as a whole whether a date stands above its title or below it."""
    bounds = [-1, *sorted(dates), len(lines)]
    votes = 0
    words_above: list[int] = []
    words_below: list[int] = []
    for before, i, after in zip(bounds, bounds[1:], bounds[2:], strict=False):
        above = lines[i - 1] if i - 1 > before else None
        below = lines[i + 1] if i + 1 < after else None
        gap_below = lines[i + 1].gap if i + 1 < len(lines) else lines[i].gap
        rest = "" if dates[i].kind == "by" else dates[i].rest
        votes += _vote(above, below, rest, lines[i].gap - gap_below)
        if above and below and not rest and not is_prose(below.text):
            words_above.append(len(above.text.split()))
            words_below.append(len(below.text.split()))
    if votes == 0 and words_above:
        # Titles have more words than the names that stand on the other side.
        return median(words_below) > median(words_above) + 1
    return votes > 0


def _vote(above: Line | None, below: Line | None, rest: str, nearer_below: int) -> int:
    """Say of one date line whether its title stands after the date (1), above it (-1), or either (0)."""
    if above is None:
        return 1 if rest or below else 0
    if (_is_closed(rest) or len(rest.split()) > 16) if rest else below is None:
        return -1
    if nearer_below:
        return 1 if nearer_below > 0 else -1
    return 1 if _is_closed(above.text) else -1 if below and not rest and _is_closed(below.text) else 0


def _is_closed(text: str) -> bool:
    """Whether a text ends as a summary does; titles end in question marks, not in full stops."""
    return textblocks.is_cut(text) or (textblocks.ends_sentence(text) and text[-1] not in "!?！？")


def _title_first(lines: Sequence[Line], dates: Mapping[int, Dated]) -> list[_Entry]:
    entries: list[_Entry] = []
    used = -1
    parted = sum(i > 1 and textblocks.has_by_word(lines[i - 1].text) for i in dates) * 2 >= len(dates)
    for i, dated in sorted(dates.items()):
        # No line is left for its title, or only the end of a cut summary: a date in the entry above.
        if i - 1 == used or i - 1 in dates or textblocks.is_cut(lines[i - 1].text):
            continue
        # A byline may stand between title and date, where it does so in most entries.
        lifted = parted and i - 2 > used and textblocks.has_by_word(lines[i - 1].text)
        top = i - 2 if lifted else i - 1
        entries.append(_Entry(lines[top], dated, top, i + 1, lines[i].gap, list(lines[top + 1 : i])))
        used = i
    return entries


def _date_first(lines: Sequence[Line], dates: Mapping[int, Dated]) -> list[_Entry]:
    entries: list[_Entry] = []
    for i, dated in sorted(dates.items()):
        if dated.rest and dated.kind != "by":
            title = Line(lines[i].number, lines[i].indent, 0, dated.rest, lines[i].url)
            entries.append(_Entry(title, Dated(dated.date, "alone", ""), i, i + 1, 0))
        elif i + 1 < len(lines) and i + 1 not in dates:
            entries.append(_Entry(lines[i + 1], dated, i, i + 2, lines[i + 1].gap))
    return entries


def _fill(lines: Sequence[Line], entries: Sequence[_Entry], headings: set[int]) -> None:
    """Give each entry its summary and the short lines around it; `headings` are dates that are no entry's."""
    rests = [e.date.rest for e in entries if e.date.rest and e.date.kind != "by"]
    in_line = len(rests) * 2 >= len(entries) and sum(map(is_prose, rests)) * 2 >= len(rests)
    paragraphs = 0
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        body = list(lines[entry.body : following.first if following else len(lines)])
        entry.end_gap = lines[following.first].gap if following else 0
        start, end = _prose_span(body)
        if following is None and len(entries) > 1:
            # Below the last entry prose may be the page's footer: only what the others have counts.
            end = min(end, start + paragraphs)
        given = entry.date.rest if entry.date.kind != "by" else ""
        if given and (in_line or is_prose(given) or start == end):
            entry.summary, start, end = [given], 0, 0
        elif start < end:
            entry.summary = [line.text for line in body[start:end]]
            paragraphs = max(paragraphs, end - start)
            entry.before += [line for line in body[:start] if may_be_byline(line.text)]
        else:
            start = end = 0
        # A page may have a lot below its last entry; only what is nearest can belong to it.
        entry.after = body[end:] if following else body[end : end + _NEAREST]
    common = _commonplaces(entries)
    for entry in entries:
        _keep(entry, lambda line: line.number not in headings and line.key not in common)
    for entry in entries[:-1]:
        _keep(entry, lambda line: may_be_byline(line.text))


def _keep(entry: _Entry, wanted: Callable[[Line], bool]) -> None:
    """Drop lines below an entry; the blank lines around them stay between the others."""
    kept: list[Line] = []
    gap = 0
    for line in entry.after:
        gap = max(gap, line.gap)
        if wanted(line):
            kept.append(replace(line, gap=gap))
            gap = 0
    entry.after, entry.end_gap = kept, max(gap, entry.end_gap)


def _prose_span(body: Sequence[Line]) -> tuple[int, int]:
    """Find an entry's first running text: its paragraphs, up to a cut mark or a wider gap."""
    start = next((i for i, line in enumerate(body) if is_prose(line.text)), 0)
    end = start
    while end < len(body) and is_prose(body[end].text):
        if end > start and (textblocks.is_cut(body[end - 1].text) or body[end].gap > max(1, body[start].gap)):
            break
        end += 1
    return start, end


def _commonplaces(entries: Sequence[_Entry]) -> set[str]:
    """Find what stands below most entries and is no name: `Read more`, `Leave a comment`."""
    seen = Counter(key for entry in entries for key in {line.key for line in entry.after if " " in line.text})
    lines = {line.key: line.text for entry in entries for line in entry.after}
    return {key for key, n in seen.items() if n * 2 >= max(len(entries), 6) and lines[key].split()[-1][0].islower()}


def _habits(entries: Sequence[_Entry]) -> _Habits:
    inner = [entry for entry in entries[:-1] if entry.after]
    blocks = [blocks_of(entry.after) for entry in inner]
    named = sum(any(textblocks.has_by_word(line.text) for line in entry.after) for entry in inner)
    first_keys = {b[0][0].key for b in blocks if len(b) > 1}
    last_keys = {b[-1][-1].key for b in blocks if len(b) > 1}
    tail = [b for b in blocks_of(entries[-1].after) if all(map(textblocks.is_plain_name, b))]
    depth = {len(b) for b in blocks}
    return _Habits(
        break_gap=_break_gap(entries[:-1]),
        shared=any(len(block) > 1 for b in blocks for block in b),
        singly=any(len(b) > 2 for b in blocks) or bool(first_keys & last_keys),
        above=sum(bool(e.before) or e.date.kind == "by" for e in entries) * 2 >= len(entries),
        by_words=named > 1 and named * 5 >= len(inner) * 4,
        # All entries alike, and the first has a line above its title that the last lacks below.
        labelled=len(entries) - 1 == len(inner) > 2 and entries[0].first > 0 and depth == {len(tail) + 1} != {1},
    )


def _break_gap(entries: Sequence[_Entry]) -> int | None:
    """Find how many blank lines part two entries, where that is more than stand within one."""
    followed = [entry for entry in entries if entry.after]
    usual = max(_mode([e.inner_gap for e in entries]), _mode([e.after[0].gap for e in followed]))
    widest = Counter(top for e in entries if e.gaps.count(top := max(e.gaps)) == 1 and (e.after or top > usual))
    if not widest:
        return None
    gap = widest.most_common(1)[0][0]
    # A lone block as far from both neighbours says nothing; many of them say that gaps say nothing.
    against = sum(
        len(blocks_of(e.after)) == 1 and (max(e.gaps) < gap or min(e.gaps[0], e.gaps[-1]) >= gap) for e in followed
    )
    return gap if gap > 0 and widest[gap] >= against else None


def _mode(numbers: Sequence[int]) -> int:
    return Counter(numbers).most_common(1)[0][0] if numbers else 0


def _split(entry: _Entry, habits: _Habits) -> tuple[list[Line], Line | None, bool]:
    """Part the lines below an entry into its bylines and the next one's section; True when sure."""
    after = entry.after
    blocks = blocks_of(after)
    wide = [i for i, gap in enumerate(entry.gaps) if habits.break_gap and gap >= habits.break_gap]
    below = [i for i in wide if i < len(after)]
    last = blocks[-1][0] if blocks and len(blocks[-1]) == 1 else None
    label: Line | None
    if after and after[-1].bullet and entry.title.bullet and after[-1].indent == entry.title.indent:
        bylines, label, sure = after[:-1], after[-1], True  # it begins an item as titles do: the next entry's
    elif wide:
        own = after[below[-1] :] if below else []
        bylines, label, sure = after[: wide[0]], own[0] if len(own) == 1 else None, True
    elif habits.break_gap and (entry.end_gap == 0 or (last and last.gap == 0)):
        # The break is missing, and nothing parts a byline from a section: the last line is left out.
        bylines, label, sure = after[:-1], None, False
    elif last is None:
        bylines, label, sure = after, None, False
    elif habits.break_gap or habits.above or habits.labelled:
        bylines, label, sure = after[:-1], last, habits.labelled
    elif len(blocks) == 1:
        bylines, label, sure = after, None, False
    elif habits.shared or habits.by_words:
        bylines, label, sure = after[:-1], last, True
    else:
        bylines, label, sure = after if habits.singly else after[:-1], None, False
    if label and textblocks.has_by_word(label.text):
        return [*bylines, label], None, True
    return ([] if habits.above else bylines), label, sure


def _settle(lines: Sequence[Line], entries: Sequence[_Entry], habits: _Habits) -> None:
    """Give bylines and sections to all entries; a text's sure places decide its doubtful ones."""
    splits = [_split(entry, habits) for entry in entries[:-1]]
    names = Counter(line.key for bylines, _, sure in splits if sure for line in bylines)
    labels = Counter(label.key for _, label, sure in splits if sure and label)
    for entry, following, (bylines, label, sure) in zip(entries, entries[1:], splits, strict=False):
        last = entry.after[-1] if entry.after and not sure else None
        if last and names[last.key] != labels[last.key]:
            rest = [line for line in bylines if line is not last]
            bylines, label = ([*rest, last], None) if names[last.key] > labels[last.key] else (rest, last)
        entry.bylines = bylines if len(bylines) <= _MOST_BYLINES else []
        following.section = label.text if label and len(label.text.split()) < 7 else None
    _settle_ends(lines, entries, habits)
    people = [line for entry in entries for line in (*entry.before, *entry.bylines)]
    named = sum(textblocks.has_name_case(line.text) or textblocks.has_by_word(line.text) for line in people)
    if named * 2 < len(people):  # these are no people: titles without dates, or links
        for entry in entries:
            entry.before, entry.bylines = [], []


def _settle_ends(lines: Sequence[Line], entries: Sequence[_Entry], habits: _Habits) -> None:
    """Read the section above the first entry and the bylines below the last, by the others' shape."""
    first, others, last = entries[0], entries[1:], entries[-1]
    above = lines[first.first - 1] if first.first else None
    if above and may_be_byline(above.text):
        known = {fold(entry.section).casefold() for entry in others if entry.section}
        all_alike = len(others) > 2 and all(entry.section for entry in others)
        gaps = {entry.end_gap for entry in entries[:-1]}
        if above.key in known or (all_alike and gaps == {lines[first.first].gap}):
            first.section = above.text
    if habits.above:
        return
    donors = [entry.bylines for entry in entries[:-1] if entry.bylines]
    if donors:
        last.bylines = _tail_block(last.after, donors)
    elif len(others) < 3 and len(last.after) < 4 and len(blocks_of(last.after)) == 1:
        last.bylines = last.after if all(map(textblocks.is_plain_name, last.after)) else []


def _tail_block(after: Sequence[Line], donors: Sequence[Sequence[Line]]) -> list[Line]:
    """Take the lines below the last entry that have the shape of the others' bylines, or none of them."""
    leads = {lines[0].gap for lines in donors}
    steps = {line.gap for lines in donors for line in lines[1:]}
    plain = all(textblocks.is_plain_name(line) for lines in donors for line in lines)
    most = max(map(len, donors))
    block: list[Line] = []
    for line in after:
        fits = line.gap in (steps if block else leads) and may_be_byline(line.text)
        odd = re.search(r"\d", line.text) or (plain and not textblocks.is_plain_name(line))
        if not fits or odd or len(block) == most:
            # A block that goes on with other things is a menu.
            return [] if block and line.gap == 0 else block
        block.append(line)
    return block


def _card(entry: _Entry) -> TextCard:
    bylines = [line.text for line in (*entry.before, *entry.bylines)]
    fields = {
        "title": [entry.title.text],
        "date": [entry.date.date],
        "summary": [" ".join(entry.summary)] if entry.summary else [],
        "bylines": [entry.date.rest, *bylines] if entry.date.kind == "by" else bylines,
        "section": [entry.section] if entry.section else [],
        "url": [entry.title.url] if entry.title.url else [],
    }
    return TextCard({name: tuple(texts) for name, texts in fields.items() if texts}, entry.title.number)
