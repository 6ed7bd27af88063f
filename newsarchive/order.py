"""The order of a listing: whether its entries stand newest first, and what proves it."""

from __future__ import annotations

import itertools
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsarchive.items import Entry

MOST_PINNED = 5
"""So many entries at a page's head may be pinned there, out of their order; never more than a third of the page."""

CERTAIN_DATES = 10
"""So many certain dates prove an order."""

_UNCERTAIN = frozenset(("relative", "inferred-year", "order"))
_DAY = len("2017-09-05")


class Order(StrEnum):
    """How a listing is ordered."""

    NEWEST_FIRST = "newest-first"
    OLDEST_FIRST = "oldest-first"
    NONE = "none"

    @property
    def turned(self) -> Order:
        """The order of the same list read from its other end."""
        if self is Order.NONE:
            return self
        return Order.OLDEST_FIRST if self is Order.NEWEST_FIRST else Order.NEWEST_FIRST


def certain_date(entry: Entry) -> str | None:
    """Return the date of an entry if nothing in it was guessed, ``None`` otherwise."""
    guessed = entry.date_ambiguous or entry.date_method in _UNCERTAIN
    return None if guessed else entry.date


def latest_day(date: str) -> str:
    """Return the last day that a date of any precision can mean.

    >>> latest_day("2017"), latest_day("2017-09"), latest_day("2017-09-05T10:00+02:00")
    ('2017-12-31', '2017-09-31', '2017-09-05')
    """
    return (date + "-12-31"[len(date) - _DAY :])[:_DAY] if len(date) < _DAY else date[:_DAY]


def rises(earlier: str, later: str) -> bool:
    """Tell whether the second of two dates is certainly after the first: compared at the coarser precision.

    >>> rises("2017-09-05", "2017-09"), rises("2017-09-05", "2017-09-06")
    (False, True)
    >>> rises("2017-09-05T10:00+02:00", "2017-09-05T09:00+00:00")
    True
    """
    if len(earlier) > _DAY and len(later) > _DAY:
        return datetime.fromisoformat(later) > datetime.fromisoformat(earlier)
    common = min(len(earlier), len(later), _DAY)
    return later[:common] > earlier[:common]


class OrderEvidence:
    """Watches the certain dates of the pages of a walk, in the order in which they are read.

    An order is proved by `CERTAIN_DATES` dates over two pages (one, where there is no second), none of which goes the
    other way, and which are not all alike: a day's entries stand first and last in a list of either order. Entries that
    are pinned at the head of a page do not count.
    """

    def __init__(self) -> None:
        self._pages = self._dates = 0
        self._last: str | None = None
        self._fell = self._fell_below_heads = self._rose = False
        self._against_newest = self._against_oldest = False

    @property
    def rises(self) -> bool:
        """Whether a date was after the one before it, in the order of the walk."""
        return self._against_newest

    def read(self, dates: Sequence[str]) -> None:
        """Take in the certain dates of one page's entries that were not seen on an earlier page of the walk."""
        self._pages += 1
        shown = [*([self._last] if self._last else []), *dates]
        pinned = min(MOST_PINNED, len(dates) // 3)
        self._fell |= any(rises(later, earlier) for earlier, later in _pairs(shown))
        below = [*([self._last] if self._last else []), dates[-1]] if dates else []
        self._fell_below_heads |= any(
            rises(later, earlier) for pair in (dates[pinned:], below) for earlier, later in _pairs(pair)
        )
        self._rose |= any(rises(earlier, later) for earlier, later in _pairs(shown))
        self._against_newest |= not any(self._falls_from(dates, head) for head in range(pinned + 1))
        self._against_oldest |= any(rises(later, earlier) for earlier, later in _pairs(shown))
        self._dates += len(dates)
        self._last = dates[-1] if dates else self._last

    def _falls_from(self, dates: Sequence[str], head: int) -> bool:
        """Whether the dates do not rise once the first ``head`` of them are put aside."""
        shown = [*([self._last] if self._last else []), *dates[head:]]
        return not any(rises(earlier, later) for earlier, later in _pairs(shown))

    def found(self, *, only_page: bool = False) -> Order | None:
        """Return the order that the dates prove, `Order.NONE` where they disprove both, ``None`` while it is open.

        :param only_page: whether the listing has no second page
        """
        if self._against_newest and self._against_oldest:
            return Order.NONE
        if self._dates < CERTAIN_DATES or self._pages < (1 if only_page else 2):
            return None
        if not self._against_newest:
            return Order.NEWEST_FIRST if self._fell_below_heads else None
        return Order.OLDEST_FIRST if self._rose and not self._fell else None


def _pairs(dates: Sequence[str]) -> Iterable[tuple[str, str]]:
    return itertools.pairwise(dates)
