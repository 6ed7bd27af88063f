"""Harvests in process: the real classes read the made-up newspaper whole, killed or not."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from scrapy import Request
from scrapy.http import Response

from newsarchive.archive.lock import is_locked
from newsarchive.errors import ArchiveError, LockedError
from newsarchive.run import Run
from pipelines.validate import ValidateEntry
from spiders.site import Site
from tests.conftest import read_lines
from tests.newsroom.driver import ORIGIN, differences, harvest, held
from tests.newsroom.faults import FaultKind
from tests.newsroom.power import Tear
from tests.newsroom.publication import SLUG, Publication
from tests.newsroom.style import ORDERS, PAGERS, SKINS, Order, PagerKind, Skin, Style


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def log(archive: Path, name: str) -> Path:
    return archive / SLUG / name


# --- whole walks ---


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("pager", PAGERS)
def test_a_walk_holds_exactly_what_is_listed(archive: Path, pager: PagerKind, skin: Skin, order: Order) -> None:
    paper = Publication(23, seed=2, style=Style(pager=pager, skin=skin, order=order, page_size=4, window=1))
    done = harvest(paper, archive)
    assert set(held(archive)) == set(paper.records(ORIGIN))
    assert differences(archive, paper) == {}
    assert (done.ended["status"], done.ended["new"], done.notices) == (0, 23, [])
    assert {line["event"] for line in read_lines(log(archive, "runs.jsonl"))} == {"begin", "end"}
    twice = [path for path in paper.requests if paper.requests.count(path) > 1]
    assert len(twice) == (2 if pager == "template" else 0), "but for the page that may be missing by mistake"


@pytest.mark.parametrize("past_end", ["404", "last", "empty"])
@pytest.mark.parametrize("pager", PAGERS)
def test_whatever_a_page_past_the_end_answers(archive: Path, pager: PagerKind, past_end: str) -> None:
    paper = Publication(23, style=Style(pager=pager, past_end=past_end))  # type: ignore[arg-type]
    harvest(paper, archive)
    assert differences(archive, paper) == {}


@pytest.mark.parametrize(
    "style",
    [
        Style(dates=False),
        Style(dates=False, skin="spip", pager="offset"),
        Style(pins="every"),
        Style(pins="moved", pager="numbered-links", window=1),
        Style(empty_pages=frozenset({2}), pager="numbered-links"),
        Style(empty_pages=frozenset({2}), pager="template"),
        Style(most_pages=2),
        Style(noise=True),
        Style(page_size=30),
    ],
)
def test_whatever_the_pages_look_like(archive: Path, style: Style) -> None:
    paper = Publication(27, style=style)
    paper.pin(9, 26)
    paper.publish(dated=datetime(2011, 1, 1, tzinfo=UTC))
    paper.edit(26)
    harvest(paper, archive)
    assert differences(archive, paper) == {}
    assert set(held(archive)) == set(paper.records(ORIGIN))


@pytest.mark.parametrize("skin", SKINS)
def test_a_stated_total_confirms_the_end(archive: Path, skin: Skin) -> None:
    paper = Publication(27, style=Style(skin=skin, total="listed"))
    assert harvest(paper, archive).ended["verdict"] == "complete"
    silent = Publication(27, style=Style(skin=skin))
    assert harvest(silent, archive.with_name("silent")).ended["verdict"] == "unknown"


def test_a_total_of_more_than_is_listed_is_a_gap(archive: Path) -> None:
    paper = Publication(27, style=Style(total="held", most_pages=2))
    assert harvest(paper, archive).ended["verdict"] == "gap"


def test_the_spip_spider_reads_it_too(archive: Path) -> None:
    paper = Publication(27, style=Style(skin="spip", pager="offset", total="listed"))
    assert harvest(paper, archive, spider="spip").ended["verdict"] == "complete"
    assert differences(archive, paper) == {}
    assert [path.name for path in archive.iterdir()] == [path.parent.name for path in archive.glob("*/pages.jsonl")]


def test_changes_between_two_runs_are_revisions(archive: Path) -> None:
    paper = Publication(27)
    harvest(paper, archive)
    paper.edit(27, 26)
    paper.publish(2)
    done = harvest(paper, archive)
    assert (done.ended["new"], done.ended["changed"]) == (2, 2)
    assert differences(archive, paper) == {}
    assert held(archive)[f"{ORIGIN}/story/27/"]["revision"] == 2
    paper.edit(26)
    assert list(differences(archive, paper)) == [f"{ORIGIN}/story/26/"]
    paper.publish()
    assert differences(archive, paper)[f"{ORIGIN}/story/30/"]["title"][0] is None


def test_what_slides_during_a_walk_is_told_by_the_newspaper(archive: Path) -> None:
    paper = Publication(35)
    paper.before(3, lambda it: it.delete(35, 34))
    done = harvest(paper, archive)
    missing = {one.number for one in paper.listed() if ORIGIN + one.url_path not in held(archive)}
    assert missing == paper.slid(done.since, done.until) == paper.crossed(done.since, done.until) == {14, 15}


def test_thirty_pages_take_well_under_a_second(archive: Path) -> None:
    paper = Publication(300)
    harvest(paper, archive, max_pages=1)
    begun = time.process_time()
    assert harvest(paper, archive).requests == 30
    assert time.process_time() - begun < 1


# --- limits, interruptions, kills ---


def test_the_users_limit(archive: Path) -> None:
    done = harvest(Publication(45), archive, max_pages=2)
    assert (done.requests, done.ended["verdict"], done.killed) == (2, "partial", False)
    assert len(held(archive)) == 20


def test_an_interruption_ends_the_run(archive: Path) -> None:
    paper = Publication(45)
    done = harvest(paper, archive, interrupt_after=2)
    assert (done.requests, done.ended["verdict"], done.ended["status"]) == (2, "partial", 130)
    assert harvest(paper, archive, interrupt_after=99).ended["status"] == 0
    assert differences(archive, paper) == {}


@pytest.mark.parametrize("pager", PAGERS)
@pytest.mark.parametrize("skin", SKINS)
def test_killed_and_the_same_again_holds_all(archive: Path, pager: PagerKind, skin: Skin) -> None:
    paper = Publication(43, style=Style(pager=pager, skin=skin))
    for after in (0, 1, 3):
        done = harvest(paper, archive, kill_after=after)
        assert (done.killed, done.requests) == (True, after)
        assert not is_locked(log(archive, "lock"))
        assert len(held(archive)) == min(after, 5) * 10
    done = harvest(paper, archive)
    assert done.notices
    assert differences(archive, paper) == {}
    events = [line["event"] for line in read_lines(log(archive, "runs.jsonl"))]
    assert events == ["begin", "dead"] * 3 + ["begin", "end"]


def test_a_kill_after_the_last_page_leaves_no_end(archive: Path) -> None:
    paper = Publication(25)
    assert harvest(paper, archive, kill_after=3).killed
    assert harvest(paper, archive, kill_after=4).ended["status"] == 0
    assert differences(archive, paper) == {}


def test_a_kill_leaves_every_file_as_it_was(archive: Path) -> None:
    paper = Publication(45)
    harvest(paper, archive, kill_after=2)
    assert log(archive, "index.sqlite-wal").stat().st_size > 0, "a closed index would have none"
    assert len(read_lines(log(archive, "pages.jsonl"))) == 2
    assert [line["event"] for line in read_lines(log(archive, "runs.jsonl"))] == ["begin"]


@pytest.mark.parametrize("tear", ["entries", "pages"])
def test_a_power_cut_tears_the_last_commit(archive: Path, tear: Tear) -> None:
    paper = Publication(45)
    harvest(paper, archive, kill_after=3, tear=tear)
    entries, pages = (log(archive, name).read_bytes().count(b"\n") for name in ("entries.jsonl", "pages.jsonl"))
    assert (entries < 30) == (tear == "entries")
    assert (20 <= entries <= 30, pages) == (True, 2)
    assert harvest(paper, archive).notices
    assert differences(archive, paper) == {}


def test_a_disk_that_lies_leaves_pages_without_their_entries(archive: Path) -> None:
    paper = Publication(45)
    harvest(paper, archive, kill_after=3, tear="unsynced")
    assert log(archive, "entries.jsonl").read_bytes().count(b"\n") < 30
    assert len(read_lines(log(archive, "pages.jsonl"))) == 3
    done = harvest(paper, archive)
    assert any("open again" in notice for notice in done.notices)
    assert differences(archive, paper) == {}


def test_a_power_cut_before_the_first_commit_tears_the_runs_line(archive: Path) -> None:
    paper = Publication(45)
    harvest(paper, archive, kill_after=0, tear=True)
    data = log(archive, "runs.jsonl").read_bytes()
    assert not data.endswith(b"\n")
    harvest(paper, archive)
    assert differences(archive, paper) == {}


@pytest.mark.parametrize("seed", range(8))
def test_any_power_cut_and_the_same_again_holds_all(archive: Path, seed: int) -> None:
    paper = Publication(45, seed=seed)
    for after in (1, 2, 4):
        assert harvest(paper, archive, kill_after=after, tear=True).killed
    harvest(paper, archive)
    assert differences(archive, paper) == {}


# --- failures ---


@pytest.mark.parametrize("kind", [500, 503, 429, "timeout", "dropped", "truncated"])
def test_what_fails_once_is_asked_again(archive: Path, kind: FaultKind) -> None:
    paper = Publication(35)
    paper.fail(kind, page=2)
    done = harvest(paper, archive)
    assert (done.requests, done.ended["failed"]) == (5, [])
    assert differences(archive, paper) == {}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (500, "answered 500"),
        ("timeout", "gave no whole answer within 30 seconds"),
        ("dropped", "cannot be reached"),
        ("truncated", "broke off before its end"),
    ],
)
def test_what_stays_away_is_a_gap(archive: Path, kind: FaultKind, said: str) -> None:
    paper = Publication(45, style=Style(pager="numbered-links"))
    paper.fail(kind, page=3, times=None)
    done = harvest(paper, archive)
    assert [one.page for one in paper.served] == [1, 2, 3, 3, 3, 4, 5]
    assert said in done.ended["failed"][0]
    assert (done.ended["verdict"], done.ended["status"]) == ("gap", 3)
    paper.recover()
    harvest(paper, archive)
    assert differences(archive, paper) == {}


@pytest.mark.parametrize(("kind", "reason"), [(404, "answered 404"), ("blank", "empty body"), ("wall", "no entry")])
def test_no_retry_where_there_is_an_answer(archive: Path, kind: FaultKind, reason: str) -> None:
    paper = Publication(25)
    paper.fail(kind, page=1)
    done = harvest(paper, archive)
    assert done.requests == 1
    assert (reason in done.ended["reason"], done.ended["status"]) == (True, 4)
    assert not log(archive, "entries.jsonl").exists()


def test_retries_are_counted_and_can_be_set(archive: Path) -> None:
    paper = Publication(25)
    paper.fail(500, page=1, times=None)
    assert harvest(paper, archive, retries=0).requests == 1
    assert harvest(paper, archive, retries=4).requests == 5
    assert harvest(paper, archive, kill_after=2).requests == 2


def test_what_the_product_raises_comes_out_and_frees_the_source(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Publication(25)
    with monkeypatch.context() as patch:
        patch.setattr(ValidateEntry, "process_item", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            harvest(paper, archive)
    assert not is_locked(log(archive, "lock"))
    harvest(paper, archive)
    assert differences(archive, paper) == {}


def test_an_archive_that_fails_ends_the_run(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Publication(45)
    with monkeypatch.context() as patch:
        patch.setattr("newsarchive.archive.source.SourceArchive.commit_page", _full)
        done = harvest(paper, archive)
    assert (done.requests, done.ended["status"]) == (1, 1)
    assert "disk is full" in done.ended["reason"]


def _full(*_: object) -> None:
    raise ArchiveError("the disk is full")


def test_the_source_is_locked_while_it_is_harvested(archive: Path) -> None:
    paper = Publication(45)
    seen = []

    def try_it_too(_: Publication) -> None:
        with pytest.raises(LockedError):
            harvest(Publication(45), archive)
        seen.append(is_locked(log(archive, "lock")))

    paper.before(3, try_it_too)
    assert harvest(paper, archive).ended["status"] == 0
    assert seen == [True]


# --- what else is passed on ---


def test_the_clock_is_the_newspapers_or_ones_own(archive: Path) -> None:
    paper = Publication(5, clock=datetime(2021, 1, 2, 3, tzinfo=UTC))
    harvest(paper, archive)
    paper.advance(-timedelta(days=1))
    harvest(paper, archive)
    harvest(paper, archive, clock=lambda: datetime(2033, 1, 1, tzinfo=UTC))
    begun = [line["at"] for line in read_lines(log(archive, "runs.jsonl")) if line["event"] == "begin"]
    assert begun == ["2021-01-02T03:00:00Z", "2021-01-01T03:00:00Z", "2033-01-01T00:00:00Z"]
    assert {one["retrieved_at"] for one in held(archive).values()} == {"2021-01-02T03:00:00Z"}
    assert Run(slug="a", target="b").started > "2024", "the clock is nobody else's"


def asking(monkeypatch: pytest.MonkeyPatch, *paths: str, **headers: str) -> list[Response]:
    """Have the spider ask for these paths, all at once, instead of walking; return where the responses will be."""
    responses: list[Response] = []

    async def start(_: Site) -> AsyncIterator[Request]:
        for path in paths:
            yield Request(ORIGIN + path, callback=responses.append, headers=headers)

    monkeypatch.setattr(Site, "start", start)
    return responses


@pytest.mark.parametrize(
    ("validators", "header"), [("both", "if-none-match"), ("etag", "if-none-match"), ("modified", "if-modified-since")]
)
def test_a_run_with_nothing_new_asks_once_and_is_told_so(
    archive: Path, validators: Literal["both", "etag", "modified"], header: str
) -> None:
    paper = Publication(45, style=Style(validators=validators, total="listed"))
    paper.advance(timedelta(hours=1))
    harvest(paper, archive)
    before = log(archive, "entries.jsonl").read_bytes(), log(archive, "pages.jsonl").read_bytes()
    done = harvest(paper, archive)
    assert (done.requests, paper.served[-1].status, header in paper.served[-1].headers) == (1, 304, True)
    assert (done.ended["bytes"], done.ended["pages"], done.ended["status"]) == (0, 0, 0)
    assert done.ended["verdict"] == "complete"
    assert (log(archive, "entries.jsonl").read_bytes(), log(archive, "pages.jsonl").read_bytes()) == before
    paper.publish(3)
    paper.advance(timedelta(hours=1))
    assert harvest(paper, archive).ended["new"] == 3
    assert harvest(paper, archive).ended["pages"] == 0, "what the newer first page said of itself counts now"


def test_a_page_without_validators_is_read_again(archive: Path) -> None:
    paper = Publication(45, style=Style(validators="none"))
    harvest(paper, archive)
    done = harvest(paper, archive)
    assert (done.requests, paper.served[-1].status, done.ended["known"]) == (1, 200, 10)


def test_a_last_modified_of_the_very_moment_is_no_validator(archive: Path) -> None:
    """It counts whole seconds: the page may have changed once more in that second."""
    paper = Publication(45, style=Style(validators="modified"))
    harvest(paper, archive)
    harvest(paper, archive)
    assert (paper.served[-1].status, "if-modified-since" in paper.served[-1].headers) == (200, False)


@pytest.mark.parametrize("pager", ["numbered-links", "offset"])
def test_pages_side_by_side_are_committed_in_order(archive: Path, pager: Literal["numbered-links", "offset"]) -> None:
    style = Style(pager=pager, window=3)
    alone, orders = archive.with_name("alone"), []
    harvest(Publication(100, style=style), alone)
    for seed in range(6):
        paper = Publication(100, style=style)
        folder = archive.with_name(f"archive{seed}")
        harvest(paper, folder, concurrency=4, dice=Random(seed))  # noqa: S311 - nothing is secret
        orders.append([one.page for one in paper.served])
        assert sorted(filter(None, orders[-1])) == list(range(1, 11))
        pages = [line["number"] for line in read_lines(log(folder, "pages.jsonl"))]
        assert pages == list(range(1, 11))
        assert list(held(folder)) == list(held(alone))
    assert len(set(map(tuple, orders))) > 1


def test_pages_side_by_side_go_on_after_one_that_failed(archive: Path) -> None:
    paper = Publication(100, style=Style(pager="numbered-links"))
    paper.fail(500, page=4, times=None)
    done = harvest(paper, archive, concurrency=3)
    assert (done.ended["verdict"], done.ended["pages"]) == ("gap", 9)
    assert [walk["finished"] for walk in done.ended["walks"].values()] == [False]
    paper.recover()
    again = harvest(paper, archive, concurrency=3)
    assert differences(archive, paper) == {}
    assert again.ended["verdict"] == "unknown"
    assert again.requests < 7, "only the hole is read, and what is beside it"


def test_held_refuses_a_log_that_is_not_whole(archive: Path) -> None:
    harvest(Publication(5), archive)
    path = log(archive, "entries.jsonl")
    line = json.loads(path.read_bytes().splitlines()[0])
    with path.open("a") as file:
        file.write(json.dumps({**line, "revision": 3}) + "\n")
    with pytest.raises(AssertionError):
        held(archive)
    with path.open("a") as file:
        file.write("{")
    with pytest.raises(AssertionError, match="torn"):
        held(archive)
    assert held(archive.with_name("none")) == {}
