"""The pages that a walk knows of: which were asked, which are still open, and which of those comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsarchive.text.urls import page_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsarchive.pagers import PageLink


@dataclass(slots=True)
class Frontier:
    """The open and the visited pages of one listing.

    :param backward: whether the walk goes from the last page up
    """

    backward: bool = False
    own_number: int | None = None
    """Number of the start page, which often has a second address with that number in it."""
    _open: dict[str, PageLink] = field(default_factory=dict)
    _visited: set[str] = field(default_factory=set)
    _tried: set[str] = field(default_factory=set)
    _left_out: int | None = None

    def __bool__(self) -> bool:
        return bool(self._open)

    def take(self, links: Iterable[PageLink]) -> None:
        """Take in where a page leads; what was asked or left out stays so, a linked address replaces a computed one."""
        for link in links:
            key = page_key(link.url)
            if key in self._visited or self._is_left_out(link):
                continue
            if link.number is not None and link.number == self.own_number:
                continue
            known = self._open.get(key)
            if known is None or (known.computed and not link.computed):
                self._open[key] = link

    def nearest(self, at: int) -> PageLink | None:
        """Return the open page that comes next after the page of a number; ``None`` where none is open."""
        first = max if self.backward else min
        return first(self._open.values(), key=lambda link: link.number or at + 1, default=None)

    def ahead(self, at: int, most: int) -> list[PageLink]:
        """Return the linked pages that follow the page of a number without a gap, at most so many."""
        by_number = {link.number: link for link in self._open.values() if link.number and not link.computed}
        step = -1 if self.backward else 1
        following: list[PageLink] = []
        while len(following) < most and (link := by_number.get(at + step * (len(following) + 1))) is not None:
            following.append(link)
        return following

    def has_visited(self, url: str) -> bool:
        """Tell whether a page was asked."""
        return page_key(url) in self._visited

    def visit(self, url: str) -> None:
        """Take note that a page is asked, or that one answered under another address."""
        key = page_key(url)
        self._visited.add(key)
        self._open.pop(key, None)

    def start_over(self) -> None:
        """Forget what was asked: the walk comes by there again."""
        self._visited.clear()

    # --- leaps: a page may turn out to be none to go on from ---

    def try_page(self, url: str) -> None:
        """Take note that a page is asked which may not be taken."""
        key = page_key(url)
        if key not in self._visited:
            self._visited.add(key)
            self._tried.add(key)

    def give_up(self) -> None:
        """Take back what was tried: those pages count as not asked."""
        self._visited -= self._tried
        self._tried.clear()

    def land(self, number: int) -> None:
        """Go on from the page that was tried: what the pages before it lead to is left out, but for further pages."""
        self._tried.clear()
        self.leave_out(number)
        further = {key: link for key, link in self._open.items() if link.number is not None}
        self._open = {
            key: link for key, link in further.items() if key not in self._visited and not self._is_left_out(link)
        }

    def leave_out(self, number: int) -> None:
        """Leave out the pages up to that number, in the direction of the walk."""
        self._left_out = number

    def _is_left_out(self, link: PageLink) -> bool:
        if link.number is None or self._left_out is None:
            return False
        return link.number >= self._left_out if self.backward else link.number <= self._left_out
