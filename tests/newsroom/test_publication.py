"""The made-up newspaper: its pages, pagers, totals, pins, operations, and the site file that reads it."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from lxml import html

from newsarchive.listing import Listing
from tests.newsroom.desk import OPENS
from tests.newsroom.faults import Answer
from tests.newsroom.publication import SLUG, Publication
from tests.newsroom.shown import joined, links, listed, numbers, page, pages
from tests.newsroom.style import ORDERS, PAGERS, SKINS, Order, PagerKind, Skin, Style

# --- pages ---


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("pager", PAGERS)
def test_every_article_stands_on_one_page_in_order(pager: PagerKind, skin: Skin, order: Order) -> None:
    paper = Publication(24, style=Style(pager=pager, skin=skin, order=order, page_size=5))
    shown = pages(paper, 5)
    assert [len(one) for one in shown] == [5, 5, 5, 5, 4]
    assert joined(shown) == listed(paper)
    assert sorted(listed(paper)) == list(range(1, 25))
    scores = [article.score for article in paper.listed()]
    assert {
        "newest": listed(paper) == list(range(24, 0, -1)),
        "oldest": listed(paper) == list(range(1, 25)),
        "popularity": scores == sorted(scores, reverse=True) and len(set(scores)) > 12,
    }[order]


@pytest.mark.parametrize("skin", SKINS)
def test_a_card_shows_what_the_article_says(skin: Skin) -> None:
    paper = Publication(9, style=Style(skin=skin))
    text = " ".join(html.fromstring(page(paper, 1).body.decode()).text_content().split())
    for article in paper.listed():
        assert article.title in text
        assert article.summary is None or article.summary + " (...)" * article.cut in text
        assert ", ".join(article.bylines) in text
    assert {len(article.bylines) for article in paper.listed()} == {0, 1, 2}
    assert [article.summary for article in paper.listed()].count(None) == 1
    assert {article.cut for article in paper.listed()} == {True, False}
    assert OPENS.strftime("%-d %B %Y") in text
    undated = page(Publication(9, style=Style(skin=skin, dates=False)), 1).body.decode()
    assert "March 2024" in text
    assert "2024" not in undated


def test_the_first_page_has_a_second_address() -> None:
    for pager, path in {
        "next-link": "/news/page/1/",
        "template": "/news/page/1",
        "numbered-links": "/news/?page=1",
        "offset": "/news/?debut_articles=0",
    }.items():
        paper = Publication(style=Style(pager=pager))  # type: ignore[arg-type]
        assert paper.answer(path).body == page(paper, 1).body


@pytest.mark.parametrize("path", ["/news/page/0/", "/news/?page=2", "/news/page/two/", "/other/", "/story/99/"])
def test_there_is_nothing_elsewhere(path: str) -> None:
    assert Publication(9).answer(path).status == 404


def test_an_article_has_a_page_of_its_own() -> None:
    for skin in SKINS:
        paper = Publication(9, style=Style(skin=skin))
        (one, *_) = paper.listed()
        assert one.title in paper.answer(one.url_path).body.decode()
        assert paper.served[-1].page is None


def test_a_newspaper_without_articles_has_one_empty_page() -> None:
    paper = Publication(0)
    assert pages(paper, 1) == [[]]
    assert page(paper, 2).status == 404
    paper.backdate()
    assert pages(paper, 1) == [[1]]


def test_the_same_seed_and_calls_give_the_same_bytes() -> None:
    def bodies(seed: int) -> list[bytes]:
        paper = Publication(25, seed=seed)
        paper.publish()
        for change in (paper.backdate, paper.edit, paper.move, paper.delete, paper.pin):
            change(count=2)
        return [page(paper, number).body for number in (1, 2, 3)]

    assert bodies(4) == bodies(4) != bodies(5)


# --- pagers ---


def test_a_next_link_leads_from_page_to_page() -> None:
    paper = Publication(25)
    shown = [links(page(paper, number)) for number in (1, 2, 3)]
    assert [one.get("More") for one in shown] == ["/news/page/2/", "/news/page/3/", None]
    assert [one.get("Back") for one in shown] == [None, "/news/", "/news/page/2/"]


@pytest.mark.parametrize("pager", ["numbered-links", "offset"])
@pytest.mark.parametrize("skin", SKINS)
def test_numbers_are_linked_in_a_window_with_gaps(pager: PagerKind, skin: Skin) -> None:
    def shown(number: int, **more: bool) -> list[int]:
        style = Style(pager=pager, skin=skin, page_size=2, window=2, **more)  # type: ignore[arg-type]
        return [int(text) for text in links(page(Publication(40, style=style), number))]

    assert shown(1) == [2, 3, 20]
    assert shown(9) == [1, 7, 8, 10, 11, 20]
    assert shown(9, links_last=False) == [1, 7, 8, 10, 11]
    assert shown(9, links_first=False) == [7, 8, 10, 11, 20]
    assert shown(20) == [1, 18, 19]
    style = Style(pager=pager, skin=skin, page_size=2, window=2)
    paper = Publication(40, style=style)
    body = page(paper, 9).body.decode()
    assert body.count("…") == 2
    for text, href in links(page(paper, 9)).items():
        assert style.page_of("/" + href.partition("#")[0].lstrip("/")) == int(text)


@pytest.mark.parametrize("pager", PAGERS)
def test_one_page_leads_nowhere(pager: PagerKind) -> None:
    assert links(page(Publication(10, style=Style(pager=pager)), 1)) == {}


def test_an_offset_pager_steps_by_the_page_size() -> None:
    paper = Publication(13, style=Style(pager="offset", skin="spip", page_size=4))
    assert links(page(paper, 2)) == {
        "1": "spip.php?rubrique1#pagination_articles",
        "3": "spip.php?rubrique1&debut_articles=8#pagination_articles",
        "4": "spip.php?rubrique1&debut_articles=12#pagination_articles",
    }


@pytest.mark.parametrize("pager", PAGERS)
def test_past_the_end(pager: PagerKind) -> None:
    def answer(past_end: str | None) -> tuple[Answer, Answer]:
        paper = Publication(25, style=Style(pager=pager, past_end=past_end))  # type: ignore[arg-type]
        return page(paper, 4), page(paper, 3)

    beyond, last = answer("last")
    assert (beyond.status, beyond.body) == (200, last.body)
    beyond, _ = answer("empty")
    assert (beyond.status, numbers(beyond), links(beyond)) == (200, [], {})
    assert answer("404")[0].status == 404
    assert answer(None)[0].status == (200 if pager == "offset" else 404)


# --- what pages say and leave out ---


@pytest.mark.parametrize("skin", SKINS)
def test_a_total_is_stated_on_every_page(skin: Skin) -> None:
    def stated(paper: Publication) -> list[str]:
        return [re.findall(r"(\d+) articles|Articles \((\d+)\)", page(paper, n).body.decode())[0] for n in (1, 3)]

    paper = Publication(25, style=Style(skin=skin, total="listed"))
    assert [max(one) for one in stated(paper)] == ["25", "25"]
    paper.delete(count=3)
    paper.publish()
    assert [max(one) for one in stated(paper)] == ["23", "23"]
    few = Style(skin=skin, total="held", most_pages=3, page_size=5)
    assert [max(one) for one in stated(Publication(25, style=few))] == ["25", "25"]
    some = Style(skin=skin, total="listed", most_pages=3, page_size=5)
    assert [max(one) for one in stated(Publication(25, style=some))] == ["15", "15"]


def test_an_empty_page_in_the_middle_moves_the_rest_on() -> None:
    paper = Publication(25, style=Style(empty_pages=frozenset({2, 9})))
    assert [len(one) for one in pages(paper, 4)] == [10, 0, 10, 5]
    assert joined(pages(paper, 4)) == listed(paper) == list(range(25, 0, -1))
    assert links(page(paper, 2)) == {"Back": "/news/", "More": "/news/page/3/"}
    assert page(paper, 5).status == 404


@pytest.mark.parametrize("order", ["newest", "popularity"])
def test_only_so_many_pages(order: Order) -> None:
    paper = Publication(25, style=Style(most_pages=2, page_size=5, order=order))
    before = listed(paper)
    assert joined(pages(paper, 2)) == before
    assert (len(before), page(paper, 3).status) == (10, 404)
    paper.publish(2, score=2000)
    assert listed(paper) == [*sorted((26, 27), reverse=True), *before[:8]]
    assert [paper.listed_since(number) for number in (27, before[0], before[8])] == [5 - 2, 0, None]


@pytest.mark.parametrize("pins", ["first", "every"])
def test_pinned_articles_stand_above_and_in_their_place(pins: str) -> None:
    paper = Publication(12, style=Style(page_size=5, pins=pins))  # type: ignore[arg-type]
    assert paper.pin(4, 11) == [4, 11]
    pinned = [4, 11] if pins == "every" else []
    second = [7, 6, 5, 4, 3]
    assert pages(paper, 3) == [
        [4, 11, 12, 10, 9, 8],
        [*pinned, *(one for one in second if one not in pinned)],
        [*pinned, 2, 1],
    ]
    assert listed(paper) == [4, 11, 12, 10, 9, 8, 7, 6, 5, 3, 2, 1]
    assert page(paper, 1).body.count(b"sticky") == 2
    assert paper.unpin(4) == [4]
    assert paper.pinned == [11]
    paper.delete(11)
    assert paper.pinned == []


def test_pins_that_move_take_the_places_of_others() -> None:
    paper = Publication(12, style=Style(page_size=5, pins="moved"))
    paper.pin(4, 11)
    assert pages(paper, 3) == [[4, 11, 12, 10, 9], [8, 7, 6, 5, 3], [2, 1]]
    assert listed(paper) == joined(pages(paper, 3))
    few = Publication(12, style=Style(page_size=5, pins="moved", most_pages=1))
    few.pin(*range(1, 8))
    assert pages(few, 1) == [listed(few)] == [[1, 2, 3, 4, 5]]
    assert paper.unpin() == [4, 11]
    assert pages(paper, 1) == [[12, 11, 10, 9, 8]]


# --- operations ---


def test_what_is_published_stands_on_top_whatever_the_clock_says() -> None:
    paper = Publication(3)
    paper.advance(timedelta(hours=1))
    assert paper.publish() == [4]
    paper.advance(-timedelta(days=400))
    assert paper.publish(2) == [5, 6]
    assert listed(paper) == [6, 5, 4, 3, 2, 1]
    assert paper.article(6).date == paper.clock == OPENS + timedelta(hours=1) - timedelta(days=400)
    old = datetime(2001, 2, 3, tzinfo=UTC)
    paper.publish(dated=old)
    assert (listed(paper)[0], paper.article(7).date) == (7, old)
    assert [event.kind for event in paper.events] == ["clock", "publish", "clock", "publish", "publish"]
    assert [event.sequence for event in paper.events] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="aware"):
        paper.set_clock(datetime(2024, 1, 1))  # noqa: DTZ001 - that is the point


def test_the_oldest_first_end_with_what_is_new() -> None:
    paper = Publication(3, style=Style(order="oldest"))
    paper.publish()
    assert listed(paper) == [1, 2, 3, 4]
    assert paper.events[-1].places == (0,)


def test_what_is_backdated_stands_where_its_date_puts_it() -> None:
    paper = Publication(5)
    between = paper.article(3).date - timedelta(hours=1)
    assert paper.backdate(date=between) == [6]
    assert listed(paper) == [5, 4, 3, 6, 2, 1]
    assert paper.backdate(place=1) == [7]
    assert listed(paper) == [5, 7, 4, 3, 6, 2, 1]
    assert paper.article(7).date == paper.article(4).date
    paper.backdate(date=datetime(1999, 1, 1, tzinfo=UTC))
    assert listed(paper)[-1] == 8
    paper.backdate(date=OPENS + timedelta(days=9))
    assert listed(paper)[:2] == [5, 9], "never on top"
    dates = [article.date for article in paper.listed()[2:]]
    assert dates == sorted(dates, reverse=True)
    for _ in range(50):
        paper.backdate()
        assert listed(paper)[0] == 5
    assert [event.places for event in paper.events[:4]] == [(3,), (1,), (7,), (1,)]


def test_an_edit_changes_texts_and_nothing_else() -> None:
    paper = Publication(12)
    before = paper.listed()
    assert paper.edit(4) == [4]
    after = paper.listed()
    assert [one.number for one in after] == [one.number for one in before]
    (old,), (new,) = ([one for one in side if one.number == 4] for side in (before, after))
    assert (new.version, new.url_path, new.date, new.score) == (2, old.url_path, old.date, old.score)
    assert new.title != old.title
    assert new.summary != old.summary
    paper.edit(4)
    assert paper.article(4).title not in (old.title, new.title)
    assert len(paper.edit(count=5)) == 5


def test_a_move_changes_the_place_alone() -> None:
    paper = Publication(30)
    before = listed(paper)
    moved = paper.move(count=3)
    assert listed(paper) != before
    assert sorted(listed(paper)) == sorted(before)
    assert [one for one in listed(paper) if one not in moved] == [one for one in before if one not in moved]
    popular = Publication(30, style=Style(order="popularity"))
    before = listed(popular)
    (moved,) = popular.move()  # type: ignore[assignment]
    assert [one for one in listed(popular) if one != moved] == [one for one in before if one != moved]
    scores = [article.score for article in popular.listed()]
    assert scores == sorted(scores, reverse=True)


def test_what_is_deleted_is_gone() -> None:
    paper = Publication(5)
    (gone,) = paper.delete()
    assert gone not in listed(paper)
    assert len(listed(paper)) == 4
    assert paper.listed_since(gone) is None
    with pytest.raises(KeyError):
        paper.article(gone)
    paper.delete(count=99)
    assert listed(paper) == []


# --- how it is read ---


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("pager", PAGERS)
def test_the_site_file_holds_the_listing(pager: PagerKind, skin: Skin) -> None:
    paper = Publication(style=Style(pager=pager, skin=skin, total="listed"))
    table = tomllib.loads(paper.site_file("http://a.example"))
    assert (table["slug"], table["start"]) == (SLUG, "http://a.example" + paper.style.start_path)
    assert Listing.from_table(table["listing"]) == paper.listing()
    assert list(paper.records("http://a.example")) == ["http://a.example" + one.url_path for one in paper.listed()]


@pytest.mark.parametrize(
    "wrong", [{"page_size": 0}, {"most_pages": 0}, {"empty_pages": frozenset({1})}, {"total": "held"}]
)
def test_a_style_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"page|held"):
        Style(**wrong)  # type: ignore[arg-type]
