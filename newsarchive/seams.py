"""Where a walk runs into what earlier runs have read, and how it leaps over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsarchive.archive.spans import PagePlace, Span
    from newsarchive.plan import Plan

IN_A_ROW = 10
"""So many entries in a row must be known from one span before a walk takes them for it."""


class Memory(Protocol):
    """What is known of a listing from earlier runs (`newsarchive.archive.source.ListingMemory`)."""

    def spans_of(self, ids: Sequence[str]) -> Mapping[str, Span]:
        """Return the span that holds each entry; entries that none holds are left out."""

    def pages_up(self, span: Span) -> list[PagePlace]:
        """Return the pages of a span from its last one up."""

    def first_page(self, span: Span) -> Mapping[str, object]:
        """Return the line of a span's first page."""


@dataclass(slots=True)
class Leap:
    """A leap to the last page of a span; where that shows no entry of it any more, further back in doubling steps."""

    span: Span
    places: Iterator[PagePlace]

    @classmethod
    def over(cls, span: Span, memory: Memory) -> Leap:
        """Return the leap over a span."""
        pages = memory.pages_up(span)
        back = [0]
        while (further := 2 * back[-1] + 1) < len(pages):
            back.append(further)
        return cls(span, iter([pages[one] for one in back] if pages else []))


@dataclass(slots=True)
class Overlap:
    """Counts how many of the entries read last are known from one older span.

    :param memory: ``None`` where nothing is archived: then nothing is known
    """

    plan: Plan
    memory: Memory | None
    span: Span | None = None
    """The span that the entries read last are known from."""
    count: int = 0
    """How many they are; entries that the run has read already do not count and do not interrupt."""
    _passed: set[int] = field(default_factory=set)

    def read(self, ids: Sequence[str], *, first: bool = False) -> Span | None:
        """Take in the entries of a page that this run has not read before; return the span that they run into.

        :param ids: in the order of the walk
        :param first: whether these are all the entries of the walk's first page
        """
        if self.memory is None or not ids:
            return None
        known = self.memory.spans_of(ids)
        for one in ids:
            span = known.get(one)
            if span is None or not self.plan.may_use(span):
                self.interrupt()
            elif span.no in self._passed:
                continue  # it was left out, or is being read anew: part of what this run holds
            elif self.span is not None and span.no == self.span.no:
                self.count += 1
            else:
                self.span, self.count = span, 1
        if self.span is None:
            return None
        if self.count >= IN_A_ROW or (first and self.count == len(ids) and self._is_first_page(ids)):
            return self.span
        return None

    def _is_first_page(self, ids: Sequence[str]) -> bool:
        assert self.memory is not None  # noqa: S101 - asked by `read`
        assert self.span is not None  # noqa: S101
        shown = list(ids)
        return self.memory.first_page(self.span)["ids"] in (shown, shown[::-1])  # a list may be walked from its end

    def shows(self, ids: Sequence[str], span: Span) -> bool:
        """Tell whether any of these entries is known from a span."""
        known = self.memory.spans_of(ids) if self.memory is not None and ids else {}
        return any(found.no == span.no for found in known.values())

    def passed(self, span: Span) -> None:
        """Take note that a span needs no more attention: it was left out, or is read anew page by page."""
        self._passed.add(span.no)
        self.interrupt()

    def interrupt(self) -> None:
        """Begin to count anew: the page that follows does not join the one before."""
        self.span, self.count = None, 0
