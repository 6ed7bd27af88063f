"""What is a change: every sentence of the record's rules."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.changes import compare, merge
from newsarchive.items import COMPARED, DATE_METHODS, Entry


def entry(**values: Any) -> Entry:
    if values.get("date") is not None:
        values.setdefault("date_precision", precision_of(values["date"]))
        values.setdefault("date_method", "text")
        values.setdefault("date_raw", values["date"])
    if values.get("summary") is not None:
        values.setdefault("summary_truncated", False)
    return Entry(**{"id": "1", "title": "Bridge", **values})


def precision_of(date: str) -> str:
    return {4: "year", 7: "month", 10: "day"}.get(len(date), "second" if date.count(":") > 2 else "minute")


def ignored(known: Entry, seen: Entry, *, same_walk: bool = False) -> tuple[str, ...]:
    """Assert that a sighting is no change; return what was counted."""
    compared = compare(known, seen, same_walk=same_walk)
    assert compared.revision is None
    return compared.ignored


def changed(known: Entry, seen: Entry, *, same_walk: bool = False) -> Entry:
    """Assert that a sighting is a change; return the revision."""
    revision = compare(known, seen, same_walk=same_walk).revision
    assert revision is not None
    assert revision.revision == known.revision + 1
    assert revision.id == known.id
    return revision


# --- no change ---


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("title", {"title": "Bridge"}),
        ("date", {"date": "2017-09-05"}),
        ("summary", {"summary": "It reopens"}),
        ("bylines", {"bylines": ["Ann"], "bylines_raw": "By Ann"}),
        ("section", {"section": "City"}),
    ],
)
def test_an_empty_reading_of_a_filled_field_is_no_change_but_counted(name: str, values: dict[str, Any]) -> None:
    assert ignored(entry(**values), Entry(id="1", title=None if name == "title" else "Bridge")) == (name,)


def test_a_cut_text_that_begins_the_known_one_is_no_change() -> None:
    known = entry(summary="The old bridge reopens.")
    assert ignored(known, entry(summary="The old", summary_truncated=True)) == ("summary",)
    assert ignored(known, entry(summary="The old bridge reopens.", summary_truncated=True)) == ("summary",)
    longer = entry(summary="The old bridge", summary_truncated=True)
    assert ignored(longer, entry(summary="The old", summary_truncated=True)) == ("summary",)


def test_a_coarser_date_into_which_the_known_one_falls_is_no_change() -> None:
    known = entry(date="2017-09-05")
    assert ignored(known, entry(date="2017-09")) == ("date",)
    assert ignored(known, entry(date="2017")) == ("date",)
    assert ignored(entry(date="2017-09-05T16:00+02:00"), known) == ("date",)


def test_a_minute_into_which_a_second_falls_is_no_change() -> None:
    known = entry(date="2017-09-05T16:00:30+02:00")
    assert ignored(known, entry(date="2017-09-05T16:00+02:00")) == ("date",)
    hour = entry(date="2017-09-05T16:00+02:00", date_precision="hour")
    assert ignored(entry(date="2017-09-05T16:25+02:00"), hour) == ("date",)


@pytest.mark.parametrize("method", ["relative", "inferred-year", "order"])
def test_a_date_on_weaker_evidence_is_no_change(method: str) -> None:
    known = entry(date="2017-09-05")
    assert ignored(known, entry(date="2017-09-06", date_method=method)) == ("date",)
    assert ignored(known, entry(date="2017-09-06T10:00+02:00", date_method=method)) == ("date",)


def test_a_relative_date_read_again_a_day_later_is_no_change() -> None:
    known = entry(date="2017-09-05", date_method="relative")
    assert ignored(known, entry(date="2017-09-06", date_method="relative")) == ("date",)


def test_an_ambiguous_reading_of_a_certain_date_is_no_change() -> None:
    known = entry(date="2017-09-05")
    assert ignored(known, entry(date="2017-09-05", date_ambiguous=True)) == ("date",)
    assert ignored(known, entry(date="2017-05-09", date_ambiguous=True)) == ("date",)


def test_a_certain_but_coarser_date_does_not_take_what_the_known_one_says() -> None:
    # "a coarser date into which the known one falls" is no change, whatever the known one rests on.
    known = entry(date="2017-09-05", date_method="relative")
    assert ignored(known, entry(date="2017-09")) == ("date",)


@pytest.mark.parametrize(
    "name",
    [
        "url",
        "tags",
        "language",
        "image",
        "listing_url",
        "listing_page",
        "listing_position",
        "retrieved_at",
        "run_id",
        "bylines_raw",
        "date_raw",
        "date_method",
        "extra",
        "capture",
        "source",
    ],
)
def test_a_field_that_is_not_compared_makes_no_revision(name: str) -> None:
    other: Any = {"tags": ["x"], "extra": {"a": 1}, "capture": {"warc": "w"}, "date_method": "attribute"}.get(name, "x")
    known = entry(date="2017-09-05", bylines=["Ann"])
    assert ignored(known, replace(known, **{name: other})) == ()


# --- a change ---


@pytest.mark.parametrize(
    "values",
    [
        {"date": "2017-09-05"},
        {"summary": "It reopens"},
        {"bylines": ["Ann"]},
        {"section": "City"},
    ],
    ids=str,
)
def test_a_filled_reading_of_an_empty_field(values: dict[str, Any]) -> None:
    revision = changed(entry(), entry(**values), same_walk=True)
    assert {name: getattr(revision, name) for name in values} == values
    assert changed(entry(), entry(**values)) == revision


def test_a_title_of_an_entry_that_had_none() -> None:
    assert changed(entry(title=None, url="https://a.example/1"), entry()).title == "Bridge"


def test_a_cut_text_completed() -> None:
    known = entry(summary="The old bridge", summary_truncated=True)
    whole = entry(summary="The old bridge reopens.")
    assert changed(known, whole, same_walk=True).summary == "The old bridge reopens."
    same = changed(known, entry(summary="The old bridge"), same_walk=True)
    assert (same.summary, same.summary_truncated) == ("The old bridge", False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2017", "2017-09"),
        ("2017-09", "2017-09-05"),
        ("2017-09-05", "2017-09-05T16:00+02:00"),
        ("2017-09-05T16:00+02:00", "2017-09-05T16:00:30+02:00"),
    ],
)
def test_a_finer_date(old: str, new: str) -> None:
    assert changed(entry(date=old), entry(date=new)).date == new
    assert changed(entry(date=old), entry(date=new), same_walk=True).date == new


def test_a_newly_certain_date() -> None:
    open_date = entry(date="2017-05-09", date_ambiguous=True)
    revision = changed(open_date, entry(date="2017-09-05"), same_walk=True)
    assert (revision.date, revision.date_ambiguous) == ("2017-09-05", False)
    assert not changed(open_date, entry(date="2017-05-09"), same_walk=True).date_ambiguous
    relative = entry(date="2017-09-04", date_method="relative")
    assert changed(relative, entry(date="2017-09-05"), same_walk=True).date_method == "text"


@pytest.mark.parametrize(
    ("known", "seen", "name"),
    [
        ({"title": "Bridge"}, {"title": "Bridge reopens"}, "title"),
        ({"title": "Bridge"}, {"title": "bridge"}, "title"),
        ({"date": "2017-09-05"}, {"date": "2017-09-06"}, "date"),
        ({"date": "2017-09-05"}, {"date": "2018-09"}, "date"),
        ({"date": "2017-09"}, {"date": "2017-10-05"}, "date"),
        ({"date": "2017-09-05T16:00+02:00"}, {"date": "2017-09-05T17:00+02:00"}, "date"),
        ({"summary": "The old bridge"}, {"summary": "A new bridge"}, "summary"),
        ({"summary": "The old bridge"}, {"summary": "The old"}, "summary"),
        ({"summary": "The old bridge"}, {"summary": "The new", "summary_truncated": True}, "summary"),
        ({"summary": "The old", "summary_truncated": True}, {"summary": "A new", "summary_truncated": True}, "summary"),
        ({"bylines": ["Ann", "Bee"]}, {"bylines": ["Bee", "Ann"]}, "bylines"),
        ({"bylines": ["Ann", "Bee"]}, {"bylines": ["Ann"]}, "bylines"),
        ({"section": "City"}, {"section": "Port"}, "section"),
    ],
    ids=str,
)
def test_any_other_difference(known: dict[str, Any], seen: dict[str, Any], name: str) -> None:
    revision = changed(entry(**known), entry(**seen))
    assert getattr(revision, name) == seen[name]
    # Later in the walk that gave the known revision it is counted and left to the next walk.
    assert ignored(entry(**known), entry(**seen), same_walk=True) == (name,)


def test_a_revision_carries_what_else_was_read() -> None:
    known = entry(url="https://a.example/1", tags=["old"], image="https://a.example/1.png", run_id="r1", listing_page=1)
    seen = entry(
        title="Bridge reopens", url="http://a.example/1", tags=["new"], run_id="r2", listing_page=4, listing_position=2
    )
    revision = changed(known, seen)
    assert (revision.url, revision.tags, revision.image) == ("http://a.example/1", ["new"], "https://a.example/1.png")
    assert (revision.run_id, revision.listing_page, revision.listing_position) == ("r2", 4, 2)


def test_a_revision_keeps_what_this_sighting_did_not_show() -> None:
    known = entry(
        date="2017-09-05",
        summary="Long",
        bylines=["Ann"],
        bylines_raw="By Ann",
        section="City",
        twin_of="9",
        extra={"a": 1, "b": 1},
    )
    revision = changed(known, Entry(id="other", title="Bridge reopens", extra={"b": 2}))
    assert (revision.date, revision.date_raw, revision.date_precision) == ("2017-09-05", "2017-09-05", "day")
    assert (revision.summary, revision.summary_truncated) == ("Long", False)
    assert (revision.bylines, revision.bylines_raw, revision.section) == (["Ann"], "By Ann", "City")
    assert (revision.id, revision.twin_of, revision.extra) == ("1", "9", {"a": 1, "b": 2})


def test_what_is_read_together_is_taken_together() -> None:
    known = entry(date="2017-05-09", date_raw="05/09/2017", date_ambiguous=True, summary="Old", summary_truncated=True)
    seen = entry(date="2017-09-05T10:00+02:00", date_raw="x", date_method="attribute", summary="Older news")
    revision = changed(known, seen)
    assert (revision.date_raw, revision.date_method, revision.date_precision, revision.date_ambiguous) == (
        "x",
        "attribute",
        "minute",
        False,
    )
    assert (revision.summary, revision.summary_truncated) == ("Older news", False)


def test_comparing_changes_neither_of_the_two() -> None:
    known, seen = entry(extra={"a": 1}), entry(title="New", extra={"b": 1}, bylines=["Ann"])
    before = (replace(known, extra=dict(known.extra)), replace(seen, extra=dict(seen.extra)))
    compare(known, seen)
    merge(known, seen)
    assert (known, seen) == before


# --- sightings on one page ---


def test_of_two_sightings_on_a_page_the_fuller_one_wins_at_the_first_ones_place() -> None:
    pinned = entry(listing_position=1, listing_page=1, listing_url="https://a.example/", date="2017-09")
    full = entry(listing_position=7, listing_page=1, date="2017-09-05", summary="It reopens", bylines=["Ann"])
    for one, other in ((pinned, full), (full, pinned)):
        merged = merge(one, other)
        assert (merged.date, merged.summary, merged.bylines) == ("2017-09-05", "It reopens", ["Ann"])
        assert (merged.listing_position, merged.revision) == (one.listing_position, 1)
        assert merged.listing_url == one.listing_url


def test_of_two_sightings_that_differ_the_first_one_stands() -> None:
    assert merge(entry(title="One"), entry(title="Two")).title == "One"


@pytest.mark.parametrize(
    "values", [{"image": "https://a.example/1.png"}, {"tags": ["Port"]}, {"url": "https://a.example/1"}], ids=str
)
def test_a_sighting_fills_what_is_not_compared_too(values: dict[str, Any]) -> None:
    merged = merge(entry(), entry(**values))
    assert {name: getattr(merged, name) for name in values} == values


# --- any two sightings ---

_texts = st.none() | st.sampled_from(["A", "AB", "ABC", "B"])
_date = st.sampled_from(
    [
        None,
        "2017",
        "2017-09",
        "2017-10",
        "2017-09-05",
        "2017-09-06",
        "2017-09-05T16:00+02:00",
        "2017-09-05T16:00:30+02:00",
        "2017-09-05T17:00+02:00",
    ]
)


@st.composite
def sightings(draw: st.DrawFn) -> Entry:
    date = draw(_date)
    summary = draw(_texts)
    seen = entry(
        title=draw(_texts),
        date=date,
        summary=summary,
        bylines=draw(st.lists(st.sampled_from(["Ann", "Bee"]), max_size=2)),
        section=draw(_texts),
        url=draw(st.none() | st.just("https://a.example/1")),
        tags=draw(st.lists(st.sampled_from(["x", "y"]), max_size=2)),
        image=draw(_texts),
        language=draw(_texts),
        revision=draw(st.integers(1, 5)),
    )
    if date is not None:
        seen.date_method = draw(st.sampled_from(DATE_METHODS))
        seen.date_ambiguous = draw(st.booleans())
    if summary is not None:
        seen.summary_truncated = draw(st.booleans())
    return seen


@given(sightings(), st.booleans())
def test_the_same_again_is_no_change(seen: Entry, same_walk: bool) -> None:
    assert compare(seen, replace(seen), same_walk=same_walk) == (None, ())


@given(sightings(), sightings(), st.booleans())
def test_a_sighting_changes_an_entry_once(known: Entry, seen: Entry, same_walk: bool) -> None:
    revision = compare(known, seen, same_walk=same_walk).revision
    if revision is not None:
        assert revision.revision == known.revision + 1
        assert any(getattr(revision, name) != getattr(known, name) for name in COMPARED)
        assert compare(revision, seen, same_walk=same_walk).revision is None


@given(sightings(), sightings(), st.booleans())
def test_no_sighting_empties_a_filled_field(known: Entry, seen: Entry, same_walk: bool) -> None:
    revision = compare(known, seen, same_walk=same_walk).revision
    if revision is not None:
        for name in {field.name for field in fields(Entry)} - {"summary_truncated", "date_ambiguous"}:
            assert not getattr(known, name) or getattr(revision, name), name


@given(sightings(), sightings())
def test_in_the_same_walk_a_sighting_only_adds(known: Entry, seen: Entry) -> None:
    revision = compare(known, seen, same_walk=True).revision
    if revision is not None:
        for name in ("title", "bylines", "section"):
            assert not getattr(known, name) or getattr(revision, name) == getattr(known, name)
        if known.summary is not None:
            assert revision.summary is not None
            assert revision.summary.startswith(known.summary)


@given(sightings(), sightings())
def test_two_alternating_sightings_come_to_rest(one: Entry, other: Entry) -> None:
    """A page that shows now this, now that date evidence must not write for ever, in one walk."""
    known, revisions = one, 0
    for seen in (other, one) * 5:
        revision = compare(known, seen, same_walk=True).revision
        if revision is not None:
            known, revisions = revision, revisions + 1
    assert revisions <= 8
    assert compare(known, one, same_walk=True).revision is None
    assert compare(known, other, same_walk=True).revision is None


@given(sightings(), sightings())
def test_merging_keeps_the_first_place_and_loses_nothing(first: Entry, second: Entry) -> None:
    first.listing_position, second.listing_position = 1, 2
    merged = merge(first, second)
    assert (merged.listing_position, merged.revision, merged.id) == (1, first.revision, first.id)
    for name in ("title", "date", "summary", "bylines", "section", "url", "tags", "image", "language"):
        assert getattr(merged, name) or not (getattr(first, name) or getattr(second, name)), name
