"""Dates that machines wrote: ISO 8601, as in the ``datetime`` attribute."""

import re
from datetime import date

from newsarchive.text.date_shapes import EARLIEST_YEAR, LATEST_YEAR, Clock, Day, Located

_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"(?:[T ]([01]\d|2[0-3])(?::?([0-5]\d)(?::?([0-5]\d)(?:[.,]\d+)?)?)?"
    r"(\s?(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d)?))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_MOST_OFFSET = 14 * 60  # minutes: no zone is further from UTC


def read_iso(text: str) -> Located | None:
    """Return the date that the whole of the folded ``text`` is in ISO 8601; ``None`` when it is none.

    Year, month, day or a moment; a fraction of a second is dropped. What the calendar does not have
    (``0000-00-00``) is no date.

    >>> read_iso("2017-09-05T10:00+02:00").clock
    Clock(hour=10, minute=0, second=None, offset=120)
    >>> read_iso("2017-02-30") is None
    True
    """
    match = _ISO.fullmatch(text)
    if not match:
        return None
    shown_year, shown_month, shown_day, hour, minute, second, zone, sign, zone_hours, zone_minutes = match.groups()
    year, month, day = int(shown_year), int(shown_month or 0) or None, int(shown_day or 0) or None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or (shown_month and not month) or (shown_day and not day):
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    days = (Day("YMD", year, month, day),)
    if not hour:
        return Located(0, len(text), days)
    offset = int(zone_hours or 0) * 60 + int(zone_minutes or 0) if zone else None
    if offset is not None:
        offset = None if offset > _MOST_OFFSET else -offset if sign == "-" else offset
    clock = Clock(int(hour), int(minute) if minute else None, int(second) if second else None, offset)
    return Located(0, len(text), days, clock=clock)
