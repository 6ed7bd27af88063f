"""`PageRead`: the mark that follows a page's last entry through the pipelines. It commits the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class PageRead:
    """What a run knows of one listing page once it is read. Never exported: the last pipeline takes it out."""

    start_url: str | None
    """Start address of the listing; null for a file."""
    number: int
    """Place of the page in its listing, from 1."""
    url: str | None
    """Address that it was received under."""
    status: int | None
    """HTTP status."""
    received: str
    """When it was received (RFC 3339, UTC)."""
    etag: str | None = None
    """Its ETag header."""
    last_modified: str | None = None
    """Its Last-Modified header."""
    ids: list[str] = field(default_factory=list)
    """Ids of all entries seen, in order."""
    next: list[str] = field(default_factory=list)
    """Addresses that its pager leads to."""

    walk: dict[str, Any] = field(default_factory=dict)
    """The walk that it belongs to: its kind and the run that began it."""
    listing: str | None = None
    """Hash of the Listing that read it."""
    row: int | None = None
    """The unbroken row of pages that it belongs to, counted from 0 in its run; null for a page in passing."""
    over: tuple[str, int] | None = None
    """What was left out before it, because an earlier run had read it: that run and its row."""
    learned: dict[str, Any] = field(default_factory=dict)
    """What it taught about the source: the order of the list."""

    def to_line(self, run_id: str) -> dict[str, Any]:
        """Return the page's line of ``pages.jsonl``."""
        return {
            "run": run_id,
            "walk": self.walk or {"kind": "whole", "run": run_id},
            "start": self.start_url,
            "listing": self.listing,
            "row": self.row,
            "over": list(self.over) if self.over else None,
            "number": self.number,
            "url": self.url,
            "status": self.status,
            "time": self.received,
            "etag": self.etag,
            "last_modified": self.last_modified,
            "ids": self.ids,
            "next": self.next,
            "learned": self.learned,
        }
