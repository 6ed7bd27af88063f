"""Dates that machines wrote: ISO 8601, as in the ``datetime`` attribute."""

import re
from datetime import date

from newsarchive.text.date_shapes import EARLIEST_YEAR, LATEST_YEAR, Clock, Day, Located

_ISO = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m>\d\d)(?:-(?P<d>\d\d)"
    r"(?:[T ](?P<H>[01]\d|2[0-3])(?::?(?P<M>[0-5]\d)(?::?(?P<S>[0-5]\d)(?:[.,]\d+)?)?)?"
    r"(?P<z>\s?(?:Z|UTC|GMT|(?P<sign>[+-])(?P<zh>\d\d):?(?P<zm>\d\d)?))?)?)?)?",
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
    year, month, day = (int(match[name]) if match[name] else None for name in "ymd")
    if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return None
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    return Located(0, len(text), (Day("YMD", year, month, day),), clock=_clock(match))


def _clock(match: re.Match[str]) -> Clock | None:
    if not match["H"]:
        return None
    offset = None
    if match["z"]:
        offset = int(match["zh"] or 0) * 60 + int(match["zm"] or 0)
        offset = None if offset > _MOST_OFFSET else -offset if match["sign"] == "-" else offset
    return Clock(
        int(match["H"]), int(match["M"]) if match["M"] else None, int(match["S"]) if match["S"] else None, offset
    )
