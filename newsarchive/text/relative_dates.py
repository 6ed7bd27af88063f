"""Relative dates: "2 hours ago", "hier". dateparser reads each new shape once."""

import re
import warnings
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from newsarchive.text.month_names import locale_code, locale_info

_LONGEST = 40  # characters; what is longer is prose
_MOST = 9999
_DIGITS = re.compile(r"\d+")
# A fixed moment to ask dateparser about, so that a shape is learned alike on any day. Far from the ends of its month
# and day, so that no unit is cut short.
_PROBE = datetime(2001, 7, 15, 12, 30, 30)  # noqa: DTZ001 - dateparser counts from it and answers alike
_LENGTHS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
# Words for now and the days before; those for this and last week or year are no dates of an entry.
_DAY_KEYS = ("0 second ago", "0 day ago", "1 day ago", "2 day ago", "3 day ago")


class Ago(NamedTuple):
    """A span of time before the moment a page was received: ``number`` times ``unit``.

    ``unit`` is ``second``, ``minute``, ``hour``, ``day``, ``week``, ``month`` or ``year``.
    """

    unit: str
    number: int


def read_relative(text: str, languages: tuple[str, ...]) -> Ago | None:
    """Return how long ago the whole of the folded ``text`` says, ``None`` when it says no such thing.

    ``languages`` are BCP 47 tags; English is understood beside them. Only what lies in the past, and
    only with a word that says so: "2 hours" may be a duration.

    >>> read_relative("il y a 3 jours", ("fr",))
    Ago(unit='day', number=3)
    >>> read_relative("3 jours", ("fr",)) is None
    True
    """
    if not text or len(text) > _LONGEST:
        return None
    numbers = _DIGITS.findall(text)
    shape = _DIGITS.sub("0", text.casefold())
    if not numbers:
        return _ask(shape, None, languages)
    count = int(numbers[0])
    if len(numbers) > 1 or count > _MOST:
        return None
    # A shape is learned with 2, as 0 and 1 do not tell the units apart; with 1 where only the singular is known.
    ago = _ask(shape, 2, languages) or (_ask(shape, 1, languages) if count == 1 else None)
    return Ago(ago.unit, count) if ago else None


@lru_cache(maxsize=1024)
def _ask(shape: str, count: int | None, languages: tuple[str, ...]) -> Ago | None:
    """Return what ``shape`` means with ``count`` for its figures (``None``: it has none)."""
    for language in dict.fromkeys((*languages, "en")):
        code = locale_code(language)
        if code and _says_ago(code).search(shape):
            text = shape if count is None else shape.replace("0", str(count))
            moment = _parse(text, code)
            if moment and (ago := _unit_of(moment, count)):
                return ago
    return None


@lru_cache(maxsize=64)
def _says_ago(code: str) -> re.Pattern[str]:
    """Return the expression for the words of a language that make a span of time a past one."""
    info = locale_info(code) or {}
    words = {word for word in info.get("ago", ()) if word != "before"}
    words.update(word for key in _DAY_KEYS for word in info.get("relative-type", {}).get(key, ()))
    parts = []
    for word in sorted(map(str.casefold, words), key=lambda word: (-len(word), word)):
        # Chinese, Japanese and Thai do not part words; elsewhere "fa" must not be found in "famoso".
        unparted = any(ord(mark) > 0x0E00 for mark in word)
        parts.append(re.escape(word) if unparted else rf"(?<!\w){re.escape(word)}(?!\w)")
    return re.compile("|".join(parts) or r"(?!)")


def _parse(text: str, code: str) -> datetime | None:
    # Imported here, not above: most pages have no relative dates.
    from dateparser.date import DateDataParser

    # Naive on both sides: without a zone dateparser does not consult the machine's.
    settings = {"RELATIVE_BASE": _PROBE, "PREFER_DATES_FROM": "past", "PARSERS": ["relative-time"]}
    with warnings.catch_warnings():
        # dateparser's own warnings (of pytz, of formats) are not about the page.
        warnings.simplefilter("ignore")
        return DateDataParser(languages=[code], settings=settings).get_date_data(text).date_obj


def _unit_of(moment: datetime, count: int | None) -> Ago | None:
    """Return the unit and number that lead from the probe's moment back to ``moment``."""
    span = _PROBE - moment
    months = (_PROBE.year - moment.year) * 12 + _PROBE.month - moment.month
    whole_months = months > 0 and moment.replace(year=_PROBE.year, month=_PROBE.month) == _PROBE
    if whole_months:
        ago = Ago("year", months // 12) if months % 12 == 0 else Ago("month", months)
        return ago if count in (None, ago.number) else None
    if span < timedelta():
        return None
    if count is not None:
        return next((Ago(unit, count) for unit, length in _LENGTHS.items() if span == length * count), None)
    # "now" and "today" are both of the day; "a week ago" is told from "yesterday" by its length.
    if not span:
        return Ago("day", 0)
    unit = next(unit for unit in reversed(_LENGTHS) if not span % _LENGTHS[unit])
    return Ago(unit, span // _LENGTHS[unit])
