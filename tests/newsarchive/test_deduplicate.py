"""New, changed, known or repeated: each sighting is one of them."""

from collections import Counter
from pathlib import Path

import pytest

from newsarchive.archive.source import SourceArchive
from newsarchive.deduplicate import Sightings
from newsarchive.items import Entry
from newsarchive.normalize import normalize


def entry(number: int = 1, **values: object) -> Entry:
    made = Entry(**{"id": f"id{number}", "title": f"Bridge {number}", "source": "s", "run_id": "r", **values})  # type: ignore[arg-type]
    normalize(made)
    return made


def test_without_an_archive_the_run_is_what_counts() -> None:
    counts: Counter[str] = Counter()
    sightings = Sightings(None, counts)
    first, second = entry(1), entry(2)
    assert sightings.judge(first) is first
    assert sightings.judge(entry(1, title="Other")) is None
    assert sightings.judge(second) is second
    assert counts == {"new": 2, "repeated": 1}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    archive = SourceArchive(tmp_path / "s", "r0")
    archive.commit_page([entry(1, summary="It reopens", summary_truncated=False), entry(2)], {"run": "r0", "ids": []})
    archive.close()
    return tmp_path


def judged(root: Path, *seen: Entry) -> tuple[list[Entry | None], Counter[str]]:
    counts: Counter[str] = Counter()
    archive = SourceArchive(root / "s", "r1")
    try:
        sightings = Sightings(archive, counts)
        return [sightings.judge(one) for one in seen], counts
    finally:
        archive.close()


def test_what_the_archive_holds_unchanged_is_known(root: Path) -> None:
    found, counts = judged(root, entry(1, summary="It reopens", summary_truncated=False), entry(2))
    assert found == [None, None]
    assert (counts["known"], counts["new"], counts["changed"]) == (2, 0, 0)


def test_what_the_archive_does_not_hold_is_new(root: Path) -> None:
    (found,), counts = judged(root, entry(3))
    assert found is not None
    assert found.revision == 1
    assert counts["new"] == 1


def test_a_change_is_the_next_revision_with_its_own_hash(root: Path) -> None:
    (found,), counts = judged(root, entry(2, title="Bridge 2 reopens"))
    assert found is not None
    assert (found.revision, found.title, counts["changed"]) == (2, "Bridge 2 reopens", 1)
    assert found.content_hash == entry(2, title="Bridge 2 reopens").content_hash


def test_a_revision_that_keeps_a_field_has_the_hash_of_what_is_written(root: Path) -> None:
    (found,), counts = judged(root, entry(1, title="New"))
    assert found is not None
    whole = entry(1, title="New", summary="It reopens", summary_truncated=False)
    assert (found.summary, found.content_hash) == ("It reopens", whole.content_hash)
    assert counts["ignored"] == 1


def test_what_is_no_change_is_known_and_counted_as_ignored(root: Path) -> None:
    (found,), counts = judged(root, entry(1))
    assert found is None
    assert (counts["known"], counts["ignored"], counts["changed"]) == (1, 1, 0)


def test_a_second_sighting_in_a_run_only_adds(root: Path) -> None:
    found, counts = judged(root, entry(2), entry(2, title="Other"), entry(2, section="City"))
    assert found[:2] == [None, None]
    assert found[2] is not None
    assert (found[2].title, found[2].section) == ("Bridge 2", "City")
    assert (counts["known"], counts["repeated"], counts["changed"]) == (1, 1, 1)


def test_every_sighting_is_counted_as_one_thing(root: Path) -> None:
    seen = [entry(1), entry(2), entry(2), entry(3), entry(2, title="Other")]
    _, counts = judged(root, *seen)
    assert sum(counts[name] for name in ("new", "changed", "known", "repeated")) == len(seen)
