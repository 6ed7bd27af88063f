"""What is a change: two sightings of one entry compared, field by field, as the record's rules say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from newsarchive.items import PRECISIONS, Entry

_WEAK_METHODS = frozenset(("relative", "inferred-year", "order"))


class Comparison(NamedTuple):
    """What a sighting adds to what is known."""

    revision: Entry | None
    """The next revision; ``None`` when nothing changed."""
    ignored: tuple[str, ...]
    """Fields that read differently without being a change, for the count."""


def compare(known: Entry, seen: Entry, *, same_walk: bool = False) -> Comparison:
    """Compare a sighting with the newest revision of the same entry.

    No change: an empty reading of a filled field, a cut text that begins the known one, a coarser date into which the
    known one falls, a date on weaker evidence. In the walk that gave the known revision (``same_walk``) a sighting only
    fills empty fields, completes a cut text or makes a date finer or certain.

    >>> known = Entry(title="Bridge", summary="The old bridge", summary_truncated=True)
    >>> seen = Entry(title="Bridge", summary="The old bridge reopens.", summary_truncated=False)
    >>> compare(known, seen).revision.revision
    2
    >>> compare(known, Entry(title="Bridge", summary="The old", summary_truncated=True))
    Comparison(revision=None, ignored=('summary',))
    """
    taken: dict[str, Any] = {}
    ignored = []
    for name, judge in _JUDGES:
        verdict = judge(known, seen, name)
        if verdict is None:
            continue
        if verdict == "fuller" or (verdict == "other" and not same_walk):
            taken |= {one: getattr(seen, one) for one in _TOGETHER[name]}
        else:
            ignored.append(name)
    if not taken:
        return Comparison(None, tuple(ignored))
    kept = {one: getattr(known, one) for name in _TOGETHER for one in _TOGETHER[name] if one not in taken}
    kept |= {name: getattr(seen, name) or getattr(known, name) for name in _CARRIED}
    kept |= {"id": known.id, "twin_of": known.twin_of, "status": known.status, "revision": known.revision + 1}
    revision = replace(seen, **kept, extra={**known.extra, **seen.extra})
    return Comparison(revision, tuple(ignored))


def merge(first: Entry, second: Entry) -> Entry:
    """Return two sightings of one entry on one page as one: the first one's place, the fuller reading of each field."""
    fuller = compare(first, second, same_walk=True).revision or first
    kept = {name: getattr(first, name) for name in ("listing_url", "listing_page", "listing_position", "revision")}
    kept |= {name: getattr(first, name) or getattr(second, name) for name in _CARRIED}
    return replace(fuller, **kept, extra={**second.extra, **first.extra})


_CARRIED = ("url", "tags", "image", "language")
"""Not compared, but carried by a revision: what was read, else what was known."""

# What is read together is kept together.
_TOGETHER = {
    "title": ("title",),
    "date": ("date", "date_raw", "date_precision", "date_method", "date_ambiguous"),
    "summary": ("summary", "summary_truncated"),
    "bylines": ("bylines", "bylines_raw"),
    "section": ("section",),
}


def _judge_plain(known: Entry, seen: Entry, name: str) -> str | None:
    old, new = getattr(known, name), getattr(seen, name)
    if old == new:
        return None
    if not new:
        return "emptier"
    return "other" if old else "fuller"


def _judge_summary(known: Entry, seen: Entry, name: str) -> str | None:
    old, new = known.summary, seen.summary
    if old is None or new is None or (old == new and known.summary_truncated == seen.summary_truncated):
        return _judge_plain(known, seen, name)
    if known.summary_truncated and new.startswith(old) and (len(new) > len(old) or not seen.summary_truncated):
        return "fuller"
    if seen.summary_truncated and old.startswith(new):
        return "emptier"
    return "other"


def _judge_date(known: Entry, seen: Entry, name: str) -> str | None:
    if known.date is None or seen.date is None:
        return _judge_plain(known, seen, name)
    same = known.date == seen.date and known.date_precision == seen.date_precision
    if same and known.date_ambiguous == seen.date_ambiguous:
        return None
    finer = PRECISIONS.index(seen.date_precision or "year") - PRECISIONS.index(known.date_precision or "year")
    if finer < 0 and _falls_into(known.date, seen):
        return "emptier"
    was_weak, is_weak = _is_weak(known), _is_weak(seen)
    if is_weak and (not was_weak or seen.date_method in _WEAK_METHODS):
        return "emptier"
    if (was_weak and not is_weak) or (finer > 0 and _falls_into(seen.date, known)):
        return "fuller"
    return "other"


_LENGTHS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}


def _falls_into(finer: str, coarser: Entry) -> bool:
    """Whether a date lies within a coarser one: alike up to its precision, and in offset where that has one."""
    length = _LENGTHS[coarser.date_precision or "year"]
    date = coarser.date or ""
    return finer[:length] == date[:length] and (length <= _LENGTHS["day"] or finer[-6:] == date[-6:])


def _is_weak(entry: Entry) -> bool:
    return entry.date_ambiguous or entry.date_method in _WEAK_METHODS


_JUDGES = (
    ("title", _judge_plain),
    ("date", _judge_date),
    ("summary", _judge_summary),
    ("bylines", _judge_plain),
    ("section", _judge_plain),
)
