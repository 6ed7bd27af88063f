"""A first walk that is much longer than what a day allows: it comes to its end, and misses nothing meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom.driver import ORIGIN, Harvest, differences, harvest, held
from tests.newsroom.publication import Publication
from tests.newsroom.style import PAGERS, PagerKind, Style

PAGE_SIZE = 4


def walk_day_by_day(folder: Path, pager: PagerKind, pages: int, limit: dict[str, Any], *, new: int) -> list[Harvest]:
    """Harvest until a run is not cut short, with new entries every day; return the runs."""
    paper = Publication(pages * PAGE_SIZE, style=Style(pager=pager, page_size=PAGE_SIZE))
    a_day = min(limit.values())
    runs = []
    while True:
        runs.append(harvest(paper, folder, **limit))
        known = held(folder)
        assert all(ORIGIN + one.url_path in known for one in paper.listed()[: PAGE_SIZE * (a_day - 4)]), "new on top"
        if runs[-1].line is not None and runs[-1].line["verdict"] not in ("partial", "gap"):
            break
        # What a run needs to find its place again: the new entries, ten that are known, the page that it leaps to.
        assert len(runs) <= pages / (a_day - 6 - new / PAGE_SIZE) + 2, "it comes no further"
        paper.publish(new)
        paper.advance(timedelta(days=1))
    assert differences(folder, paper) == {}
    assert sum(run.requests for run in runs) <= pages + len(runs) * (6 + new / PAGE_SIZE)
    return runs


@pytest.mark.parametrize("limit", ["kill_after", "max_pages", "interrupt_after"])
@pytest.mark.parametrize("pager", PAGERS)
def test_a_first_walk_in_portions_comes_to_its_end(tmp_path: Path, pager: PagerKind, limit: str) -> None:
    runs = walk_day_by_day(tmp_path / "archive", pager, 80, {limit: 20}, new=7)
    assert len(runs) >= 5
    walks = {walk["run"] for run in runs if run.line for walk in run.line["walks"].values()}
    assert len(walks) == 1, "one walk, continued"


@pytest.mark.long
@pytest.mark.parametrize("pager", ["next-link", "offset"])
def test_a_first_walk_of_10_000_pages_killed_every_300(tmp_path: Path, pager: PagerKind) -> None:
    runs = walk_day_by_day(tmp_path / "archive", pager, 10_000, {"kill_after": 300}, new=9)
    assert len(runs) >= 34
