"""The record: its fields, its line, its schema, its identity."""

import json
from importlib import resources

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from itemadapter import ItemAdapter

from newsarchive.items import (
    COMPARED,
    DATE_METHODS,
    FIELD_NAMES,
    PRECISIONS,
    STATUSES,
    Entry,
    address_key,
    content_hash,
    entry_schema,
    from_json,
    json_line,
    make_id,
    title_key,
    to_line,
)
from newsarchive.validate import problems

ARCHITECTURE_FIELDS = """
schema_version id source url title date date_raw date_precision date_method date_ambiguous summary summary_truncated
bylines bylines_raw section tags language image listing_url listing_page listing_position retrieved_at run_id revision
status twin_of content_hash capture extra
""".split()

any_text = st.text(st.characters(codec=None), max_size=30)
odd_text = st.text(st.sampled_from('a\u2028\u2029\x85\n\r\x0b\x0c\x1c\x1d\x1e\\"\ud800é\x00'), max_size=12)


def stored(**values: object) -> Entry:
    """Return an entry as the pipelines hand it to the store: nothing that they always fill is missing."""
    always = {
        "id": "1",
        "source": "s",
        "title": "A",
        "retrieved_at": "2026-01-01T00:00:00Z",
        "run_id": "r",
        "content_hash": "h",
    }
    return Entry(**{**always, **values})  # type: ignore[arg-type]


# --- fields and lines ---


def test_the_fields_are_those_of_the_record_format_in_its_order() -> None:
    assert list(FIELD_NAMES) == ARCHITECTURE_FIELDS
    assert list(ItemAdapter(Entry())) == ARCHITECTURE_FIELDS


def test_a_line_has_every_key_in_declared_order() -> None:
    assert list(json.loads(to_line(Entry(extra={"b": 1}, title="A")))) == ARCHITECTURE_FIELDS


def test_unknown_is_null_and_arrays_are_always_there() -> None:
    line = json.loads(to_line(Entry()))
    filled = {name: value for name, value in line.items() if value is not None}
    assert filled == {
        "schema_version": "1.0",
        "date_ambiguous": False,
        "bylines": [],
        "tags": [],
        "revision": 1,
        "status": "listed",
        "extra": {},
    }


def test_a_misspelt_field_is_an_error() -> None:
    with pytest.raises(TypeError):
        Entry(titel="A")  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Entry().titel = "A"  # type: ignore[attr-defined]


def test_two_entries_share_no_list() -> None:
    one, other = Entry(), Entry()
    one.bylines.append("Ann")
    one.extra["a"] = 1
    assert (other.bylines, other.extra) == ([], {})


@given(odd_text | any_text)
def test_a_record_is_one_line_for_every_reader(text: str) -> None:
    line = to_line(Entry(title=text, bylines=[text], extra={text: text}))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert len(line.decode("utf-8").splitlines()) == 1


@given(st.text(max_size=30))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert json.loads(to_line(Entry(title=text)))["title"] == text


@pytest.mark.parametrize(("mark", "escaped"), [("\u2028", b"\\u2028"), ("\u2029", b"\\u2029"), ("\x85", b"\\u0085")])
def test_line_separators_of_unicode_are_escaped(mark: str, escaped: bytes) -> None:
    line = to_line(Entry(title=f"A{mark}B"))
    assert b'"A' + escaped + b'B"' in line
    assert json.loads(line)["title"] == f"A{mark}B"


def test_other_text_stands_as_it_is() -> None:
    assert '"García 李伟 “é”"'.encode() in to_line(Entry(title="García 李伟 “é”"))


def test_a_lone_surrogate_does_not_break_the_file() -> None:
    assert json.loads(json_line({"a": "x\ud800y"}).decode("utf-8"))["a"] == "x?y"


def test_a_line_gives_the_entry_back() -> None:
    entry = Entry(id="1", title="A", bylines=["B"], capture={"warc": "w", "offset": 3}, extra={"k": [1]}, revision=3)
    assert from_json(json.loads(to_line(entry))) == entry


def test_keys_of_a_newer_minor_version_are_passed_over() -> None:
    assert from_json({"title": "A", "mood": "calm"}) == Entry(title="A")


# --- the schema ---


def test_the_shipped_schema_is_the_generated_one() -> None:
    shipped = resources.files("newsarchive").joinpath("entry.schema.json").read_text("utf-8")
    assert json.loads(shipped) == entry_schema(), "run: newsarchive schema is stale; write entry_schema() to the file"


def test_the_schema_is_a_valid_schema_that_describes_every_field() -> None:
    schema = entry_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == ARCHITECTURE_FIELDS
    assert schema["required"] == ARCHITECTURE_FIELDS
    assert all(len(one["description"]) > 10 for one in schema["properties"].values())


def test_making_the_schema_twice_gives_the_same() -> None:
    assert entry_schema() == entry_schema()


_VALIDATOR = jsonschema.Draft202012Validator(entry_schema())


def fits(entry: Entry) -> bool:
    return _VALIDATOR.is_valid(json.loads(to_line(entry)))


# One or two fields of a valid record at a time: many wrong ones would hide each other.
_values: dict[str, list[object]] = {
    "title": [None, "", "A"],
    "url": [None, "https://a.example/b", "ftp://a.example/", "b", ""],
    "date": [None, "2017", "2017-09", "2017-09-05", "2017-09-05T10:00:00+02:00", "2017-09-05T10:00", "2017-13", ""],
    "date_precision": [None, *PRECISIONS, "decade"],
    "date_method": [None, *DATE_METHODS, "guess"],
    "date_ambiguous": [True, False],
    "summary": [None, "", "B"],
    "summary_truncated": [None, True, False],
    "listing_page": [None, -1, 0, 1],
    "listing_position": [None, -1, 0, 1],
    "revision": [-1, 0, 1, 2],
    "status": [*STATUSES, "gone", ""],
}
_changes = st.dictionaries(st.sampled_from(sorted(_values)), st.integers(0, 99), max_size=3).map(
    lambda chosen: {name: _values[name][at % len(_values[name])] for name, at in chosen.items()}
)
_entries = _changes.map(lambda changes: stored(**changes))


@settings(max_examples=400)
@given(_entries)
def test_what_is_valid_by_hand_fits_the_schema(entry: Entry) -> None:
    if not problems(entry):
        assert fits(entry), list(_VALIDATOR.iter_errors(json.loads(to_line(entry))))


@pytest.mark.parametrize(
    "wrong",
    [
        {"date_precision": "decade"},
        {"date_method": "guess"},
        {"status": "gone"},
        {"status": ""},
        {"revision": 0},
        {"listing_page": 0},
        {"listing_position": 0},
        {"date": None, "date_precision": None, "date_method": "guess"},
    ],
    ids=str,
)
def test_what_breaks_the_schema_is_a_problem_by_hand(wrong: dict[str, object]) -> None:
    entry = stored(**{"date": "2017-09", "date_precision": "month", "date_method": "text", **wrong})
    assert not fits(entry)
    assert problems(entry)


def test_a_stored_record_fits_the_schema() -> None:
    assert fits(stored(date="2017-09-05", date_precision="day", date_method="text", capture={"warc": "x"}))


@pytest.mark.parametrize("name", ["id", "source", "retrieved_at", "run_id", "content_hash", "bylines", "extra"])
def test_the_schema_does_not_take_null_where_a_record_always_has_a_value(name: str) -> None:
    assert not fits(stored(**{name: None}))


# --- hash and identity ---


def test_the_hash_covers_the_compared_fields_and_nothing_else() -> None:
    base = Entry(title="A", summary="B", summary_truncated=False, bylines=["C"], section="D", date="2017")
    for name in FIELD_NAMES:
        changed = from_json(json.loads(to_line(base)))
        setattr(changed, name, ["X"] if name in ("bylines", "tags") else "X")
        assert (content_hash(changed) != content_hash(base)) == (name in COMPARED), name


def test_hash_and_id_never_change_with_a_release() -> None:
    # Archives hold these: a different value here means that every archive would be written anew.
    assert make_id("//gazette.example/bridge") == "c43f8ecf4b36258a93376b90"
    assert content_hash(Entry(title="A")) == "84dae728be780d7386ebf104a37fd5d3"


def test_a_title_key_folds_title_and_date_and_leaves_relative_dates_out() -> None:
    one = Entry(title="The  Bridge ", date_raw="5 May")
    other = Entry(title="the bridge", date_raw=" 5\u00a0May")
    assert title_key(one, "s", 1) == title_key(other, "s", 1)
    assert title_key(one, "s", 1) != title_key(one, "t", 1)
    assert title_key(one, "s", 1) != title_key(one, "s", 2)
    assert title_key(one, "s", 1) != title_key(Entry(title="The Bridge", date_raw="6 May"), "s", 1)
    yesterday = Entry(title="The Bridge", date_raw="2 days ago", date_method="relative")
    today = Entry(title="The Bridge", date_raw="3 days ago", date_method="relative")
    assert title_key(yesterday, "s", 1) == title_key(today, "s", 1)


def test_an_entry_without_address_has_no_address_key() -> None:
    assert address_key(Entry(title="A")) is None
    assert address_key(Entry(url="https://a.example/x#p1")) != address_key(Entry(url="https://a.example/x#p2"))
