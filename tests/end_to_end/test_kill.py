"""`kill -9` at any moment, then the same command: nothing is lost, repeated or torn."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from scripts.serve import SavedSite, Server, serving
from tests.conftest import (
    FIXTURES,
    Command,
    finish,
    listing_site,
    newest,
    read_lines,
    site_file,
    wait_until,
)

DELAY = 0.01  # seconds that the server takes for a page
SITES = {"next-link": lambda: listing_site(25), "offset": lambda: SavedSite.load(FIXTURES / "lantern-spip")}


@pytest.mark.parametrize("pager", SITES)
def test_three_kills_lose_nothing(command: Command, tmp_path: Path, pager: str) -> None:
    killed_and_resumed(command, tmp_path, pager, kills=3, seed=20260301)


@pytest.mark.long
@pytest.mark.parametrize("pager", SITES)
@pytest.mark.parametrize("seed", range(10))
def test_thirty_kills_lose_nothing(command: Command, tmp_path: Path, pager: str, seed: int) -> None:
    killed_and_resumed(command, tmp_path, pager, kills=3, seed=seed)


def killed_and_resumed(command: Command, tmp_path: Path, pager: str, *, kills: int, seed: int) -> None:
    """Kill a harvest several times, end it, and compare it with one that nobody disturbed."""
    dice = random.Random(seed)  # noqa: S311 - only moments are drawn
    with serving(SITES[pager]()) as server:
        undisturbed = Command(tmp_path / "undisturbed")
        undisturbed.folder.mkdir()
        target = server.url if pager == "offset" else str(site_file(command.folder, server.url))
        assert undisturbed.harvest(target).status == 0
        for path in server.site.pages:
            server.respond(path, delay=DELAY)
        for _ in range(kills):
            kill_one(command, server, target, dice)
        result = command.harvest(target)
    assert (result.status, result.err) == (0, "")
    assert newest(command.source / "entries.jsonl") == newest(undisturbed.source / "entries.jsonl")
    assert command.log.count(b"\n") == undisturbed.log.count(b"\n")
    events = [line["event"] for line in read_lines(command.source / "runs.jsonl")]
    assert events.count("begin") == events.count("end") + events.count("dead")
    assert events[-1] == "end"


def kill_one(command: Command, server: Server, target: str, dice: random.Random) -> None:
    """Kill a harvest a moment after a page drawn by lot was asked for."""
    before = len(server.requests)
    process = command.start("harvest", target, "--quiet")
    after = before + dice.randint(1, len({page.body for page in server.site.pages.values()}))
    wait_until(lambda: len(server.requests) > after or process.poll() is not None)
    time.sleep(dice.uniform(0, 0.04))
    process.send_signal(signal.SIGKILL)
    result = finish(process)
    assert result.status in (-signal.SIGKILL, 0), result.err
