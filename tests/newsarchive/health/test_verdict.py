"""What a run may claim: never more than it knows."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.archive.spans import Span, StartState
from newsarchive.ends import BUILT_IN_LIMIT, End
from newsarchive.errors import ArchiveError, LockedError, NoListingError
from newsarchive.health.verdict import (
    FAILED,
    INTERRUPTED,
    NOTHING_READ,
    OK,
    ONE_PAGE,
    TOTAL,
    TWICE,
    WITH_GAP,
    Judgement,
    Verdict,
    exit_status,
    judge,
    judge_walk,
)
from newsarchive.items import Entry
from newsarchive.pagers import PageLink
from newsarchive.pages import PageRead
from newsarchive.plan import SEAM, WHOLE, Plan
from newsarchive.run import Run
from newsarchive.walk import Walk

START = "https://a.example/l"
WHY_ONE = "the listing has one page: nothing on it leads to another"


def walked(
    end: End | None = End.NO_NEXT_PAGE,
    *,
    entries: int = 10,
    pages: int = 3,
    failed: int = 0,
    totals: tuple[int | None, int | None] | None = None,
    one_page: str | None = None,
    start: str = START,
    kind: str = WHOLE,
    met: Span | None = None,
    held: int | None = None,
    vanished: int | None = None,
    pages_before: int | None = None,
) -> Walk:
    """Return a walk as it stands when it is over."""
    walk = Walk(start, end=end, pages=pages, totals=totals, one_page=one_page, plan=Plan(walk="r", kind=kind))
    walk.met, walk.held, walk.vanished, walk.before = met, held, vanished, StartState(pages=pages_before)
    walk.failed = [f"{start}?{n}: answered 500" for n in range(failed)]
    walk._seen = {str(n) for n in range(entries)}
    return walk


def span(known: Verdict | None, confirmed: str | None = None) -> Span:
    """Return the span that a walk ran into."""
    return Span(
        no=1,
        start=1,
        walk="r0",
        kind=WHOLE,
        listing=None,
        row=("r0", 0),
        floor="end",
        verdict=known,
        confirmed=confirmed,
    )


def run(*walks: Walk, new: int = 10, read: int = 10, **values: object) -> Run:
    made = Run(slug="s", target="t", **values)  # type: ignore[arg-type]
    made.walks = {f"{walk.start_url}{n or ''}": walk for n, walk in enumerate(walks)}
    made.counts.update(new=new, read=read, pages=sum(walk.pages for walk in walks))
    return made


def verdict(walk: Walk, **values: object) -> Verdict:
    return judge(run(walk, **values)).verdict  # type: ignore[arg-type]


# --- each end ---


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (End.NO_NEXT_PAGE, Verdict.UNKNOWN),
        (End.REPEATED, Verdict.UNKNOWN),
        (End.NOT_FOUND, Verdict.UNKNOWN),
        (End.UNCONFIRMED, Verdict.UNKNOWN),
        (End.USER_LIMIT, Verdict.PARTIAL),
        (End.SINCE, Verdict.PARTIAL),
        (End.MET, Verdict.UNKNOWN),
        (End.UNCHANGED, Verdict.UNKNOWN),
        (None, Verdict.PARTIAL),
        (End.BUILT_IN_LIMIT, Verdict.GAP),
        (End.FAILED, Verdict.GAP),
        (End.LEFT_SITE, Verdict.GAP),
        (End.NO_ENTRIES, Verdict.GAP),
    ],
)
def test_an_end_that_nothing_confirms(end: End | None, said: Verdict) -> None:
    assert verdict(walked(end)) is said


def test_every_end_is_tried_above() -> None:
    assert len(End) == 12


@pytest.mark.parametrize("end", [*End, None])
def test_a_failed_page_is_a_gap_whatever_the_end(end: End | None) -> None:
    judgement = judge(run(walked(end, failed=2, totals=(10, 10))))
    assert judgement.verdict is Verdict.GAP
    assert "answered 500" in judgement.reason
    assert "1 more" in judgement.reason


def test_the_reason_names_the_end() -> None:
    assert End.NOT_FOUND.value in judge(run(walked(End.NOT_FOUND))).reason
    assert str(BUILT_IN_LIMIT) in judge(run(walked(End.BUILT_IN_LIMIT))).reason
    assert "unconfirmed" in judge(run(walked(End.UNCONFIRMED))).reason


# --- complete ---


def test_one_page_that_leads_nowhere_is_complete() -> None:
    judgement = judge(run(walked(pages=1, one_page=WHY_ONE)))
    assert judgement == Judgement(Verdict.COMPLETE, WHY_ONE, ONE_PAGE)


def test_the_total_that_first_and_last_page_state_was_found() -> None:
    assert verdict(walked(totals=(10, 10))) is Verdict.COMPLETE


def test_a_second_walk_that_found_nothing_else() -> None:
    assert judge(run(walked(vanished=0), new=0)).confirmed == TWICE


def test_a_listing_of_one_page_that_was_read_again_is_complete_again() -> None:
    met = span(Verdict.COMPLETE, ONE_PAGE)
    again = walked(End.MET, pages=1, one_page=WHY_ONE, kind=SEAM, met=met)
    assert judge_walk(again, run(again, new=0)) == Judgement(Verdict.COMPLETE, WHY_ONE, ONE_PAGE)
    lost = run(again, new=0)
    lost.counts["cards_failed"] = 1
    assert judge_walk(again, lost).verdict is Verdict.UNKNOWN


# --- not complete ---


def test_two_pages_are_not_one() -> None:
    assert verdict(walked(pages=2, one_page=WHY_ONE)) is Verdict.UNKNOWN


@pytest.mark.parametrize("totals", [None, (None, None), (10, None), (None, 10), (10, 11), (11, 10), (9, 9)])
def test_a_total_that_does_not_fit_confirms_nothing(totals: tuple[int | None, int | None] | None) -> None:
    assert verdict(walked(totals=totals)) is not Verdict.COMPLETE


def test_fewer_entries_than_the_total_are_a_gap() -> None:
    judgement = judge(run(walked(totals=(217, 217))))
    assert judgement.verdict is Verdict.GAP
    assert "217" in judgement.reason
    assert "10" in judgement.reason


def test_one_page_that_states_more_entries_than_it_shows_is_a_gap() -> None:
    # The heading says (47), ten are shown, the pager is gone.
    assert verdict(walked(pages=1, one_page=WHY_ONE, totals=(47, 47))) is Verdict.GAP
    assert verdict(walked(pages=1, one_page="as its description says", totals=(47, 47))) is Verdict.GAP


def test_one_page_where_the_run_before_read_more_is_not_complete() -> None:
    assert verdict(walked(pages=1, one_page=WHY_ONE, pages_before=13)) is not Verdict.COMPLETE


def test_a_second_walk_that_found_something_new_or_fewer_confirms_nothing() -> None:
    assert verdict(walked(vanished=0), new=1) is Verdict.UNKNOWN
    assert verdict(walked(vanished=1), new=0) is Verdict.UNKNOWN
    assert verdict(walked(vanished=None), new=0) is Verdict.UNKNOWN


def test_a_second_walk_without_a_confirmed_end_is_not_complete() -> None:
    for end in (End.UNCONFIRMED, End.USER_LIMIT, None, End.FAILED, End.LEFT_SITE):
        assert verdict(walked(end, vanished=0), new=0) is not Verdict.COMPLETE


def test_entries_that_were_dropped_as_invalid_are_missing_from_the_archive() -> None:
    for walk in (walked(totals=(10, 10)), walked(pages=1, one_page=WHY_ONE)):
        dropped = run(walk)
        dropped.counts["invalid"] = 1
        assert judge(dropped).verdict is not Verdict.COMPLETE


def test_cards_that_could_not_be_read_are_missing_from_a_page_that_is_all() -> None:
    lost = run(walked(pages=1, one_page=WHY_ONE))
    lost.counts["cards_failed"] = 1
    assert judge(lost).verdict is not Verdict.COMPLETE


def test_an_interrupted_run_is_partial_however_far_it_came() -> None:
    for walk in (walked(totals=(10, 10)), walked(pages=1, one_page=WHY_ONE), walked(None)):
        assert verdict(walk, interrupted=True) is Verdict.PARTIAL


def test_a_run_that_failed_is_a_gap_however_far_it_came() -> None:
    judgement = judge(run(walked(totals=(10, 10)), failure=ArchiveError("disk full")))
    assert judgement == Judgement(Verdict.GAP, "disk full")


def test_a_run_that_asked_nothing() -> None:
    assert judge(run(refusal="no platform")) == Judgement(Verdict.GAP, "no platform")
    assert judge(run(interrupted=True)).verdict is Verdict.PARTIAL
    assert judge(run()).verdict is Verdict.GAP


def test_the_worst_walk_counts() -> None:
    whole, unsure = walked(totals=(10, 10)), walked()
    cut, gap = walked(End.USER_LIMIT), walked(End.FAILED)
    assert judge(run(whole, whole)).verdict is Verdict.COMPLETE
    assert judge(run(whole, unsure)).verdict is Verdict.UNKNOWN
    assert judge(run(cut, whole, unsure)).verdict is Verdict.PARTIAL
    assert judge(run(whole, cut, gap, unsure)).verdict is Verdict.GAP


def test_the_count_of_several_listings_confirms_none_of_them() -> None:
    assert judge(run(walked(vanished=0), walked(vanished=0), new=0)).verdict is Verdict.UNKNOWN


@given(
    st.sampled_from([*End, None]),
    st.integers(0, 5),
    st.integers(0, 3),
    st.integers(0, 2),
    st.none() | st.tuples(st.none() | st.integers(0, 5), st.none() | st.integers(0, 5)),
    st.none() | st.just(WHY_ONE),
    st.none() | st.integers(0, 2),
    st.integers(0, 2),
    st.booleans(),
    st.none() | st.sampled_from(Verdict),
    st.sampled_from([None, TOTAL, ONE_PAGE, TWICE]),
    st.sampled_from([WHOLE, SEAM]),
)
def test_complete_is_only_said_where_something_confirms_it(
    end: End | None,
    entries: int,
    pages: int,
    failed: int,
    totals: tuple[int | None, int | None] | None,
    one_page: str | None,
    vanished: int | None,
    new: int,
    interrupted: bool,
    known: Verdict | None,
    confirmed: str | None,
    kind: str,
) -> None:
    met = span(known, confirmed) if end in (End.MET, End.UNCHANGED) else None
    walk = walked(
        end,
        entries=entries,
        pages=pages,
        failed=failed,
        totals=totals,
        one_page=one_page,
        vanished=vanished,
        kind=kind,
        met=met,
    )
    made = run(walk, new=new, interrupted=interrupted)
    if judge_walk(walk, made).verdict is Verdict.COMPLETE:
        assert end in (End.NO_NEXT_PAGE, End.REPEATED, End.NOT_FOUND, End.MET, End.UNCHANGED)
        if met is not None and kind == SEAM:
            assert known is Verdict.COMPLETE, "at best what is known"
        if end is End.UNCHANGED and confirmed in (TOTAL, ONE_PAGE):
            return
        assert not failed
        assert not interrupted
        stated = totals is not None and totals[0] is not None and totals[0] == totals[1]
        assert not stated or totals == (entries, entries) or (totals is not None and totals[0] < entries)  # type: ignore[operator]
        assert (pages == 1 and one_page) or totals == (entries, entries) or (vanished == 0 and not new and met is None)


# --- exit status ---


@pytest.mark.parametrize("claimed", Verdict)
def test_the_exit_status_follows_the_verdict(claimed: Verdict) -> None:
    status = exit_status(run(walked()), Judgement(claimed, "why"))
    assert status == (WITH_GAP if claimed is Verdict.GAP else OK)


def test_a_finding_is_never_a_success() -> None:
    made = run(walked(totals=(10, 10)))
    made.findings.append("the pager is gone")
    assert exit_status(made, judge(made)) == WITH_GAP


def test_nothing_read_is_4_and_known_entries_count_as_read() -> None:
    assert exit_status(run(walked(End.NO_ENTRIES), read=0), Judgement(Verdict.GAP, "")) == NOTHING_READ
    assert exit_status(run(walked(), new=0, read=10), Judgement(Verdict.UNKNOWN, "")) == OK


def test_errors_end_with_their_own_status() -> None:
    for error, status in (
        (ArchiveError("full"), FAILED),
        (OSError("full"), FAILED),
        (LockedError("held"), 75),
        (NoListingError("none"), NOTHING_READ),
    ):
        assert exit_status(run(walked(), failure=error, interrupted=True), Judgement(Verdict.GAP, "")) == status


def test_an_interrupted_run_ends_with_130() -> None:
    assert exit_status(run(walked(None), read=0, interrupted=True), Judgement(Verdict.PARTIAL, "")) == INTERRUPTED


# --- from run to run ---


def harvest(root: Path, pages: int, per_page: int = 2) -> dict[str, Any]:
    """Run over an archive, ``pages`` pages long, without a network; return the run's last line."""
    made = Run(slug="s", target="t")
    made.open_archive(root)
    assert made.archive is not None
    walk = made.walk(START)
    walk.begin()
    for number in range(1, pages + 1):
        entries = [Entry(id=f"{number * 10 + n:024x}", title="T", content_hash="ab") for n in range(per_page)]
        ids = [entry.id or "" for entry in entries]
        walk.one_page = WHY_ONE if pages == 1 else None
        url = f"{START}?{number}"
        walk.page_read(number, ids, [PageLink(f"{START}?{number + 1}", number + 1)] if number < pages else [])
        mark = PageRead(start_url=START, number=number, url=url, status=200, received="", ids=ids, row=walk.row)
        mark.walk = {"kind": walk.plan.kind, "run": walk.plan.walk}
        new = [entry for entry in entries if made.archive.newest(entry.id or "") is None]
        made.counts["new"] += len(new)
        made.archive.commit_page(new, mark.to_line(made.id))
        made.committed(mark)
    return made.end()


def test_a_pager_that_is_gone_is_found_by_every_run_until_it_is_back(tmp_path: Path) -> None:
    assert harvest(tmp_path, 5)["findings"] == []
    for _ in range(3):
        line = harvest(tmp_path, 1)
        assert line["findings"]
        assert line["verdict"] != "complete"
        assert line["status"] == WITH_GAP
    assert harvest(tmp_path, 5)["findings"] == []


def test_one_page_on_which_something_else_leads_on_is_never_complete() -> None:
    """The pager may be wrong: neither a second walk nor its count says otherwise."""
    judgement = judge(run(walked(pages=1, vanished=0), new=0))
    assert judgement.verdict is Verdict.UNKNOWN
    assert "the pager matches nothing" in judgement.reason


def test_a_page_on_another_site_is_named() -> None:
    walk = walked(End.LEFT_SITE)
    walk.off_site = "https://b.example/2"
    assert judge_walk(walk, run(walk)) == Judgement(
        Verdict.GAP, "the next page is on another site: https://b.example/2"
    )


def test_entries_that_are_all_invalid_are_nothing_read() -> None:
    for invalid, status in ((10, NOTHING_READ), (9, OK)):
        made = run(walked(), new=0)
        made.counts["invalid"] = invalid
        assert exit_status(made, judge(made)) == status


@pytest.mark.parametrize(("failed", "invalid", "found"), [(0, 0, 0), (5, 0, 0), (6, 0, 1), (0, 4, 0), (4, 3, 1)])
def test_more_cards_lost_than_read_are_a_finding(failed: int, invalid: int, found: int) -> None:
    made = run(walked(), read=5 + invalid)
    made.counts.update(cards_failed=failed, invalid=invalid)
    line = made.end()
    assert len(line["findings"]) == found
    assert line["status"] == (WITH_GAP if found else OK)
    assert not found or line["findings"] == [f"{failed + invalid} cards gave no entry, 5 did"]


def test_a_listing_of_one_page_has_no_pager_and_that_is_no_finding(tmp_path: Path) -> None:
    for _ in range(2):
        line = harvest(tmp_path, 1)
        assert (line["findings"], line["verdict"], line["status"]) == ([], "complete", OK)
