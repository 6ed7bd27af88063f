"""The last touch: what no page can be trusted with."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsarchive.items import Entry, content_hash
from newsarchive.normalize import LONGEST, MOST_NAMES, normalize


def normal(**values: Any) -> Entry:
    entry = Entry(**values)
    normalize(entry)
    return entry


@pytest.mark.parametrize("name", LONGEST)
def test_texts_are_folded_and_empty_is_null(name: str) -> None:
    assert getattr(normal(**{name: "  Ten\n\xa0Dead\x00 "}), name) == "Ten Dead"
    for empty in ("", "  ", "\n", "\u200b", None):
        assert getattr(normal(**{name: empty}), name) is None


@pytest.mark.parametrize("name", ["language", "image", "url"])
def test_no_field_of_the_record_is_an_empty_text(name: str) -> None:
    # A site's own code may have filled it.
    assert getattr(normal(title="A", **{name: " "}), name) is None


@pytest.mark.parametrize("name", ["bylines", "tags"])
def test_lists_lose_what_is_empty_and_keep_their_order(name: str) -> None:
    assert getattr(normal(**{name: ["", " b ", "\n", "a"]}), name) == ["b", "a"]


@pytest.mark.parametrize(("name", "longest"), LONGEST.items())
def test_a_text_without_measure_is_cut_and_the_cut_is_told(name: str, longest: int) -> None:
    entry = Entry(**{name: "x" * (longest + 1)})
    assert normalize(entry) == [name]
    assert len(getattr(entry, name)) == longest
    setattr(entry, name, "x" * longest)
    assert normalize(entry) == []


def test_a_summary_that_had_to_be_cut_says_so() -> None:
    entry = normal(summary="x" * (LONGEST["summary"] + 1), summary_truncated=False)
    assert entry.summary_truncated is True


def test_no_summary_is_not_cut() -> None:
    assert normal(summary=" ", summary_truncated=True).summary_truncated is None


def test_lists_without_measure_are_cut_and_the_cut_is_told() -> None:
    for values in (["a"] * (MOST_NAMES + 1), ["x" * (LONGEST["section"] + 1)]):
        entry = Entry(bylines=list(values))
        assert normalize(entry) == ["bylines"]
        assert len(entry.bylines) <= MOST_NAMES
        assert max(map(len, entry.bylines)) <= LONGEST["section"]


def test_the_hash_is_that_of_the_normal_form() -> None:
    entry = normal(title=" A ", section="")
    assert entry.content_hash == content_hash(Entry(title="A"))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "title": st.text(),
            "summary": st.text(),
            "section": st.text(max_size=5),
            "date_raw": st.text(max_size=5),
            "bylines": st.lists(st.text(max_size=5), max_size=3),
            "bylines_raw": st.text(max_size=5),
            "tags": st.lists(st.text(max_size=5), max_size=3),
        },
    )
)
@example({"title": "x" * 1999 + " y"})
@example({"bylines": ["x" * 499 + " y"]})
@example({"tags": ["x" * 499 + " y"]})
@example({"summary": "a" * 19_999 + " b"})
def test_what_is_normal_stays_as_it_is(values: dict[str, Any]) -> None:
    entry = normal(**values)
    again = deepcopy(entry)
    assert normalize(again) == []
    assert again == entry
