"""Spider `spip`: the sample newspaper, and pages of a real SPIP where they are at hand."""

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.utils.test import get_crawler

from newsarchive.ends import End
from newsarchive.errors import ListingError
from newsarchive.reading import ListingPage, read_page
from newsarchive.run import Run
from spiders.spip import Spip
from tests.spiders.conftest import FIXTURES, expected, harvest, shown

LISTING = Spip.listing
assert LISTING is not None
ROOT = "http://127.0.0.1:8402/"


@pytest.mark.parametrize("case", ["lantern-spip", "lantern-spip-fr"])
def test_the_sample_is_read_whole_and_right(case: str) -> None:
    done = harvest(FIXTURES / case, LISTING, "http://lantern.example")
    files = sorted(path.name for path in (FIXTURES / case).glob("page-*.html"))
    assert done.files == files, "every page once, in order"
    assert done.walk.end is End.NO_NEXT_PAGE
    assert done.failed == []
    assert done.records("http://lantern.example") == expected(FIXTURES / case)


# --- pages of a real SPIP ---


def page(folder: Path, name: str, query: str, start: str = "") -> ListingPage:
    return shown(LISTING, (folder / f"{name}.html").read_bytes(), ROOT + query, start=ROOT + (start or query))


def numbers(one: ListingPage) -> list[int | None]:
    return [link.number for link in one.links]


def test_a_keyword_page(spip_pages: Path) -> None:
    one = page(spip_pages, "mot-1", "spip.php?mot1")
    entries = read_page(one, "s").entries
    assert len(entries) == 10
    assert (entries[0].url, entries[0].date, entries[0].bylines) == (
        ROOT + "spip.php?article230",
        "2022-08-13",
        ["Jean-Paul O’Reilly"],
    )
    assert entries[0].summary_truncated
    assert (entries[2].date_raw, entries[2].bylines) == ("22 août 2022", [])
    assert entries[3].title == "« Grève grève collectif samedi ministre collectif » : l’appel & la réponse n°225"
    assert entries[7].bylines == ["Ana García Márquez", "Collectif d’Ivry", "Marie Dupont"]
    assert {entry.language for entry in entries} == {"fr"}
    assert numbers(one) == [2, 3, 4, 5, 6, 7, 8, 9, 18]
    assert one.total is None


def test_pages_in_the_middle_and_at_the_end(spip_pages: Path) -> None:
    second = page(spip_pages, "mot-1-debut-10", "spip.php?mot1&debut_articles=10", "spip.php?mot1")
    assert numbers(second) == [1, 3, 4, 5, 6, 7, 8, 9, 18]
    assert second.links[0].url.partition("#")[0] == ROOT + "spip.php?mot1"
    last = page(spip_pages, "mot-1-debut-170-last", "spip.php?mot1&debut_articles=170", "spip.php?mot1")
    assert len(read_page(last, "s").entries) == 3
    assert numbers(last) == [1, *range(9, 18)]


def test_past_the_end_the_last_page_comes_again_and_nothing_leads_on(spip_pages: Path) -> None:
    last = page(spip_pages, "mot-1-debut-170-last", "spip.php?mot1&debut_articles=170", "spip.php?mot1")
    beyond = page(spip_pages, "mot-1-debut-9990-past-end", "spip.php?mot1&debut_articles=9990", "spip.php?mot1")
    ids = [[entry.id for entry in read_page(one, "s").entries] for one in (last, beyond)]
    assert ids[0] == ids[1]
    assert max(number or 0 for number in numbers(beyond)) == 18


def test_a_negative_offset_is_page_one(spip_pages: Path) -> None:
    first = page(spip_pages, "mot-1", "spip.php?mot1")
    negative = page(spip_pages, "mot-neg", "spip.php?mot1&debut_articles=-10")
    assert [e.id for e in read_page(negative, "s").entries] == [e.id for e in read_page(first, "s").entries]
    assert numbers(negative)[-1] == 18


@pytest.mark.parametrize(("offset", "linked"), [(0, [2]), (10, [1, 3]), (170, [17])])
def test_the_pager_of_previous_and_next(spip_pages: Path, offset: int, linked: list[int]) -> None:
    query = "spip.php?mot1" + (f"&debut_articles={offset}" if offset else "")
    one = page(spip_pages, f"mot-1-precedent_suivant-debut-{offset}", query, "spip.php?mot1")
    assert numbers(one) == linked
    assert len(read_page(one, "s").entries) == (3 if offset == 170 else 10)


def test_a_section_page(spip_pages: Path) -> None:
    one = page(spip_pages, "rubrique-1", "spip.php?rubrique1")
    assert len(read_page(one, "s").entries) == 10
    assert numbers(one) == [2, 3, 4, 5, 6, 7, 8]
    second = page(spip_pages, "rubrique-1-debut-10", "spip.php?rubrique1&debut_articles=10", "spip.php?rubrique1")
    (first, *_) = read_page(second, "s").entries
    assert (first.date, first.date_raw, first.bylines) == ("2024-04-01", "1er avril 2024", [])


def test_an_author_page_lists_bare_links_and_its_total(spip_pages: Path) -> None:
    one = page(spip_pages, "auteur-2", "spip.php?auteur2")
    entries = read_page(one, "s").entries
    assert [len(entries), one.total, numbers(one)] == [10, 47, [2, 3, 4, 5]]
    assert entries[0].url == ROOT + "spip.php?article229"
    assert {(entry.date, entry.summary, entry.section) for entry in entries} == {(None, None, None)}


def test_a_search_page(spip_pages: Path) -> None:
    one = page(spip_pages, "recherche", "spip.php?page=recherche&recherche=asile")
    assert [len(read_page(one, "s").entries), one.total] == [10, 217]
    assert numbers(one) == [2, 3, 4, 5, 6, 7, 8, 9, 22]


def test_the_home_page_has_machine_readable_dates(spip_pages: Path) -> None:
    one = page(spip_pages, "sommaire", "")
    entries = read_page(one, "s").entries
    assert len(entries) == 10
    assert (entries[0].date, entries[0].date_method) == ("2024-06-30T16:00:00+00:00", "attribute")
    assert entries[0].bylines == ["Ana García Márquez", "Collectif d’Ivry", "Marie Dupont"]
    assert (entries[2].bylines, entries[2].bylines_raw) == ([], None)
    assert numbers(one) == [2]


def test_neither_a_missing_keyword_nor_an_article_is_a_listing(spip_pages: Path) -> None:
    for name, query in (("mot-missing", "spip.php?mot999"), ("article-5", "spip.php?article5")):
        one = page(spip_pages, name, query)
        assert read_page(one, "s").entries == []
        assert one.links == []


# --- recognising the platform ---


def response(body: str, **headers: str) -> HtmlResponse:
    return HtmlResponse("https://a.example/", body=body.encode(), headers=headers)


@pytest.mark.parametrize(
    "one",
    [
        response("<p>x</p>", **{"Composed-By": "SPIP 4.1.5 @ www.spip.net"}),
        response('<meta name="generator" content="SPIP 3.2.1 [24404]">'),
        response('<a class="pagination_ancre"></a><ul><li class="hentry">x</li></ul>'),
        response('<a class="lien_pagination">2</a><a class="spip_in">x</a>'),
    ],
)
def test_a_spip_page_is_recognised(one: HtmlResponse) -> None:
    assert Spip.recognises(one)


@pytest.mark.parametrize(
    "one",
    [
        response("<p>We moved away from SPIP</p>"),
        response('<meta name="generator" content="WordPress 6.5">'),
        response('<meta name="description" content="SPIP">'),
        response('<article class="hentry">x</article>'),
        response("<p>x</p>", **{"Composed-By": "hand"}),
        response(""),
    ],
)
def test_another_page_is_not(one: HtmlResponse) -> None:
    assert not Spip.recognises(one)


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_what_is_no_html_is_not_recognised(content_type: str) -> None:
    cls = responsetypes.from_mimetype(content_type)
    one = cls("https://a.example/", body=b'{"a": 1}', headers={"Content-Type": content_type})
    assert isinstance(one, TextResponse)
    assert not Spip.recognises(one)


def test_every_saved_page_is_recognised(spip_pages: Path) -> None:
    for path in spip_pages.glob("*.html"):
        assert Spip.recognises(HtmlResponse(ROOT, body=path.read_bytes())), path.name


# --- starting it ---


def test_it_needs_an_address() -> None:
    with pytest.raises(ListingError, match=r"^start: .*-a start=URL"):
        Spip()
    for wrong in ("spip.php?mot1", "ftp://a.example/", "javascript:x()"):
        with pytest.raises(ListingError, match=r"^start: .*http"):
            Spip(start=wrong)


def test_each_listing_of_a_site_is_a_source_of_its_own() -> None:
    one, other = Spip(start="https://a.example/spip.php?mot1"), Spip(start="https://a.example/spip.php?mot2")
    assert one.slug != other.slug
    assert Spip(start="http://www.a.example/spip.php?mot1").slug == one.slug


# --- answers that are no page ---


def parsed(response: HtmlResponse | TextResponse, start: str = "https://a.example/spip.php?mot1") -> Run:
    """Give a first page's answer to the spider, without an engine; return its run."""
    spider = Spip.from_crawler(get_crawler(Spip), start=start)
    walk = spider.run.walk(start)
    list(spider.parse(response, start_url=start, page=walk.begin(), order=0))
    return spider.run


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"a": 1}'),
        ("text/plain", b"[1, 2]"),
        ("application/xml", b"<rss/>"),
        ("text/html", b"<!-- -->"),
    ],
)
def test_an_answer_that_is_no_page_ends_the_walk_with_a_reason(content_type: str, body: bytes) -> None:
    cls = responsetypes.from_mimetype(content_type)
    run = parsed(cls("https://a.example/spip.php?mot1", body=body, headers={"Content-Type": content_type}))
    (walk,) = run.walks.values()
    assert walk.end in (End.FAILED, End.NO_ENTRIES)


def test_a_base_address_far_down_the_head_counts() -> None:
    head = (
        "<meta name=generator content='SPIP 4'>"
        + "<meta name=x content='"
        + "y" * 5000
        + "'><base href='https://a.example/'>"
    )
    body = (
        f"<html><head>{head}</head><body><ul><li class=hentry><h3><a href='article5'>A</a></h3></li></ul></body></html>"
    )
    start = "https://a.example/deep/er/mot1"
    spider = Spip.from_crawler(get_crawler(Spip), start=start)
    walk = spider.run.walk(start)
    entry, *_ = spider.parse(HtmlResponse(start, body=body.encode()), start_url=start, page=walk.begin(), order=0)
    assert entry.url == "https://a.example/article5"


def test_a_page_without_a_list_is_told_in_few_words() -> None:
    run = parsed(HtmlResponse("https://a.example/spip.php?mot1", body=b"<p>Nothing here.</p>"))
    (walk,) = run.walks.values()
    assert walk.failed == [
        "https://a.example/spip.php?mot1: no entry on it: none of the 11 alternatives for a card matches anything"
    ]
