"""`Run`: one harvest of one source, and all that it learns. Spiders and pipelines share it; it lives on neither."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from newsarchive import __version__
from newsarchive.archive.source import ListingMemory, SourceArchive
from newsarchive.archive.spans import StartState
from newsarchive.ends import BUILT_IN_LIMIT
from newsarchive.health.verdict import exit_status, judge
from newsarchive.moments import now
from newsarchive.plan import Wishes, make_plan, usable_state
from newsarchive.settle import settle_walk, walk_line
from newsarchive.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scrapy.crawler import Crawler

    from newsarchive.listing import Listing
    from newsarchive.pages import PageRead


def new_run_id() -> str:
    """Return an id that sorts by time: ``20260301T120000Z-3f9a1c``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


@dataclass(slots=True, eq=False, weakref_slot=True)
class Run:
    """One harvest of one source.

    :param slug: the source
    :param target: what the user named, for the record
    :param limit: pages of one listing to read at most; ``None``: the built-in limit
    :param wishes: what else the user asked of the walks
    """

    slug: str
    target: str
    limit: int | None = None
    wishes: Wishes = field(default_factory=Wishes)
    id: str = field(default_factory=new_run_id)
    started: str = field(default_factory=now)
    archive: SourceArchive | None = None
    spider: str | None = None
    listing: Listing | None = None
    walks: dict[str, Walk] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    """Sums over the pages, by the names in `_COUNTS`; "read" counts cards that gave an entry."""
    findings: list[str] = field(default_factory=list)
    """What is wrong with the source's health, one sentence each."""
    failure: Exception | None = None
    """The error that ended the run: ours or the machine's."""
    refusal: str | None = None
    """Why nothing could be read."""
    interrupted: bool = False
    on_page: Callable[[Run, PageRead], None] | None = None
    _description: dict[str, Any] | None = None

    def walk(self, start_url: str) -> Walk:
        """Return the walk that begins at an address; it is planned when it is first asked for."""
        if start_url not in self.walks:
            memory = self.memory(start_url)
            state = memory.state() if memory is not None else StartState()
            listing = self.listing.hash if self.listing else None
            self.walks[start_url] = Walk(
                start_url,
                limit=BUILT_IN_LIMIT if self.limit is None else self.limit,
                limit_is_users=self.limit is not None,
                plan=make_plan(state, self.wishes, self.id, listing, now=datetime.now(UTC)),
                memory=memory,
                before=usable_state(state, listing),
            )
        return self.walks[start_url]

    def memory(self, start_url: str) -> ListingMemory | None:
        """Return what the archive knows of the listing that begins at an address; ``None`` without an archive."""
        return self.archive.memory(start_url) if self.archive is not None else None

    def validators(self, walk: Walk) -> dict[str, str]:
        """Return the headers that ask for the first page only if it has changed; ``{}`` where it is wanted anyway."""
        memory = self.memory(walk.start_url)
        if memory is None or walk.plan.if_changed is None:
            return {}
        line = memory.first_page(walk.plan.if_changed)
        if line.get("etag"):
            return {"If-None-Match": line["etag"]}
        return {"If-Modified-Since": line["last_modified"]} if line.get("last_modified") else {}

    def saw_in_walk(self, entry_id: str) -> bool:
        """Tell whether an earlier run of a walk that this one continues has seen an entry."""
        going_on = [walk for walk in self.walks.values() if walk.plan.continued]
        memories = [(walk, self.memory(walk.start_url)) for walk in going_on]
        return any(memory is not None and memory.walk_of(entry_id) == walk.plan.walk for walk, memory in memories)

    def open_archive(self, root: Path) -> None:
        """Open the source's folder and note that the run begins.

        :raises LockedError: another run holds it
        :raises ArchiveError: it cannot be read or written
        """
        self.archive = SourceArchive(root / self.slug, self.id)
        self.archive.append_run(
            {"event": "begin", "run": self.id, "at": self.started, "tool": __version__, "target": self.target}
        )

    def describe(self, listing: Listing, spider: str | None, starts: list[str]) -> None:
        """Say what the source is and how it is read; the archive keeps that once an entry was read."""
        self.listing, self.spider = listing, spider
        table: dict[str, Any] = {"slug": self.slug, "target": self.target, "start": starts, "spider": spider}
        table |= {"listing": listing.to_table()}
        self._description = {key: value for key, value in table.items() if value is not None}

    def keep_description(self) -> None:
        """Write ``source.toml`` and the Listing in force before the first entries are committed.

        :raises ArchiveError: they cannot be written
        """
        if self._description and self.archive is not None and self.listing is not None:
            self.archive.describe(self._description, self.listing.hash, self.listing.to_toml())
            self._description = None

    def committed(self, page: PageRead) -> None:
        """Take note that a page is in the archive (or, without one, was passed on)."""
        self.counts["pages"] += 1
        self.counts["read"] += len(page.ids)
        if self.on_page is not None:
            self.on_page(self, page)

    def fail(self, error: Exception) -> None:
        """End the run for an error of ours or of the machine; the first one counts."""
        if self.failure is None:
            self.failure = error

    def to_line(self) -> dict[str, Any]:
        """Return the run's last line of ``runs.jsonl``."""
        judgement = judge(self)
        return {
            "event": "end",
            "run": self.id,
            "began": self.started,
            "at": now(),
            "tool": __version__,
            "target": self.target,
            "spider": self.spider,
            "listing": self.listing.hash if self.listing else None,
            "start": list(self.walks),
            "verdict": str(judgement.verdict),
            "reason": judgement.reason,
            "status": exit_status(self, judgement),
            "findings": self.findings,
            "walks": {start: walk_line(walk, self) for start, walk in self.walks.items()},
            "reached_end": bool(self.walks) and all(walk.reached_end for walk in self.walks.values()),
            "entries": len(self.archive.index) if self.archive else None,
            "found": sum(walk.entries for walk in self.walks.values()),
            "failed": [text for walk in self.walks.values() for text in walk.failed],
            **{name: self.counts[name] for name in _COUNTS},
        }

    def end(self) -> dict[str, Any]:
        """Note in the archive how the run ended, free the source, and return that line.

        :raises ArchiveError: the line cannot be written; the source is freed all the same
        """
        for walk in self.walks.values() if self.failure is None else ():
            self.findings += settle_walk(walk, self)
        read = self.counts["read"] - self.counts["invalid"]
        if self.counts["cards_failed"] + self.counts["invalid"] > read > 0:
            lost = self.counts["cards_failed"] + self.counts["invalid"]
            self.findings.append(f"{lost} cards gave no entry, {read} did")
        line = self.to_line()
        archive, self.archive = self.archive, None
        if archive is None or (self._read_nothing() and archive.discard_if_empty()):
            return line
        try:
            archive.append_run(line)
        finally:
            archive.close()
        return line

    def _read_nothing(self) -> bool:
        """Whether the target proved to be no listing: nothing of it is kept."""
        return not self.counts["read"]


_COUNTS = (
    "pages", "requests", "bytes", "read", "new", "changed", "known", "repeated", "ignored", "cards_failed",
    "shared_addresses", "invalid",
)  # fmt: skip

_runs: WeakKeyDictionary[Crawler, Run] = WeakKeyDictionary()


def run_of(crawler: Crawler) -> Run:
    """Return the run of a crawler; under plain ``scrapy`` it is made when first asked for."""
    if crawler not in _runs:
        spider = crawler.spider
        slug = str(getattr(spider, "slug", None) or getattr(spider, "name", "source"))
        _runs[crawler] = Run(
            slug=slug,
            target=str(getattr(spider, "name", slug)),
            limit=crawler.settings.getint("NEWSARCHIVE_MAX_PAGES") or None,
        )
    return _runs[crawler]


def attach_run(crawler: Crawler, run: Run) -> None:
    """Give a crawler the run that it works for."""
    _runs[crawler] = run
