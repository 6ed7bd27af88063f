"""`Run`: one harvest of one source, and all that it learns. Spiders and pipelines share it; it lives on neither."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from newsarchive import __version__
from newsarchive.archive.source import SourceArchive
from newsarchive.health.verdict import exit_status, judge
from newsarchive.moments import now
from newsarchive.walk import BUILT_IN_LIMIT, Walk

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
    """

    slug: str
    target: str
    limit: int | None = None
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
    entries_before: int | None = None
    """Entries that the last run found, where it walked the whole listing; else ``None``."""
    pages_before: int | None = None
    """Pages that the last run that reached an end read; ``None`` when there was none."""
    on_page: Callable[[Run, PageRead], None] | None = None
    _description: dict[str, Any] | None = None

    def walk(self, start_url: str) -> Walk:
        """Return the walk that begins at an address."""
        if start_url not in self.walks:
            limit = BUILT_IN_LIMIT if self.limit is None else self.limit
            self.walks[start_url] = Walk(start_url, limit=limit, limit_is_users=self.limit is not None)
        return self.walks[start_url]

    def open_archive(self, root: Path) -> None:
        """Open the source's folder and note that the run begins.

        :raises LockedError: another run holds it
        :raises ArchiveError: it cannot be read or written
        """
        self.archive = SourceArchive(root / self.slug, self.id)
        # A run that stopped early, or that lost the pager, is no measure for the next one.
        ends = (line for line in self.archive.runs.latest() if line.get("reached_end") and not line.get("findings"))
        before = next(ends, {})
        self.pages_before = before.get("pages")
        if before.get("entries") == len(self.archive.index):  # nothing came in between
            self.entries_before = before.get("found")
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
            "at": now(),
            "tool": __version__,
            "target": self.target,
            "spider": self.spider,
            "listing": self.listing.hash if self.listing else None,
            "walk": {"kind": "whole", "run": self.id},
            "start": list(self.walks),
            "verdict": str(judgement.verdict),
            "reason": judgement.reason,
            "status": exit_status(self, judgement),
            "findings": self.findings,
            "ends": {start: walk.end.name.lower() if walk.end else None for start, walk in self.walks.items()},
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
        if self.pages_before and self.pages_before > 1 and self._lost_pager():
            self.findings.append(
                f"the pager is gone: the run before read {self.pages_before} pages, this one found no second"
            )
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

    def _lost_pager(self) -> bool:
        return self.counts["pages"] == len(self.walks) > 0 and all(walk.reached_end for walk in self.walks.values())


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
