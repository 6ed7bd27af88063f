"""The plan of a walk: whole or to a seam, how far down, from which end of the list, and why. Made before it begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsarchive.archive.spans import END, StartState, reaches
from newsarchive.order import Order

if TYPE_CHECKING:
    from newsarchive.archive.spans import Span

WHOLE, SEAM = "whole", "seam"
BY_WALKS = "walks"

AUDIT_EVERY = 30
"""Days after which a listing is walked whole again, for what was inserted below the seam or vanished."""

_CLOCK_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked of a walk.

    :ivar full: walk whole, from page 1, whatever is known
    :ivar since: no page is asked below this day (``YYYY-MM-DD``)
    :ivar audit_every: days between two whole walks; 0: every walk is whole
    """

    full: bool = False
    since: str | None = None
    audit_every: float = AUDIT_EVERY


@dataclass(frozen=True, slots=True)
class Plan:
    """How one listing is walked.

    :ivar kind: `WHOLE` or `SEAM`
    :ivar walk: the run that began the walk
    :ivar listing: hash of the Listing that reads it; spans that another one read do not count
    :ivar floor: how far down: `END` or a date
    :ivar order: what is known of the list's order
    :ivar order_by_dates: whether its dates prove that, not two whole walks
    :ivar backward: whether it is asked from its last page up
    :ivar why: why it is walked whole, for people; ``None`` for a walk to a seam
    :ivar if_changed: the span whose first page the request names, to be told when nothing has changed
    """

    walk: str
    kind: str = WHOLE
    listing: str | None = None
    floor: str = END
    order: Order | None = None
    order_by_dates: bool = True
    backward: bool = False
    why: str | None = None
    if_changed: Span | None = None

    def may_use(self, span: Span) -> bool:
        """Whether the walk may leave out what a span holds: a whole walk only what it has read itself."""
        return span.listing == self.listing and (self.kind == SEAM or span.walk == self.walk)

    @property
    def continued(self) -> bool:
        """Whether an earlier run began a whole walk that broke off."""
        return self.why == CONTINUED


FIRST = "it is the first harvest of this listing"
CONTINUED = "an earlier whole walk broke off and is continued"
_ASKED = "--full"
_LISTING = "it is read in another way than last time"
_UNPROVED = "nothing proves that its newest entries come first"


def make_plan(state: StartState, wishes: Wishes, run_id: str, listing: str | None, *, now: datetime) -> Plan:
    """Return how a listing is walked, from what earlier runs know of it.

    :param listing: hash of the Listing that reads it
    """
    was_read, state = state.top is not None, usable_state(state, listing)
    top = state.top
    order = Order(state.order) if state.order else None
    floor = wishes.since or END
    whole = Plan(walk=run_id, listing=listing, floor=floor, order=order, order_by_dates=state.order_by != BY_WALKS)
    if wishes.full:
        return replace(whole, why=_ASKED)
    if top is not None and top.floor is None and top.kind == WHOLE:
        return replace(whole, walk=top.walk, why=CONTINUED)
    if top is None or not state.closed:
        return replace(whole, why=_UNPROVED if top is not None else _LISTING if was_read else FIRST)
    one_page = top if state.pages == 1 and top.floor == END else None
    if (age := _audit_due(state, wishes, now)) is not None:
        return replace(whole, why=f"the last whole walk was {age}", if_changed=one_page)
    if order not in (Order.NEWEST_FIRST, Order.OLDEST_FIRST):
        return replace(whole, why=_UNPROVED, if_changed=one_page)
    backward = order is Order.OLDEST_FIRST
    unchanged = top if reaches(top.floor, floor) and not backward else None
    return replace(whole, kind=SEAM, backward=backward, if_changed=unchanged)


def usable_state(state: StartState, listing: str | None) -> StartState:
    """Return what is known of a listing as one Listing reads it; an empty state where another one read it last."""
    return StartState() if state.top is not None and state.top.listing != listing else state


def _audit_due(state: StartState, wishes: Wishes, now: datetime) -> str | None:
    """Return how long ago the last whole walk was, if it is time for the next one; ``None`` if it is not.

    A walk that ended in the future shows that a clock has jumped, and counts as long ago.
    """
    if state.whole_at is None:
        return None
    age = now - datetime.fromisoformat(state.whole_at).astimezone(UTC)
    if age < -_CLOCK_SLACK:
        return "in the future, so a clock has jumped"
    return f"{age.days} days ago" if age >= timedelta(days=wishes.audit_every) else None
