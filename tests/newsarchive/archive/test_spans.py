"""Spans are derived from the logs: joined where they touch, broken where a page is missing, the same when made anew."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsarchive.archive.source import ListingMemory, SourceArchive
from newsarchive.archive.spans import END, MOST_STRETCHES, Span, StartState, reaches
from newsarchive.items import Entry, content_hash

START = "https://a.example/l"


def name(number: int) -> str:
    return f"{number:024x}"


class Archive:
    """A source whose pages are committed by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = SourceArchive(folder, "test")

    @property
    def memory(self) -> ListingMemory:
        return self.source.memory(START)

    def page(self, run: str, *ids: int, row: int | None = 0, kind: str = "whole", walk: str = "", **more: Any) -> None:
        """Commit a page of a run; its number is that of its first entry."""
        new = []
        for one in ids:
            if self.source.newest(name(one)) is None:
                entry = Entry(id=name(one), title=str(one))
                entry.content_hash = content_hash(entry)
                new.append(entry)
        line = {"run": run, "walk": {"kind": kind, "run": walk or run}, "start": START, "listing": "l1", "row": row}
        line |= {"over": None, "number": ids[0] if ids else 0, "url": f"{START}?{ids[:1]}", "ids": [*map(name, ids)]}
        self.source.commit_page(new, {**line, "next": [], "learned": {}, **more})

    def end(self, run: str, row_pages: int, row: int = 0, **more: Any) -> None:
        """Write the last line of a run."""
        walk = {
            "kind": "whole",
            "run": run,
            "row": row,
            "row_pages": row_pages,
            "finished": True,
            "deepest": 9,
        }
        line = {"event": "end", "run": run, "at": "2026-03-01T12:00:00Z", "walks": {START: {**walk, **more}}}
        self.source.append_run(line)

    def span(self, one: int) -> Span | None:
        return self.memory.spans_of([name(one)]).get(name(one))

    def reopen(self, *, anew: bool = False) -> None:
        self.source.close()
        if anew:
            (self.folder / "index.sqlite").unlink()
        self.source = SourceArchive(self.folder, "test")

    def everything(self, ids: range) -> tuple[StartState, dict[str, Span], list[list[Any]]]:
        """Return all that the index says of the listing, without the numbers that it gave the spans."""
        known = {one: replace(span, no=0) for one, span in self.memory.spans_of([*map(name, ids)]).items()}
        state = self.memory.state()
        pages = [list(self.memory.pages_up(span)) for span in {*self.memory.spans_of([*map(name, ids)]).values()}]
        return replace(state, top=state.top and replace(state.top, no=0)), known, sorted(pages)


@pytest.fixture
def archive(tmp_path: Path) -> Any:
    one = Archive(tmp_path / "source")
    yield one
    one.source.close()


def same_when_made_anew(archive: Archive) -> None:
    for anew in (False, True):
        before = archive.everything(range(60))
        archive.reopen(anew=anew)
        assert archive.everything(range(60)) == before


def test_the_pages_of_a_row_are_one_span(archive: Archive) -> None:
    archive.page("r1", 1, 2, 3)
    archive.page("r1", 4, 5)
    span = archive.span(1)
    assert span is not None
    assert span == archive.span(5) == archive.memory.state().top
    assert (span.floor, span.kind, span.row) == (None, "whole", ("r1", 0))
    assert [place.number for place in archive.memory.pages_up(span)] == [4, 1]
    assert archive.memory.first_page(span)["number"] == 1
    same_when_made_anew(archive)


def test_a_row_that_reached_the_end_is_closed(archive: Archive) -> None:
    archive.page("r1", 1, 2)
    archive.end("r1", 1, floor=END, verdict="unknown")
    state = archive.memory.state()
    assert state.top is not None
    assert (state.top.floor, state.top.verdict, state.closed, state.pages) == (END, "unknown", True, 9)
    assert state.whole_at == "2026-03-01T12:00:00Z"
    same_when_made_anew(archive)


def test_rows_that_a_failed_page_parts_stay_apart(archive: Archive) -> None:
    archive.page("r1", 1, 2)
    archive.page("r1", 5, 6, row=1)
    archive.end("r1", 1, row=1, floor=END, finished=False)
    upper, lower = archive.span(1), archive.span(5)
    assert upper is not None
    assert lower is not None
    assert (upper.floor, lower.floor) == (None, END)
    assert archive.memory.state().top == upper
    same_when_made_anew(archive)


def test_a_leap_joins_what_it_left_out(archive: Archive) -> None:
    archive.page("r1", 1, 2)
    archive.page("r1", 3, 4)
    archive.page("r2", 0, 1, walk="r1")
    archive.page("r2", 4, 5, walk="r1", over=["r1", 0])
    archive.page("r2", 6, walk="r1")
    span = archive.span(2)
    assert span is not None
    assert {archive.span(one) for one in range(7)} == {span}
    assert [place.number for place in archive.memory.pages_up(span)] == [6, 4, 3, 1, 0]
    assert archive.memory.first_page(span)["number"] == 0
    assert archive.memory.state().top == span
    same_when_made_anew(archive)


def test_a_walk_that_runs_into_a_closed_span_is_closed_by_it(archive: Archive) -> None:
    archive.page("r1", 2, 3)
    archive.end("r1", 1, floor=END, verdict="complete")
    archive.page("r2", 1, 2, kind="seam")
    archive.end("r2", 1, kind="seam", met=["r1", 0], verdict="unknown")
    span = archive.span(3)
    assert span is not None
    assert span == archive.span(1) == archive.memory.state().top
    assert (span.floor, span.verdict) == (END, "unknown")
    assert archive.memory.count() == {span: 3}
    same_when_made_anew(archive)


def test_a_killed_run_closes_nothing(archive: Archive) -> None:
    archive.page("r1", 2, 3)
    archive.end("r1", 1, floor=END)
    archive.page("r2", 1, kind="seam")
    archive.source.append_run({"event": "dead", "run": "r2"})
    assert archive.memory.state().top == archive.span(1)
    assert archive.span(1) != archive.span(3)
    same_when_made_anew(archive)


def test_an_end_whose_pages_were_lost_closes_nothing(archive: Archive) -> None:
    archive.page("r1", 1, 2)
    archive.end("r1", 2, floor=END)
    assert not archive.memory.state().closed
    same_when_made_anew(archive)


def test_a_page_in_passing_is_of_no_span(archive: Archive) -> None:
    archive.page("r1", 1, 2, row=None)
    assert archive.memory.state() == StartState()
    assert archive.span(1) is None
    same_when_made_anew(archive)


def test_lines_from_before_spans_were_kept_are_passed_over(archive: Archive) -> None:
    archive.page("r1", 1, 2, walk="r1")
    archive.source.close()
    path = archive.folder / "pages.jsonl"
    line = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**line, "walk": "r1", "row": None}) + "\n", "utf-8")
    archive.source = SourceArchive(archive.folder, "test")
    assert archive.memory.state() == StartState()


def test_a_page_whose_entries_are_gone_breaks_its_row(archive: Archive) -> None:
    """As when entries.jsonl was restored from an older copy."""
    for page in ((1, 2), (3, 4), (5, 6)):
        archive.page("r1", *page)
    archive.end("r1", 3, floor=END)
    archive.source.close()
    path = archive.folder / "entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if json.loads(line)["title"] != "3"))
    archive.source = SourceArchive(archive.folder, "test")
    assert "entries.jsonl lacks entries of pages read before: 1; these are open again" in archive.source.notices
    upper, lower = archive.span(1), archive.span(5)
    assert upper is not None
    assert lower is not None
    assert (upper.floor, lower.floor) == (None, END)
    assert archive.span(4) is None
    assert archive.memory.state().top == upper


def test_an_id_that_the_archive_does_not_hold_is_left_out_of_the_line(archive: Archive) -> None:
    line = {"run": "r1", "walk": {"kind": "whole", "run": "r1"}, "start": START, "row": 0, "ids": [name(1), name(2)]}
    entry = Entry(id=name(1), title="1")
    entry.content_hash = content_hash(entry)
    archive.source.commit_page([entry], {**line, "number": 1, "url": START})
    assert json.loads((archive.folder / "pages.jsonl").read_text("utf-8"))["ids"] == [name(1)]


def test_what_one_page_of_a_walk_disproved_the_others_do_not_prove(archive: Archive) -> None:
    for order, said in (("newest-first", "newest-first"), ("none", "none"), ("newest-first", "none")):
        archive.page("r1", 1, learned={"order": order})
        assert archive.memory.state().order == said
    archive.page("r2", 1, learned={"order": "newest-first"})
    assert archive.memory.state().order == "newest-first"
    same_when_made_anew(archive)


def test_where_two_walks_showed_the_order_dates_in_disorder_are_no_news(archive: Archive) -> None:
    archive.page("r1", 1)
    archive.end("r1", 1, floor=END, order="newest-first")
    archive.page("r2", 1, learned={"order": "none"})
    assert (archive.memory.state().order, archive.memory.state().order_by) == ("newest-first", "walks")
    same_when_made_anew(archive)


def test_only_the_last_stretches_are_kept(archive: Archive) -> None:
    archive.page("r0", 0)
    archive.end("r0", 1, floor=END)
    for n in range(1, MOST_STRETCHES + 20):
        archive.page(f"r{n}", n)
        archive.end(f"r{n}", 1, met=[f"r{n - 1}", 0])
    span = archive.span(0)
    assert span is not None
    assert len(span.stretches) == MOST_STRETCHES
    assert archive.memory.pages_up(span)[0].number == 0
    same_when_made_anew(archive)


def test_several_listings_of_a_source_have_spans_of_their_own(archive: Archive) -> None:
    archive.page("r1", 1, 2)
    archive.page("r1", 2, 3, start="https://a.example/other")
    assert archive.span(2) == archive.span(1)
    other = archive.source.memory("https://a.example/other")
    assert set(other.spans_of([name(2), name(3)])) == {name(2), name(3)}
    assert other.spans_of([name(1)]) == {}


@pytest.mark.parametrize(
    ("floor", "wanted", "said"),
    [
        (END, END, True),
        (END, "2017-01-01", True),
        ("2017-01-01", END, False),
        ("2017-01-01", "2017-01-01", True),
        ("2016-01-01", "2017-01-01", True),
        ("2018-01-01", "2017-01-01", False),
        (None, "2017-01-01", False),
    ],
)
def test_how_low_a_floor_is(floor: str | None, wanted: str, said: bool) -> None:
    assert reaches(floor, wanted) is said


RUNS = st.lists(
    st.tuples(
        st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=4, unique=True), min_size=1, max_size=4),
        st.sampled_from(["end", "met", "dead", "killed"]),
        st.booleans(),
        st.integers(0, 3),
    ),
    max_size=7,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs=RUNS, cut=st.integers(0, 12))
def test_whatever_happened_the_spans_are_the_same_when_made_anew(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Any], cut: int
) -> None:
    archive = Archive(tmp_path_factory.mktemp("source") / "source")
    for at, (pages, how, over, back) in enumerate(runs):
        run, earlier = f"r{at}", [f"r{max(0, at - 1 - back)}", 0]
        row = rows = 0
        for nth, ids in enumerate(pages):
            row += nth == 2
            rows = 1 if nth == 2 else rows + 1
            leaps = {"over": earlier} if over and nth == 1 and at else {}
            archive.page(run, *ids, row=row, learned={"order": "newest-first" if back else "none"}, **leaps)
        if how in ("end", "met"):
            more = {"floor": END} if how == "end" else {"met": earlier if at else None}
            archive.end(run, rows, row=row, verdict="unknown", **more)
        elif how == "dead":
            archive.source.append_run({"event": "dead", "run": run})
        if back == 3:
            archive.reopen()
    same_when_made_anew(archive)
    archive.source.close()
    # A power cut takes the tail of the pages: the index is ahead, then, and is made anew.
    path = archive.folder / "pages.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: max(0, len(lines) - cut)]))
    archive.source = SourceArchive(archive.folder, "test")
    same_when_made_anew(archive)
    archive.source.close()
