"""What every record must be."""

from typing import Any

import pytest

from newsarchive.items import PRECISIONS, Entry
from newsarchive.validate import problems


def entry(**values: Any) -> Entry:
    return Entry(**{"id": "1", "title": "A", **values})


def wrong_fields(**values: Any) -> list[str]:
    return [name for name, _ in problems(entry(**values))]


def test_a_title_alone_or_an_address_alone_makes_an_entry() -> None:
    assert wrong_fields() == []
    assert wrong_fields(title=None, url="https://a.example/") == []
    assert wrong_fields(title=None) == ["title"]


def test_an_entry_without_id() -> None:
    assert wrong_fields(id=None) == wrong_fields(id="") == ["id"]


@pytest.mark.parametrize("name", ["url", "image", "listing_url"])
def test_addresses(name: str) -> None:
    for right in ("http://a.example", "https://a.example/b?c#d", "HTTPS://A.example/", "http://[::1]/"):
        assert wrong_fields(**{name: right}) == []
    for wrong in ("", "/a", "a.example", "ftp://a.example/", "javascript:x()", "http://", "https:///a", "//a.example/"):
        assert wrong_fields(**{name: wrong}) == [name]


@pytest.mark.parametrize("wrong", ["https://a.example/a b", "https://a.example/a\nb", "https://a.example/\u2028"])
def test_an_address_has_no_white_space(wrong: str) -> None:
    assert wrong_fields(url=wrong) == ["url"]


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("2017", "year"),
        ("2017-09", "month"),
        ("2017-09-05", "day"),
        ("2016-02-29", "day"),
        ("2017-09-05T16:00+02:00", "hour"),
        ("2017-09-05T16:00+02:00", "minute"),
        ("2017-09-05T16:00:30+00:00", "second"),
        ("0987-09-05", "day"),
    ],
)
def test_dates_that_are_right(date: str, precision: str) -> None:
    assert wrong_fields(date=date, date_precision=precision, date_method="text") == []


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("2017-13", "month"),
        ("2017-00", "month"),
        ("2017-02-30", "day"),
        ("2017-02-29", "day"),
        ("0000", "year"),
        ("17", "year"),
        ("2017-9-5", "day"),
        ("20170905", "day"),
        ("2017-W36", "month"),
        ("2017-09-05", "month"),
        ("2017-09", "day"),
        ("2017", "day"),
        ("", "day"),
        ("yesterday", "day"),
        (" 2017-09-05", "day"),
        ("2017-09-05\n", "day"),
        ("٢٠١٧-٠٩-٠٥", "day"),
        ("2017-09-05T16:00", "minute"),
        ("2017-09-05", "minute"),
        ("2017-09-05T25:00+02:00", "minute"),
        ("20170905T1600+0200", "minute"),
        ("2017-W36-2T16:00+02:00", "minute"),
        ("2017-09-05 16:00+02:00", "minute"),
        ("2017-09-05T16:00:30+02:00", "minute"),
        ("2017-09-05T16:00+02:00", "second"),
    ],
)
def test_dates_that_are_wrong(date: str, precision: str) -> None:
    assert wrong_fields(date=date, date_precision=precision, date_method="text") == ["date"]


def test_a_date_has_precision_and_method_and_no_date_has_neither() -> None:
    assert wrong_fields(date="2017", date_method="text") == ["date_precision"]
    assert wrong_fields(date="2017", date_precision="year") == ["date_method"]
    assert wrong_fields(date="2017", date_precision="decade", date_method="text") == ["date_precision"]
    assert wrong_fields(date="2017", date_precision="year", date_method="guess") == ["date_method"]
    for precision in PRECISIONS:
        assert wrong_fields(date_precision=precision) == ["date_precision"]
    assert wrong_fields(date_method="text") == ["date_method"]


def test_a_summary_says_whether_it_was_cut_and_nothing_else_does() -> None:
    assert wrong_fields(summary="B", summary_truncated=False) == []
    assert wrong_fields(summary="B") == ["summary_truncated"]
    assert wrong_fields(summary_truncated=False) == ["summary_truncated"]


def test_revision_and_status() -> None:
    assert wrong_fields(revision=0) == ["revision"]
    assert wrong_fields(status="gone") == ["status"]
    assert wrong_fields(status="withdrawn", revision=7) == []


def test_every_problem_is_told_at_once_and_says_what_was_found() -> None:
    found = problems(Entry(url="x", revision=0, status="gone"))
    assert [name for name, _ in found] == ["id", "url", "revision", "status"]
    assert all("found" in said or "expected" in said for _, said in found)
    assert "'x'" in dict(found)["url"]
