"""Spider `site`: any source that a site file describes."""

from pathlib import Path

import pytest

from newsarchive.ends import End
from newsarchive.errors import ListingError
from newsarchive.pagers import NextLink
from spiders.site import Site
from tests.spiders.conftest import FIXTURES, expected, harvest

CARDS = """
slug = "lantern"
start = "http://lantern.example/news/"

[listing]
card = "article.teaser"
title = ".teaser-title"
url = ".teaser-title a::attr(href)"
date = "time::attr(datetime)"
summary = ".excerpt"
bylines = ".author"
section = ".kicker"

[listing.pager]
kind = "next-link"
css = "a[rel=next]"
"""


def site_file(folder: Path, text: str = CARDS, name: str = "gazette.toml") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def test_the_sample_in_cards_is_read_whole_and_right(tmp_path: Path) -> None:
    listing = Site(site_file(tmp_path)).listing
    assert listing is not None
    done = harvest(FIXTURES / "lantern-cards", listing, "http://lantern.example")
    assert done.files == sorted(path.name for path in (FIXTURES / "lantern-cards").glob("page-*.html"))
    assert (done.walk.end, done.failed) == (End.NO_NEXT_PAGE, [])
    assert done.records("http://lantern.example") == expected(FIXTURES / "lantern-cards")


def test_the_file_says_slug_start_and_listing(tmp_path: Path) -> None:
    spider = Site(site_file(tmp_path))
    assert (spider.slug, spider.start_urls) == ("lantern", ["http://lantern.example/news/"])
    assert spider.listing is not None
    assert spider.listing.pager == NextLink("a[rel=next]")


def test_without_a_slug_the_files_name_is_it(tmp_path: Path) -> None:
    text = CARDS.replace('slug = "lantern"', "")
    assert Site(site_file(tmp_path, text, "Left Voice.en.toml")).slug == "left-voice-en"


def test_several_start_addresses(tmp_path: Path) -> None:
    text = CARDS.replace(
        'start = "http://lantern.example/news/"', 'start = ["http://a.example/1", "http://a.example/2"]'
    )
    assert Site(site_file(tmp_path, text)).start_urls == ["http://a.example/1", "http://a.example/2"]


def test_another_start_is_the_same_source(tmp_path: Path) -> None:
    spider = Site(site_file(tmp_path), start="http://mirror.example/")
    assert (spider.slug, spider.start_urls) == ("lantern", ["http://mirror.example/"])


def test_it_needs_a_file(tmp_path: Path) -> None:
    with pytest.raises(ListingError, match="-a file=PATH"):
        Site()
    with pytest.raises(ListingError, match=r"none\.toml: cannot be read"):
        Site(str(tmp_path / "none.toml"))
    with pytest.raises(ListingError, match="cannot be read"):
        Site(str(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("card =", "cards =", r"listing\.cards: .*did you mean card\?"),
        ("start =", "starts =", r"starts: .*did you mean start\?"),
        ('kind = "next-link"', 'kind = "next"', r"pager\.kind: "),
        ('"a[rel=next]"', '"a[rel=next"', r"pager\.css: "),
        ('".excerpt"', '".excerpt["', r"summary: "),
        ('"http://lantern.example/news/"', '"lantern.example/news/"', r"start: .*http"),
        ('"http://lantern.example/news/"', "5", r"start: "),
        ('"http://lantern.example/news/"', "[]", r"start: "),
        ('"http://lantern.example/news/"', "[5]", r"start: "),
        ('slug = "lantern"', "slug = 5", r"slug: "),
        ('slug = "lantern"', 'slug = ""', r"slug: "),
        ("[listing]", "[listing", r"is not TOML"),
        ("[listing]", "[list]", r"list: .*did you mean listing\?"),
        ('title = ".teaser-title"', "title = 5", r"title: "),
    ],
)
def test_a_fault_in_the_file_names_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CARDS
    with pytest.raises(ListingError, match=rf"gazette\.toml: .*({said})"):
        Site(site_file(tmp_path, CARDS.replace(old, new, 1)))


@pytest.mark.parametrize(
    "text", ["", "start = 'http://a.example/'", "[listing]", "listing = 5\nstart='http://a.example'"]
)
def test_a_file_that_lacks_its_parts(tmp_path: Path, text: str) -> None:
    with pytest.raises(ListingError, match=r"gazette\.toml: (listing|start|card): "):
        Site(site_file(tmp_path, text))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "gazette.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ListingError, match="is not UTF-8 text"):
        Site(str(path))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "lantern"', 'slug = "The Lantern"', r"slug: expected lower-case letters, digits and -"),
        ('start = "http://lantern.example/news/"', "", r"start: is missing"),
    ],
)
def test_what_a_site_file_must_say(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ListingError, match=rf"gazette\.toml: {said}"):
        Site(file=site_file(tmp_path, CARDS.replace(old, new)))


def test_a_start_given_twice_is_walked_once(tmp_path: Path) -> None:
    start = '"http://lantern.example/news/"'
    assert Site(file=site_file(tmp_path, CARDS.replace(start, f"[{start}, {start}]"))).start_urls == [start.strip('"')]
