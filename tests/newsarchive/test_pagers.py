"""Pagers: which addresses a page leads to."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsarchive.pagers import PAGERS, NextLink, NumberedLinks, Offset, PageLink, Pager, SinglePage, Template

SITE = "http://gazette.example"


@dataclass
class Page:
    """What a pager sees of a page."""

    url: str
    root: Any
    start_url: str
    base_url: str
    number: int = 1
    last_card: Any = None


def page(body: str, url: str = "/news", *, start: str = "/news", base: str = "", number: int = 1) -> Page:
    root = html.fromstring(f"<html><body>{body}</body></html>")
    cards = root.xpath("//article")
    return Page(SITE + url, root, SITE + start, base or SITE + url, number, cards[-1] if cards else None)


def links(*hrefs: str | tuple[str, str]) -> str:
    """Return a pager: addresses, or (address, text)."""
    pairs = [(href, "x") if isinstance(href, str) else href for href in hrefs]
    return "<nav>" + " ".join(f'<a href="{href}">{text}</a>' for href, text in pairs) + "</nav>"


def asked(found: list[PageLink]) -> list[tuple[str, int | None, bool]]:
    return [(link.url.removeprefix(SITE), link.number, link.computed) for link in found]


# --- single page and next link ---


def test_a_single_page_leads_nowhere() -> None:
    assert SinglePage().read(page(links("?page=2"))) == []


def test_a_next_link_is_made_absolute() -> None:
    assert asked(NextLink("a").read(page(links("?page=2")))) == [("/news?page=2", None, False)]


def test_a_next_link_may_be_held_by_the_selected_element() -> None:
    body = "<p class=next><span><a href='/p2'>Older</a></span></p>"
    assert asked(NextLink(".next").read(page(body))) == [("/p2", None, False)]


def test_a_link_element_of_the_head_serves_too() -> None:
    root = html.fromstring("<html><head><link rel=next href='/p2'></head><body></body></html>")
    shown = Page(SITE, root, SITE, SITE)
    assert asked(NextLink("link[rel=next]").read(shown)) == [("/p2", None, False)]


def test_no_next_link_is_no_page() -> None:
    assert NextLink("a.next").read(page(links("/p2"))) == []


def test_base_href_is_where_links_start() -> None:
    shown = page(links("p2"), base="http://gazette.example/deep/er/")
    assert asked(NextLink("a").read(shown)) == [("/deep/er/p2", None, False)]


# --- numbered links ---


def test_numbered_links_with_gaps_come_in_list_order() -> None:
    body = links(("/9", "9"), ("/2", "2"), ("/3", " 3 "), ("/x", "…"), ("/2", "next"), ("/18", "18"))
    assert asked(NumberedLinks("nav").read(page(body))) == [
        ("/2", 2, False),
        ("/3", 3, False),
        ("/9", 9, False),
        ("/18", 18, False),
    ]


def test_the_first_of_two_links_with_one_number_counts() -> None:
    assert asked(NumberedLinks("a").read(page(links(("/a", "2"), ("/b", "2"))))) == [("/a", 2, False)]


@pytest.mark.parametrize("text", ["0", "-2", "2a", "", "two", "2.5", "99999999", "²", "1 2"])
def test_what_is_no_page_number_is_passed_over(text: str) -> None:
    assert NumberedLinks("a").read(page(links(("/p", text)))) == []


def test_a_number_in_inline_markup_counts() -> None:
    assert asked(NumberedLinks("nav").read(page("<nav><a href=/2><span>\xa02\xa0</span></a></nav>"))) == [
        ("/2", 2, False)
    ]


# --- offsets ---


def test_the_step_is_read_from_the_links_and_value_less_keys_stay() -> None:
    body = links("/spip.php?mot1&amp;debut_articles=20#a", "/spip.php?mot1&amp;debut_articles=40#a")
    found = Offset("debut_articles").read(page(body, "/spip.php?mot1", start="/spip.php?mot1"))
    assert asked(found) == [
        ("/spip.php?mot1&debut_articles=20", 2, False),
        ("/spip.php?mot1&debut_articles=40", 3, False),
    ]


def offsets(body: str, url: str = "/l", start: str = "/l", **settings: Any) -> list[tuple[int | None, bool]]:
    found = Offset("o", **{"css": "nav a", **settings}).read(page(body, url, start=start))
    return [(link.number, link.computed) for link in found]


def test_the_next_two_pages_in_a_gap_are_filled_in() -> None:
    found = Offset("o").read(page(links("/l?o=10", "/l?o=90"), "/l?o=10", start="/l"))
    filled = [("/l?o=20", 3, False), ("/l?o=30", 4, False)]
    assert asked(found) == [("/l?o=10", 2, False), *filled, ("/l?o=90", 10, False)]


def test_beyond_the_last_link_nothing_is_asked() -> None:
    assert offsets(links("/l", "/l?o=10"), "/l?o=20") == [(1, False), (2, False)]


def test_beyond_the_last_link_the_next_two_are_asked_where_a_step_is_given() -> None:
    assert offsets(links("/l", "/l?o=10"), "/l?o=20", step=10) == [(1, False), (2, False), (4, True), (5, True)]
    assert offsets("", step=10) == [(2, True), (3, True)]


def test_without_links_and_step_there_is_no_page() -> None:
    assert offsets("") == []
    assert offsets(links("/other", "/l?p=3")) == []


def test_page_one_has_two_addresses_and_both_are_page_one() -> None:
    assert offsets(links("/l", "/l?o=20"), "/l?o=10") == [(1, False), (3, False)]
    assert offsets(links("/l?o=0", "/l?o=20"), "/l?o=10") == [(1, False), (3, False)]


@pytest.mark.parametrize(
    ("body", "url", "numbers"),
    [
        (links("/l?o=10"), "/l", [2]),
        (links("/l", "/l?o=20"), "/l?o=10", [1, 3]),
        (links("/l?o=10", "/l?o=30"), "/l?o=20", [2, 4]),
        (links("/l?o=160"), "/l?o=170", [17]),
    ],
)
def test_a_pager_of_previous_and_next_alone(body: str, url: str, numbers: list[int]) -> None:
    assert [number for number, _ in offsets(body, url)] == numbers


def test_two_pagers_on_one_page_the_one_after_the_cards_counts() -> None:
    breves = links("/l?debut_breves=5", "/l?debut_breves=10")
    articles = links("/l?debut_articles=20", "/l?debut_articles=40")
    card = "<article>A</article>"
    for body in (breves + card + articles, card + articles + breves):
        found = Offset("debut_*").read(page(body, "/l", start="/l"))
        assert [link.url.removeprefix(SITE) for link in found] == ["/l?debut_articles=20", "/l?debut_articles=40"]


def test_the_anchor_of_a_list_names_its_pager() -> None:
    """SPIP marks each list with one; a list that stands after the cards is another."""
    breves = "<a id=pagination_breves></a>" + links("/l?debut_breves=5", "/l?debut_breves=10")
    articles = links("/l?debut_articles=20")
    own = "<div><a name=pagination_articles></a><article>A</article></div>"
    for body, numbers in (
        (own + breves + articles, [2]),  # although the other pager follows the cards more closely
        (own + breves, []),
        ("<article>A</article>" + breves, []),
        ("<article>A</article>" + articles + breves, [2]),
        (breves + "<article>A</article>" + articles, [2]),
    ):
        assert [link.number for link in Offset("debut_*").read(page(body, "/l", start="/l"))] == numbers, body
    # A parameter given by its whole name counts whatever the page says.
    named = Offset("debut_breves").read(page("<article>A</article>" + breves, "/l", start="/l"))
    assert [link.number for link in named] == [2, 3]


def test_a_parameter_by_name_is_not_mistaken_for_another() -> None:
    body = links("/l?debut_breves=5", "/l?debut_articles=20", "/l?debut=7", "/l?xdebut_articles=3")
    found = Offset("debut_articles").read(page(body, "/l", start="/l"))
    assert [link.url.removeprefix(SITE) for link in found] == ["/l?debut_articles=20"]


def test_the_other_list_being_turned_does_not_disturb_this_one() -> None:
    # On SPIP each pager's links keep the other's place: ?debut_breves=5&debut_articles=20.
    body = "<article>A</article>" + links(
        "/l?debut_breves=5&amp;debut_articles=0", "/l?debut_breves=5&amp;debut_articles=40"
    )
    found = Offset("debut_articles").read(page(body, "/l?debut_breves=5&debut_articles=20", start="/l"))
    assert [link.number for link in found] == [1, 3]


def test_an_empty_selector_for_links_finds_none() -> None:
    assert offsets(links("/l?o=10"), css=".pagination a") == []


def test_without_a_selector_every_link_with_the_parameter_counts() -> None:
    assert asked(Offset("o").read(page(links("/l", "/l?o=10", "/m?p=1"), "/l", start="/l"))) == [("/l?o=10", 2, False)]


@pytest.mark.parametrize("value", ["-10", "abc", "@42", "1e3", "", "99999999999999999999", "%F0"])
def test_what_is_no_offset_is_passed_over(value: str) -> None:
    assert offsets(links(f"/l?o={value}", "/l?o=10")) == [(2, False)]


def test_the_listing_that_starts_in_its_middle_leads_to_its_head_as_well() -> None:
    # Page 1 may have no parameter at all: `spip.php?mot1`.
    found = Offset("o", css="nav a").read(page(links("/l", "/l?o=10", "/l?o=30"), "/l?o=20", start="/l?o=20"))
    assert [link.url.removeprefix(SITE) for link in found] == ["/l", "/l?o=10", "/l?o=30"]


def test_a_filled_in_address_keeps_the_rest_of_the_query() -> None:
    found = Offset("o").read(page(links("/l?mot1&amp;o=10&amp;k", "/l?mot1&amp;o=90&amp;k"), "/l?mot1&o=10&k",
                                  start="/l?mot1&k"))  # fmt: skip
    assert "/l?mot1&k&o=20" in [link.url.removeprefix(SITE) for link in found]


def test_a_query_of_thousands_of_parameters_is_passed_over() -> None:
    assert offsets(links("/l?" + "&amp;".join(f"a{i}=1" for i in range(5000)) + "&amp;o=10")) == []


# --- templates ---


@pytest.mark.parametrize(
    ("template", "number", "address"),
    [
        (Template("/page/{n}/"), 1, "/page/2/"),
        (Template("/page/{n}/"), 7, "/page/8/"),
        (Template("?page={n}"), 1, "/news?page=2"),
        (Template("?page={n}", first=1), 1, "/news?page=1"),
        (Template("?from={n}", first=20, step=20), 3, "/news?from=60"),
        (Template("?from={n}", first=0, step=5), 1, "/news?from=0"),
    ],
)
def test_a_template_makes_the_next_two_addresses_from_the_start(template: Template, number: int, address: str) -> None:
    first, second = asked(template.read(page("", "/elsewhere", number=number)))
    assert (first, second[1:]) == ((address, number + 1, True), (number + 2, True))
    assert second[0] == asked(template.read(page("", "/elsewhere", number=number + 1)))[0][0]


# --- hostile pages ---

HOSTILE = [
    "javascript:next()",
    "data:text/html,2",
    "mailto:a@b.example?o=2",
    "http://",
    "http://[::1",
    "http://[zz]/?o=10",
    "//",
    "//:99999/?o=10",
    "http://a.example:99999/?o=10",
    "http://exa mple/?o=10",
    "https://\udcff/?o=10",
    "?o=%",
    "#",
    "",
    " ",
    "\x00",
    "http://xn--\x80/?o=10",
    "ftp://a.example/?o=10",
    "http://" + "a" * 300 + ".example/?o=10",
    "?o=10&o=20",
    "?" + "&" * 3000,
]

PAGERS_TO_TRY: list[Pager] = [
    NextLink("a"),
    NumberedLinks("a"),
    Offset("o"),
    Offset("o*"),
    Offset("o", step=10),
    Template("/p/{n}"),
    SinglePage(),
]


def test_every_kind_is_tried() -> None:
    assert {type(one) for one in PAGERS_TO_TRY} == set(PAGERS.values())


def with_hrefs(hrefs: list[str], url: str = "/news") -> Page:
    """Put any text into href: the parser would not let every one through."""
    shown = page("<article>A</article>" + links(*["/x"] * len(hrefs)), url)
    for anchor, href in zip(shown.root.iter("a"), hrefs, strict=True):
        try:
            anchor.set("href", href)
        except ValueError:  # what XML cannot hold no parsed page holds
            anchor.set("href", "javascript:0")
        anchor.text = "2"
    return shown


@pytest.mark.parametrize("pager", PAGERS_TO_TRY, ids=repr)
def test_hostile_addresses_never_raise_and_only_http_comes_out(pager: Pager) -> None:
    for href in HOSTILE:
        for found in (pager.read(with_hrefs([href])), pager.read(with_hrefs(HOSTILE))):
            assert all(link.url.startswith(("http://", "https://")) for link in found)


@pytest.mark.parametrize("pager", PAGERS_TO_TRY, ids=repr)
@given(hrefs=st.lists(st.text(max_size=12) | st.from_regex(r"[?&/]?o=\d{1,9}"), max_size=4), query=st.text(max_size=8))
def test_any_address_is_read_or_passed_over(pager: Pager, hrefs: list[str], query: str) -> None:
    for link in pager.read(with_hrefs(hrefs, "/news?" + query)):
        assert link.url.startswith(("http://", "https://"))
        assert link.number is None or link.number > 0


def test_a_link_to_another_host_comes_out_as_it_stands() -> None:
    # Where the walk may go is not the pager's to say.
    assert NextLink("a").read(page(links("//other.example/p2")))[0].url == "http://other.example/p2"


# --- the whole pager of a listing, whatever window it shows ---


def window(pages: int, at: int, step: int, shown: int) -> str:
    """Return SPIP's pager: the first page, the last, and some around the current one."""
    near = {n for n in range(at - shown, at + shown + 1) if 1 <= n <= pages} | {1, pages}
    return links(*(f"/l?o={(n - 1) * step}" if n > 1 else "/l" for n in sorted(near - {at})))


@given(st.integers(2, 30), st.integers(1, 50), st.integers(1, 4), st.data())
def test_numbers_are_right_on_every_page_of_any_window(pages: int, step: int, shown: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, pages))
    url = f"/l?o={(at - 1) * step}" if at > 1 else "/l"
    for link in Offset("o").read(page(window(pages, at, step, shown), url, start="/l")):
        offset = int(link.url.partition("o=")[2] or 0)
        assert link.number == offset // step + 1
        assert not link.computed
        assert link.number <= pages
