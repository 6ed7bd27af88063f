"""The verdict on a run: what it reached, in the words of the promises, and the exit status that follows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from newsarchive.ends import End
from newsarchive.errors import NewsArchiveError
from newsarchive.plan import WHOLE

if TYPE_CHECKING:
    from newsarchive.run import Run
    from newsarchive.walk import Walk


class Verdict(StrEnum):
    """What a run may claim."""

    COMPLETE = "complete"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    GAP = "gap"


# From the best to the worst; a source's verdict is the worst of its start addresses.
_ORDER = (Verdict.COMPLETE, Verdict.UNKNOWN, Verdict.PARTIAL, Verdict.GAP)

OK, FAILED, WITH_GAP, NOTHING_READ, INTERRUPTED = 0, 1, 3, 4, 130


class Judgement(NamedTuple):
    """A verdict and the reason for it."""

    verdict: Verdict
    reason: str
    confirmed: str | None = None
    """What confirms that it is complete: `TOTAL`, `ONE_PAGE` or `TWICE`."""


TOTAL, ONE_PAGE, TWICE = "total", "one page", "second walk"


def judge_walk(walk: Walk, run: Run) -> Judgement:
    """Return what one walk may claim."""
    end = walk.end
    if walk.failed or end in (End.FAILED, End.NO_ENTRIES):
        why = walk.failed[0] if walk.failed else End.NO_ENTRIES.value
        more = f" (and {len(walk.failed) - 1} more)" if len(walk.failed) > 1 else ""
        return Judgement(Verdict.GAP, why + more)
    if end is End.LEFT_SITE:
        return Judgement(Verdict.GAP, f"{end.value}: {walk.off_site}")
    if end is End.BUILT_IN_LIMIT:
        return Judgement(Verdict.GAP, end.value)
    if end is None or run.interrupted:
        return Judgement(Verdict.PARTIAL, "interrupted; what was read is kept, and the same command goes on")
    if end in (End.USER_LIMIT, End.SINCE):
        return Judgement(Verdict.PARTIAL, end.value)
    if end in (End.MET, End.UNCHANGED):
        return _judge_met(walk, run)
    if walk.is_cut_short and _total_found(walk, run) is None:
        return Judgement(Verdict.GAP, f"{end.value}, above what earlier harvests have read")
    if end is End.UNCONFIRMED:
        return Judgement(Verdict.UNKNOWN, f"the end is unconfirmed: {end.value}")
    why = f"{end.value}; nothing on the pages confirms that this is all"
    if _may_miss_pager(walk):
        why = "the pager matches nothing on the first page, yet something there leads on"
    return _confirmed(walk, run) or Judgement(Verdict.UNKNOWN, why)


def _judge_met(walk: Walk, run: Run) -> Judgement:
    """Return what a walk may claim that ended at what earlier runs have read: at best what they could.

    What was inserted further down since only a whole walk finds, so that a second walk's word is no proof any more.
    """
    assert walk.end is not None  # noqa: S101 - it met something
    known = Verdict(walk.met.verdict) if walk.met and walk.met.verdict else Verdict.UNKNOWN
    confirmed = walk.met.confirmed if walk.met else None
    if walk.end is End.UNCHANGED and confirmed in (TOTAL, ONE_PAGE):
        return Judgement(known, f"{walk.end.value} since the listing was found complete", confirmed)
    lost = run.counts["cards_failed"] or run.counts["invalid"]
    if confirmed == ONE_PAGE and walk.pages == 1 and walk.one_page is not None and not lost:
        return _total_found(walk, run) or Judgement(known, walk.one_page, ONE_PAGE)  # all of it was read again
    if known is Verdict.COMPLETE or walk.plan.kind == WHOLE:
        why = "nothing on the pages confirms that this is all" if walk.plan.kind == WHOLE else _INSERTED
        return _total_found(walk, run) or Judgement(Verdict.UNKNOWN, f"{walk.end.value}; {why}")
    return Judgement(known, f"{walk.end.value}; {_MET[known]}")


_INSERTED = "what may have been inserted further down since, the next whole walk will find"
_MET = {
    Verdict.UNKNOWN: "nothing on the pages confirms that this is all",
    Verdict.PARTIAL: "that ends where it was told to",
    Verdict.GAP: "that lacks entries which the listing has",
}


def _may_miss_pager(walk: Walk) -> bool:
    """Whether the only page read shows signs of another that its pager did not find."""
    return walk.pages == 1 and walk.one_page is None


def _total_found(walk: Walk, run: Run) -> Judgement | None:
    """Return whether as many entries are held as the listing says that it has; ``None`` where it does not say."""
    first, last = walk.totals or (None, None)
    held = walk.entries if walk.held is None else walk.held
    if first is None or first != last or run.counts["invalid"]:
        return None
    if first == held:
        return Judgement(Verdict.COMPLETE, f"the listing says that it has {first} entries, and all were found", TOTAL)
    if held < first:
        return Judgement(Verdict.GAP, f"the listing says that it has {first} entries; {held} were found")
    return None


def _confirmed(walk: Walk, run: Run) -> Judgement | None:
    """Return the evidence that a walk which reached an end missed nothing; ``None`` where there is none."""
    if (found := _total_found(walk, run)) is not None:
        return found
    if run.counts["cards_failed"] or run.counts["invalid"]:
        return None
    shrunk = walk.before.pages is not None and walk.before.pages > 1
    if walk.pages == 1 and walk.one_page is not None and not shrunk:
        return Judgement(Verdict.COMPLETE, walk.one_page, ONE_PAGE)
    if not _may_miss_pager(walk) and len(run.walks) == 1 and walk.vanished == 0 and not run.counts["new"]:
        return Judgement(Verdict.COMPLETE, "a second walk found the same entries and nothing else", TWICE)
    return None


def judge(run: Run) -> Judgement:
    """Return what a run may claim: the worst of its walks."""
    judgements = [judge_walk(walk, run) for walk in run.walks.values()]
    if run.failure is not None:
        return Judgement(Verdict.GAP, str(run.failure))
    if not judgements:
        return Judgement(Verdict.PARTIAL if run.interrupted else Verdict.GAP, run.refusal or "nothing was asked")
    return max(judgements, key=lambda one: _ORDER.index(one.verdict))


def exit_status(run: Run, judgement: Judgement) -> int:
    """Return the exit status that a run ends with (see the table in the README)."""
    if run.failure is not None:
        return run.failure.status if isinstance(run.failure, NewsArchiveError) else FAILED
    if run.interrupted:
        return INTERRUPTED
    unchanged = any(walk.end is End.UNCHANGED for walk in run.walks.values())
    if run.counts["read"] <= run.counts["invalid"] and not unchanged:
        return NOTHING_READ
    return WITH_GAP if judgement.verdict is Verdict.GAP or run.findings else OK
