"""Dates as evidence: found at the front of a text, settled for the page as a whole.

A machine-readable attribute is read first, then text in the page's languages, then relative words,
which count from the moment the page was received. What stays open is said to be ambiguous. Nothing is
searched for in prose, no part is invented, and no zone is assumed that neither page nor source gives.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newsarchive.text.date_shapes import (
    Clock,
    Day,
    Located,
    after_lead_in,
    locate,
    locate_without_year,
    time_at_end,
)
from newsarchive.text.iso_dates import read_iso
from newsarchive.text.month_names import languages_of_month, names_of
from newsarchive.text.relative_dates import Ago, read_relative
from newsarchive.text.whitespace import fold

_SEPARATORS = " |,;-–—·•:/.)]"
_FUTURE = timedelta(days=2)  # a later date than this after the page was received is suspect
_SHORT = 60  # characters: a relative date with its lead-in and a time of day
_DAYS_IN = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class DateContext:
    """What is known about a source's dates before any is read."""

    languages: tuple[str, ...] = ()
    """BCP 47 tags, the likeliest first; empty: unknown."""
    order: str | None = None
    """``DMY``, ``MDY`` or ``YMD``: how the source declares that it writes dates in figures."""
    timezone: str | None = None
    """IANA zone that the source declares, e.g. ``Europe/Paris``; an unknown one counts as none."""
    received: datetime | None = None
    """The aware moment the page was received; without it relative dates are not read."""


@dataclass(frozen=True, slots=True)
class DateText:
    """One text of a card that may hold its date."""

    text: str
    attribute: bool = False
    """Read from an attribute (``datetime``, ``content``, ``title``), not from text."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """What was read from a card; all empty when nothing was."""

    value: str | None = None
    """ISO 8601 at the page's precision: ``2017``, ``2017-09``, ``2017-09-05`` or a moment with offset."""
    raw: str | None = None
    """The date's own text, e.g. ``13 août 2022`` of ``13 août 2022, par X``."""
    precision: str | None = None
    """``year``, ``month``, ``day``, ``hour``, ``minute`` or ``second``."""
    method: str | None = None
    """``attribute``, ``text``, ``relative`` or ``inferred-year``."""
    ambiguous: bool = False
    """Another reading was possible and nothing ruled it out, or the date lies in the future."""


class _Found(NamedTuple):
    located: Located
    raw: str
    method: str


def leading_date(text: str, languages: Sequence[str] = ()) -> tuple[str, str] | None:
    """Return the date that ``text`` begins with and the rest without the separator between them.

    Both are folded; weekday and time of day belong to the date, a lead-in ("Posted on") to neither.
    ``None`` when the text begins with no date. Dates in figures count whatever their order.

    >>> leading_date("Publié le 13 août 2022, par Jean-Paul O'Reilly", ["fr"])
    ('13 août 2022', "par Jean-Paul O'Reilly")
    >>> leading_date("Since 13 August 2022 nothing moves") is None
    True
    """
    folded = fold(text)
    found = locate(folded, tuple(languages))
    return (folded[found.start : found.end], folded[found.end :].lstrip(_SEPARATORS)) if found else None


def read_dates(cards: Sequence[Sequence[DateText]], context: DateContext) -> list[DateReading]:
    """Return one reading for each card of one page, in their order; never raises on any text.

    Of a card's texts the first date counts, attributes first; a text that says more than its
    attribute (day instead of year) wins over it. The order of figures (``05/09/2017``) is the one that
    the source declares, else the only one that fits all dates of the page written alike, else the usual
    one of the language, marked ambiguous. A time without a known zone is left to ``raw``.

    >>> context = DateContext(languages=("en",))
    >>> [r.value for r in read_dates([[DateText("05/09/2017")], [DateText("13/09/2017")]], context)]
    ['2017-09-05', '2017-09-13']
    """
    folded = [_attributes_first([_folded(text) for text in card]) for card in cards]
    machine = [_machine_date(card) for card in folded]
    languages = context.languages
    if not languages and not all(machine):
        guessed = guess_language([text.text for card in folded for text in card])
        languages = (guessed,) if guessed else ()
    latest = context.received.year + 1 if context.received else None
    found = [_finer(known, card, languages, latest) for known, card in zip(machine, folded, strict=True)]
    orders = _settle(found, context.order, languages)
    return [
        _reading(date_found, orders, context)
        if date_found
        else _relative(card, languages, context) or _without_year(card, languages, context) or DateReading()
        for date_found, card in zip(found, folded, strict=True)
    ]


def guess_language(texts: Sequence[str]) -> str | None:
    """Return the language whose month names explain most of the ``texts`` that begin with a date.

    BCP 47, out of the common languages; ``None`` when no text does or two languages explain as many.

    >>> guess_language(["5 mars 2017", "1er août 2017"])
    'fr'
    >>> guess_language(["5 september 2017"]) is None
    True
    """
    score: dict[str, int] = {}
    for text in texts:
        found = locate(fold(text), (), month_of=_any_month)
        for language in languages_of_month(found.month) if found and found.month else ():
            score[language] = score.get(language, 0) + 1
    most = max(score.values(), default=0)
    best = [language for language, count in score.items() if count == most]
    return best[0] if len(best) == 1 else None


def _folded(text: DateText) -> DateText:
    line = fold(text.text)
    return text if line is text.text else DateText(line, text.attribute)


def _attributes_first(card: list[DateText]) -> list[DateText]:
    return sorted(card, key=lambda text: not text.attribute) if len(card) > 1 else card


def _any_month(word: str, _languages: tuple[str, ...]) -> int | None:
    known = languages_of_month(word)
    return names_of(known[:1]).month(word) if known else None


def _machine_date(card: Iterable[DateText]) -> _Found | None:
    for text in card:
        found = read_iso(text.text)
        # As text "2011-12" is a season, not a month.
        if found and (text.attribute or found.days[0].day or not found.days[0].month):
            return _Found(found, text.text, _method(text))
    return None


def _finer(
    known: _Found | None, card: Sequence[DateText], languages: tuple[str, ...], latest: int | None
) -> _Found | None:
    """Return the card's date: the one that a machine wrote, unless a text says the same more exactly."""
    if known and known.located.days[0].day:
        return known
    for text in card:
        located = locate(text.text, languages, latest=latest) if latest else locate(text.text, languages)
        if located and (known is None or _falls_into(located.days[0], known.located.days[0])):
            return _Found(located, text.text[located.start : located.end], _method(text))
    return known


def _falls_into(finer: Day, coarser: Day) -> bool:
    return finer.year == coarser.year and coarser.month in (None, finer.month)


def _method(text: DateText) -> str:
    return "attribute" if text.attribute else "text"


def _settle(
    found: Iterable[_Found | None], declared: str | None, languages: tuple[str, ...]
) -> dict[str, tuple[str, bool]]:
    """Return for each way of writing dates in figures the order to read it in, and whether that is certain."""
    possible: dict[str, set[str]] = {}
    for one in found:
        if one and one.located.shape:
            fits = _orders(one.located, declared, languages)
            possible[one.located.shape] = possible.get(one.located.shape, fits) & fits
    settled: dict[str, tuple[str, bool]] = {}
    for shape, orders in possible.items():
        if declared is not None and declared in orders:
            settled[shape] = (declared, True)
        elif len(orders) == 1:
            settled[shape] = (next(iter(orders)), True)
        else:
            usual = _usual_order(languages)
            settled[shape] = (usual if usual in orders else "DMY", False)
    return settled


def _orders(located: Located, declared: str | None, languages: tuple[str, ...]) -> set[str]:
    """Return the orders in which a date can be read; the year first only where somebody writes so."""
    orders = {day.order for day in located.days}
    if "YMD" not in orders or len(orders) == 1 or "YMD" in (declared, _usual_order(languages)):
        return orders
    return orders - {"YMD"}


def _usual_order(languages: tuple[str, ...]) -> str:
    return (names_of(languages[:1]).order if languages else None) or "DMY"


def _reading(found: _Found, orders: dict[str, tuple[str, bool]], context: DateContext) -> DateReading:
    days = found.located.days
    day, ambiguous = days[0], False
    if len(days) > 1:
        order, certain = orders.get(found.located.shape, ("DMY", False))
        if context.order in {day.order for day in days}:
            order, certain = str(context.order), True
        day = next((one for one in days if one.order == order), days[0])
        usual = [one for one in days if one.order != "YMD" or order == "YMD"]
        ambiguous = not certain and len({(one.year, one.month, one.day) for one in usual}) > 1
    value, precision = _written(day, found.located.clock, _zone(context.timezone))
    return DateReading(value, found.raw, precision, found.method, ambiguous or _is_future(day, context.received))


def _written(day: Day, clock: Clock | None, zone: tzinfo | None) -> tuple[str, str]:
    """Return the date in ISO 8601 and its precision; a moment only where its zone is known."""
    if day.month is None:
        return f"{day.year:04}", "year"
    if day.day is None:
        return f"{day.year:04}-{day.month:02}", "month"
    written = f"{day.year:04}-{day.month:02}-{day.day:02}"
    offset = None if clock is None else clock.offset if clock.offset is not None else _offset(day, clock, zone)
    if clock is None or offset is None:
        return written, "day"
    sign, (hours, minutes) = "-" if offset < 0 else "+", divmod(abs(offset), 60)
    seconds = "" if clock.second is None else f":{clock.second:02}"
    precision = "hour" if clock.minute is None else "minute" if clock.second is None else "second"
    moment = f"{written}T{clock.hour:02}:{clock.minute or 0:02}{seconds}{sign}{hours:02}:{minutes:02}"
    return moment, precision


def _offset(day: Day, clock: Clock, zone: tzinfo | None) -> int | None:
    """Return how far from UTC ``zone`` was at a moment, in minutes; ``None`` when nobody knows."""
    if zone is None or day.month is None or day.day is None:
        return None
    moment = datetime(day.year, day.month, day.day, clock.hour, clock.minute or 0, clock.second or 0, tzinfo=zone)
    offset = moment.utcoffset()
    # Before zones were agreed on, places had offsets in seconds, which ISO 8601 cannot write.
    return None if offset is None or offset % timedelta(minutes=1) else offset // timedelta(minutes=1)


def _is_future(day: Day, received: datetime | None) -> bool:
    return received is not None and date(day.year, day.month or 1, day.day or 1) > received.date() + _FUTURE


def _without_year(card: Sequence[DateText], languages: tuple[str, ...], context: DateContext) -> DateReading | None:
    """Return the last such day before the page was received: SPIP leaves out the current year.

    A list that leaves out every year is read too young by this, so the reading is marked ambiguous.
    """
    if context.received is None:
        return None
    latest = (context.received + _FUTURE).date()
    for text in card:
        if found := locate_without_year(text.text, languages):
            raw, month, day = found
            for year in range(latest.year, max(latest.year - 9, 0), -1):  # 29 February: up to eight years back
                if day <= monthrange(year, month)[1] and date(year, month, day) <= latest:
                    written = f"{year:04}-{month:02}-{day:02}"
                    return DateReading(written, raw, "day", "inferred-year", ambiguous=True)
    return None


def _relative(card: Sequence[DateText], languages: tuple[str, ...], context: DateContext) -> DateReading | None:
    if context.received is None:
        return None
    zone = _zone(context.timezone)
    # Without a zone of the source the day is the one of the moment as it is given, in UTC as a rule.
    received = context.received if context.received.tzinfo else context.received.replace(tzinfo=UTC)
    received = received.astimezone(zone) if zone else received
    for raw in _short_texts(card):
        if ago := read_relative(raw, languages):
            day, clock = _back(received, ago)
        elif (timed := time_at_end(raw)) and (ago := read_relative(timed[0], languages)) and ago.unit == "day":
            (day, _), clock = _back(received, ago), timed[1]
        else:
            continue
        if day:
            value, precision = _written(day, clock, zone)
            return DateReading(value, raw, precision, "relative", _is_future(day, received))
    return None


def _short_texts(card: Sequence[DateText]) -> Iterator[str]:
    for text in card:
        if len(text.text) <= _SHORT:
            rest = after_lead_in(text.text)
            yield text.text
            if rest != text.text:
                yield rest


def _back(received: datetime, ago: Ago) -> tuple[Day | None, Clock | None]:
    """Return the day and, for hours and less, the time that lies ``ago`` before ``received``.

    Only to the precision of the words: "3 weeks ago" is a month, as seven days fit it.
    """
    try:
        if ago.unit in ("year", "month"):
            months = received.year * 12 + received.month - 1 - ago.number * (12 if ago.unit == "year" else 1)
            year, month = divmod(months, 12)
            return Day("YMD", date(year, month + 1, 1).year, None if ago.unit == "year" else month + 1), None
        if ago.unit in _DAYS_IN:
            day = received.date() - timedelta(days=ago.number * _DAYS_IN[ago.unit])
            return Day("YMD", day.year, day.month, day.day if ago.unit == "day" else None), None
        moment = (received.astimezone(UTC) - timedelta(seconds=ago.number * _SECONDS_IN[ago.unit])).astimezone(
            received.tzinfo
        )
    except (OverflowError, ValueError):
        return None, None  # before the calendar begins
    minute = None if ago.unit == "hour" else moment.minute
    second = moment.second if ago.unit == "second" else None
    return Day("YMD", moment.year, moment.month, moment.day), Clock(moment.hour, minute, second)


_SECONDS_IN = {"hour": 3600, "minute": 60, "second": 1}


@lru_cache(maxsize=64)
def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None  # no such zone: ZoneInfo tells it by several errors
