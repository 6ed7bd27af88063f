"""Where a text's date stands and which part is which: a grammar of the forms that listings use.

The grammar knows shapes, not words: what a word in the place of a month means is looked up. So one set
of expressions serves all languages. A date is looked for at the front of a text only; prose is never
searched.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from newsarchive.text.month_names import is_weekday, month_number

EARLIEST_YEAR = 1600  # the years of other calendars (1396 in Iran, 1438 of the Hijra) are before
LATEST_YEAR = 2199
_BUDDHIST_ERA = 543
_TWO_DIGIT_LATEST = 2068  # as POSIX has it, where nothing says when the page was received

_WORD = r"[^\s\d_,.;:|/()\[\]{}<>…·•–—+=*#\"“”«»-]+"
_DAY = r"(?P<d>\d{1,2})(?!\d)(?:\s?(?:st|nd|rd|th|er|ère|re|ro|[er]|è|\.?[º°ª]|-?(?:го|е|ше|те)|η|ος)(?!\w))?"
_PARTICLE = r"(?:(?:de|del|of|di|do|da|the|den|dei|в|a)\s|d['’]\s?)?"
# Two dates glued together ("18 grudnia 20189 stycznia 2019"): the year ends where the next day begins.
_YEAR4 = r"(?:\d{4}(?!\d)|(?:19|20)\d\d(?=\d{1,2}[\s.]{1,2}[^\W\d]))"
# Two digits are a year only before the end or a separator: "5 March 12 people" has none.
_YEAR = rf"(?P<y>{_YEAR4}|\d\d(?![\d:.]|\s?[hH%])(?=\s*(?:\Z|[,;|()\[\]–—-])))"
_YEAR_TAIL = r"(?:\s?(?:г|р|года|року)(?!\w)\.?)?"
_GAP = r"(?:[.,]{0,2}\s?[/-]\s?|[.,]{1,2}\s?|\s)?"
_MONTH = rf"(?P<w>{_WORD})"
_END = r"(?!\d)"
_ALONE = r"(?=\s?(?:\Z|[,|()\[\]·•–—](?!\s*\d)))"

_FLAGS = re.IGNORECASE
# 5 September 2017 | 1er avril 2024 | 5. Sept. 2017 | 5 de septiembre de 2017 | 05-Sep-17
_DAY_MONTH_YEAR = re.compile(rf"{_DAY}{_GAP}{_PARTICLE}{_MONTH}{_GAP}{_PARTICLE}['’]?{_YEAR}{_YEAR_TAIL}", _FLAGS)
# September 05, 2017 | Sept. 5th 2017
_MONTH_DAY_YEAR = re.compile(rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_PARTICLE}['’]?{_YEAR}", _FLAGS)
# 2018, April 25 | 2017. szeptember 5.
_YEAR_MONTH_DAY = re.compile(rf"(?P<y>\d{{4}}){_GAP}(?:gada\s|m\.\s)?{_MONTH}{_GAP}{_DAY}(?:\.|\sd\.)?{_END}", _FLAGS)
# 2017. gada 5. septembris
_YEAR_DAY_MONTH = re.compile(rf"(?P<y>\d{{4}})\.\sgada\s{_DAY}{_GAP}{_MONTH}", _FLAGS)
# March 2024 | marzo de 2024; not "March 2024 was": before a word it is a sentence's beginning
_MONTH_YEAR = re.compile(
    rf"{_MONTH}(?:[.,]{{0,2}}\s|[./-])(?:de\s|del\s|of\s)?(?P<y>{_YEAR4}){_YEAR_TAIL}(?=\s?(?:\Z|[,.;:|()\[\]/·•–—-]))",
    _FLAGS,
)
# 05/09/2017 | 5.9.17 | 2017-09-05 | 5. 9. 2017
_NUMERIC = re.compile(
    rf"(?P<a>\d{{1,4}})\s?(?P<s>[/.‐‑–-])\s?(?P<b>\d{{1,2}})\s?(?P=s)\s?"
    rf"(?P<c>{_YEAR4}|\d{{1,2}}(?!\d))(?![/.‐‑–-]\d)(?:(?<=\d\d\d\d){_YEAR_TAIL})?",
    _FLAGS,
)
# 2017年9月5日 | 2017년 9월 5일 | 2017年9月
_CJK = re.compile(r"(?P<y>\d{4}|\d{2})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日号號일])?")
_CJK_WEEKDAY = re.compile(r"\s?[（(][^）)]{1,4}[)）]|\s?(?:星期|周|週)[一二三四五六日天]")
# 5 tháng 9, 2017
_VIETNAMESE = re.compile(r"(?P<d>\d{1,2})\s(?:tháng|thg)\s(?P<m>\d{1,2}),?\s(?:năm\s)?(?P<y>\d{4})(?!\d)", _FLAGS)

# 5 September, by Ann Bee | Sept. 5: no year; only where nothing but a separator and no figure follows
_DAY_MONTH = re.compile(rf"{_DAY}{_GAP}{_PARTICLE}{_MONTH}\.?{_ALONE}", _FLAGS)
_MONTH_DAY = re.compile(rf"{_MONTH}{_GAP}{_DAY}{_ALONE}", _FLAGS)

_NAMED_AT_DIGIT = (_DAY_MONTH_YEAR, _YEAR_MONTH_DAY, _YEAR_DAY_MONTH)
_NAMED_AT_LETTER = (_MONTH_DAY_YEAR, _MONTH_YEAR)

# Minutes from UTC. Only abbreviations that mean one zone on the whole web.
_ZONES = dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0)
_ZONES |= dict.fromkeys(("CET", "MEZ", "WEST"), 60) | dict.fromkeys(("CEST", "MESZ", "EET"), 120)
_ZONES |= {"EEST": 180, "MSK": 180, "EST": -300, "EDT": -240, "PST": -480, "PDT": -420}
# "10:00-12:00" is no zone: a bare minus counts only after seconds or a space.
_ZONE = (
    r"(?:(?:(?:UTC|GMT)\s?(?=[+−-])|(?=\+)|(?<=:\d\d:\d\d)(?=[−-])|(?<=\s)(?=[−-]\d\d))"
    rf"(?P<sign>[+−-])(?P<zh>\d{{1,2}})(?::?(?P<zm>\d\d))?|(?P<zone>{'|'.join(_ZONES)}))(?!\w)"
)
_HALF_OF_DAY = {"上午": "a", "午前": "a", "오전": "a", "下午": "p", "午後": "p", "오후": "p"}
# What stands between a date and its time of day.
_TIME_JOIN = (
    r"(?:\s?[,|@·•(（/–—-]\s?|\s|(?<=\d)T(?=\d)|(?<=[日일)）]))"
    r"(?:(?P<word>at|à|a\s?las?|às|as|alle(?:\sore)?|ore|um|kl\.?|klo|om|o|u|в|о|saat|ώρα)\s|[|·•–—-]\s)?"
)


def _time(dotted: str) -> str:
    """Return the expression for a time of day; ``dotted`` says where ``10.30`` is one."""
    return (
        rf"(?:(?P<half>{'|'.join(_HALF_OF_DAY)})\s?)?(?P<H>[01]?\d|2[0-3])"
        r"(?:\s?[:：]\s?(?P<M1>[0-5]\d)(?:[:：](?P<S>[0-5]\d)(?:[.,]\d+)?)?(?!\d)"
        r"|\s?[h時时點点시]\s?(?P<M2>[0-5]\d)?[分분]?(?![\w:])"
        rf"|\.(?P<M3>[0-5]\d)(?!\d){dotted}|(?=\s?[ap]\.?\s?m\b))"
        r"(?:\s?(?P<ap>[ap])\.?\s?m\b\.?)?(?:\s?(?:uhr|hrs|h|uur|ч|น)(?!\w)\.?)?"
        rf"(?:\s?\(?{_ZONE}\)?)?"
    )


_IS_CLOCK = r"(?=\s(?:uhr|hrs|h|uur)\b)"
_TIME_AFTER = re.compile(_TIME_JOIN + _time(rf"(?(word)|{_IS_CLOCK})"), _FLAGS)
_TIME_BEFORE = re.compile(_time(_IS_CLOCK) + r"\s?[,|·–—-]?\s?", _FLAGS)

# What may stand before a date: a bracket, a label, an article. Weekdays are looked up.
_LEAD_IN = re.compile(
    r"[(\[•·*–—|-]\s?"
    r"|(?:(?:first |originally |date )?(?:posted|published|created|added|issued|released|dated|written)(?: on| at)?"
    r"|publication date|date|on|mis en ligne|paru|(?:publi|post|mis|rédig|ajout)ée?s?|(?:article )?publié"
    r"|(?:publicad|actualizad|escrit|enviad|postad|publicat)[oa]?|fecha|data|datum|datum|veröffentlicht|erstellt"
    r"|erschienen|stand|pubblicato|inserito|geplaatst|gepubliceerd|opublikowan[oay]|dodan[oay]|data publikacji"
    r"|опубликован[оаы]?|дата(?: публикации)?|размещено|добавлено|опубліковано|publicerad|publisert|udgivet|oppdatert"
    r"|julkaistu|zveřejněno|publikováno|vydáno|közzétéve|objavljeno|δημοσιεύτηκε|تاريخ النشر"
    r"|发布时间|發佈時間|日期|公開日|投稿日|ngày|tanggal|tarih|วันที่|เมื่อ)(?:\s?[:：]\s?|\s)"
    r"|(?:le|el|il|am|den|der|vom|em|op|w dniu|dnia|dne|från|del|dia|día|o|a|the|um)\s"
    r"|l['’]|[:：]\s?",
    _FLAGS,
)
_WEEKDAY = re.compile(rf"(?=\D{{2,30}}\d)(?P<first>{_WORD}(?:-{_WORD})?)(?P<second>\s{_WORD})?")
_AFTER_WEEKDAY = re.compile(r"[.,]{0,2}(?:\s?[–—-]\s|\s|(?=\d))")
_MOST_STEPS = 7
_HAS_DIGIT = re.compile(r"\d")
_LONGEST = 160  # characters: no date with its lead-in is longer
_LONGEST_WITHOUT_YEAR = 100  # characters of a text that may hold such a date
_FRONT = 60  # characters: where a date at the front begins at the latest

MonthNumber = Callable[[str, tuple[str, ...]], int | None]


class _Terms(NamedTuple):
    """What a date's words and figures are read with."""

    languages: tuple[str, ...]
    latest: int
    month_of: MonthNumber


class Clock(NamedTuple):
    """A time of day as shown; ``minute`` and ``second`` are ``None`` where not shown.

    ``offset`` is the zone's distance from UTC in minutes, ``None`` when the text names no zone.
    """

    hour: int
    minute: int | None = None
    second: int | None = None
    offset: int | None = None


class Day(NamedTuple):
    """A year, perhaps with its month, perhaps with its day, read in one order of its figures."""

    order: str
    year: int
    month: int | None = None
    day: int | None = None


class Located(NamedTuple):
    """A date found in a text: ``text[start:end]``.

    ``days`` are the readings that the calendar allows, at least one; several only for dates in figures
    whose order is open. ``shape`` tells apart the ways of writing figures (``/4``: slashes, year of four
    digits) and is empty for all other dates. ``month`` is the word that named the month.
    """

    start: int
    end: int
    days: tuple[Day, ...]
    shape: str = ""
    clock: Clock | None = None
    month: str = ""


def locate(
    text: str,
    languages: tuple[str, ...],
    *,
    latest: int = _TWO_DIGIT_LATEST,
    month_of: MonthNumber = month_number,
) -> Located | None:
    """Return the date that the folded ``text`` begins with, ``None`` when it begins with none.

    A lead-in ("Publié le"), a weekday and a time of day may stand before it; weekday and time belong to
    it. ``latest`` is the last year that two digits can mean; ``month_of`` looks a word up.
    """
    return _locate(text[:_LONGEST], _Terms(languages, latest, month_of)) if _HAS_DIGIT.search(text, 0, _FRONT) else None


# A page's dates repeat, and a text that begins with its date is looked at for the date and for the rest.
@lru_cache(maxsize=512)
def _locate(text: str, terms: _Terms) -> Located | None:
    position, own, clock = 0, None, None
    for _ in range(_MOST_STEPS):
        found = _date_at(text, position, terms)
        if found:
            start = position if own is None else own
            end, after = (found.end, None) if clock else _time_after(text, found.end)
            return Located(start, end, found.days, found.shape, clock or after, found.month)
        figure = text[position : position + 1].isdigit()
        if not figure and (weekday_end := _weekday_end(text, position, terms.languages)):
            own = position if own is None else own
            position = weekday_end
        elif clock is None and (match := _TIME_BEFORE.match(text, position)):
            own = position if own is None else own
            position, clock = match.end(), _clock(match)
        elif not figure and (match := _LEAD_IN.match(text, position)):
            own, position = None, match.end()
        else:
            return None
    return None


def time_at_end(text: str) -> tuple[str, Clock] | None:
    """Return what stands before a time of day that ends ``text``, and that time; ``None`` without one.

    >>> time_at_end("hier à 10h30")
    ('hier', Clock(hour=10, minute=30, second=None, offset=None))
    """
    for match in _TIME_AFTER.finditer(text):
        if match.end() == len(text) and match.start() and (clock := _clock(match)):
            return text[: match.start()], clock
    return None


def locate_without_year(text: str, languages: tuple[str, ...]) -> tuple[str, int, int] | None:
    """Return (raw, month, day) of a date without a year that the folded ``text`` begins with, else ``None``.

    Only in a short text, which holds little beside it: a sentence may well begin with "March 3,".

    >>> locate_without_year("Le 5 septembre, par Ana Ríos", ("fr",))
    ('5 septembre', 9, 5)
    """
    if len(text) > _LONGEST_WITHOUT_YEAR:
        return None
    rest = after_lead_in(text)
    while (end := _weekday_end(rest, 0, languages)) is not None:
        rest = after_lead_in(rest[end:])
    for form in (_DAY_MONTH, _MONTH_DAY):
        match = form.match(rest)
        month = month_number(match["w"], languages) if match else None
        if match and month and 1 <= int(match["d"]) <= monthrange(2000, month)[1]:
            return match[0].rstrip(), month, int(match["d"])
    return None


def after_lead_in(text: str) -> str:
    """Return ``text`` without the words that announce a date.

    >>> after_lead_in("Publié le 5 mai")
    '5 mai'
    """
    position = 0
    while match := _LEAD_IN.match(text, position):
        position = match.end()
    return text[position:]


def _date_at(text: str, position: int, terms: _Terms) -> Located | None:
    first = text[position : position + 1]
    if not first.isdigit():
        return _named(_NAMED_AT_LETTER, text, position, terms) if first.isalpha() else None
    if match := _NUMERIC.match(text, position):
        return _in_figures(match, terms)
    if found := _named(_NAMED_AT_DIGIT, text, position, terms):
        return found
    if match := _CJK.match(text, position) or _VIETNAMESE.match(text, position):
        end = weekday.end() if (weekday := _CJK_WEEKDAY.match(text, match.end())) else match.end()
        day = _day("YMD", match["y"], int(match["m"]), match["d"], terms)
        return Located(position, end, (day,)) if day else None
    return None


def _named(forms: Sequence[re.Pattern[str]], text: str, position: int, terms: _Terms) -> Located | None:
    for form in forms:
        match = form.match(text, position)
        if match and (month := terms.month_of(match["w"], terms.languages)):
            number = None if form is _MONTH_YEAR else match["d"]
            day = _day("DMY", match["y"], month, number, terms)
            return Located(position, match.end(), (day,), month=match["w"]) if day else None
    return None


def _in_figures(match: re.Match[str], terms: _Terms) -> Located | None:
    a, mark, b, c = match["a"], match["s"], match["b"], match["c"]
    if len(a) == 4 and len(c) < 3:
        found = [_day("YMD", a, int(b), c, terms)]
        end = match.end()
        if mark == "." and match.string[end : end + 1] == ".":
            end += 1  # 2017. 9. 5.
        shape = ""
    elif len(a) < 3 and (len(c) == 4 or (len(c) == 2 and _ends_date(match))):
        found = [_day("DMY", c, int(b), a, terms), _day("MDY", c, int(a), b, terms)]
        if len(c) == 2 and len(a) == 2:
            found.append(_day("YMD", a, int(b), c, terms))
        end, shape = match.end(), f"{mark}{len(c)}"
    else:
        return None
    days = tuple(day for day in found if day)
    return Located(match.start(), end, days, shape) if days else None


def _ends_date(match: re.Match[str]) -> bool:
    """Say whether a year of two digits may end here: all parts have two, or nothing but a mark follows."""
    rest = match.string[match.end() :].lstrip()
    return len(match["a"]) == len(match["b"]) == 2 or not rest or not rest[0].isalnum()


def _day(order: str, year: str, month: int, day: str | None, terms: _Terms) -> Day | None:
    """Return the day if the calendar has it and a publication can be of that year."""
    number = int(year)
    if len(year) == 2:
        number += terms.latest // 100 * 100
        number -= 100 if number > terms.latest else 0
    elif number > LATEST_YEAR and terms.languages and terms.languages[0].startswith("th"):
        number -= _BUDDHIST_ERA
    if not EARLIEST_YEAR <= number <= LATEST_YEAR:
        return None
    try:
        date(number, month, int(day) if day else 1)
    except ValueError:
        return None
    return Day(order, number, month, int(day) if day else None)


def _weekday_end(text: str, position: int, languages: tuple[str, ...]) -> int | None:
    """Return where the text goes on after a weekday at ``position``, ``None`` when none stands there."""
    match = _WEEKDAY.match(text, position)
    if not match:
        return None
    words = [match[0], match["first"]] if match["second"] else [match["first"]]
    for spelling in words:
        after = _AFTER_WEEKDAY.match(text, position + len(spelling))
        if after and is_weekday(spelling, languages):
            return after.end()
    return None


def _time_after(text: str, end: int) -> tuple[int, Clock | None]:
    """Return where the date ends with the time of day that follows it, and that time."""
    match = _TIME_AFTER.match(text, end)
    clock = _clock(match) if match else None
    return (match.end(), clock) if match and clock else (end, None)


def _clock(match: re.Match[str]) -> Clock | None:
    hour = int(match["H"])
    half = _HALF_OF_DAY.get(match["half"] or "") or (match["ap"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute = match["M1"] or match["M2"] or match["M3"]
    offset = None
    if match["sign"]:
        offset = int(match["zh"]) * 60 + int(match["zm"] or 0)
        if offset > 14 * 60:
            return None
        offset = offset if match["sign"] == "+" else -offset
    elif match["zone"]:
        offset = _ZONES[match["zone"].upper()]
    return Clock(hour, int(minute) if minute else None, int(match["S"]) if match["S"] else None, offset)
