"""robots.txt is kept for a day, and a kept one rules as one that was just fetched."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scripts.serve import serving
from tests.conftest import CHECKOUT, Command, address_of, listing_site, read_lines, site_file

PAGES = [address_of(1), address_of(2)]


def age(kept: Path, hours: float) -> None:
    """Make what is kept as old as that."""
    value = json.loads(kept.read_text("utf-8"))
    for answer in value.values():
        answer["fetched_at"] = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    kept.write_text(json.dumps(value), "utf-8")


def test_it_is_asked_once_a_day(command: Command) -> None:
    with serving(listing_site(2)) as server:
        site = site_file(command.folder, server.url)
        asked = []

        def harvest() -> None:
            before = server.requests.count("/robots.txt")
            result = command.harvest(site)
            assert (result.status, result.err) == (0, "")
            asked.append(server.requests.count("/robots.txt") - before)

        harvest()
        kept = command.source / "robots.json"
        assert list(json.loads(kept.read_text("utf-8"))) == [server.origin]
        harvest()
        age(kept, 23.9)
        harvest()
        age(kept, 24.1)
        harvest()
        age(kept, -1)  # the clock jumped back
        harvest()
        kept.write_bytes(b"{damaged")
        harvest()
        harvest()
        assert server.requests[:1] == ["/robots.txt"]
    assert asked == [1, 0, 0, 1, 1, 1, 0]


def test_one_that_forbids_is_kept_and_still_forbids(command: Command) -> None:
    with serving(listing_site(2)) as server:
        site = site_file(command.folder, server.url)
        assert command.harvest(site).status == 0
        server.respond("/robots.txt", body="User-agent: *\nDisallow: /news\n")
        age(command.source / "robots.json", 30)
        seen = len(server.requests)
        for asked in (["/robots.txt"], []):
            result = command.harvest(site)
            assert result.status == 4
            assert "robots.txt forbids it" in result.error()
            assert server.requests[seen:] == asked
            seen = len(server.requests)
        server.respond("/robots.txt", status=500)
        assert command.harvest(site).status == 4
        assert len(server.requests) == seen  # a day is a day
        age(command.source / "robots.json", 30)
        broken = command.harvest(site)
        assert broken.status == 4
        assert "robots.txt answered 500" in broken.error()
        server.respond("/robots.txt", status=404)
        assert command.harvest(site).status == 0
        assert command.harvest(site).status == 0
    lines = read_lines(command.source / "runs.jsonl")
    assert [line["status"] for line in lines if line["event"] == "end"] == [0, 4, 4, 4, 4, 0, 0]


def test_a_target_that_gave_nothing_leaves_none(command: Command) -> None:
    with serving(listing_site(2)) as server:
        server.respond("/robots.txt", body="User-agent: *\nDisallow: /\n")
        assert command.harvest(server.url).status == 4
        assert server.requests == ["/robots.txt"]
    assert command.files() == []


# A harvest by Scrapy that prints, for each request, the delay of the slot through which it goes.
CRAWL = """
import sys
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from newsarchive.harvest import load_settings

settings = load_settings()
settings.setdict({"DOWNLOAD_DELAY": 0, "NEWSARCHIVE_ARCHIVE": sys.argv[2], "LOG_LEVEL": "ERROR"}, priority="cmdline")
settings.set("NEWSARCHIVE_LONGEST_CRAWL_DELAY", 0.01, priority="cmdline")
process = AsyncCrawlerProcess(settings)
crawler = process.create_crawler("site")

def reached(request):
    downloader = crawler.engine.downloader
    slot = downloader.slots[downloader.get_slot_key(request)]
    print(request.url, slot.delay, slot.jitter)

crawler.signals.connect(reached, signal=signals.request_reached_downloader)
process.crawl(crawler, file=sys.argv[1])
process.start()
"""


@pytest.mark.parametrize(("rules", "delay"), [("User-agent: *\nCrawl-delay: 10\n", "0.01 0.0"), ("", "0.0 0.5")])
def test_crawl_delay_holds_also_when_it_is_kept(command: Command, rules: str, delay: str) -> None:
    with serving(listing_site(2)) as server:
        server.respond("/robots.txt", status=200, body=rules)
        words = [sys.executable, "-c", CRAWL, site_file(command.folder, server.url), command.archive]
        first, second = (command.program(words, cwd=CHECKOUT) for _ in range(2))
        pages = [f"{server.address(page)} {delay}" for page in PAGES]
        robots = f"{server.address('/robots.txt')} 0.0 0.5"
    assert (first.status, first.err, first.out.splitlines()) == (0, "", [robots, *pages])
    assert (second.status, second.err, second.out.splitlines()) == (0, "", pages)
