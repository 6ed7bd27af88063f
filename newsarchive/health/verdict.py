"""The verdict on a run: what it reached, in the words of the promises, and the exit status that follows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from newsarchive.errors import NewsArchiveError
from newsarchive.walk import End

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
    if end is End.USER_LIMIT:
        return Judgement(Verdict.PARTIAL, end.value)
    if end is End.UNCONFIRMED:
        return Judgement(Verdict.UNKNOWN, f"the end is unconfirmed: {end.value}")
    why = f"{end.value}; nothing on the pages confirms that this is all"
    if _may_miss_pager(walk):
        why = "the pager matches nothing on the first page, yet something there leads on"
    return _confirmed(walk, run) or Judgement(Verdict.UNKNOWN, why)


def _may_miss_pager(walk: Walk) -> bool:
    """Whether the only page read shows signs of another that its pager did not find."""
    return walk.pages == 1 and walk.one_page is None


def _confirmed(walk: Walk, run: Run) -> Judgement | None:
    """Return the evidence that a walk which reached an end missed nothing; ``None`` where there is none."""
    if run.counts["invalid"]:
        return None
    first, last = walk.totals or (None, None)
    if first is not None and first == last == walk.entries:
        return Judgement(Verdict.COMPLETE, f"the listing says that it has {first} entries, and all were found")
    if first is not None and first == last and walk.entries < first:
        return Judgement(Verdict.GAP, f"the listing says that it has {first} entries; {walk.entries} were found")
    if run.counts["cards_failed"]:
        return None
    shrunk = run.pages_before is not None and run.pages_before > 1
    if walk.pages == 1 and walk.one_page is not None and not shrunk:
        return Judgement(Verdict.COMPLETE, walk.one_page)
    before = run.entries_before
    if (
        not _may_miss_pager(walk)
        and len(run.walks) == 1
        and before is not None
        and before == walk.entries
        and not run.counts["new"]
    ):
        return Judgement(Verdict.COMPLETE, "a second walk found the same entries and nothing else")
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
    if run.counts["read"] <= run.counts["invalid"]:
        return NOTHING_READ
    return WITH_GAP if judgement.verdict is Verdict.GAP or run.findings else OK
