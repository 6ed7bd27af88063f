"""What needs a piece of the system: a disk that is really full, a user who may not write."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.serve import serving
from tests.conftest import FIXTURES, Command, listing_site, newest, read_lines, site_file

pytestmark = pytest.mark.system("root, to mount a small disk and to become another user")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount(disk, "size=600k")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)  # noqa: S607 - where it lies differs


def mount(disk: Path, options: str) -> None:
    """Mount memory as a disk, or change the size of one that is mounted."""
    assert os.geteuid() == 0, "only root can mount a disk"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)  # noqa: S607 - as above


def test_a_full_disk_loses_nothing(command: Command, small_disk: Path) -> None:
    command.archive = small_disk / "archive"
    with serving(listing_site(100)) as server:
        site = site_file(command.folder, server.url)
        full = command.harvest(site)
        assert full.status == 1
        assert "No space left" in full.error() or "full" in full.error()
        assert str(command.source) in full.error()
        kept = newest(command.source / "entries.jsonl")
        assert 100 < len(kept) < 1000
        assert len(kept) % 10 == 0
        read_lines(command.source / "runs.jsonl")
        before = command.log
        again = command.harvest(site)
        assert again.status == 1
        assert "Traceback" not in again.err
        assert command.log.startswith(before)
        mount(small_disk, "remount,size=16m")
        ended = command.harvest(site)
    assert (ended.status, ended.err) == (0, "")
    assert command.log.startswith(before)
    assert len(newest(command.source / "entries.jsonl")) == 1000


def test_a_disk_that_is_full_from_the_start(command: Command, small_disk: Path) -> None:
    command.archive = small_disk / "archive"
    with serving(listing_site(2)) as server:
        site = site_file(command.folder, server.url)
        assert command.harvest(site).status == 0
        before = command.log
        with suppress(OSError), (small_disk / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(bytes(4096))
        result = command.harvest(site)
        assert result.status == 1
        assert str(small_disk) in result.error()
        assert command.log == before
        (small_disk / "fill").unlink()
        assert command.harvest(site).status == 0
    assert command.log == before


def test_a_user_who_may_not_write(command: Command) -> None:
    """The user may read all, as Python itself may lie where only root looks, and write nowhere else."""
    setpriv = shutil.which("setpriv")
    assert setpriv is not None, "needs setpriv (util-linux)"
    command.archive.mkdir()
    command.folder.chmod(0o755)
    text = FIXTURES / "lantern-text" / "listing.txt"
    become = [setpriv, "--reuid=65534", "--regid=65534", "--clear-groups"]
    become += ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    refused = command.program([*become, *command.words("harvest", text, "--quiet")])
    assert refused.status == 1
    assert str(command.archive) in refused.error()
    assert "permission denied" in refused.error()
    assert command.files() == []
    os.chown(command.archive, 65534, 65534)
    allowed = command.program([*become, *command.words("harvest", text, "--quiet")])
    assert (allowed.status, allowed.err) == (0, "")
    before = command.log
    os.chown(command.source / "entries.jsonl", 0, 0)
    denied = command.program([*become, *command.words("harvest", text, "--quiet")])
    assert denied.status == 1
    assert "entries.jsonl" in denied.error()
    assert command.log == before
