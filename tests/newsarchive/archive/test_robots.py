"""robots.txt kept for a day: what is used again, and what counts as none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsarchive.archive.robots import ROBOTS, KeptRobots, RobotsAnswer
from newsarchive.archive.source import SourceArchive
from newsarchive.errors import ArchiveError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "https://gazette.example:443"
RULES = RobotsAnswer(200, "User-agent: *\nDisallow: /søk\n")


@pytest.fixture
def kept(tmp_path: Path) -> KeptRobots:
    one = KeptRobots(tmp_path)
    one.keep(ORIGIN, RULES, NOON)
    return one


@pytest.mark.parametrize(
    ("passed", "used"),
    [
        (timedelta(0), True),
        (timedelta(hours=23, minutes=59), True),
        (timedelta(hours=24), False),
        (timedelta(days=400), False),
        (timedelta(minutes=-4), True),
        (timedelta(minutes=-6), False),
        (timedelta(days=-400), False),
    ],
)
def test_an_answer_is_used_for_a_day(kept: KeptRobots, passed: timedelta, used: bool) -> None:
    assert kept.fresh(ORIGIN, NOON + passed) == (RULES if used else None)


def test_each_origin_has_its_own_and_old_ones_go(kept: KeptRobots, tmp_path: Path) -> None:
    other, third = "http://gazette.example:80", "http://gazette.example:8080"
    missing = RobotsAnswer(404, "")
    kept.keep(other, missing, NOON + timedelta(hours=23))
    assert kept.fresh(ORIGIN, NOON + timedelta(hours=23)) == RULES
    assert kept.fresh(other, NOON + timedelta(hours=23)) == missing
    assert kept.fresh(third, NOON) is None
    kept.keep(third, RULES, NOON + timedelta(hours=25))
    value = json.loads((tmp_path / ROBOTS).read_text("utf-8"))
    assert list(value) == [other, third]
    assert value[other] == {"fetched_at": "2026-03-02T11:00:00Z", "status": 404, "text": ""}


GOOD = {"fetched_at": "2026-03-01T12:00:00Z", "status": 200, "text": ""}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{half",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b"null",
        *(
            json.dumps({ORIGIN: value}).encode()
            for value in (
                None,
                [],
                "text",
                {},
                {**GOOD, "fetched_at": "yesterday"},
                {**GOOD, "fetched_at": "2026-03-01T12:00:00"},
                {**GOOD, "fetched_at": 5},
                {**GOOD, "status": "200"},
                {**GOOD, "text": None},
            )
        ),
    ],
)
def test_a_damaged_file_is_as_none_and_replaced(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ROBOTS).write_bytes(data)
    kept = KeptRobots(tmp_path)
    assert kept.fresh(ORIGIN, NOON) is None
    kept.keep(ORIGIN, RULES, NOON)
    assert kept.fresh(ORIGIN, NOON) == RULES


def test_a_file_that_cannot_be_read_or_written_is_as_none(tmp_path: Path) -> None:
    (tmp_path / ROBOTS).mkdir()
    kept = KeptRobots(tmp_path)
    assert kept.fresh(ORIGIN, NOON) is None
    with pytest.raises(ArchiveError, match=r"robots\.json"):
        kept.keep(ORIGIN, RULES, NOON)


def test_a_run_that_read_nothing_leaves_none(tmp_path: Path) -> None:
    folder = tmp_path / "gazette"
    source = SourceArchive(folder, "run")
    KeptRobots(folder).keep(ORIGIN, RULES, NOON)
    assert source.discard_if_empty()
    assert not folder.exists()


def test_a_source_keeps_it(tmp_path: Path) -> None:
    folder: Any = tmp_path / "gazette"
    SourceArchive(folder, "first").close()
    source = SourceArchive(folder, "second")
    KeptRobots(folder).keep(ORIGIN, RULES, NOON)
    assert not source.discard_if_empty()
    source.close()
    assert KeptRobots(folder).fresh(ORIGIN, NOON) == RULES
