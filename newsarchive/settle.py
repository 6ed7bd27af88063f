"""What a walk comes to, once its run ends: what is held of the listing, what vanished, what proves its order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsarchive.archive.spans import END
from newsarchive.health.verdict import judge_walk
from newsarchive.order import Order
from newsarchive.plan import BY_WALKS, WHOLE

if TYPE_CHECKING:
    from newsarchive.run import Run
    from newsarchive.walk import Walk

NEW_ON_TOP = 3
"""So many new entries on top, and none elsewhere, prove that the newest come first."""


def settle_walk(walk: Walk, run: Run) -> list[str]:
    """Find out what a walk comes to; return what is wrong with the listing, one sentence each."""
    findings = []
    before = walk.before
    if before.pages is not None and before.pages > 1 and walk.pages == 1 and not walk.links_on:
        findings.append(f"the pager is gone: the last whole walk read {before.pages} pages, this one found no second")
        if walk.floor == END:  # nobody knows that this is all
            walk.floor = None
    walk.held = _held(walk, run)
    if walk.plan.kind == WHOLE and walk.finished and not walk.plan.continued and before.top is not None:
        memory = run.memory(walk.start_url)
        counts = memory.count() if memory is not None else {}
        walk.vanished = sum(count for span, count in counts.items() if span.no == before.top.no)
    return findings


def _held(walk: Walk, run: Run) -> int | None:
    """Return how many entries of a listing are held from its first page down to the floor of the walk."""
    memory = run.memory(walk.start_url)
    alone = walk.plan.kind == WHOLE and not walk.plan.continued
    if memory is None or alone:
        return walk.entries
    if walk.totals is None or walk.totals[0] is None:  # counting a long listing takes time, and nothing asks for it
        return None
    counts = memory.count()
    if walk.plan.kind == WHOLE:
        return sum(count for span, count in counts.items() if span.walk == walk.plan.walk)
    met = walk.met.no if walk.met is not None else None
    return sum(count for span, count in counts.items() if span.row[0] == run.id or span.no == met)


def walk_line(walk: Walk, run: Run) -> dict[str, Any]:
    """Return what a run's last line says of one walk."""
    judgement = judge_walk(walk, run)
    ended_well = run.failure is None
    return {
        "kind": walk.plan.kind,
        "run": walk.plan.walk,
        "why": walk.plan.why,
        "end": walk.end.name.lower() if walk.end else None,
        "finished": walk.finished and ended_well,
        "unchanged": walk.met is not None and not walk.pages,
        "pages": walk.pages,
        "deepest": walk.deepest,
        "found": walk.entries,
        "held": walk.held,
        "vanished": walk.vanished,
        "total": walk.totals[1] if walk.totals else None,
        "row": walk.row,
        "row_pages": walk.row_pages,
        "met": list(walk.met.row) if walk.met is not None and ended_well else None,
        "floor": walk.floor if ended_well else None,
        "order": _order_shown(walk, run),
        "verdict": str(judgement.verdict),
        "confirmed": judgement.confirmed,
    }


def _order_shown(walk: Walk, run: Run) -> str | None:
    """Return the order that two whole walks show, where dates prove none: `None` while that is open.

    All that is new since the walk before must stand on top, and the rest in the order that it had. Walks of one run
    each are compared.
    """
    before = walk.before
    alone = walk.plan.kind == WHOLE and not walk.plan.continued and walk.finished and run.failure is None
    if not alone or before.whole_run is None or run.archive is None or walk.learned_order is Order.NEWEST_FIRST:
        return None
    earlier = run.archive.ids_of_run(before.whole_run, walk.start_url)
    latest = run.archive.ids_of_run(run.id, walk.start_url)
    known, still = set(earlier), set(latest)
    on_top = next((at for at, one in enumerate(latest) if one in known), 0)
    if latest[on_top:] != [one for one in earlier if one in still]:
        return str(Order.NONE) if before.order_by == BY_WALKS else None
    return str(Order.NEWEST_FIRST) if on_top >= NEW_ON_TOP else None
