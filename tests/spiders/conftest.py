"""Reading the pages of a fixture without an engine: HtmlResponse, `newsarchive.reading`, the walk."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from newsarchive.ends import NextPage
from newsarchive.items import Entry
from newsarchive.listing import Listing
from newsarchive.reading import ListingPage, read_page
from newsarchive.text.urls import resolve
from newsarchive.validate import problems
from newsarchive.walk import Walk

FIXTURES = Path(__file__).parents[2] / "fixtures"
SHARED = Path(__file__).parents[2].parent / "shared"
RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
COMPARED = ("url", "title", "date", "date_raw", "summary", "summary_truncated", "bylines", "section")


def shown(listing: Listing, body: bytes, url: str, *, start: str = "", number: int = 1) -> ListingPage:
    """Return a page as the spider hands it to its reader."""
    response = HtmlResponse(url=url, body=body, headers={"Content-Type": "text/html; charset=utf-8"})
    return ListingPage(
        url=url,
        root=response.selector.root,
        listing=listing,
        received=RECEIVED,
        start_url=start or url,
        number=number,
    )


@dataclass
class Harvest:
    """What a walk over a fixture gave."""

    walk: Walk
    files: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def records(self, site: str) -> list[dict[str, Any]]:
        """Return the records in the form of expected.jsonl, addresses from the site's root."""
        found = []
        for entry in self.entries.values():
            record = {name: getattr(entry, name) for name in COMPARED}
            record["url"] = (record["url"] or "").removeprefix(site) or None
            found.append(record)
        return found


def harvest(folder: Path, listing: Listing, site: str) -> Harvest:
    """Walk a fixture from its start to its end."""
    described = json.loads((folder / "site.json").read_text("utf-8"))
    pages = {resolve(path, site + "/"): name for path, name in described["pages"].items()}
    start = resolve(described["start"], site + "/")
    assert start is not None
    done = Harvest(Walk(start))
    asked: NextPage | None = done.walk.begin()
    while asked is not None:
        name = pages[asked.url.partition("#")[0]]
        done.files.append(name)
        page = shown(listing, (folder / name).read_bytes(), asked.url, start=start, number=asked.number)
        reading = read_page(page, "s")
        done.failed += [f"{name}: {why}" for why in reading.failed]
        for entry in reading.entries:
            assert problems(entry) == []
            assert entry.id is not None
            done.entries.setdefault(entry.id, entry)
        asked = done.walk.page_read(page.number, [entry.id or "" for entry in reading.entries], page.links)
    return done


def expected(folder: Path) -> list[dict[str, Any]]:
    """Return the records that a harvest must give."""
    return [json.loads(line) for line in (folder / "expected.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def spip_pages() -> Path:
    """Pages of a real SPIP beside the checkout."""
    folder = SHARED / "spip"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/spip is not beside this checkout")
    return folder
