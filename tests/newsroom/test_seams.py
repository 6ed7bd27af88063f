"""Scheduled runs, one case each: what is asked, where a run ends, what is left out and what is filled in later."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsarchive.plan import Wishes
from tests.conftest import read_lines
from tests.newsroom.driver import Harvest, differences, harvest
from tests.newsroom.publication import SLUG, Publication
from tests.newsroom.style import PAGERS, PagerKind, Style

FULL = Wishes(full=True)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def asked(paper: Publication, done: Harvest) -> list[int | None]:
    """Return the numbers of the pages that a run asked for."""
    return [one.page for one in paper.served[done.since : done.until]]


def walk_of(done: Harvest) -> dict[str, Any]:
    (walk,) = done.ended["walks"].values()
    assert isinstance(walk, dict)
    return walk


def whole_walk(paper: Publication, archive: Path) -> Harvest:
    done = harvest(paper, archive)
    assert walk_of(done)["finished"]
    return done


# --- to the seam ---


@pytest.mark.parametrize("pager", PAGERS)
def test_a_run_ends_where_ten_entries_in_a_row_are_known(archive: Path, pager: PagerKind) -> None:
    paper = Publication(100, style=Style(pager=pager))
    first = whole_walk(paper, archive)
    assert (walk_of(first)["kind"], walk_of(first)["end"]) == (
        "whole",
        "not_found" if pager == "template" else "no_next_page",
    )
    for new, pages in ((0, [1]), (3, [1, 2]), (25, [1, 2, 3, 4]), (10, [1, 2])):
        paper.publish(new)
        done = harvest(paper, archive)
        assert asked(paper, done) == pages, "where a first page is as it was, that is enough"
        assert done.ended["new"] == new
        assert walk_of(done)["kind"] == "seam"
        assert differences(archive, paper) == {}


def test_entries_pinned_at_the_head_do_not_fool_it(archive: Path) -> None:
    paper = Publication(60, style=Style(pins="every"))
    paper.pin(5, 9)
    whole_walk(paper, archive)
    paper.publish(2)
    assert asked(paper, harvest(paper, archive)) == [1, 2]
    paper.pin(20)
    paper.publish(1)
    assert len(asked(paper, harvest(paper, archive))) <= 2
    assert differences(archive, paper) == {}


def test_an_interrupted_run_leaves_no_hole(archive: Path) -> None:
    """Every known scheme that stops at the first known entry leaves one here."""
    paper = Publication(100)
    whole_walk(paper, archive)
    paper.publish(45)
    assert harvest(paper, archive, max_pages=2).ended["verdict"] == "partial"
    paper.publish(2)
    done = harvest(paper, archive)
    assert done.ended["new"] == 27
    assert asked(paper, done) == [1, 2, 3, 4, 5, 6]
    assert differences(archive, paper) == {}
    assert asked(paper, harvest(paper, archive)) == [1]


def test_what_an_interrupted_run_read_is_leapt_over(archive: Path) -> None:
    paper = Publication(100)
    whole_walk(paper, archive)
    paper.publish(95)
    harvest(paper, archive, kill_after=8)
    done = harvest(paper, archive)
    assert asked(paper, done)[:3] == [1, 8, 9], "one page to find the place, one to leap to"
    assert differences(archive, paper) == {}


def test_where_entries_were_deleted_the_leap_goes_back_in_doubling_steps(archive: Path) -> None:
    paper = Publication(200)
    harvest(paper, archive, max_pages=15)
    paper.delete(*range(60, 100))  # on pages 11 to 14, and so 40 entries fewer above the last page that was read
    done = harvest(paper, archive)
    assert asked(paper, done)[:4] == [1, 15, 14, 12]
    assert asked(paper, done)[4:8] == [8, 9, 10, 11]
    assert differences(archive, paper) == {}


def test_where_all_of_a_span_is_gone_it_is_read_from_the_seam(archive: Path) -> None:
    paper = Publication(100)
    harvest(paper, archive, max_pages=5)
    paper.delete(*range(51, 91))
    done = harvest(paper, archive)
    assert asked(paper, done)[:2] == [1, 5]
    assert differences(archive, paper) == {}


def test_a_failed_page_is_a_gap_and_filled_by_the_next_run(archive: Path) -> None:
    paper = Publication(100, style=Style(pager="numbered-links"))
    paper.fail(503, page=4, times=None)
    done = harvest(paper, archive)
    assert (done.ended["verdict"], done.ended["status"]) == ("gap", 3)
    assert "503" in done.ended["reason"]
    again = harvest(paper, archive)
    assert again.ended["verdict"] == "gap"
    assert set(asked(paper, again)) == {1, 3, 4, 5}, "only round the hole"
    paper.recover()
    last = harvest(paper, archive)
    assert (last.ended["verdict"], last.ended["new"], last.ended["status"]) == ("unknown", 10, 0)
    assert differences(archive, paper) == {}
    assert asked(paper, harvest(paper, archive)) == [1]


def test_a_pager_that_is_missing_for_once_leaves_no_hole(archive: Path) -> None:
    paper = Publication(100)
    whole_walk(paper, archive)
    paper.publish(45)
    paper.fail("empty", page=3)
    done = harvest(paper, archive)
    assert (done.ended["verdict"], done.ended["status"]) == ("gap", 3)
    assert "above what earlier harvests have read" in done.ended["reason"]
    assert harvest(paper, archive).ended["status"] == 0
    assert differences(archive, paper) == {}


# --- what walks whole ---


def test_a_list_by_popularity_is_walked_whole_and_says_so(archive: Path) -> None:
    paper = Publication(60, style=Style(order="popularity", pager="offset"))
    whole_walk(paper, archive)
    paper.publish(4)
    done = harvest(paper, archive)
    assert sorted(filter(None, asked(paper, done))) == list(range(1, 8))
    assert (walk_of(done)["kind"], walk_of(done)["why"]) == (
        "whole",
        "nothing proves that its newest entries come first",
    )
    assert differences(archive, paper) == {}


def test_without_dates_two_whole_walks_prove_the_order(archive: Path) -> None:
    paper = Publication(60, style=Style(dates=False))
    whole_walk(paper, archive)
    paper.publish(2)
    assert walk_of(harvest(paper, archive))["order"] is None, "two may stand on top by chance"
    paper.publish(3)
    done = harvest(paper, archive)
    assert (walk_of(done)["kind"], walk_of(done)["order"]) == ("whole", "newest-first")
    paper.publish(1)
    assert asked(paper, harvest(paper, archive)) == [1, 2]
    assert differences(archive, paper) == {}


def test_a_list_that_is_in_order_no_more_is_walked_whole(archive: Path) -> None:
    paper = Publication(60)
    whole_walk(paper, archive)
    paper.publish(5, dated=paper.clock - timedelta(days=900))
    paper.publish(6)
    done = harvest(paper, archive)
    assert len(asked(paper, done)) == 8
    assert (walk_of(done)["kind"], walk_of(done)["why"]) == ("whole", "its entries do not stand newest first any more")
    assert walk_of(done)["order"] == "newest-first", "but two whole walks show that what is new stands on top"


def test_a_listing_read_in_another_way_is_walked_whole(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Publication(60)
    whole_walk(paper, archive)
    listing = replace(paper.listing(), language="fr")
    monkeypatch.setattr(paper, "listing", lambda: listing)
    done = harvest(paper, archive)
    assert len(asked(paper, done)) == 6
    assert (walk_of(done)["kind"], walk_of(done)["why"]) == ("whole", "it is read in another way than last time")
    assert asked(paper, harvest(paper, archive)) == [1]


def test_after_thirty_days_it_is_walked_whole_for_what_was_inserted_below(archive: Path) -> None:
    paper = Publication(60)
    whole_walk(paper, archive)
    paper.backdate(place=30)
    assert harvest(paper, archive).ended["new"] == 0
    paper.advance(timedelta(days=29))
    assert walk_of(harvest(paper, archive))["kind"] == "seam"
    paper.advance(timedelta(days=2))
    done = harvest(paper, archive)
    assert (done.ended["new"], walk_of(done)["why"]) == (1, "the last whole walk was 31 days ago")
    assert walk_of(harvest(paper, archive))["kind"] == "seam"
    assert walk_of(harvest(paper, archive, wishes=Wishes(audit_every=0)))["kind"] == "whole"


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_jumps_leads_to_one_whole_walk(archive: Path, days: int) -> None:
    paper = Publication(60)
    whole_walk(paper, archive)
    paper.advance(timedelta(days=days))
    assert walk_of(harvest(paper, archive))["kind"] == "whole"
    assert walk_of(harvest(paper, archive))["kind"] == "seam"


def test_full_reads_every_page_anew(archive: Path) -> None:
    paper = Publication(60)
    harvest(paper, archive, max_pages=4)
    paper.backdate(place=5)
    done = harvest(paper, archive, wishes=FULL)
    assert asked(paper, done) == [1, 2, 3, 4, 5, 6, 7]
    assert differences(archive, paper) == {}
    assert (walk_of(done)["why"], walk_of(done)["run"]) == ("--full", done.ended["run"])


def test_a_whole_walk_that_broke_off_is_continued_and_other_spans_do_not_end_it(archive: Path) -> None:
    paper = Publication(100)
    first = whole_walk(paper, archive)
    paper.backdate(place=75)
    begun = harvest(paper, archive, wishes=FULL, kill_after=4)
    done = harvest(paper, archive)
    assert asked(paper, done) == [1, 4, 5, 6, 7, 8, 9, 10, 11]
    assert walk_of(done)["run"] == begun.run.id != first.run.id
    assert differences(archive, paper) == {}


# --- how far down ---


def test_since_ends_a_first_walk_and_a_later_one_goes_on_below(archive: Path) -> None:
    paper = Publication(100)  # four a day
    since = str((paper.clock - timedelta(days=10)).date())
    done = harvest(paper, archive, wishes=Wishes(since=since))
    assert (done.ended["verdict"], walk_of(done)["floor"]) == ("partial", since)
    assert asked(paper, done) == [1, 2, 3, 4, 5]
    paper.publish(2)
    again = harvest(paper, archive, wishes=Wishes(since=since))
    assert (asked(paper, again), again.ended["new"], again.ended["status"]) == ([1, 2], 2, 0)
    further = harvest(paper, archive)
    assert asked(paper, further)[:3] == [1, 5, 6], "what was read is leapt over"
    assert asked(paper, further)[-1] == 11
    assert differences(archive, paper) == {}
    assert asked(paper, harvest(paper, archive)) == [1]


def test_since_does_not_end_a_walk_of_a_list_that_is_in_no_order(archive: Path) -> None:
    paper = Publication(60, style=Style(order="popularity"))
    done = harvest(paper, archive, wishes=Wishes(since=str(paper.clock.date())))
    assert len(asked(paper, done)) == 6


# --- from the other end ---


@pytest.mark.parametrize("pager", ["numbered-links", "offset"])
def test_an_oldest_first_listing_is_asked_from_its_last_page(archive: Path, pager: PagerKind) -> None:
    paper = Publication(95, style=Style(order="oldest", pager=pager))
    whole_walk(paper, archive)
    done = harvest(paper, archive)
    assert (asked(paper, done), walk_of(done)["kind"]) == ([1, 10, 9], "seam")
    for new, pages in ((3, [1, 10, 9]), (20, [1, 12, 11, 10, 9])):
        paper.publish(new)
        done = harvest(paper, archive)
        assert (asked(paper, done), done.ended["new"]) == (pages, new)
        assert differences(archive, paper) == {}
    paper.publish(60)
    harvest(paper, archive, max_pages=3)
    paper.publish(5)
    harvest(paper, archive)
    assert differences(archive, paper) == {}, "no hole behind an interrupted run either"


@pytest.mark.parametrize("pager", ["next-link", "template"])
def test_an_oldest_first_listing_whose_last_page_is_not_linked_is_walked_whole(archive: Path, pager: PagerKind) -> None:
    paper = Publication(60, style=Style(order="oldest", pager=pager))
    whole_walk(paper, archive)
    paper.publish(3)
    done = harvest(paper, archive)
    assert walk_of(done)["why"] == "its oldest entries come first, and its first page does not lead to the last"
    assert differences(archive, paper) == {}


def test_a_pager_whose_window_shows_no_last_page_is_climbed(archive: Path) -> None:
    paper = Publication(120, style=Style(order="oldest", pager="numbered-links", window=3, links_last=False))
    whole_walk(paper, archive)
    paper.publish(2)
    done = harvest(paper, archive)
    assert asked(paper, done)[:4] == [1, 4, 7, 10]
    assert done.ended["new"] == 2


# --- ends that are believed when they are seen twice ---


def test_fewer_pages_than_before_are_believed_when_a_second_run_finds_them_too(archive: Path) -> None:
    paper = Publication(100)
    whole_walk(paper, archive)
    paper.fail("empty", page=6)
    first = harvest(paper, archive, wishes=FULL)
    assert not walk_of(first)["finished"]
    assert walk_of(harvest(paper, archive))["finished"], "it was for once"
    assert differences(archive, paper) == {}
    paper.delete(*range(1, 41))
    assert not walk_of(harvest(paper, archive, wishes=FULL))["finished"]
    assert walk_of(harvest(paper, archive))["finished"]
    assert asked(paper, harvest(paper, archive)) == [1]


def test_a_page_without_entries_in_the_middle_is_believed_when_a_second_run_finds_it_so(archive: Path) -> None:
    paper = Publication(60, style=Style(pager="numbered-links", empty_pages=frozenset({3})))
    assert not walk_of(harvest(paper, archive))["finished"]
    assert walk_of(harvest(paper, archive))["finished"]
    assert asked(paper, harvest(paper, archive)) == [1]
    assert differences(archive, paper) == {}


def test_one_wall_in_the_middle_hides_nothing_for_long(archive: Path) -> None:
    paper = Publication(60, style=Style(pager="numbered-links"))
    paper.fail("wall", page=3)
    harvest(paper, archive)
    harvest(paper, archive)
    assert differences(archive, paper) == {}


@pytest.mark.parametrize("times", [1, None])
def test_a_page_that_is_missing_in_the_middle_is_no_end(archive: Path, times: int | None) -> None:
    paper = Publication(60, style=Style(pager="template"))
    paper.fail(404, page=3, times=times)
    done = harvest(paper, archive)
    assert done.ended["verdict"] == "gap"
    paper.recover()
    harvest(paper, archive)
    assert differences(archive, paper) == {}


def test_a_last_page_that_is_missing_for_once_is_asked_again(archive: Path) -> None:
    paper = Publication(55, style=Style(pager="template"))
    paper.fail(404, page=6)
    done = harvest(paper, archive)
    assert asked(paper, done)[:8] == [1, 2, 3, 4, 5, 6, 7, 6]
    assert (done.ended["verdict"], done.ended["new"]) == ("unknown", 55)


# --- the account ---


def test_the_log_of_runs_tells_how_each_walk_went(archive: Path) -> None:
    paper = Publication(45, style=Style(total="listed"))
    harvest(paper, archive, kill_after=2)
    harvest(paper, archive)
    lines = read_lines(archive / SLUG / "runs.jsonl")
    assert [line["event"] for line in lines] == ["begin", "dead", "begin", "end"]
    dead, end = lines[1], lines[3]
    assert (dead["run"], dead["pages"], dead["found_by"]) == (lines[0]["run"], 2, end["run"])
    (walk,) = end["walks"].values()
    assert (walk["kind"], walk["run"], walk["why"]) == (
        "whole",
        dead["run"],
        "an earlier whole walk broke off and is continued",
    )
    assert (walk["total"], walk["held"], walk["verdict"], walk["confirmed"]) == (45, 45, "complete", "total")
