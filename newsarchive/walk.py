"""The walk through one listing: which page is asked next, and how the end of the listing is found. No Scrapy here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsarchive.archive.spans import END, StartState, blank_page, reaches
from newsarchive.ends import BUILT_IN_LIMIT, REAL_ENDS, End, NextPage, Novelty
from newsarchive.frontier import Frontier
from newsarchive.order import Order, OrderEvidence, latest_day
from newsarchive.plan import SEAM, WHOLE, Plan
from newsarchive.seams import Leap, Overlap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsarchive.archive.spans import PagePlace, Span
    from newsarchive.pagers import PageLink
    from newsarchive.seams import Memory


@dataclass(slots=True)
class Walk:
    """The state of one walk, from a start address to the end of its listing or to what earlier runs have read.

    :param start_url: address of the first page
    :param limit: pages to read at most
    :param limit_is_users: whether the user gave that limit
    :param plan: how the listing is walked
    :param memory: what earlier runs know of it; ``None`` where nothing is archived
    :param before: the same in short
    """

    start_url: str
    limit: int = BUILT_IN_LIMIT
    limit_is_users: bool = False
    plan: Plan = field(default_factory=lambda: Plan(walk=""))
    memory: Memory | None = None
    before: StartState = field(default_factory=StartState)

    end: End | None = None
    pages: int = 0
    """Pages read."""
    failed: list[str] = field(default_factory=list)
    """Why a page could not be read, with its address, one text a page."""
    last_number: int | None = None
    """The highest page number that a page links to; ``None`` where none is told."""
    totals: tuple[int | None, int | None] | None = None
    """How many entries the first and the latest page say that the listing has."""
    off_site: str | None = None
    """The first address on another site that a pager led to."""
    one_page: str | None = None
    """Why the listing is known to have one page; ``None`` where that is not known."""
    links_on: bool = False
    """Whether any page led to another."""

    row: int | None = 0
    """The unbroken row of pages that the page read last belongs to, counted from 0; ``None`` for one in passing."""
    row_pages: int = 0
    """Pages of that row."""
    over: Span | None = None
    """The span that was left out before the page read last."""
    met: Span | None = None
    """The span that the walk ran into and ended at."""
    floor: str | None = None
    """How far down the row read last reaches; ``None`` where the walk stopped before its floor."""
    deepest: int = 0
    """The highest number of a page read."""
    held: int | None = None
    """Entries of the whole listing as far as it was read, by this run and by those that it goes on from."""
    vanished: int | None = None
    """Entries that the whole walk before found and this one did not; ``None`` where they are not counted."""

    _evidence: OrderEvidence = field(default_factory=OrderEvidence)
    _overlap: Overlap = field(init=False)
    _leap: Leap | None = None
    _frontier: Frontier = field(init=False)
    _at: int = 1
    _rows: int = 0
    _leapt: list[Span] = field(default_factory=list)
    _asked: str = ""
    _missing: tuple[NextPage, str] | None = None
    _blank: bool = False
    _broken: bool = False
    _seen: set[str] = field(default_factory=set)
    _novelty: Novelty = field(default_factory=Novelty)

    def __post_init__(self) -> None:
        self._overlap = Overlap(self.plan, self.memory)
        self._frontier = Frontier(self.plan.backward)

    @property
    def entries(self) -> int:
        """Entries found, each counted once."""
        return len(self._seen)

    @property
    def has_ended(self) -> bool:
        """Whether no further page is asked."""
        return self.end is not None

    @property
    def reached_end(self) -> bool:
        """Whether the walk reached an end of the listing with no page missing."""
        return self.end in REAL_ENDS and not self.failed

    @property
    def is_cut_short(self) -> bool:
        """Whether a walk to a seam came to an end of the listing, and not to what is known to lie further down."""
        known = self.plan.kind == SEAM and not any(span.floor for span in self._leapt)
        return known and self.end in (*REAL_ENDS, End.UNCONFIRMED)

    @property
    def finished(self) -> bool:
        """Whether the row of the first page reaches the floor, or a span that does: nothing is missing down to it."""
        return self.end is End.UNCHANGED or (
            self._rows == 0 and not self._broken and (self.floor is not None or self.met is not None)
        )

    @property
    def order(self) -> Order | None:
        """How the listing is ordered, as far as it is known."""
        return self.learned_order or self.plan.order

    @property
    def learned_order(self) -> Order | None:
        """How the listing is ordered, as the pages of this run show."""
        found = self._evidence.found(only_page=self.pages == 1 and not self.links_on)
        return found.turned if found is not None and self.plan.backward else found

    def told_total(self, total: int | None) -> None:
        """Take note of how many entries a page says that the listing has."""
        self.totals = (self.totals[0] if self.totals else total, total)

    def begin(self) -> NextPage:
        """Return the first page."""
        self._frontier.visit(self.start_url)
        return NextPage(self.start_url, 1, computed=False)

    def moved(self, url: str) -> None:
        """Take note that a page answered under another address."""
        self._asked = url
        if self._leap is None:
            self._frontier.visit(url)
        else:
            self._frontier.try_page(url)

    def in_passing(self, number: int, links: Iterable[PageLink]) -> NextPage | None:
        """Return the page that a page only leads to, where an oldest-first listing is asked from its last page.

        :returns: the highest page that it links to; ``None`` where the page itself is to be read
        """
        if not self.plan.backward or self._rows or self.row_pages:
            return None
        links = list(links)
        numbered = [link for link in links if link.number is not None and not link.computed]
        last = max(numbered, key=lambda link: link.number or 0, default=None)
        if last is None and links:  # nothing here leads to the last page
            self._walk_whole("its oldest entries come first, and its first page does not lead to the last")
            self.plan, self._frontier.backward = replace(self.plan, backward=False), False
        if last is None or (last.number or 0) <= number or self.pages + 1 >= self.limit:
            return None
        self.row = None
        self.pages += 1
        self.links_on = True
        self._frontier.start_over()  # on its way up the walk comes by here again
        self._frontier.visit(last.url)
        return NextPage(last.url, last.number or number + 1, computed=False)

    def page_read(
        self,
        number: int,
        ids: Sequence[str],
        links: Iterable[PageLink],
        *,
        off_site: str | None = None,
        dates: Mapping[str, str] | None = None,
    ) -> NextPage | None:
        """Take note of a page that was read; return the page to ask next, or ``None`` at the end (see ``end``).

        :param number: the page's number; the start page may not be the first
        :param ids: the entries that it shows, in order
        :param links: where its pager leads
        :param off_site: an address on another site that the pager led to, where the walk does not go
        :param dates: the certain dates of its entries, by id
        """
        self.pages += 1
        links = list(links)
        first = self._begin_page(number, links, blank=not ids)
        walked = list(reversed(ids)) if self.plan.backward else list(ids)
        new = [one for one in walked if one not in self._seen]
        self._seen.update(new)
        if self.pages == 1 and not ids:
            return self._stop(End.NO_ENTRIES)
        self._novelty.read(ids, any_new=bool(new))
        self.off_site = self.off_site or off_site
        self._frontier.take(links)
        shown = [date for one in new if (date := (dates or {}).get(one))]
        self._evidence.read(shown)
        span = self._overlap.read(new, first=first)
        if self._is_out_of_order() and not self._leapt:
            self._walk_whole("its entries do not stand newest first any more")
        elif self._is_below_floor(shown):
            return self._stop(End.SINCE)
        elif span is not None:
            return self._at_seam(span)
        return self._next()

    def _begin_page(self, number: int, links: Sequence[PageLink], *, blank: bool) -> bool:
        """Settle which row a page belongs to and what was left out before it; tell whether it is the walk's first."""
        first = self._rows == self.row_pages == 0
        leap, self._leap = self._leap, None
        if self._missing is not None:  # it is there now, or the one behind it: then it was missing in the middle
            missing, reason = self._missing
            if missing.number != number:
                self.failed.append(f"{missing.url}: {reason}")
                self._broken = True
            self._missing = None
        beside = number != self._at + (-1 if self.plan.backward else 1)
        beside = beside and not first and leap is None
        if self._broken or beside or (self._blank and not blank):
            self._broken, self.row_pages = False, 0
            self._rows += 1
            self._overlap.interrupt()
        self._at, self.deepest = number, max(number, self.deepest)
        self._blank = blank and blank_page(self.plan.walk, self._asked) not in self.before.blank
        self.row = self._rows
        self.row_pages += 1
        self.links_on = self.links_on or bool(links)
        self.last_number = max([self.last_number or 0, *(x.number or 0 for x in links if not x.computed)]) or None
        if first and self.plan.backward:
            self._frontier.leave_out(number)
        elif self.pages == 1:
            self._frontier.own_number = number
        self.over = leap.span if leap else None
        if leap is not None:
            self._landed(leap.span, number)
        return first

    def _landed(self, span: Span, number: int) -> None:
        """Take note that a span was left out: what the pages before it link to leads into it."""
        self._leapt.append(span)
        self._overlap.passed(span)
        self._frontier.land(number)

    # --- the seam ---

    def lands(self, ids: Sequence[str]) -> bool:
        """Tell whether a page may be taken: one leapt to must show an entry of the span that the run has not read."""
        if self._leap is None:
            return True
        return self._overlap.shows([one for one in ids if one not in self._seen], self._leap.span)

    def leap_missed(self) -> NextPage | None:
        """Return the page to ask after one that was leapt to and not taken: further up, at worst where the leap began.

        The page itself counts as not asked: the walk comes by it again.
        """
        self._frontier.give_up()
        assert self._leap is not None  # noqa: S101 - a leap was made
        span = self._leap.span
        for place in self._leap.places:
            if not self._frontier.has_visited(place.url):
                return self._ask_leap(place)
        self._leap = None
        self._overlap.passed(span)
        return self._next()

    def _at_seam(self, span: Span) -> NextPage | None:
        """Return the page to ask where the entries read last are known from a span: behind it, unless that ends it."""
        assert self.memory is not None  # noqa: S101 - spans come from there
        lost = self._is_out_of_order()
        newest_first = Order.OLDEST_FIRST if self.plan.backward else Order.NEWEST_FIRST
        if not lost and self.order is newest_first and reaches(span.floor, self.plan.floor):
            self.met = span  # where new entries may come last, its end is looked at once more
            return self._stop(End.MET)
        leap = None if lost else Leap.over(span, self.memory)
        place = next(leap.places, None) if leap is not None else None
        if leap is None or place is None or self._frontier.has_visited(place.url):
            self._overlap.passed(span)
            return self._next()
        if self._is_at_limit():
            return self._stop_at_limit()
        self._leap = leap
        return self._ask_leap(place)

    def _ask_leap(self, place: PagePlace) -> NextPage:
        self._frontier.try_page(place.url)
        return NextPage(place.url, place.number, computed=False)

    def _is_out_of_order(self) -> bool:
        """Whether the dates contradict the order on whose word the walk may end early."""
        return self.plan.kind == SEAM and self.plan.order_by_dates and self._evidence.rises

    def _walk_whole(self, why: str) -> None:
        """Go on as a walk of its own, from the first page to the end."""
        self.plan = replace(self.plan, kind=WHOLE, why=why, order=None)
        self._overlap = Overlap(self.plan, self.memory)

    def _is_below_floor(self, dates: Sequence[str]) -> bool:
        """Whether the last entry is older than what is asked for, in a list that is proved to fall."""
        if self.plan.floor == END or not dates or self._evidence.rises:
            return False
        wanted = Order.OLDEST_FIRST if self.plan.backward else Order.NEWEST_FIRST
        return self.order is wanted and latest_day(dates[-1]) < self.plan.floor

    def unchanged(self) -> None:
        """End the walk: the server says that the first page is as it was."""
        self.met = self.plan.if_changed
        self._stop(End.UNCHANGED)

    # --- pages that failed ---

    def page_failed(self, url: str, number: int, reason: str, *, computed: bool, not_found: bool) -> NextPage | None:
        """Take note of a page that could not be read; return the page to ask next, or ``None`` at the end.

        A page that no other links to and that does not exist ends the listing; any other is a gap.
        """
        if self._leap is not None:
            return self.leap_missed()
        if computed and not_found and (self.last_number or 0) < number:
            return self._page_missing(NextPage(url, number, computed), reason)
        self.failed.append(f"{url}: {reason}")
        self._broken = True
        if not self.pages or not self._frontier:
            return self._stop(End.FAILED)
        self._at = number
        return self._next()

    def _page_missing(self, page: NextPage, reason: str) -> NextPage | None:
        """Return the page that tells whether one that does not exist is the end: the one behind it, then it again."""
        first, _ = self._missing or (None, "")
        if first is not None and first.url == page.url:
            return self._stop(End.NOT_FOUND)
        if first is None:
            self._missing = (page, reason)
            if self._frontier:
                return self._next()
        return first or page

    # --- the way on ---

    def _next(self) -> NextPage | None:
        """Return the open page that is nearest in the direction of the walk."""
        link = self._frontier.nearest(self._at)
        if link is None:
            return self._stop(End.LEFT_SITE if self.off_site else End.NO_NEXT_PAGE)
        if (end := self._novelty.end(computed=link.computed)) is not None:
            return self._stop(end)
        if self._is_at_limit():
            return self._stop_at_limit()
        self._frontier.visit(link.url)
        self._asked = link.url
        return NextPage(link.url, link.number or self._at + 1, link.computed)

    def ahead(self, most: int) -> list[NextPage]:
        """Return pages that can be fetched before the walk comes to them: linked one after the other, at most so many.

        ``[]`` where the walk may be about to end or to leap.
        """
        if self._leap is not None or self.end is not None or self._overlap.count or self._novelty.idle:
            return []
        most = min(most, self.limit - self.pages - len(self.failed) - 1)
        following = self._at + (-1 if self.plan.backward else 1)  # the page that is being asked
        return [NextPage(link.url, link.number or 0, computed=False) for link in self._frontier.ahead(following, most)]

    def _is_at_limit(self) -> bool:
        return self.pages + len(self.failed) >= self.limit

    def _stop_at_limit(self) -> NextPage | None:
        return self._stop(End.USER_LIMIT if self.limit_is_users else End.BUILT_IN_LIMIT)

    def refused(self) -> None:
        """End the walk: the first page is of no listing that can be read."""
        self.end = End.NO_ENTRIES

    def _is_doubtful(self) -> bool:
        """Whether a second run must see an end before it is believed.

        So it is with a page without an entry, with fewer pages than there were, and where the list ends before it comes
        to what is known of it.
        """
        if self.totals is not None and self.totals == (self.entries, self.entries):
            return False
        if self.plan.kind == SEAM:
            return self.is_cut_short
        fewer = self.before.pages is not None and self.deepest < self.before.pages
        return self._blank or (fewer and not self.plan.continued)

    def _stop(self, end: End) -> NextPage | None:
        """End the walk."""
        self.end = end
        if end in (*REAL_ENDS, End.UNCONFIRMED) and not self._broken and not self._is_doubtful():
            self.floor = END
        elif end is End.SINCE:
            self.floor = self.plan.floor
        return None
