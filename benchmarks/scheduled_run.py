"""What a scheduled run with nothing new costs: ``python -m benchmarks.scheduled_run``.

A listing is harvested twice; then the same command is run in turn with a bare ``scrapy crawl`` of one page, in a
project that ``scrapy startproject`` has made, without a delay. The ratios of CPU and time, from start to exit, are
taken within a round, and the median over the rounds is shown. What is asked and sent is counted by the site.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.measuring import Used, positive, print_table, run, say_progress, say_target
from benchmarks.site import ENTRIES_A_PAGE, SITE_FILE, Newspaper, path_of
from scripts.serve import Page, SavedSite, Server, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TARGET_RATIO, TARGET_REQUESTS, TARGET_BYTES = 1.3, 1, 0
LISTINGS = (1, 20)
"""Pages of the listings that are harvested; the bare spider crawls the first."""

_SPIDER = """\
import scrapy


class Courier(scrapy.Spider):
    name = "courier"
    start_urls = ["{start}"]

    def parse(self, response):
        for card in response.css("article.story"):
            link = card.css(".story-title a")
            yield {{
                "url": response.urljoin(link.attrib["href"]),
                "title": link.css("::text").get("").strip(),
                "date": card.css(".story-date::text").get(),
                "summary": card.css(".story-text p::text").get(),
                "bylines": card.css(".story-author::text").getall(),
                "section": card.css(".story-section a::text").get(),
            }}
"""


@dataclass(frozen=True, slots=True)
class Round:
    """A harvest, the bare crawl before it, and what the harvest asked of the site."""

    bare: Used
    ours: Used
    requests: int
    sent: int
    """Bytes of bodies."""


class Bare:
    """A bare Scrapy project with one spider that reads the first page of a listing.

    :param start: address of the page
    """

    def __init__(self, folder: Path, start: str) -> None:
        self._project = folder / "bare"
        self._out = folder / "bare.jsonl"
        _succeed(run([sys.executable, "-m", "scrapy", "startproject", "bare"], folder), "scrapy startproject")
        spiders = self._project / "bare" / "spiders"
        (spiders / "courier.py").write_text(_SPIDER.format(start=start), "utf-8")

    def crawl(self) -> Used:
        """Crawl the page; an error when not every entry was found."""
        command = [sys.executable, "-m", "scrapy", "crawl", "courier", "-O", str(self._out), "-s", "DOWNLOAD_DELAY=0"]
        used = _succeed(run(command, self._project), "scrapy crawl")
        found = self._out.read_bytes().count(b"\n")
        if found != ENTRIES_A_PAGE:
            raise SystemExit(f"scrapy crawl found {found} of {ENTRIES_A_PAGE} entries")
        return used


class Ours:
    """The command that harvests a listing into an archive."""

    def __init__(self, folder: Path, start: str, pages: int) -> None:
        site = folder / f"courier-{pages}.toml"
        site.write_text(SITE_FILE.format(start=start).replace("harbour-courier", site.stem), "utf-8")
        self._entries = folder / "archive" / site.stem / "entries.jsonl"
        self._command = [sys.executable, "-m", "newsarchive", "harvest", str(site), "--quiet", "--delay", "0"]
        self._command += ["--archive", str(folder / "archive")]
        self._pages = pages
        self.harvest()
        self._written = self._entries.read_bytes()

    def harvest(self) -> Used:
        """Harvest the listing."""
        return _succeed(run(self._command), "newsarchive harvest")

    def check(self) -> None:
        """Make sure that every entry was found, and that no later harvest has written anything."""
        if self._written.count(b"\n") != self._pages * ENTRIES_A_PAGE or self._entries.read_bytes() != self._written:
            raise SystemExit(f"{self._entries} does not hold each entry once")


def _succeed(used: Used, what: str) -> Used:
    if used.status:
        raise SystemExit(f"{what}: exit status {used.status}")
    return used


def measure(pages: int, rounds: int) -> list[Round]:
    """Harvest a listing until nothing is new, then as often as there are rounds, in turn with the bare crawl."""
    with TemporaryDirectory(prefix="newsarchive-bench-") as name, serving(_newspaper(pages)) as server:
        folder = Path(name)
        bare, ours = Bare(folder, server.address(path_of(1))), Ours(folder, server.url, pages)
        bare.crawl()
        ours.harvest()  # once more: what it takes to know that nothing is new may come with the second run
        found = []
        for number in range(rounds):
            say_progress(f"{pages} pages: round {number + 1} of {rounds}")
            crawled = bare.crawl()
            asked, sent = _counts(server)
            harvested = ours.harvest()
            now_asked, now_sent = _counts(server)
            found.append(Round(crawled, harvested, now_asked - asked, now_sent - sent))
        ours.check()
    say_progress("")
    return found


def _newspaper(pages: int) -> SavedSite:
    newspaper = Newspaper()
    listings = {path_of(pages, number): Page(newspaper.page(pages, number)) for number in range(1, pages + 1)}
    return SavedSite(path_of(pages), {path_of(1): Page(newspaper.page(1, 1)), **listings})


def _counts(server: Server) -> tuple[int, int]:
    return len(server.requests), server.sent


def show(pages: int, rounds: Sequence[Round]) -> None:
    """Print what the rounds say of one listing and how it compares with the targets."""

    def middle(value: Callable[[Round], float]) -> float:
        return median(map(value, rounds))

    rows = [
        (who, *(f"{median(getattr(used, name) for used in runs):.{digits}f}" for name, digits in _SHOWN.items()))
        for who, runs in (
            ("bare scrapy crawl", [one.bare for one in rounds]),
            ("newsarchive", [one.ours for one in rounds]),
        )
    ]
    print(f"listing of {pages} page{'s' if pages > 1 else ''}, nothing new")
    print_table(("", "CPU s", "wall s", "peak MB"), rows)
    say_target("CPU, ratio to bare", middle(lambda one: one.ours.cpu / one.bare.cpu), TARGET_RATIO)
    say_target("wall, ratio to bare", middle(lambda one: one.ours.wall / one.bare.wall), TARGET_RATIO)
    say_target("requests", int(middle(lambda one: one.requests)), TARGET_REQUESTS)
    say_target("bytes of bodies", int(middle(lambda one: one.sent)), TARGET_BYTES)
    print()


_SHOWN = {"cpu": 2, "wall": 2, "peak": 0}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scheduled_run", description=__doc__)
    default = " ".join(map(str, LISTINGS))
    parser.add_argument(
        "--pages", type=positive, nargs="+", default=LISTINGS, help=f"pages of the listings (default: {default})"
    )
    parser.add_argument("--rounds", type=positive, default=9, help="how often each is run (default: 9)")
    options = parser.parse_args(argv)
    for pages in options.pages:
        show(pages, measure(pages, options.rounds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
