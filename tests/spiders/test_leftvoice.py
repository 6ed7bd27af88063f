"""Spider `leftvoice`: pages written for this test, with a missing field and a broken row."""

from newsarchive.ends import End
from spiders.leftvoice import Leftvoice
from tests.spiders.conftest import FIXTURES, expected, harvest

CASE = FIXTURES / "leftvoice"
assert Leftvoice.listing is not None


def test_first_middle_and_last_page() -> None:
    done = harvest(CASE, Leftvoice.listing, "https://www.leftvoice.org")
    assert done.files == ["first.html", "middle.html", "last.html"]
    assert (done.walk.end, done.walk.entries) == (End.NO_NEXT_PAGE, 5)
    assert done.records("") == expected(CASE)


def test_a_broken_row_costs_one_record() -> None:
    done = harvest(CASE, Leftvoice.listing, "https://www.leftvoice.org")
    assert done.failed == ["middle.html: card 3: neither title nor address found"]


def test_a_mirror_is_the_same_source() -> None:
    assert Leftvoice(start="http://127.0.0.1:8000/+-Immigration-+").slug == Leftvoice().slug == "leftvoice"
