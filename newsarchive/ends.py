"""How a walk goes on and how it ends: the page to ask next, the limits, and the words for each end."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SLID_PAGES = 20
"""So many pages in a row may bring nothing new before the walk stops without having seen the listing's end."""

BUILT_IN_LIMIT = 10_000
"""Pages of one listing that a run reads at most when the user gives no limit."""


class End(enum.Enum):
    """How a walk ended; the value is what a person is told."""

    NO_NEXT_PAGE = "no next page"
    REPEATED = "the last pages were empty or showed the page before again"
    NOT_FOUND = "the next page does not exist (404)"
    UNCONFIRMED = f"{SLID_PAGES} pages in a row brought nothing new"
    MET = "reached what an earlier harvest has read"
    UNCHANGED = "the first page has not changed"
    SINCE = "reached the date given with --since"
    USER_LIMIT = "page limit given by the user"
    BUILT_IN_LIMIT = f"built-in limit of {BUILT_IN_LIMIT} pages"
    FAILED = "a page could not be read and nothing shows the way on"
    LEFT_SITE = "the next page is on another site"
    NO_ENTRIES = "no entry on the first page"


REAL_ENDS = (End.NO_NEXT_PAGE, End.REPEATED, End.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class NextPage:
    """The page to ask next."""

    url: str
    number: int
    computed: bool


@dataclass(slots=True)
class Novelty:
    """Counts the pages in a row that brought nothing new to the run.

    :ivar idle: so many, whatever they showed
    """

    idle: int = 0
    _alike: int = 0
    _previous: tuple[str, ...] = ()

    def read(self, ids: Sequence[str], *, any_new: bool) -> None:
        """Take note of the entries of a page, and whether any of them is new to the run."""
        alike = not ids or tuple(ids) == self._previous
        self.idle = 0 if any_new else self.idle + 1
        self._alike = self._alike + 1 if alike and not any_new else 0
        self._previous = tuple(ids)

    def end(self, *, computed: bool) -> End | None:
        """Return the end that was reached, ``None`` where the next page is worth asking.

        :param computed: whether no page links to it: then two pages in a row that are empty or alike are the end
        """
        if self.idle >= SLID_PAGES:
            return End.UNCONFIRMED
        return End.REPEATED if computed and self._alike >= 2 else None
