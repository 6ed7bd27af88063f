"""What an archive of a million entries costs: ``python -m benchmarks.large_archive``.

Makes a source of so many entries, on pages of twenty, in a temporary folder, and measures: making its index anew;
opening it; the index's work for a page of known and of new entries, as a share of a page's CPU in a real harvest; the
peak memory of that harvest against one into a small archive. CPU is that of the process, without waits for the disk.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.against_bare_spider import our_command
from benchmarks.measuring import Used, positive, run, say_progress, say_target
from benchmarks.site import Newspaper, path_of, serving
from newsarchive.archive.source import ENTRIES, PAGES, RUNS, SourceArchive
from newsarchive.items import Entry, address_key, content_hash, json_line, make_id, to_line
from newsarchive.pages import PageRead
from newsarchive.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY, FEW, A_PAGE = 1_000_000, 1_000, 20
TARGET_REBUILD, TARGET_OPEN, TARGET_SHARE, TARGET_MEMORY = 60.0, 1.0, 3.0, 30.0
"""At most: seconds to make the index anew and to open a current one, percent of a page's CPU, MB more than with few."""

SLUG = "harbour-courier"
_RUN = "20260301T120000Z-000000"
_MOMENT = "2026-03-01T12:00:00Z"
_HARVESTED = 40
"""Pages of the listing that is harvested."""
_TRIED = 500
"""Pages that the work of the index is measured for."""
_ROUNDS = 3
"""Harvests that a page's CPU is the median of."""
_SHAPES = 64
"""Entries that differ in more than number, id and place."""


def entry(number: int, start: str) -> Entry:
    """Return the entry of a number, as a harvest of the newspaper would read it."""
    story = Newspaper().story(number % _SHAPES)
    one = Entry(
        source=SLUG,
        url=f"https://courier.example/{story.path.strip('/')}-{number}",
        title=f"{story.title} {number}",
        date=story.day.isoformat(),
        date_raw=story.shown_day,
        date_precision="day",
        date_method="text",
        summary=story.summary,
        summary_truncated=True,
        bylines=list(story.authors),
        bylines_raw=", ".join(story.authors) or None,
        section=story.section,
        language="en",
        listing_url=start,
        listing_page=number // A_PAGE + 1,
        listing_position=number % A_PAGE + 1,
        retrieved_at=_MOMENT,
        run_id=_RUN,
    )
    one.id = make_id(address_key(one) or "")
    one.content_hash = content_hash(one)
    return one


def page(numbers: Sequence[int], ids: Sequence[str], start: str) -> dict[str, Any]:
    """Return the line of ``pages.jsonl`` for a page of such entries."""
    number = numbers[0] // A_PAGE + 1
    mark = PageRead(
        start_url=start,
        number=number,
        url=f"{start}?from={numbers[0]}" if numbers[0] else start,
        status=200,
        received=_MOMENT,
        ids=list(ids),
        next=[f"{start}?from={numbers[-1] + 1}"],
        row=0,
    )
    return mark.to_line(_RUN)


class Templates:
    """Lines of entries with a place for what differs: a million of them are written in seconds."""

    _MARK = 987_654_321

    def __init__(self, start: str) -> None:
        self._ends = [self._cut(entry(shape, start)) for shape in range(_SHAPES)]

    def _cut(self, one: Entry) -> tuple[bytes, str]:
        """Return an entry's line with places for id, number (twice), page, position and hash; and its identity key."""
        number = (one.listing_page or 1) * A_PAGE - A_PAGE + (one.listing_position or 1) - 1
        one.url, one.title = (str(text).removesuffix(str(number)) + str(self._MARK) for text in (one.url, one.title))
        one.listing_page = one.listing_position = self._MARK
        key = (address_key(one) or "").removesuffix(str(self._MARK))
        one.id = one.content_hash = str(self._MARK)
        line = to_line(one).replace(b"%", b"%%")
        for place in (b"%s", b"%d", b"%d", b"%d", b"%d", b"%s"):
            line = line.replace(str(self._MARK).encode(), place, 1)
        return line, key

    def line(self, number: int) -> tuple[str, bytes]:
        """Return an entry's id and line; the hash is of its form and no more."""
        template, key = self._ends[number % _SHAPES]
        entry_id = make_id(f"{key}{number}")
        digest = hashlib.blake2b(entry_id.encode(), digest_size=16).hexdigest().encode()
        place = (number // A_PAGE + 1, number % A_PAGE + 1)
        return entry_id, template % (entry_id.encode(), number, number, *place, digest)


def make_source(folder: Path, entries: int, start: str) -> None:
    """Make a source whose logs hold so many entries, read in one run, and no index."""
    folder.mkdir(parents=True)
    templates = Templates(start)
    with (folder / ENTRIES).open("wb") as log, (folder / PAGES).open("wb") as pages:
        for first in range(0, entries, A_PAGE):
            numbers = range(first, min(first + A_PAGE, entries))
            ids, lines = zip(*map(templates.line, numbers), strict=True)
            log.write(b"".join(lines))
            pages.write(json_line(page(numbers, ids, start)))
    ended = Run(slug=SLUG, target=start, id=_RUN).to_line()
    ended |= {"start": [start], "reached_end": True, "entries": entries, "found": entries}
    ended |= {"pages": -(-entries // A_PAGE), "read": entries, "new": entries, "verdict": "unknown", "status": 0}
    begun = {name: ended[name] for name in ("run", "at", "tool", "target")}
    (folder / RUNS).write_bytes(json_line({"event": "begin", **begun}) + json_line(ended))
    _check(folder / ENTRIES, start)


def _check(path: Path, start: str) -> None:
    """Make sure that the quick lines are those that the slow way gives, but for the hash."""
    with path.open("rb") as log:
        for number, line in zip(range(3 * _SHAPES), log, strict=False):
            slow = json.loads(to_line(entry(number, start)))
            quick = json.loads(line)
            assert {**quick, "content_hash": None} == {**slow, "content_hash": None}, quick


class Metered:
    """An index that counts the CPU of its methods."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.cpu = 0.0

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._index, name)
        if not callable(value):
            return value

        def metered(*args: Any, **kwargs: Any) -> Any:
            began = time.process_time()
            try:
                return value(*args, **kwargs)
            finally:
                self.cpu += time.process_time() - began

        setattr(self, name, metered)
        return metered

    def __len__(self) -> int:
        return len(self._index)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that something took."""

    wall: float
    cpu: float


def opening(folder: Path) -> Took:
    """Open a source and close it again; return what the opening took."""
    wall, cpu = time.perf_counter(), time.process_time()
    source = SourceArchive(folder, "bench")
    took = Took(time.perf_counter() - wall, time.process_time() - cpu)
    source.close()
    return took


def without_index(folder: Path) -> Path:
    """Take a source's index away and return its place."""
    for path in folder.glob("index.sqlite*"):
        path.unlink()
    return folder / "index.sqlite"


def index_work(folder: Path, numbers: Sequence[Sequence[int]], start: str, *, new: bool) -> float:
    """Return the seconds of CPU that the index takes for a page: looking its entries up, taking in the new ones.

    That is the mean over the pages, with the index's closing: what it puts off is in it.
    """
    source = SourceArchive(folder, "bench")
    metered = Metered(source.index)
    source.index = metered  # type: ignore[assignment]  # it stands in for what it meters
    for some in numbers:
        entries = [entry(number, start) for number in some]
        ids = [one.id or "" for one in entries]
        source.memory(start).spans_of(ids)  # as the walk does
        source.expect(ids)
        known = [source.newest(one) is not None for one in ids]
        source.commit_page(entries if new else [], page(some, ids, start))
        assert known == [not new] * len(ids)
    began = time.process_time()
    source.close()
    return (metered.cpu + time.process_time() - began) / len(numbers)


def known_pages(entries: int) -> list[range]:
    """Return the numbers of entries on pages here and there in the archive."""
    dice = random.Random(0)  # noqa: S311 - no secret depends on it
    firsts = (dice.randrange(max(1, entries // A_PAGE)) * A_PAGE for _ in range(_TRIED))
    return [range(first, min(first + A_PAGE, entries)) for first in firsts]


def new_pages(entries: int) -> list[range]:
    """Return the numbers of entries on pages that the archive has not seen."""
    return [range(first, first + A_PAGE) for first in range(entries, entries + _TRIED * A_PAGE, A_PAGE)]


def harvest(folder: Path, start: str) -> tuple[Used, Used]:
    """Harvest a listing twice, all new and all known, into ``folder/archive``; return what both runs used."""
    used = run(our_command(start, folder)), run(our_command(start, folder))
    if any(one.status for one in used):
        raise SystemExit(f"newsarchive harvest: exit status {used[0].status}, {used[1].status}")
    return used


def page_cpu(top: Path, origin: str) -> float:
    """Return the seconds of CPU that a harvest spends on a page beyond the first, into an archive of its own."""
    found = []
    for number in range(_ROUNDS):
        one, many = (top / f"{pages}-{number}" for pages in (1, _HARVESTED))
        one.mkdir()
        many.mkdir()
        least, most = harvest(one, origin + path_of(1)), harvest(many, origin + path_of(_HARVESTED))
        found.append((most[0].cpu - least[0].cpu) / (_HARVESTED - 1))
    return median(found)


def measure(entries: int, top: Path, origin: str) -> None:
    """Make the sources, measure and print."""
    start = origin + path_of(_HARVESTED)
    large, small = (top / name / "archive" / SLUG for name in ("large", "small"))
    say_progress(f"making {entries:,} entries")
    make_source(large, entries, start)
    make_source(small, FEW, start)
    size = (large / ENTRIES).stat().st_size
    print(
        f"{entries:,} entries on {-(-entries // A_PAGE):,} pages, {size >> 20:,} MB, {size // entries:,} bytes a line"
    )

    say_progress("making the index")
    made = opening(large)
    say_target("index from nothing, seconds", made.wall, TARGET_REBUILD)
    print(f"  ({made.cpu:.1f} of CPU; the file has {(large / 'index.sqlite').stat().st_size / 2**20:,.0f} MB)")
    without_index(large).write_bytes(b"no database" * 100)
    mended = opening(large)
    say_target("damaged index made anew, seconds", mended.wall, TARGET_REBUILD)
    print(f"  ({mended.cpu:.1f} of CPU; the pages are looked through, too)")
    say_target("opening with a current index, seconds", median(opening(large).wall for _ in range(5)), TARGET_OPEN)

    say_progress("harvesting into small archives")
    a_page = page_cpu(top, origin)
    few = harvest(top / "small", start)
    print(f"a page's CPU in a harvest, milliseconds: {1000 * a_page:.1f}")
    for what, pages, new in (("known", known_pages(entries), False), ("new", new_pages(entries), True)):
        say_progress(f"pages of {what} entries")
        spent = index_work(large, pages, start, new=new)
        say_target(f"index for a page of {A_PAGE} {what} entries, percent of that", 100 * spent / a_page, TARGET_SHARE)
        print(f"  ({1_000_000 * spent:.0f} microseconds)")

    say_progress("harvesting into the large archive")
    many = harvest(top / "large", start)
    more = max(one.peak for one in many) - max(one.peak for one in few)
    say_target(f"peak memory of a harvest, MB more than with {FEW:,} entries", more, TARGET_MEMORY)
    print(f"  ({many[0].peak:.0f} and {many[1].peak:.0f} against {few[0].peak:.0f} and {few[1].peak:.0f})")
    print(f"  (CPU seconds: {many[0].cpu:.2f} and {many[1].cpu:.2f} against {few[0].cpu:.2f} and {few[1].cpu:.2f})")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_archive", description=__doc__)
    parser.add_argument("--entries", type=positive, default=MANY, help=f"entries of the archive (default: {MANY})")
    options = parser.parse_args(argv)
    with TemporaryDirectory(prefix="newsarchive-bench-") as name, serving((1, _HARVESTED)) as origin:
        measure(options.entries, Path(name), origin)
    say_progress("")
    return 0


if __name__ == "__main__":
    sys.exit(main())
