"""The walk: which page comes next, and how the end is found."""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import html

from newsarchive.ends import SLID_PAGES, End, NextPage
from newsarchive.pagers import Offset, PageLink
from newsarchive.text.urls import page_key
from newsarchive.walk import Walk

SITE = "http://a.example"
START = f"{SITE}/l"


def address(n: int) -> str:
    return START if n == 1 else f"{START}?o={n}"


def number_of(url: str) -> int:
    return int(url.partition("o=")[2] or 1)


@dataclass
class Fail:
    """A page that cannot be read."""

    not_found: bool = False


Shown = tuple[Sequence[str], Sequence[PageLink]] | Fail
Site = Callable[[NextPage], Shown]


@dataclass
class Walked:
    walk: Walk
    urls: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[int]:
        return [number_of(url) for url in self.urls]


def run(site: Site, *, start: str = START, number: int = 1, bound: int = 500, **settings: object) -> Walked:
    """Walk a site from the page of that number; more than ``bound`` requests are an endless walk."""
    done = Walked(Walk(start, **settings))  # type: ignore[arg-type]
    asked: NextPage | None = done.walk.begin()
    while asked is not None:
        done.urls.append(asked.url)
        assert len(done.urls) <= bound, "the walk does not end"
        shown = site(asked)
        if isinstance(shown, Fail):
            asked = done.walk.page_failed(
                asked.url, asked.number, "answered 500", computed=asked.computed, not_found=shown.not_found
            )
        else:
            asked = done.walk.page_read(number if len(done.urls) == 1 else asked.number, *shown)
    assert done.walk.end is not None
    return done


def entries(n: int, count: int = 3) -> list[str]:
    return [f"{n}-{i}" for i in range(count)]


def numbered(*pages: int) -> list[PageLink]:
    return [PageLink(address(n), n) for n in pages]


def plain(*pages: int) -> list[PageLink]:
    """Links without numbers, as a next link gives."""
    return [PageLink(address(n)) for n in pages]


def template(n: int) -> list[PageLink]:
    return [PageLink(address(n + 1), n + 1, computed=True)]


def spip_window(n: int, last: int) -> list[int]:
    return [m for m in range(1, last + 1) if m != n and (m in (1, last) or abs(m - n) <= 2)]


# --- ends ---


def test_one_page_without_links_ends_there() -> None:
    done = run(lambda _: (entries(1), []))
    assert (done.walk.end, done.urls, done.walk.reached_end) == (End.NO_NEXT_PAGE, [START], True)
    assert (done.walk.pages, done.walk.entries) == (1, 3)


def test_next_links_are_followed_to_the_last_page() -> None:
    done = run(lambda asked: (entries(n := number_of(asked.url)), plain(n + 1) if n < 5 else []))
    assert (done.walk.end, done.numbers) == (End.NO_NEXT_PAGE, [1, 2, 3, 4, 5])


def test_numbered_links_with_gaps_are_walked_in_order() -> None:
    done = run(lambda asked: (entries(n := number_of(asked.url)), numbered(*spip_window(n, 18))))
    assert (done.walk.end, done.numbers) == (End.NO_NEXT_PAGE, list(range(1, 19)))
    assert done.walk.last_number == 18


def test_no_entry_on_the_first_page() -> None:
    done = run(lambda _: ([], numbered(2, 3)))
    assert (done.walk.end, done.urls, done.walk.reached_end) == (End.NO_ENTRIES, [START], False)


def test_spip_shows_its_last_page_again_for_ever() -> None:
    done = run(lambda asked: (entries(min(n := number_of(asked.url), 4)), template(n)))
    assert (done.walk.end, done.numbers) == (End.REPEATED, [1, 2, 3, 4, 5, 6])
    assert done.walk.reached_end


def test_empty_pages_past_the_end_of_computed_addresses() -> None:
    done = run(lambda asked: (entries(n) if (n := number_of(asked.url)) < 4 else [], template(n)))
    assert (done.walk.end, done.numbers) == (End.REPEATED, [1, 2, 3, 4, 5])


def test_one_empty_computed_page_is_not_the_end() -> None:
    done = run(lambda asked: ([] if (n := number_of(asked.url)) in (3, 6, 7) else entries(n), template(n)))
    assert (done.walk.end, done.numbers) == (End.REPEATED, [1, 2, 3, 4, 5, 6, 7])


def test_404_past_the_end_of_computed_addresses() -> None:
    done = run(lambda asked: (entries(n), template(n)) if (n := number_of(asked.url)) < 4 else Fail(not_found=True))
    assert (done.walk.end, done.walk.reached_end, done.walk.failed) == (End.NOT_FOUND, True, [])


def test_404_of_a_linked_page_is_a_gap() -> None:
    def site(asked: NextPage) -> Shown:
        n = number_of(asked.url)
        return (entries(n), numbered(2, 3, 4)) if n != 3 else Fail(not_found=True)

    done = run(site)
    assert done.numbers == [1, 2, 3, 4]
    assert (done.walk.end, done.walk.reached_end) == (End.NO_NEXT_PAGE, False)
    assert done.walk.failed == [f"{address(3)}: answered 500"]


def test_404_of_a_linked_last_page_is_a_gap() -> None:
    done = run(lambda asked: (entries(1), numbered(2)) if asked.number == 1 else Fail(not_found=True))
    assert (done.walk.end, done.walk.reached_end) == (End.FAILED, False)


def test_404_of_a_filled_in_address_before_the_last_link_is_a_gap() -> None:
    def site(asked: NextPage) -> Shown:
        n = asked.number
        if n == 2:
            return Fail(not_found=True)
        return entries(n), [*numbered(5), *([PageLink(address(2), 2, computed=True)] if n == 1 else [])]

    done = run(site)
    assert done.numbers == [1, 2, 5]
    assert (done.walk.end, done.walk.reached_end) == (End.NO_NEXT_PAGE, False)


def test_an_error_at_a_computed_address_is_a_gap_and_no_end() -> None:
    done = run(lambda asked: (entries(n), template(n)) if (n := number_of(asked.url)) < 4 else Fail())
    assert (done.walk.end, done.walk.reached_end) == (End.FAILED, False)


def test_a_first_page_that_fails() -> None:
    for failure in (Fail(), Fail(not_found=True)):
        done = run(lambda _, failure=failure: failure)
        assert (done.walk.end, done.walk.reached_end) == (End.FAILED, False)
        assert len(done.walk.failed) == 1


def test_a_failed_page_amid_numbered_links_is_a_gap_and_the_walk_goes_on() -> None:
    done = run(lambda asked: Fail() if (n := number_of(asked.url)) == 4 else (entries(n), numbered(*spip_window(n, 9))))
    assert done.numbers == list(range(1, 10))
    assert (done.walk.end, done.walk.reached_end, len(done.walk.failed)) == (End.NO_NEXT_PAGE, False, 1)


def test_a_failed_page_amid_next_links_ends_the_walk_with_a_gap() -> None:
    done = run(lambda asked: Fail() if (n := number_of(asked.url)) == 3 else (entries(n), plain(n + 1)))
    assert (done.numbers, done.walk.end, done.walk.reached_end) == ([1, 2, 3], End.FAILED, False)


def test_every_page_of_a_numbered_list_fails() -> None:
    done = run(lambda asked: (entries(1), numbered(2, 3, 4)) if asked.number == 1 else Fail())
    assert (done.numbers, len(done.walk.failed), done.walk.reached_end) == ([1, 2, 3, 4], 3, False)


def test_the_users_limit_and_the_built_in_one() -> None:
    endless: Site = lambda asked: (entries(n := number_of(asked.url)), plain(n + 1))  # noqa: E731
    done = run(endless, limit=7, limit_is_users=True)
    assert (done.walk.end, len(done.urls), done.walk.reached_end) == (End.USER_LIMIT, 7, False)
    done = run(endless, limit=7)
    assert (done.walk.end, len(done.urls)) == (End.BUILT_IN_LIMIT, 7)


def test_failed_pages_count_towards_the_limit() -> None:
    done = run(lambda asked: (entries(1), numbered(*range(2, 100))) if asked.number == 1 else Fail(), limit=5)
    assert (done.walk.end, len(done.urls)) == (End.BUILT_IN_LIMIT, 5)


def test_a_listing_of_just_as_many_pages_as_the_limit_reached_its_end() -> None:
    done = run(lambda asked: (entries(n := number_of(asked.url)), plain(n + 1) if n < 3 else []), limit=3)
    assert done.walk.end is End.NO_NEXT_PAGE


def test_the_next_page_on_another_site() -> None:
    walk = Walk(START)
    walk.begin()
    assert walk.page_read(1, ["a"], [], off_site=True) is None
    assert (walk.end, walk.reached_end) == (End.LEFT_SITE, False)


def test_a_link_to_another_site_on_an_earlier_page_is_not_forgotten() -> None:
    # Page 1: 2 here, 3 elsewhere. Page 2 is the last one here; page 3 was never read.
    walk = Walk(START)
    walk.begin()
    assert walk.page_read(1, ["a"], numbered(2), off_site=True) is not None
    assert walk.page_read(2, ["b"], numbered(1)) is None
    assert walk.end is End.LEFT_SITE


# --- pages that bring nothing new ---


def test_an_empty_page_in_the_middle_is_not_the_end() -> None:
    done = run(lambda asked: ([] if (n := number_of(asked.url)) in (3, 4, 5) else entries(n), numbered(*range(1, 9))))
    assert (done.walk.end, done.numbers) == (End.NO_NEXT_PAGE, list(range(1, 9)))


def test_a_repeated_page_in_the_middle_is_not_the_end_while_the_pager_shows_more() -> None:
    def site(asked: NextPage) -> Shown:
        n = number_of(asked.url)
        return entries(3 if n in (4, 5, 6) else n), numbered(*spip_window(n, 12))

    done = run(site)
    assert (done.walk.end, done.numbers) == (End.NO_NEXT_PAGE, list(range(1, 13)))


def test_a_list_that_slid_is_walked_on() -> None:
    # From page 2 on everything known comes once more, differently cut, for 15 pages; then the rest.
    def site(asked: NextPage) -> Shown:
        n = number_of(asked.url)
        if n == 1:
            return [str(i) for i in range(50)], template(n)
        if n <= 16:
            return [str(n), str(n + 1)], template(n)
        return entries(n) if n < 20 else [], template(n)

    done = run(site)
    assert (done.walk.end, done.numbers) == (End.REPEATED, list(range(1, 22)))
    assert done.walk.entries == 50 + 3 * 3


def test_a_list_that_slides_for_ever_has_no_confirmed_end() -> None:
    done = run(lambda asked: ([str(number_of(asked.url) % 7), str(asked.number % 3)], template(asked.number)))
    assert (done.walk.end, done.walk.reached_end) == (End.UNCONFIRMED, False)
    assert len(done.urls) <= 7 + SLID_PAGES + 1


def test_next_links_for_ever_on_the_last_page() -> None:
    done = run(lambda asked: (entries(min(n := number_of(asked.url), 3)), plain(n + 1)))
    assert done.walk.end is End.UNCONFIRMED
    assert done.numbers == list(range(1, 3 + SLID_PAGES + 1))


@pytest.mark.parametrize("cycle", [[1, 2, 3, 1], [1, 1], [1, 2, 2], [1, 2, 3, 2], [1, 2, 1]])
def test_next_links_in_a_circle(cycle: list[int]) -> None:
    following = dict(itertools.pairwise(cycle))
    done = run(lambda asked: (entries(n := number_of(asked.url)), plain(following[n])))
    assert done.numbers == list(dict.fromkeys(cycle))
    assert done.walk.end is End.NO_NEXT_PAGE


def test_page_one_under_its_second_address_is_not_read_again() -> None:
    first = PageLink(f"{START}?o=0#list", 1)
    done = run(lambda asked: (entries(asked.number), [first, *numbered(2)]))
    assert done.urls == [START, address(2)]


@pytest.mark.parametrize("other", [START + "/", START + "#list", "https://www.a.example/l", "http://A.example:80/l"])
def test_other_spellings_of_a_page_are_that_page(other: str) -> None:
    done = run(lambda asked: (entries(asked.number), [PageLink(other)]))
    assert done.urls == [START]


def test_a_page_that_answered_elsewhere_is_visited_under_both_addresses() -> None:
    walk = Walk(START)
    walk.begin()
    walk.moved(f"{SITE}/real")
    assert walk.page_read(1, ["a"], [PageLink(f"{SITE}/real", 4)]) is None


def test_an_open_page_that_another_address_led_to_is_not_asked_again() -> None:
    # Page 2 answers with a redirect to page 3, which is on the list already.
    walk = Walk(START)
    walk.begin()
    following = walk.page_read(1, ["a"], numbered(2, 3))
    assert following is not None
    walk.moved(address(3))
    assert walk.page_read(2, ["b"], numbered(1)) is None


def test_a_linked_page_is_preferred_to_the_same_page_computed() -> None:
    walk = Walk(START)
    walk.begin()
    walk.page_read(1, ["a"], [PageLink(address(2), 2, computed=True), PageLink(address(3), 3, computed=True)])
    following = walk.page_read(2, ["b"], numbered(3))
    assert following == NextPage(address(3), 3, computed=False)


def test_what_the_pages_told_is_kept() -> None:
    walk = Walk(START)
    assert walk.totals is None
    for total in (40, None, 41):
        walk.told_total(total)
    assert walk.totals == (40, 41)


# --- a start that is not page 1 ---


def test_a_walk_that_starts_in_the_middle_reads_the_head_too() -> None:
    # The user gave the address of page 3; its pager numbers the pages 1 to 5.
    done = run(
        lambda asked: (entries(n := number_of(asked.url)), numbered(*spip_window(n, 5))), start=address(3), number=3
    )
    assert sorted(done.numbers) == [1, 2, 3, 4, 5]


# --- any site ---

graphs = st.integers(1, 12).flatmap(
    lambda size: st.lists(st.lists(st.integers(1, size), max_size=4), min_size=size, max_size=size)
)


@given(graphs, st.booleans(), st.sets(st.integers(2, 12), max_size=3), st.integers(0, 3))
def test_every_page_reachable_by_links_is_visited_exactly_once(
    graph: list[list[int]], has_numbers: bool, empty: set[int], overlap: int
) -> None:
    """Whatever the links: a page whose entries are known, or that is empty, leads on like any other."""

    def site(asked: NextPage) -> Shown:
        n = number_of(asked.url)
        shown = [] if n in empty else [str(i) for i in range(n * 3 - overlap, n * 3 + 3)]
        return shown, numbered(*graph[n - 1]) if has_numbers else plain(*graph[n - 1])

    done = run(site, bound=len(graph))
    reachable, open_pages = {1}, [1]
    while open_pages:
        found = set(graph[open_pages.pop() - 1]) - reachable
        reachable |= found
        open_pages += found
    assert sorted(done.numbers) == sorted(reachable)
    assert done.walk.end is End.NO_NEXT_PAGE


@given(
    graphs,
    st.booleans(),
    st.dictionaries(st.integers(2, 12), st.booleans(), max_size=3),
    st.integers(1, 30),
)
def test_an_end_is_never_claimed_with_a_linked_page_left(
    graph: list[list[int]], has_numbers: bool, failing: dict[int, bool], limit: int
) -> None:
    linked: set[str] = set()

    def site(asked: NextPage) -> Shown:
        n = number_of(asked.url)
        if n in failing:
            return Fail(not_found=failing[n])
        found = numbered(*graph[n - 1]) if has_numbers else plain(*graph[n - 1])
        linked.update(page_key(link.url) for link in found)
        return entries(n), found

    done = run(site, bound=30, limit=limit)
    visited = {page_key(url) for url in done.urls}
    assert len(visited) == len(done.urls) <= limit
    if done.walk.reached_end or done.walk.end is End.NO_NEXT_PAGE:
        assert linked <= visited
    assert done.walk.reached_end <= (not any(n in failing for n in done.numbers))


@dataclass
class Listing:
    """A list of entries, cut into pages; things are put in and taken out between two requests."""

    shown: list[str]
    per_page: int
    changes: list[tuple[bool, int]]
    added: int = 0

    def last(self) -> int:
        return max(1, -(-len(self.shown) // self.per_page))

    def ask(self, n: int, *, past_end: str) -> list[str]:
        if self.changes:
            put_in, at = self.changes.pop(0)
            if put_in:
                self.added += 1
                self.shown.insert(at % (len(self.shown) + 1), f"new{self.added}")
            elif len(self.shown) > 1:
                self.shown.pop(at % len(self.shown))
        at = min(n, self.last()) if past_end == "last" else n
        return self.shown[(at - 1) * self.per_page : at * self.per_page]


listings = st.builds(
    lambda size, per_page, changes: Listing([str(i) for i in range(size)], per_page, changes),
    st.integers(1, 40),
    st.integers(1, 6),
    st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=30),
)


@given(listings, st.integers(1, 4))
def test_a_list_that_changes_meanwhile_is_walked_to_its_end(listing: Listing, around: int) -> None:
    """Numbered links, the last page again past the end."""
    linked: set[int] = set()
    read: set[str] = set()
    unchanged = set() if listing.changes else set(listing.shown)

    def site(asked: NextPage) -> Shown:
        n = asked.number
        assert n == number_of(asked.url)
        shown = listing.ask(n, past_end="last")
        read.update(shown)
        last = listing.last()
        pages = [m for m in range(1, last + 1) if m != n and (m in (1, last) or abs(m - n) <= around)]
        linked.update(pages)
        return shown, numbered(*pages)

    done = run(site, bound=120)
    assert done.walk.end is End.NO_NEXT_PAGE
    assert linked <= set(done.numbers)
    assert len(done.numbers) == len(set(done.numbers))
    assert done.walk.entries == len(read)
    assert read >= unchanged


@given(listings, st.sampled_from(["last", "empty", "404"]))
def test_computed_addresses_are_asked_until_a_list_ends(listing: Listing, past_end: str) -> None:
    changed = bool(listing.changes)

    def site(asked: NextPage) -> Shown:
        n = asked.number
        shown = listing.ask(n, past_end=past_end)
        if past_end == "404" and n > listing.last():
            return Fail(not_found=True)
        return shown, template(n)

    assume(listing.shown)
    done = run(site, bound=120)
    assert done.walk.end in (End.REPEATED, End.NOT_FOUND, End.UNCONFIRMED)
    if not changed:  # a list that slides by a whole page at each request can look like one that repeats its last
        assert done.walk.end is not End.UNCONFIRMED
        assert max(done.numbers) >= listing.last()
        assert done.walk.entries == len(listing.shown)


def spip_pager(shown: str, n: int, last: int) -> set[int]:
    """Return the pages that one of SPIP's pager models links to on page ``n``, this one among them."""
    return {
        "window": {m for m in range(1, last + 1) if m in (1, last) or abs(m - n) <= 2},
        "neighbours": {m for m in (n - 1, n + 1) if 1 <= m <= last},
        "ends": {m for m in (1, n - 1, n + 1, last) if 1 <= m <= last},
        "last and previous": {m for m in (n - 1, last) if m >= 1},
        "all": set(range(1, last + 1)),
    }[shown]


@given(
    st.sampled_from(["window", "neighbours", "ends", "last and previous", "all"]),
    st.integers(1, 15),
    st.integers(1, 15),
    st.sampled_from([1, 10, 23]),
)
def test_offsets_are_walked_whole_whatever_the_pager_shows_and_wherever_one_starts(
    shown: str, last: int, start: int, step: int
) -> None:
    start = min(start, last)
    pager = Offset("o", css="a")

    def url(n: int) -> str:
        return START if n == 1 else f"{START}?o={(n - 1) * step}"

    def site(asked: NextPage) -> Shown:
        offset = int(asked.url.partition("o=")[2] or 0)
        assert offset % step == 0
        n = offset // step + 1
        anchors = "".join(f"<a href='{url(m)}'>{m}</a>" for m in sorted(spip_pager(shown, n, last) - {n}))
        root = html.fromstring(f"<div>{anchors}</div>")
        page = SimpleNamespace(
            url=asked.url, start_url=url(start), base_url=asked.url, number=asked.number, root=root, last_card=None
        )
        if asked.url == url(start) and anchors and shown != "ends":
            assert pager.own_number(page) == start
        return entries(n), pager.read(page)

    done = run(site, start=url(start), number=start, bound=2 * last)
    visited = {int(one.partition("o=")[2] or 0) // step + 1 for one in done.urls}
    assert visited == set(range(1, last + 1))
    assert len(done.urls) == last


@given(st.data())
def test_any_sequence_of_answers_ends_within_the_limit(data: st.DataObject) -> None:
    """Links at random, new addresses for ever, entries at random: the limit holds."""

    def site(_: NextPage) -> Shown:
        if data.draw(st.integers(0, 5)) == 0:
            return Fail(not_found=data.draw(st.booleans()))
        links = [
            PageLink(address(n), n if data.draw(st.booleans()) else None, computed=data.draw(st.booleans()))
            for n in data.draw(st.lists(st.integers(1, 40), max_size=3))
        ]
        return data.draw(st.lists(st.sampled_from("abcde"), max_size=3)), links

    done = run(site, bound=30, limit=15)
    asked = Counter(page_key(url) for url in done.urls)
    assert max(asked.values()) <= 2, "a page that does not exist is asked once more"
    assert done.walk.pages + len(done.walk.failed) <= 15
