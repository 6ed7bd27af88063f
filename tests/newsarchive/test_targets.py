"""Targets: what a word on the command line means, and that two sources never become one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsarchive.errors import ArchiveError, TargetError, UnreadableFileError, UsageError
from newsarchive.targets import Job, Targets

START = "https://gazette.example/news"
OTHER = "https://other.example/news"
SITE = """
start = "{start}"
[listing]
card = "article"
title = "h2"
pager = {{ kind = "single" }}
"""
TEXT = "A title\nSeptember 5, 2017 | What it is about\n"


@pytest.fixture
def targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Targets:
    """Targets of an archive without sources, from an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Targets(Path("archive"))


def source(targets: Targets, slug: str, **description: Any) -> Path:
    """Put a source into the archive; return its folder."""
    folder = targets.archive / slug
    folder.mkdir(parents=True)
    lines = [f"{key} = {value!r}" for key, value in {"slug": slug, "target": slug, **description}.items()]
    (folder / "source.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def written(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


# --- two sources never become one ---


@pytest.mark.parametrize(
    "claim",
    [
        lambda targets: targets.job(OTHER, slug="gazette"),
        lambda targets: targets.job(OTHER, slug="gazette", spider="spip"),
        lambda targets: targets.job(str(written("gazette.toml", SITE.format(start=OTHER)))),
        lambda targets: targets.job(str(written("o.toml", SITE.format(start=OTHER))), slug="gazette"),
        lambda targets: targets.job(str(written("gazette.txt", TEXT))),
        lambda targets: targets.job(str(written("other.txt", TEXT)), slug="gazette"),
        lambda targets: targets.job("spip", start=OTHER, slug="gazette"),
        lambda targets: targets.job("leftvoice", slug="gazette"),
        lambda targets: targets.job("leftvoice", start=OTHER, slug="gazette"),
    ],
    ids=["address", "spider", "site-file", "named-file", "text", "named-text", "family", "own", "own-elsewhere"],
)
def test_a_name_that_is_taken_is_refused(targets: Targets, claim: Callable[[Targets], Job]) -> None:
    source(targets, "gazette", start=[START], spider="site")
    with pytest.raises(UsageError, match=r"gazette is the source https://gazette.example/news already") as error:
        claim(targets)
    assert "another --slug" in str(error.value)
    assert "source.toml if that source has moved" in str(error.value)


def test_text_files_of_one_name_in_two_folders_are_two_sources(targets: Targets) -> None:
    path = written("one/listing.txt", TEXT)
    source(targets, "listing", target=str(path.resolve()))
    assert targets.job("one/listing.txt").slug == "listing"
    other = written("two/listing.txt", TEXT)
    with pytest.raises(UsageError, match=r"listing\.txt already"):
        targets.job(str(other))
    assert targets.job(str(other), slug="second").slug == "second"


@pytest.mark.parametrize(
    "spelling", [START, f"{START}/", "http://www.gazette.example/news#top", f"{START}?utm_source=x"]
)
def test_the_start_of_a_known_source_is_that_source(targets: Targets, spelling: str) -> None:
    folder = source(targets, "gazette", start=[START], spider="site")
    job = targets.job(spelling)
    assert (job.slug, job.spider, job.arguments) == ("gazette", "site", {"file": str(folder / "source.toml")})
    assert targets.job(spelling, slug="gazette").slug == "gazette"
    read_otherwise = targets.job(spelling, spider="spip")
    assert (read_otherwise.slug, read_otherwise.spider) == ("gazette", "spip")


def test_a_spider_with_an_address_of_its_own_is_one_source_wherever_it_starts(targets: Targets) -> None:
    source(targets, "lv", start=["https://www.leftvoice.org/+-Immigration-+"], spider="leftvoice")
    job = targets.job("leftvoice", start="http://mirror.example/", slug="lv")
    assert (job.slug, job.spider, job.arguments) == ("lv", "leftvoice", {"start": "http://mirror.example/"})
    source(targets, "leftvoice", start=["https://www.leftvoice.org/+-Immigration-+"], spider="leftvoice")
    again = targets.job("leftvoice", start="http://mirror.example/")
    assert (again.slug, again.arguments) == ("leftvoice", {"start": "http://mirror.example/"})


def test_the_damage_of_another_source_is_not_this_ones(targets: Targets) -> None:
    (source(targets, "broken", start=[START]) / "source.toml").write_text("[half a", "utf-8")
    assert targets.job(START).spider == "address"
    with pytest.raises(ArchiveError, match=r"source\.toml"):
        targets.job("broken")


# --- what a word means ---


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("", "a target is empty"),
        ("  ", "a target is empty"),
        ("gazete", "Did you mean gazette?"),
        ("leftvoise", "Did you mean leftvoice?"),
        ("www.example.org/news", "give it whole: https://www.example.org/news"),
        ("saved/none.txt", "There is no file /"),
        ("none.toml", "There is no file /"),
        ("zzz", "An address begins with http:// or https://."),
        ("x" * 300, "An address begins with http:// or https://."),
        ("ftp://site.example/", "expected http://… or https://…"),
        ("site", "give it a site file as the target"),
        ("spip", "give it --start URL"),
    ],
)
def test_a_word_that_means_nothing_is_told_with_a_way_on(targets: Targets, target: str, hint: str) -> None:
    source(targets, "gazette", start=[START])
    with pytest.raises(TargetError) as error:
        targets.job(target)
    assert hint in str(error.value)
    assert error.value.status == 2


def test_spaces_around_an_address_are_no_part_of_it(targets: Targets) -> None:
    job = targets.job(" HTTPS://Gazette.example/news#top ")
    assert job.arguments == {"start": "https://gazette.example/news#top"}


@pytest.mark.parametrize("slug", ["Gazette", "a b", "", "../up", "é"])
def test_a_slug_is_taken_as_it_stands_or_not_at_all(targets: Targets, slug: str) -> None:
    with pytest.raises(UsageError, match="--slug"):
        targets.job(START, slug=slug)


def test_files_of_other_kinds_are_refused_by_name(targets: Targets) -> None:
    Path("page").write_bytes(b"\xef\xbb\xbf \n<!DOCTYPE html><p>")
    Path("picture").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    for name, kind in {"page": "saved page", "picture": "binary file", ".": "folder"}.items():
        with pytest.raises(TargetError, match=kind):
            targets.job(name)
    Path("utf-16").write_bytes(TEXT.encode("utf-16"))
    assert targets.job("utf-16").text == Path("utf-16").resolve()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; tests/end_to_end shows it for a user")
def test_files_that_may_not_be_read(targets: Targets) -> None:
    for name in ("listing.txt", "gazette.toml"):
        written(name, TEXT).chmod(0)
        with pytest.raises(UnreadableFileError, match="Permission denied"):
            targets.job(name)
