"""Compare newsarchive with a bare Scrapy spider on the same pages: ``python -m benchmarks.against_bare_spider``.

Both run as whole commands, in turn, several rounds; CPU is user and system time of the process. Machines are noisy, so
the ratios count: each is taken within a round, and the median over the rounds is shown. What a crawl of one page costs
is the start-up; it is taken off before CPU is divided by pages.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.measuring import positive, print_table, run, say_progress, say_target
from benchmarks.site import ENTRIES_A_PAGE, SITE_FILE, path_of, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

BARE, OURS = "bare", "newsarchive"
SIZES = (40, 400, 2000)
TARGET_CPU, TARGET_PEAK, TARGET_GROWTH = 2.0, 1.4, 30.0
"""At most: CPU a page and peak memory as ratios to the bare spider, and MB of growth to the longest listing."""

_COLUMNS = ("pages", "", "CPU ms a page", "ratio", "entries a second", "peak MB", "ratio")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of one command."""

    who: str
    pages: int
    round: int
    cpu: float
    """Seconds, user and system."""
    wall: float
    peak: float
    """MB resident at most."""


@dataclass(frozen=True, slots=True)
class Size:
    """What the rounds say of one command on a listing of one size; ratios are to the bare spider."""

    who: str
    pages: int
    cpu_ms_a_page: float
    cpu_ratio: float
    entries_a_second: float
    peak: float
    peak_ratio: float


@dataclass(frozen=True, slots=True)
class StartUp:
    """What the rounds say of one command on a listing of one page."""

    who: str
    cpu: float
    cpu_ratio: float
    wall: float
    wall_ratio: float


class Rounds:
    """All measurements, asked for medians and for medians of the ratios within a round."""

    def __init__(self, measurements: Iterable[Measurement]) -> None:
        self._by = {(one.who, one.pages, one.round): one for one in measurements}
        self._rounds = sorted({number for _, _, number in self._by})
        self.sizes = sorted({pages for _, pages, _ in self._by} - {1})

    def middle(self, value: Callable[[Measurement], float], who: str, pages: int) -> float:
        """Return the median of a value."""
        return median(value(self._by[who, pages, number]) for number in self._rounds)

    def ratio(self, value: Callable[[Measurement], float], who: str, pages: int) -> float:
        """Return the median of a value's ratio to the bare spider's in the same round."""
        return median(
            value(self._by[who, pages, number]) / value(self._by[BARE, pages, number]) for number in self._rounds
        )

    def cpu_ms_a_page(self, one: Measurement) -> float:
        """Return what a page costs beyond the first: the start-up of the same round is taken off."""
        return 1000 * (one.cpu - self._by[one.who, 1, one.round].cpu) / (one.pages - 1)

    def size(self, who: str, pages: int) -> Size:
        """Return the figures of one command on a listing of one size."""
        return Size(
            who=who,
            pages=pages,
            cpu_ms_a_page=self.middle(self.cpu_ms_a_page, who, pages),
            cpu_ratio=self.ratio(self.cpu_ms_a_page, who, pages),
            entries_a_second=self.middle(lambda one: pages * ENTRIES_A_PAGE / one.wall, who, pages),
            peak=self.middle(_peak, who, pages),
            peak_ratio=self.ratio(_peak, who, pages),
        )

    def start_up(self, who: str) -> StartUp:
        """Return the figures of one command on a listing of one page."""
        return StartUp(
            who=who,
            cpu=self.middle(_cpu, who, 1),
            cpu_ratio=self.ratio(_cpu, who, 1),
            wall=self.middle(_wall, who, 1),
            wall_ratio=self.ratio(_wall, who, 1),
        )

    def growth(self, who: str) -> float:
        """Return by how many MB the peak grows from the shortest listing to the longest."""
        return self.middle(_peak, who, self.sizes[-1]) - self.middle(_peak, who, self.sizes[0])


def _cpu(one: Measurement) -> float:
    return one.cpu


def _wall(one: Measurement) -> float:
    return one.wall


def _peak(one: Measurement) -> float:
    return one.peak


def bare_command(start: str, folder: Path) -> list[str]:
    """Return the command that crawls a listing with the bare spider; the entries go to ``bare.jsonl``."""
    return [sys.executable, "-m", "benchmarks.bare_spider", start, str(folder / "bare.jsonl")]


def our_command(start: str, folder: Path) -> list[str]:
    """Return the command that harvests a listing into an archive in ``folder``, by a site file that it writes there."""
    site = folder / "harbour-courier.toml"
    site.write_text(SITE_FILE.format(start=start), "utf-8")
    options = ["--archive", str(folder / "archive"), "--delay", "0", "--quiet"]
    return [sys.executable, "-m", "newsarchive", "harvest", str(site), *options]


COMMANDS = {BARE: bare_command, OURS: our_command}


def measure(who: str, origin: str, pages: int, number: int) -> Measurement:
    """Run one command on one listing; an error when it fails or does not find every entry."""
    with TemporaryDirectory(prefix="newsarchive-bench-") as name:
        folder = Path(name)
        used = run(COMMANDS[who](origin + path_of(pages), folder))
        found = sum(
            path.read_bytes().count(b"\n") for path in (*folder.glob("*.jsonl"), *folder.rglob("entries.jsonl"))
        )
    if used.status or found != pages * ENTRIES_A_PAGE:
        raise SystemExit(f"{who}: exit status {used.status}, {found} of {pages * ENTRIES_A_PAGE} entries")
    return Measurement(who, pages, number, used.cpu, used.wall, used.peak)


def measure_all(sizes: Sequence[int], rounds: int) -> list[Measurement]:
    """Run both commands in turn on every listing, as many rounds as asked for."""
    found = []
    with serving((1, *sizes)) as origin:
        for number in range(rounds):
            for pages in (1, *sizes):
                for who in COMMANDS:
                    say_progress(f"round {number + 1} of {rounds}: {pages} pages, {who}")
                    found.append(measure(who, origin, pages, number))
    say_progress("")
    return found


def show(rounds: Rounds) -> None:
    """Print the tables and how they compare with the targets."""
    sizes = [rounds.size(who, pages) for pages in rounds.sizes for who in COMMANDS]
    rows = [
        (
            f"{one.pages:,}", one.who, f"{one.cpu_ms_a_page:.1f}", f"{one.cpu_ratio:.2f}",
            f"{one.entries_a_second:,.0f}", f"{one.peak:.0f}", f"{one.peak_ratio:.2f}",
        )
        for one in sizes
    ]  # fmt: skip
    print_table(_COLUMNS, rows)
    starts = [rounds.start_up(who) for who in COMMANDS]
    print()
    print_table(
        ("1 page", "", "CPU s", "ratio", "wall s", "ratio"),
        [
            ("", one.who, f"{one.cpu:.2f}", f"{one.cpu_ratio:.2f}", f"{one.wall:.2f}", f"{one.wall_ratio:.2f}")
            for one in starts
        ],
    )
    print()
    ours = [one for one in sizes if one.who == OURS]
    say_target("CPU a page, ratio to bare", max(one.cpu_ratio for one in ours), TARGET_CPU)
    say_target("peak memory, ratio to bare", max(one.peak_ratio for one in ours), TARGET_PEAK)
    if len(rounds.sizes) > 1:
        span = f"{rounds.sizes[0]:,} to {rounds.sizes[-1]:,} pages"
        say_target(f"growth from {span}, MB", rounds.growth(OURS), TARGET_GROWTH)
        print(f"  (the bare spider grows by {rounds.growth(BARE):.0f} MB)")


def write_json(path: Path, measurements: Sequence[Measurement], rounds: Rounds) -> None:
    """Write every measurement and what follows from them."""
    value = {
        "python": sys.version.split()[0],
        "sizes": [asdict(rounds.size(who, pages)) for pages in rounds.sizes for who in COMMANDS],
        "start_up": [asdict(rounds.start_up(who)) for who in COMMANDS],
        "growth": {who: rounds.growth(who) for who in COMMANDS},
        "measurements": [asdict(one) for one in measurements],
    }
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")


def _sizes(text: str) -> list[int]:
    sizes = [int(part) for part in text.split(",")]
    if min(sizes) < 2:
        raise argparse.ArgumentTypeError("expected numbers of pages from 2, such as 40,400")
    return sorted(set(sizes))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against_bare_spider", description=__doc__)
    default = ",".join(map(str, SIZES))
    parser.add_argument("--sizes", type=_sizes, default=list(SIZES), help=f"pages of the listings (default: {default})")
    parser.add_argument("--rounds", type=positive, default=5, help="how often everything is run (default: 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every measurement to FILE")
    options = parser.parse_args(argv)
    measurements = measure_all(options.sizes, options.rounds)
    rounds = Rounds(measurements)
    show(rounds)
    if options.json is not None:
        write_json(options.json, measurements, rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
