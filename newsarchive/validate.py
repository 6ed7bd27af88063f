"""What every record must be, checked by hand for speed; the JSON Schema says the same and a test compares them."""

from __future__ import annotations

import json
import re
from datetime import datetime

from newsarchive.items import DATE_METHODS, PRECISIONS, STATUSES, Entry

_ADDRESS = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_DAY, _OFFSET = r"\d{4}-\d\d-\d\d", r"[+-]\d\d:\d\d"
_SHAPES = {
    "year": re.compile(r"\d{4}"),
    "month": re.compile(r"\d{4}-\d\d"),
    "day": re.compile(_DAY),
    "hour": re.compile(rf"{_DAY}T\d\d:00{_OFFSET}"),
    "minute": re.compile(rf"{_DAY}T\d\d:\d\d{_OFFSET}"),
    "second": re.compile(rf"{_DAY}T\d\d:\d\d:\d\d{_OFFSET}"),
}


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
        if value is not None and not _ADDRESS.fullmatch(value):
            found.append((name, f"expected an http or https address, found {value!r}"))
    found += _date_problems(entry)
    if (entry.summary is None) != (entry.summary_truncated is None):
        found.append(("summary_truncated", "expected null without a summary, and true or false with one"))
    for name in ("revision", "listing_page", "listing_position"):
        value = getattr(entry, name)
        if value is not None and value < 1:
            found.append((name, f"expected a number from 1, found {value!r}"))
    if entry.extra and not _is_json(entry.extra):
        found.append(("extra", "expected what JSON can hold"))
    if entry.status not in STATUSES:
        found.append(("status", f"expected one of {', '.join(STATUSES)}; found {entry.status!r}"))
    return found


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _date_problems(entry: Entry) -> list[tuple[str, str]]:
    if entry.date is None:
        names = ("date_precision", "date_method")
        return [(name, "expected null without a date") for name in names if getattr(entry, name) is not None]
    if entry.date_precision not in PRECISIONS:
        return [("date_precision", f"expected one of {', '.join(PRECISIONS)}; found {entry.date_precision!r}")]
    if entry.date_method not in DATE_METHODS:
        return [("date_method", f"expected one of {', '.join(DATE_METHODS)}; found {entry.date_method!r}")]
    if not _is_date(entry.date, entry.date_precision):
        return [("date", f"expected a {entry.date_precision} as ISO 8601, found {entry.date!r}")]
    return []


def _is_date(value: str, precision: str) -> bool:
    if not _SHAPES[precision].fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value if len(value) > len("2017-09-05") else (value + "-01-01")[:10])
    except ValueError:
        return False
    return True
