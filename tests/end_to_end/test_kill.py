"""`kill -9` at any moment, two processes at once, then the same command: nothing is lost, repeated or torn."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.serve import SavedSite, Server, serving
from tests.conftest import (
    FIXTURES,
    NEXT_LINK,
    NUMBERED,
    Command,
    finish,
    listing_site,
    newest,
    read_lines,
    site_file,
    wait_until,
)

TEMPLATE = "{ kind = 'template', template = '/news/page/{n}/' }"
DELAY = 0.004  # seconds that the server takes for a page


class Listing:
    """A listing to be killed over: what the server shows and how it is read.

    :param pages: how many pages it has
    """

    def __init__(self, site: Callable[[], SavedSite], pager: str | None, pages: int) -> None:
        self.site, self.pager, self.pages = site, pager, pages

    def target(self, folder: Path, url: str) -> str:
        """Return what names it on the command line."""
        return url if self.pager is None else str(site_file(folder, url, self.pager))


SHORT = {
    "next-link": Listing(lambda: listing_site(25), NEXT_LINK, 25),
    "offset": Listing(lambda: SavedSite.load(FIXTURES / "lantern-spip"), None, 13),
    "numbered-links": Listing(lambda: listing_site(25, numbered=True), NUMBERED, 25),
    "template": Listing(lambda: listing_site(25), TEMPLATE, 25),
}
CHAINS = {
    "next-link": Listing(lambda: listing_site(600), NEXT_LINK, 600),
    "numbered-links": Listing(lambda: listing_site(600, numbered=True), NUMBERED, 600),
    "template": Listing(lambda: listing_site(600), TEMPLATE, 600),
}


@pytest.mark.parametrize("pager", SHORT)
def test_three_kills_lose_nothing(command: Command, tmp_path: Path, pager: str) -> None:
    killed_and_resumed(command, tmp_path, SHORT[pager], kills=3, seed=20260301)


@pytest.mark.long
@pytest.mark.parametrize("pager", SHORT)
@pytest.mark.parametrize("seed", range(5))
def test_fifty_kills_of_short_listings_lose_nothing(command: Command, tmp_path: Path, pager: str, seed: int) -> None:
    killed_and_resumed(command, tmp_path, SHORT[pager], kills=5, seed=seed)


@pytest.mark.long
@pytest.mark.parametrize("pager", CHAINS)
def test_fifty_kills_over_a_chain_of_600_pages_lose_nothing(command: Command, tmp_path: Path, pager: str) -> None:
    killed_and_resumed(command, tmp_path, CHAINS[pager], kills=50, seed=6)


def killed_and_resumed(command: Command, tmp_path: Path, listing: Listing, *, kills: int, seed: int) -> None:
    """Kill a harvest several times, end it, and compare it with one that nobody disturbed."""
    dice = random.Random(seed)  # noqa: S311 - only moments are drawn
    with serving(listing.site()) as server:
        undisturbed = Command(tmp_path / "undisturbed")
        undisturbed.folder.mkdir()
        target = listing.target(command.folder, server.url)
        assert undisturbed.harvest(target, timeout=300).status == 0
        for path in server.site.pages:
            server.respond(path, delay=DELAY)
        for _ in range(kills):
            kill_one(command, server, target, dice.randint(1, listing.pages // 3), dice.uniform(0, 0.05))
        result = command.harvest(target, timeout=300)
        assert (result.status, result.err) == (0, "")
        asked = len(server.requests)
        again = command.harvest(target)
        assert (again.status, again.err) == (0, "")
        assert len(server.requests) - asked <= listing.pages + 3
    compare(command, undisturbed)


def compare(command: Command, undisturbed: Command) -> None:
    """Make sure that two archives hold the same, whatever became of their runs."""
    assert newest(command.source / "entries.jsonl") == newest(undisturbed.source / "entries.jsonl")
    assert command.log.count(b"\n") == undisturbed.log.count(b"\n")
    events = [line["event"] for line in read_lines(command.source / "runs.jsonl")]
    assert events.count("begin") == events.count("end") + events.count("dead")
    assert events[-1] == "end"
    held = {line["id"] for line in read_lines(command.source / "entries.jsonl")}
    assert {one for line in read_lines(command.source / "pages.jsonl") for one in line["ids"]} <= held


def kill_one(command: Command, server: Server, target: str, requests: int, moment: float) -> None:
    """Kill a harvest a moment after so many pages were asked for."""
    after = len(server.requests) + requests
    process = command.start("harvest", target, "--quiet")
    wait_until(lambda: len(server.requests) >= after or process.poll() is not None)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    result = finish(process)
    assert result.status in (-signal.SIGKILL, 0), result.err


def test_a_listing_that_is_killed_over_and_over_is_walked_to_its_end(command: Command) -> None:
    """Every run that reads a page more than it needs to find its place brings the walk further."""
    with serving(listing_site(40)) as server:
        target = str(site_file(command.folder, server.url))
        for _ in range(30):
            process = command.start("harvest", target, "--quiet")
            after = len(server.requests) + 8
            wait_until(lambda after=after, process=process: len(server.requests) >= after or process.poll() is not None)
            process.send_signal(signal.SIGKILL)
            if finish(process).status == 0:
                break
        assert process.returncode == 0, "it never came to the end"
        # Six pages or more a run, of which three find the place again.
        assert len(server.requests) < 40 + 4 * 14
    assert len(newest(command.source / "entries.jsonl")) == 400


@pytest.mark.parametrize("count", [2, 4])
def test_processes_started_at_once(command: Command, tmp_path: Path, count: int) -> None:
    """One of them harvests, the others end with 75 or come when it has ended: the archive is as if there were one."""
    together(command, tmp_path, count)


@pytest.mark.long
@pytest.mark.parametrize("attempt", range(10))
def test_processes_started_at_once_and_killed(command: Command, tmp_path: Path, attempt: int) -> None:
    dice = random.Random(attempt)  # noqa: S311 - only moments are drawn
    with serving(listing_site(25)) as server:
        undisturbed = Command(tmp_path / "undisturbed")
        undisturbed.folder.mkdir()
        target = str(site_file(command.folder, server.url))
        assert undisturbed.harvest(target).status == 0
        for _ in range(5):
            processes = [command.start("harvest", target, "--quiet") for _ in range(2)]
            time.sleep(dice.uniform(0.2, 1.2))
            for process in dice.sample(processes, dice.randint(1, 2)):
                process.send_signal(signal.SIGKILL)
            for process in processes:
                assert finish(process).status in (0, 75, -signal.SIGKILL)
        assert command.harvest(target).status == 0
    compare(command, undisturbed)


def together(command: Command, tmp_path: Path, count: int) -> None:
    with serving(listing_site(25)) as server:
        undisturbed = Command(tmp_path / "undisturbed")
        undisturbed.folder.mkdir()
        target = str(site_file(command.folder, server.url))
        assert undisturbed.harvest(target).status == 0
        processes = [command.start("harvest", target, "--quiet") for _ in range(count)]
        results = [finish(process) for process in processes]
    statuses = sorted(result.status for result in results)
    assert statuses[0] == 0
    assert set(statuses) <= {0, 75}
    for result in results:
        assert result.status == 0 or "is being harvested by process" in result.error()
    compare(command, undisturbed)
