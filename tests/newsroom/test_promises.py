"""The promises over a newspaper that moves: whatever runs came before, interrupted or not, no hole is left behind."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from newsarchive.plan import Wishes
from tests.newsroom.driver import ORIGIN, Harvest, differences, harvest, held
from tests.newsroom.publication import SLUG, Publication
from tests.newsroom.style import ORDERS, PAGERS, SKINS, Style

FULL: dict[str, Any] = {"wishes": Wishes(full=True)}
"""What asks a `Run` for a whole walk."""

MEMORY = "/dev/shm"  # noqa: S108 - a folder of one's own is made in it
"""Where the archives are, if it is there: a thousand stories sync a hundred thousand times."""


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """Keep warnings out of the report: the pages that could not be read stand in each story's notes."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


# --- what may happen ---


@dataclass(frozen=True)
class Change:
    """One operation on the newspaper."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)

    def __call__(self, paper: Publication) -> None:
        """Do it."""
        getattr(paper, self.name)(**self.values)


@dataclass(frozen=True)
class Visit:
    """One run, and what happens meanwhile.

    :ivar options: given to `harvest`
    :ivar during: changes just before a request, counted from the run's first as 1
    :ivar faults: given to `Publication.fail`
    """

    options: dict[str, Any] = field(default_factory=dict)
    during: list[tuple[int, Change]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)


def changes() -> st.SearchStrategy[Change]:
    few = st.integers(1, 5)
    return st.one_of(
        st.builds(Change, st.just("publish"), st.fixed_dictionaries({"count": few})),
        st.builds(Change, st.just("publish"), st.fixed_dictionaries({"count": st.integers(10, 20)})),
        st.builds(Change, st.just("backdate"), st.fixed_dictionaries({"count": few})),
        st.builds(Change, st.just("backdate"), st.fixed_dictionaries({"place": st.integers(1, 12)})),
        st.builds(Change, st.sampled_from(["edit", "move", "delete"]), st.fixed_dictionaries({"count": few})),
        st.builds(Change, st.sampled_from(["pin", "unpin"])),
        st.builds(Change, st.just("advance"), st.fixed_dictionaries({"by": st.integers(-9, 40).map(_days)})),
    )


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def visits() -> st.SearchStrategy[Visit]:
    soon = st.integers(1, 9)
    kinds = st.sampled_from([404, 500, 503, "timeout", "truncated", "dropped", "empty", "blank", "wall"])
    fault = st.fixed_dictionaries({"kind": kinds, "page": st.integers(1, 6), "times": st.sampled_from([1, 3, None])})
    return st.builds(
        Visit,
        st.one_of(
            st.just({}),
            st.fixed_dictionaries({"kill_after": soon, "tear": st.booleans()}),
            st.fixed_dictionaries({"interrupt_after": soon}),
            st.fixed_dictionaries({"max_pages": soon}),
        ),
        st.lists(st.tuples(soon, changes()), max_size=2),
        st.lists(fault, max_size=1),
    )


def styles() -> st.SearchStrategy[Style]:
    return st.builds(
        Style,
        pager=st.sampled_from(PAGERS),
        skin=st.sampled_from(SKINS),
        order=st.sampled_from(ORDERS),
        page_size=st.integers(3, 7),
        dates=st.booleans(),
        total=st.sampled_from([None, "listed"]),
        empty_pages=st.sampled_from([frozenset[int](), frozenset({3})]),
        window=st.integers(1, 3),
        links_last=st.booleans(),
        past_end=st.sampled_from([None, "404", "last", "empty"]),
        validators=st.sampled_from(["both", "etag", "modified", "none"]),
        most_pages=st.sampled_from([None, None, 5]),
        pins=st.sampled_from(["first", "every", "moved"]),
    )


# --- what must hold ---


class Story:
    """What happens to one newspaper and its archive.

    :ivar excused: articles that slid over a page border in some run, or came in behind it
    """

    def __init__(self, paper: Publication, archive: Path) -> None:
        self.paper, self.archive = paper, archive
        self.excused: set[int] = set()

    def go(self, step: Change | Visit) -> None:
        """Let one thing happen."""
        if isinstance(step, Change):
            step(self.paper)
            return
        for request, change in step.during:
            self.paper.before(self.paper.next(request), change)
        for fault in step.faults:
            self.paper.fail(**fault)
        self.visit(**step.options)
        self.paper.recover()

    def visit(self, **options: Any) -> Harvest:
        """Harvest once; a run in which something slid must not call itself complete."""
        before = len(self.paper.events)
        done = harvest(self.paper, self.archive, **options)
        slid = self.paper.crossed(done.since, done.until)
        self.excused |= slid
        kinds = {event.kind for event in self.paper.events[before:]}
        if self.paper.style.order != "newest":  # what comes while a walk goes on may come to stand where it has been
            self.excused |= {one for event in self.paper.events[before:] for one in event.numbers}
        note(f"{options}: {[one.page for one in self.paper.served[done.since : done.until]]}, {done.line}")
        # Where as many came as went, or others moved up from beyond the last page, no count can tell.
        by_chance = "delete" in kinds and kinds & {"publish", "backdate"}
        if slid and done.line and not by_chance and self.paper.style.most_pages is None:
            assert done.line["verdict"] != "complete", slid
        return done

    def missing(self) -> set[int]:
        """Return the articles that are listed and not held."""
        known = held(self.archive)
        return {one.number for one in self.paper.listed() if ORIGIN + one.url_path not in known}

    def end(self) -> None:
        """Check a scheduled run, a whole one and one that finds nothing new, all undisturbed."""
        self.visit()
        missing = self.missing()
        note(f"missing: {missing}, slid: {self.excused}, put beneath: {self.paper.beneath()}")
        assert missing <= self.excused | self.paper.beneath()
        self.visit(**FULL)
        assert self.missing() == set()
        assert differences(self.archive, self.paper) == {}
        log = self.archive / SLUG / "entries.jsonl"
        before = log.read_bytes() if log.exists() else b""
        self.visit()
        assert before == (log.read_bytes() if log.exists() else b"")


def no_hole_is_left(style: Style, articles: int, steps: list[Change | Visit]) -> None:
    with TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        story = Story(Publication(articles, style=style), Path(folder) / "archive")
        for step in steps:
            story.go(step)
        story.end()


def stories(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that tells a test so many stories."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        told = given(styles(), st.integers(0, 40), st.lists(st.one_of(visits(), visits(), changes()), max_size=6))
        slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
        return settings(max_examples=examples, deadline=None, suppress_health_check=slow)(told(test))

    return decorate


@stories(30)
def test_after_any_runs_everything_is_held(style: Style, articles: int, steps: list[Change | Visit]) -> None:
    no_hole_is_left(style, articles, steps)


@pytest.mark.long
@stories(1000)
def test_after_many_runs_everything_is_held(style: Style, articles: int, steps: list[Change | Visit]) -> None:
    no_hole_is_left(style, articles, steps)
