"""Reading a page without an engine: identities, sightings, bad cards."""

from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from newsarchive.items import Entry
from newsarchive.listing import Listing
from newsarchive.pagers import SinglePage
from newsarchive.reading import HtmlCard, ListingPage, Reading, moment, read_page, read_text

RECEIVED = datetime(2026, 3, 1, 12, 0, 5, 999, tzinfo=UTC)
NEWS = "https://gazette.example/news"
LISTING = Listing(
    card="article",
    title="h2",
    url="h2 a::attr(href)",
    date="time::attr(datetime), .date",
    summary="p",
    bylines=".by",
    section=".section",
    tags=".tag",
    image="img::attr(src)",
    total=".total",
    pager=SinglePage(),
)


def page(body: str, url: str = NEWS, *, listing: Listing = LISTING, base: str = "", lang: str = "en") -> ListingPage:
    head = f"<head><base href='{base}'></head>" if base else ""
    root = html.fromstring(f"<html lang='{lang}'>{head}<body>{body}</body></html>")
    return ListingPage(url=url, root=root, listing=listing, received=RECEIVED, start_url=url, number=3)


def card(href: str | None = None, title: str = "Bridge", more: str = "") -> str:
    inner = title if href is None else f'<a href="{href}">{title}</a>'
    return f"<article><h2>{inner}</h2>{more}</article>"


def read(body: str, url: str = NEWS, **settings: Any) -> Reading:
    return read_page(page(body, url, **settings), "gazette")


def ids(*cards: str, url: str = NEWS, **settings: Any) -> list[str | None]:
    return [entry.id for entry in read("".join(cards), url, **settings).entries]


# --- identity by address ---


@pytest.mark.parametrize(
    "href",
    [
        "https://gazette.example/a?id=1",
        "http://gazette.example/a?id=1",
        "https://www.gazette.example/a?id=1",
        "http://gazette.example:80/a?id=1",
        "https://GAZETTE.example:443/a?id=1",
        "/a?id=1#comments",
        "//gazette.example/a?id=1",
        "/x/../a?id=1",
        "/a?id=1&amp;utm_source=feed&amp;utm_medium=x",
        "/a?fbclid=abc&amp;id=1",
        "/a?PHPSESSID=0123456789abcdef0123&amp;id=1",
        " /a?id=1 ",
    ],
)
def test_one_article_has_one_id_however_it_is_addressed(href: str) -> None:
    assert ids(card(href, "Other title")) == ids(card("/a?id=1"))


@pytest.mark.parametrize(
    "href", ["/a?id=2", "/b?id=1", "/A?id=1", "/a", "http://other.example/a?id=1", "/a?id=1&amp;p"]
)
def test_another_address_is_another_article(href: str) -> None:
    assert ids(card(href)) != ids(card("/a?id=1"))


def test_the_id_is_alike_in_every_source() -> None:
    here = read_page(page(card("/a")), "one")
    there = read_page(page(card("https://gazette.example/a"), "https://other.example/l"), "two")
    assert here.entries[0].id == there.entries[0].id
    assert (here.entries[0].source, there.entries[0].source) == ("one", "two")


# --- fragments ---


def test_a_fragment_on_the_listing_page_itself_tells_entries_apart() -> None:
    one, two = read(card("#p1", "One") + card("#p2", "Two")).entries
    assert (one.url, two.url) == (f"{NEWS}#p1", f"{NEWS}#p2")
    assert one.id != two.id
    assert read(card(f"{NEWS}#p1", "New title")).entries[0].id == one.id


def test_elsewhere_a_fragment_is_dropped() -> None:
    (entry,) = read(card("/a#top")).entries
    assert entry.url == "https://gazette.example/a"


def test_a_fragment_of_the_listing_page_is_kept_where_links_start_elsewhere() -> None:
    # <base href="/">: the listing page's own address is still the listing page's own.
    body = card("news#p1", "One") + card("news#p2", "Two")
    reading = read(body, base="https://gazette.example/")
    assert [entry.url for entry in reading.entries] == [f"{NEWS}#p1", f"{NEWS}#p2"]
    assert reading.shared_addresses == 0


def test_a_fragment_of_the_page_that_links_start_from_is_no_entry_of_this_page() -> None:
    (entry,) = read(card("#top"), base="https://gazette.example/").entries
    assert entry.url == "https://gazette.example/"


# --- shared addresses ---


def test_an_address_under_different_titles_identifies_nothing() -> None:
    reading = read(card("/l", "One") + card("/l", "Two") + card("/l", "Two") + card("/a", "Other"))
    assert [entry.title for entry in reading.entries] == ["One", "Two", "Two", "Other"]
    assert len({entry.id for entry in reading.entries}) == 4
    assert reading.shared_addresses == 1
    assert reading.entries[0].id == ids(card(None, "One"))[0]
    assert reading.entries[3].id == ids(card("/a"))[0]


def test_an_address_once_with_and_once_without_title_identifies_one_entry() -> None:
    reading = read('<article><h2><a href="/l"></a></h2></article>' + card("/l", "One"))
    assert [entry.title for entry in reading.entries] == ["One"]
    assert (reading.shared_addresses, reading.repeated) == (0, 1)


def test_an_address_under_one_title_twice_is_one_entry() -> None:
    reading = read(card("/l", "One") + card("/l#c", " One "))
    assert len(reading.entries) == 1
    assert (reading.repeated, reading.shared_addresses) == (1, 0)


# --- without an address ---


def test_without_an_address_slug_title_and_date_make_the_id() -> None:
    day = "<span class=date>5 May 2017</span>"
    (one,) = ids(card(None, "Bridge", day))
    assert ids(card("javascript:go()", "BRIDGE ", day)) == [one]
    assert ids(card(None, "Bridge", "<span class=date>6 May 2017</span>")) != [one]
    assert ids(card(None, "Other", day)) != [one]
    assert read_page(page(card(None, "Bridge", day)), "herald").entries[0].id != one


def test_equal_ones_on_a_page_are_numbered() -> None:
    first, second, third = ids(card(None), card(None), card(None))
    assert len({first, second, third}) == 3
    assert ids(card(None), card("/a", "Amid"), card(None))[::2] == [first, second]


# --- sightings on one page ---


def test_two_sightings_are_merged_at_the_first_ones_place() -> None:
    reading = read(
        card("/a") + card("/b", "Other") + card("/a", "Bridge", "<time datetime=2017-09-05></time><p>It reopens</p>")
    )
    first, second = reading.entries
    assert (first.listing_position, first.date, first.summary) == (1, "2017-09-05", "It reopens")
    assert second.listing_position == 2
    assert (reading.cards, reading.repeated) == (3, 1)


def test_positions_count_cards_not_entries() -> None:
    reading = read("<article></article>" + card("/a") + card("/b"))
    assert [entry.listing_position for entry in reading.entries] == [2, 3]


# --- bad cards ---


def test_a_card_with_neither_title_nor_address_costs_one_record() -> None:
    reading = read(card("/a") + "<article><p>An advert</p></article>" + card("/b"))
    assert [entry.title for entry in reading.entries] == ["Bridge", "Bridge"]
    assert reading.failed == ["card 2: neither title nor address found"]


def test_a_page_without_cards_gives_nothing() -> None:
    reading = read("<p>No news</p>")
    assert (reading.cards, reading.entries, reading.failed) == (0, [], [])


@pytest.mark.parametrize("error", [ValueError, AttributeError, IndexError, KeyError, TypeError])
def test_a_card_at_which_a_sites_own_code_stumbles_costs_one_record(error: type[Exception]) -> None:
    def adjust(entry: Entry, card: HtmlCard) -> Entry | None:
        if entry.title == "Bad":
            raise error("no such thing")
        return entry

    reading = read_page(page(card("/a") + card("/b", "Bad") + card("/c")), "gazette", adjust)
    assert [entry.url for entry in reading.entries] == ["https://gazette.example/a", "https://gazette.example/c"]
    assert len(reading.failed) == 1
    assert reading.failed[0].startswith("card 2: ")


def test_a_card_that_a_site_leaves_out_is_no_failure() -> None:
    reading = read_page(
        page(card("/a") + card("/b")), "gazette", lambda entry, _: entry if "a" in entry.url[-1] else None
    )
    assert len(reading.entries) == 1
    assert reading.failed == []


def test_what_a_site_adds_counts_for_the_identity() -> None:
    def adjust(entry: Entry, card: HtmlCard) -> Entry:
        entry.url = "https://gazette.example/made"
        return entry

    assert read_page(page(card(None)), "gazette", adjust).entries[0].id == ids(card("/made"))[0]


def test_hostile_cards_are_read_or_passed_over() -> None:
    reading = read(
        card("http://[::1")
        + card("/a", "x" * 100_000)
        + card("/b", "\u202eevil\u2028 line")
        + card("/c", "Bridge", "<time datetime='9999-99-99T99:99'></time>" + "<p>" * 300)
    )
    assert len(reading.entries) + len(reading.failed) >= 3
    assert "evil line" in [entry.title for entry in reading.entries]


# --- what a record says of its page ---


def test_a_record_says_where_and_when_it_was_read() -> None:
    (entry,) = read(card("/a")).entries
    assert (entry.listing_url, entry.listing_page, entry.listing_position) == (NEWS, 3, 1)
    assert (entry.retrieved_at, entry.source, entry.language) == ("2026-03-01T12:00:05Z", "gazette", "en")
    assert (entry.revision, entry.status) == (1, "listed")


def test_the_moment_is_written_in_utc() -> None:
    assert moment(datetime.fromisoformat("2026-03-01T01:00:00+02:00")) == "2026-02-28T23:00:00Z"


def test_the_listings_language_goes_before_the_pages_and_the_cards_before_both() -> None:
    body = card("/a") + '<article lang="es"><h2><a href="/b">B</a></h2></article>'
    assert [entry.language for entry in read(body, lang="fr").entries] == ["fr", "es"]
    with_language = Listing(card="article", title="h2", pager=SinglePage(), language="de")
    assert [entry.language for entry in read(card(), lang="fr", listing=with_language).entries] == ["de"]


@pytest.mark.parametrize("lang", ["", " ", "\t", "none of your business", "x" * 5000])
def test_a_page_that_names_no_language_has_none(lang: str) -> None:
    assert read(card("/a"), lang=lang).entries[0].language is None


def test_an_underscore_in_a_language_is_a_hyphen() -> None:
    assert read(card("/a"), lang="fr_FR").entries[0].language in ("fr-FR", "fr")


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("217 articles", 217),
        ("Articles (217)", 217),
        ("1,234 results", 1234),
        ("1.234 Treffer", 1234),
        ("1\u202f234 résultats", 1234),
        ("1 234", 1234),
        ("12 345 678", 12345678),
        ("no number", None),
        ("", None),
    ],
)
def test_a_total_that_a_page_states(text: str, total: int | None) -> None:
    assert page(f"<p class=total>{text}</p>").total == total


def test_a_total_without_measure_is_no_total() -> None:
    assert page(f"<p class=total>{'9' * 10_000}</p>").total is None


# --- text listings ---


def test_a_text_listing_is_read_by_the_same_rules() -> None:
    text = (
        "Bridge reopens\nMay 5, 2017 | It reopens at last.\nAnn Bee\n\n"
        "No boat\nMay 4, 2017\n\nTides\nMay 3, 2017 | High.\n"
    )
    reading = read_text(text, Listing(format="text", language="en"), "text", RECEIVED)
    assert [(entry.title, entry.date) for entry in reading.entries][:2] == [
        ("Bridge reopens", "2017-05-05"),
        ("No boat", "2017-05-04"),
    ]
    assert {(entry.listing_url, entry.listing_page, entry.url) for entry in reading.entries} == {(None, 1, None)}
    again = read_text(text, Listing(format="text", language="en"), "text", RECEIVED)
    assert [entry.id for entry in again.entries] == [entry.id for entry in reading.entries]


def test_a_date_attribute_that_says_nothing_gives_way_to_the_text() -> None:
    both = Listing(card="article", title="h2", date=["time::attr(datetime)", "time"], pager=SinglePage())
    body = card(more="<time datetime='soon'>5 September 2017</time>")
    (entry,) = read(body, listing=both).entries
    assert (entry.date, entry.date_method, entry.date_raw) == ("2017-09-05", "text", "5 September 2017")


def test_an_address_is_never_made_of_a_title() -> None:
    whole = Listing(card="article", title="h2", url="h2", pager=SinglePage())
    with_link, without = read(card("/a") + card(None, "Tide"), listing=whole).entries
    assert (with_link.url, without.url) == ("https://gazette.example/a", None)


def test_xhtml_names_its_language_in_its_own_way() -> None:
    root = html.fromstring("<html xml:lang='fr-CA'><body></body></html>")
    one = ListingPage(url=NEWS, root=root, listing=LISTING, received=RECEIVED, start_url=NEWS)
    assert one.language == "fr-CA"
