"""What proves the order of a listing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.items import Entry
from newsarchive.order import MOST_PINNED, Order, OrderEvidence, certain_date, latest_day, rises

FALLING = [f"2017-09-{day:02}" for day in range(30, 0, -1)]


def evidence(*pages: list[str]) -> OrderEvidence:
    made = OrderEvidence()
    for page in pages:
        made.read(page)
    return made


def test_ten_falling_dates_over_two_pages_prove_newest_first() -> None:
    assert evidence(FALLING[:5], FALLING[5:10]).found() is Order.NEWEST_FIRST


@pytest.mark.parametrize("pages", [(FALLING[:5], FALLING[5:9]), (FALLING[:20],), (), ([], [])])
def test_fewer_prove_nothing(pages: tuple[list[str], ...]) -> None:
    assert evidence(*pages).found() is None


def test_one_page_is_enough_where_there_is_no_second() -> None:
    assert evidence(FALLING[:10]).found(only_page=True) is Order.NEWEST_FIRST
    assert evidence(FALLING[:9]).found(only_page=True) is None


def test_dates_that_only_rise_prove_oldest_first() -> None:
    rising = FALLING[::-1]
    assert evidence(rising[:10], rising[10:20]).found() is Order.OLDEST_FIRST
    assert Order.OLDEST_FIRST.turned is Order.NEWEST_FIRST
    assert Order.NONE.turned is Order.NONE


def test_equal_dates_neither_rise_nor_fall() -> None:
    """A busy day's entries stand at the head of a list of either order, and a pinned one above them says nothing."""
    one_day = ["2017-09-05"] * 6
    assert evidence(one_day, one_day).found() is None
    assert evidence(["2018-01-01", *one_day], ["2016-01-01", *one_day]).found() is None
    assert evidence(one_day, one_day, ["2017-09-05", "2017-09-04"]).found() is Order.NEWEST_FIRST
    assert evidence(one_day, one_day, ["2017-09-06"]).found() is Order.OLDEST_FIRST


def test_one_date_that_rises_in_the_middle_of_a_page_disproves_the_order() -> None:
    page = [*FALLING[5:10], FALLING[0], *FALLING[10:15]]
    found = evidence(FALLING[:5], page)
    assert found.rises
    assert found.found() is Order.NONE


def test_a_date_that_rises_from_page_to_page_disproves_it_too() -> None:
    assert evidence(FALLING[10:20], FALLING[:2]).found() is Order.NONE


def test_entries_pinned_at_the_head_of_a_page_do_not_count() -> None:
    pinned = ["2001-01-01", "2009-05-05", "2003-03-03"]
    assert evidence([*pinned, *FALLING[:10]], [*pinned, *FALLING[10:20]]).found() is Order.NEWEST_FIRST


def test_a_page_of_which_most_is_out_of_order_is_not_pinned() -> None:
    pinned = ["2001-01-01"] * (MOST_PINNED + 1)
    assert evidence([*pinned, *FALLING[:20]], FALLING[20:]).found() is not Order.NEWEST_FIRST
    assert evidence(["2001-01-01", "2017-01-01"], FALLING[:10]).found() is not Order.NEWEST_FIRST


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        ("2017", "2018", True),
        ("2017", "2017-09-05", False),
        ("2017-09", "2017-09-05", False),
        ("2017-09-05", "2017-09-05T10:00+02:00", False),
        ("2017-09-05T10:00+02:00", "2017-09-05T08:30+00:00", True),
        ("2017-09-05T10:00+02:00", "2017-09-05T08:00+00:00", False),
    ],
)
def test_dates_are_compared_at_the_coarser_precision(earlier: str, later: str, said: bool) -> None:
    assert rises(earlier, later) is said


def test_the_last_day_of_a_coarse_date() -> None:
    assert [latest_day(date) for date in ("2017", "2017-02", "2017-02-03")] == [
        "2017-12-31",
        "2017-02-31",
        "2017-02-03",
    ]


def test_what_was_guessed_is_no_certain_date() -> None:
    assert certain_date(Entry(date="2017-09-05", date_method="text")) == "2017-09-05"
    assert certain_date(Entry(date="2017-09-05", date_method="relative")) is None
    assert certain_date(Entry(date="2017-09-05", date_method="text", date_ambiguous=True)) is None
    assert certain_date(Entry()) is None


@given(st.lists(st.dates().map(str), min_size=10, max_size=60), st.integers(2, 12))
def test_shuffled_dates_are_never_taken_for_an_order(dates: list[str], size: int) -> None:
    pages = [dates[at : at + size] for at in range(0, len(dates), size)]
    found = evidence(*pages).found()
    if found is Order.NEWEST_FIRST:
        # Only heads of pages may stand out of order, a third of a page at most.
        kept = [date for page in pages for date in page[min(MOST_PINNED, len(page) // 3) :]]
        assert kept == sorted(kept, reverse=True)
    if found is Order.OLDEST_FIRST:
        assert dates == sorted(dates)
