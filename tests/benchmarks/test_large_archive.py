from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from benchmarks import large_archive
from benchmarks.large_archive import A_PAGE, SLUG, entry, main, make_source
from newsarchive.archive.source import SourceArchive

START = "http://courier.example/latest/"


def test_a_made_source_is_one_that_a_harvest_could_have_left(tmp_path: Path) -> None:
    make_source(tmp_path / SLUG, 205, START)
    source = SourceArchive(tmp_path / SLUG, "run")
    assert source.notices == []
    for number in (0, 63, 64, 204):
        made = entry(number, START)
        known = source.newest(made.id or "")
        assert known is not None
        assert source.load(known).url == made.url
    assert source.newest(entry(205, START).id or "") is None
    pages = list(itertools.islice(source.pages.latest(), 20))
    assert [len(line["ids"]) for line in pages] == [5, *[A_PAGE] * 10]
    source.close()


def test_everything_is_measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(large_archive, "_TRIED", 2)
    monkeypatch.setattr(large_archive, "_ROUNDS", 1)
    assert main(["--entries", "300"]) == 0
    out = capsys.readouterr().out
    for what in (
        "index from nothing, seconds: ",
        "damaged index made anew, seconds: ",
        "opening with a current index, seconds: ",
        "index for a page of 20 known entries, percent of that: ",
        "index for a page of 20 new entries, percent of that: ",
        "peak memory of a harvest, MB more than with 1,000 entries: ",
    ):
        assert what in out
