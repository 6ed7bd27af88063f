"""How the made-up newspaper answers: validators, faults on cue, changes while it is read, and what slid past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.newsroom.faults import FaultKind
from tests.newsroom.publication import Publication
from tests.newsroom.shown import listed, numbers, page, pages
from tests.newsroom.style import ORDERS, Order, Style

# --- validators ---


@pytest.mark.parametrize(
    ("validators", "names"),
    [("both", {"ETag", "Last-Modified"}), ("etag", {"ETag"}), ("modified", {"Last-Modified"}), ("none", set())],
)
def test_what_the_client_has_is_not_sent_again(validators: str, names: set[str]) -> None:
    paper = Publication(25, style=Style(validators=validators))  # type: ignore[arg-type]
    first = page(paper, 1)
    assert names == {name for name in first.headers if name in ("ETag", "Last-Modified")}
    asked = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    for name in names:
        again = paper.answer("/news/", {asked[name]: first.headers[name]})
        assert (again.status, again.body) == (304, b"")
        assert again.headers == {name: first.headers[name] for name in names}
        assert paper.served[-1].shown == paper.served[0].shown
    for change in ("publish", "edit", "delete"):
        before = page(paper, 1)
        top = paper.listed()[0].number
        getattr(paper, change)(*([] if change == "publish" else [top]))
        for name in names:
            told = paper.answer("/news/", {asked[name].upper(): before.headers[name]})
            assert (told.status, bool(told.body)) == (200, True), (change, name)
    paper.delete(1)
    before = page(paper, 1)
    paper.edit(2)
    assert (paper.answer("/news/", {"If-None-Match": before.headers.get("ETag", "")}).status == 304) == (
        "ETag" in names
    ), "nothing changed on that page"
    if validators == "modified":  # it counts for the whole newspaper
        assert paper.answer("/news/", {"If-Modified-Since": before.headers["Last-Modified"]}).status == 200


def test_last_modified_never_lies_though_the_clock_does() -> None:
    paper = Publication(5, style=Style(validators="modified"))
    first = page(paper, 1)
    paper.advance(-timedelta(days=30))
    paper.publish()
    assert paper.answer("/news/", {"If-Modified-Since": first.headers["Last-Modified"]}).status == 200


def test_etags_decide_alone_and_may_be_many_or_weak() -> None:
    paper = Publication(5)
    first = page(paper, 1)
    known, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert paper.answer("/news/", {"If-None-Match": f'"x", W/{known}'}).status == 304
    assert paper.answer("/news/", {"If-None-Match": '"x"', "If-Modified-Since": since}).status == 200
    assert paper.answer("/news/", {"If-Modified-Since": "yesterday"}).status == 200


def test_noise_makes_every_answer_new() -> None:
    paper = Publication(5, style=Style(noise=True, validators="etag"))
    first = page(paper, 1)
    again = paper.answer("/news/", {"If-None-Match": first.headers["ETag"]})
    assert again.status == 200
    assert numbers(again) == numbers(first)


# --- faults ---


@pytest.mark.parametrize("kind", [404, 500, 503, 429])
def test_a_status_on_cue(kind: int) -> None:
    paper = Publication(25)
    paper.fail(kind, page=2, headers={"Retry-After": "7"})
    assert page(paper, 1).status == 200
    failed = page(paper, 2)
    assert (failed.status, failed.headers["Retry-After"]) == (kind, "7")
    assert page(paper, 2).status == 200
    assert [(one.status, one.fault) for one in paper.served] == [(200, None), (kind, kind), (200, None)]
    assert paper.served[1].shown == ()


@pytest.mark.parametrize("kind", ["timeout", "dropped"])
def test_no_answer_on_cue(kind: FaultKind) -> None:
    paper = Publication(25)
    paper.fail(kind)
    answer = page(paper, 1)
    assert (answer.timeout, answer.dropped) == (kind == "timeout", kind == "dropped")
    assert (paper.served[0].status, paper.served[0].shown) == (0, ())


def test_a_body_that_breaks_off() -> None:
    paper = Publication(25)
    whole = page(paper, 1)
    paper.fail("truncated")
    answer = page(paper, 1)
    assert answer.truncated
    assert whole.body.startswith(answer.body)
    assert len(answer.body) < len(whole.body) == int(answer.headers["Content-Length"])


@pytest.mark.parametrize(("kind", "part"), [("empty", "<h1>News</h1>"), ("blank", ""), ("wall", "Accept all")])
def test_pages_that_show_nothing(kind: FaultKind, part: str) -> None:
    paper = Publication(25)
    paper.fail(kind)
    answer = page(paper, 1)
    body = answer.body.decode()
    assert answer.status == 200
    assert (part in body) if part else (body == "")
    assert "More" not in body
    assert "ETag" not in answer.headers
    assert not any(article.title in body for article in paper.listed())


def test_faults_come_where_all_that_is_given_fits() -> None:
    paper = Publication(45)
    page(paper, 1)
    paper.fail(500, request=paper.next(2))
    paper.fail(502, path="/news/page/4/", times=2)
    paper.fail(503, page=5, request=9)
    statuses = [page(paper, number).status for number in (2, 3, 4, 4, 4, 5, 1, 5, 5)]
    assert statuses == [200, 500, 502, 502, 200, 200, 200, 503, 200]
    paper.fail(500, times=None)
    assert [page(paper, 1).status for _ in range(9)] == [500] * 9
    paper.before(99, lambda it: it.publish())
    paper.recover()
    assert page(paper, 1).status == 200
    assert len(paper.requests) == len(paper.served) == paper.asked == 20


def test_robots_txt_is_answered_and_counted() -> None:
    paper = Publication(5)
    assert paper.answer("/robots.txt").body == b"User-agent: *\nDisallow:\n"
    paper.robots = "User-agent: *\nDisallow: /\n"
    assert paper.answer("/robots.txt").body.endswith(b"Disallow: /\n")
    paper.robots = None
    assert paper.answer("/robots.txt").status == 404
    paper.fail(503, path="/robots.txt")
    page(paper, 1)
    assert paper.answer("/robots.txt").status == 503
    assert paper.requests == ["/robots.txt"] * 3 + ["/news/", "/robots.txt"]
    assert [one.page for one in paper.served] == [None, None, None, 1, None]


# --- changes while being crawled, and what slid past ---


def test_changes_come_just_before_their_request() -> None:
    paper = Publication(25)
    paper.before(2, lambda it: it.publish(3))
    paper.before(2, lambda it: it.delete(1))
    paper.before_page(3, lambda it: it.publish(2))
    assert pages(paper, 2) == [list(range(25, 15, -1)), list(range(18, 8, -1))]
    assert pages(paper, 3)[2] == list(range(10, 1, -1))
    assert len(pages(paper, 3)[2]) == 9, "once"
    assert [(event.kind, event.asked) for event in paper.events] == [("publish", 1), ("delete", 1), ("publish", 4)]


def test_a_change_that_is_due_waits_for_no_exact_number() -> None:
    paper = Publication(25)
    page(paper, 1)
    paper.before(1, lambda it: it.publish())
    page(paper, 1)
    assert listed(paper)[0] == 26


def test_what_moves_up_past_a_border_slid() -> None:
    paper = Publication(35)
    paper.before(3, lambda it: it.delete(35, 34))
    pages(paper, 4)
    assert listed(paper)[18:20] == [15, 14]
    assert paper.slid(0) == paper.crossed(0) == {15, 14}
    assert paper.shown(0) == set(range(1, 36)) - {15, 14}
    pages(paper, 2)
    assert paper.slid(0) == paper.crossed(0) == set(), "the second walk showed them"
    assert paper.slid(4) == {13, 12, 11, *range(10, 0, -1)}
    assert paper.crossed(4) == set(), "it did not come to those"


def test_what_moves_down_or_comes_anew_did_not_slide() -> None:
    paper = Publication(35)
    paper.before(2, lambda it: it.publish(4))
    paper.before(3, lambda it: it.backdate(place=3))
    paper.before(4, lambda it: it.move(1))
    paper.before(4, lambda it: it.edit(2))
    pages(paper, 4)
    assert paper.shown(0) == set(range(1, 36)) - paper.slid(0)
    assert paper.slid(0) == paper.crossed(0)
    assert not paper.slid(0) & {36, 37, 38, 39, 40}


def test_what_is_deleted_slid_nowhere() -> None:
    paper = Publication(35)
    paper.before(3, lambda it: it.delete(35, 34))
    pages(paper, 4)
    paper.delete(15)
    assert paper.slid(0) == paper.crossed(0) == {14}


def test_a_page_that_is_asked_again_may_lose_its_own() -> None:
    paper = Publication(35)
    paper.fail(500, page=3)
    paper.before(4, lambda it: it.delete(35))
    for number in (1, 2, 3, 3, 4):
        page(paper, number)
    assert paper.slid(0) == paper.crossed(0) == {15}


def test_a_page_that_failed_is_no_border() -> None:
    paper = Publication(35)
    paper.fail(500, page=3)
    paper.before(4, lambda it: it.delete(35))
    for number in (1, 2, 3, 4):
        page(paper, number)
    assert paper.slid(0) == {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5}
    assert paper.crossed(0) == {5}


def test_backwards_it_is_what_moves_down_that_slides() -> None:
    paper = Publication(35, style=Style(order="oldest"))
    paper.before(3, lambda it: it.backdate(date=datetime(1999, 1, 1, tzinfo=UTC)))
    for number in (4, 3, 2, 1):
        page(paper, number)
    assert listed(paper)[20] == 20
    assert paper.slid(0) == paper.crossed(0) == {20}


def test_what_is_leapt_over_does_not_slide() -> None:
    paper = Publication(55)
    paper.before(2, lambda it: it.delete(55))
    page(paper, 1)
    page(paper, 5)
    assert paper.crossed(0) == set()


CHANGES = st.tuples(st.sampled_from(["publish", "backdate", "move", "delete", "pin", "edit"]), st.integers(1, 7))


@settings(deadline=None)
@given(
    st.builds(
        Style,
        order=st.sampled_from(ORDERS),
        page_size=st.integers(2, 5),
        pins=st.sampled_from(["first", "every", "moved"]),
        empty_pages=st.sampled_from([frozenset[int](), frozenset({2, 4})]),
        most_pages=st.sampled_from([None, 6]),
    ),
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(1, 8), CHANGES)),
    st.integers(),
)
def test_a_walk_that_missed_what_was_there_all_along_was_crossed(
    style: Style, articles: int, during: list[tuple[int, tuple[str, int]]], seed: int
) -> None:
    paper = Publication(articles, style=style, seed=seed)
    for request, (name, count) in during:
        paper.before(request, lambda it, name=name, count=count: getattr(it, name)(count=count))
    number = 1
    while page(paper, number).status == 200:
        number += 1
    slid, crossed = paper.slid(0), paper.crossed(0)
    assert slid <= crossed
    assert all(paper.listed_since(one) != 0 for one in crossed - slid), "only what came while it was read"
    shown = paper.shown(0)
    assert not crossed & shown
    assert crossed <= set(listed(paper))
    if not during:
        assert shown == set(listed(paper))


@pytest.mark.parametrize("order", ORDERS)
def test_what_was_put_beneath_what_was_known(order: Order) -> None:
    paper = Publication(30, style=Style(order=order))
    page(paper, 1)
    top = 2000
    (new,) = paper.publish(score=top)
    assert paper.events[-1].beneath == (None,)
    assert paper.beneath(0) == set()
    (newer,) = paper.publish(score=top - 1)
    if order == "popularity":
        assert paper.events[-1].beneath == (1,)
    page(paper, 1)
    assert paper.beneath(0) == set(), "above it stands only what is as new"
    if order == "popularity":
        (low,) = paper.publish(score=1)
    else:
        (low,) = paper.backdate(place=7)
    assert paper.beneath(0) == paper.beneath(1) == {low}
    assert paper.beneath(2) == set(), "that request saw it"
    assert paper.beneath() >= {low}
    assert {new, newer}.isdisjoint(paper.beneath(0))
    paper.delete(low)
    assert paper.beneath(0) == set()


def test_new_ones_that_are_moved_down_are_beneath() -> None:
    paper = Publication(30, seed=1)
    page(paper, 1)
    (new,) = paper.publish()
    while listed(paper)[0] == new:
        paper.move(new)
    assert paper.beneath(0) == {new}
