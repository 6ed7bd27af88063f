"""What every record must be, checked by hand for speed; the JSON Schema says the same and a test compares them."""

from __future__ import annotations

import re
from datetime import date, datetime

from newsarchive.items import DATE_METHODS, PRECISIONS, STATUSES, Entry

_ADDRESS = re.compile(r"https?://[^\s/]+", re.IGNORECASE)
_SHAPES = {"year": re.compile(r"\d{4}"), "month": re.compile(r"\d{4}-\d\d"), "day": re.compile(r"\d{4}-\d\d-\d\d")}


def problems(entry: Entry) -> list[tuple[str, str]]:
    """Return what is wrong with an entry: (field, what was expected and found); ``[]`` when it is a valid record.

    >>> problems(Entry(id="1", title="A", date="2017-13", date_precision="month", date_method="text"))
    [('date', "expected a month as ISO 8601, found '2017-13'")]
    """
    found = []
    if not entry.id:
        found.append(("id", "expected an id, found none"))
    if entry.title is None and entry.url is None:
        found.append(("title", "expected a title or an address, found neither"))
    for name in ("url", "image", "listing_url"):
        value = getattr(entry, name)
        if value is not None and not _ADDRESS.match(value):
            found.append((name, f"expected an http or https address, found {value!r}"))
    found += _date_problems(entry)
    if (entry.summary is None) != (entry.summary_truncated is None):
        found.append(("summary_truncated", "expected null without a summary, and true or false with one"))
    if entry.revision < 1:
        found.append(("revision", f"expected a number from 1, found {entry.revision!r}"))
    if entry.status not in STATUSES:
        found.append(("status", f"expected one of {', '.join(STATUSES)}; found {entry.status!r}"))
    return found


def _date_problems(entry: Entry) -> list[tuple[str, str]]:
    if entry.date is None:
        return [("date_precision", "expected null without a date")] if entry.date_precision is not None else []
    if entry.date_precision not in PRECISIONS:
        return [("date_precision", f"expected one of {', '.join(PRECISIONS)}; found {entry.date_precision!r}")]
    if entry.date_method not in DATE_METHODS:
        return [("date_method", f"expected one of {', '.join(DATE_METHODS)}; found {entry.date_method!r}")]
    if not _is_date(entry.date, entry.date_precision):
        return [("date", f"expected a {entry.date_precision} as ISO 8601, found {entry.date!r}")]
    return []


def _is_date(value: str, precision: str) -> bool:
    shape = _SHAPES.get(precision)
    try:
        if shape is None:
            return datetime.fromisoformat(value).tzinfo is not None
        if not shape.fullmatch(value):
            return False
        date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True
