from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from benchmarks.against_bare_spider import COMMANDS
from benchmarks.site import ENTRIES_A_PAGE, Newspaper, path_of, serving

if TYPE_CHECKING:
    from pathlib import Path

PAGES = 3
FIELDS = ("url", "title", "date", "summary", "bylines", "section")


def test_pages_are_the_same_in_every_run() -> None:
    assert [Newspaper().page(9, n) for n in (1, 5, 9)] == [Newspaper().page(9, n) for n in (1, 5, 9)]
    assert Newspaper().page(9, 1) != Newspaper(seed=1).page(9, 1)


def test_pages_are_as_large_as_those_of_real_sites() -> None:
    sizes = [len(Newspaper().page(40, n)) for n in range(1, 41)]
    assert min(sizes) >= 25_000
    assert max(sizes) <= 60_000


def test_newsarchive_and_the_bare_spider_read_the_same_entries(tmp_path: Path) -> None:
    with serving([PAGES]) as origin:
        for command in COMMANDS.values():
            subprocess.run(command(origin + path_of(PAGES), tmp_path), check=True, capture_output=True)
    bare = read(tmp_path / "bare.jsonl")
    ours = read(tmp_path / "archive" / "harbour-courier" / "entries.jsonl")
    told = [expected(origin, number) for number in range(PAGES * ENTRIES_A_PAGE)]
    assert bare == told
    assert ours == told


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [{name: record[name] for name in FIELDS} for record in map(json.loads, lines)]


def expected(origin: str, number: int) -> dict[str, Any]:
    story = Newspaper().story(number)
    return {
        "url": origin + story.path,
        "title": story.title,
        "date": story.day.isoformat(),
        "summary": story.summary,
        "bylines": list(story.authors),
        "section": story.section,
    }
