"""The real command against the sample publication and made-up listings: what it writes, asks, says and returns."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.serve import Answer, Page, SavedSite, serving
from tests.conftest import (
    CHECKOUT,
    FIXTURES,
    NEXT_LINK,
    NUMBERED,
    OF_A_RUN,
    Command,
    address_of,
    expected,
    finish,
    listing_page,
    listing_site,
    newest,
    read_lines,
    shown,
    site_file,
)

SEED = CHECKOUT.parent / "shared" / "seed"
SPIP = FIXTURES / "lantern-spip"
SPIP_START = "/spip.php?mot7"


def target_of(command: Command, name: str, url: str) -> str:
    """Return what names a fixture's listing on the command line: SPIP is recognised, the cards need a site file."""
    return url if "spip" in name else str(site_file(command.folder, url))


@pytest.mark.parametrize("name", ["lantern-spip", "lantern-spip-fr", "lantern-cards"])
def test_a_site_gives_its_records_and_once_more_nothing(command: Command, name: str) -> None:
    with serving(FIXTURES / name) as server:
        target = target_of(command, name, server.url)
        first = command.harvest(target)
        assert (first.status, first.out, first.err) == (0, "", "")
        pages = len({page.body for page in server.site.pages.values()})
        assert server.requests[0] == "/robots.txt"
        assert len(server.requests) == len(set(server.requests)) == 1 + pages
        records = read_lines(command.source / "entries.jsonl")
        assert shown(records) == expected(FIXTURES / name / "expected.jsonl", server.origin)
        assert {record["source"] for record in records} == {command.source.name}
        assert {record["revision"] for record in records} == {1}
        assert {record["listing_url"] for record in records} <= {server.address(one) for one in server.site.pages}
        before = command.log
        again = command("harvest", target, "--full", "--json")
        assert command.log == before
        asked = len(server.requests)
        scheduled = command("harvest", target, "--json")
        assert len(server.requests) == asked + 1
    assert again.status == scheduled.status == 0, again.err + scheduled.err
    assert command.log == before
    (report,) = again.objects()
    assert (report["verdict"], report["counts"]["new"], report["counts"]["changed"]) == ("complete", 0, 0)
    assert report["counts"]["requests"] == pages  # robots.txt is kept
    assert scheduled.objects()[0]["counts"]["pages"] == 0, "the first page answered that it is unchanged"
    runs = read_lines(command.source / "runs.jsonl")
    assert [line["event"] for line in runs] == ["begin", "end"] * 3
    end = runs[1]
    assert (end["verdict"], end["status"], end["new"]) == ("unknown", 0, len(records))
    lines = [line for log in ("pages", "runs") for line in read_lines(command.source / f"{log}.jsonl")]
    assert not [line for line in lines if "title" in line]
    ids = [one for line in read_lines(command.source / "pages.jsonl") for one in line["ids"]]
    assert set(ids) == {record["id"] for record in records}


def test_a_changed_title_is_revision_2_and_an_emptied_summary_is_none(command: Command) -> None:
    body = (SPIP / "page-02.html").read_text("utf-8")
    old, new = "Fog, Fines and the School Committee", "Fog, Fines & the School Committee (corrected)"
    summary = "Hundreds gathered at Ropewalk Yard to ask for the Breakwater that they were promised."
    assert body.count(old) == 1
    assert body.count(summary) == 1
    changed = body.replace(old, new.replace("&", "&amp;")).replace(f" | {summary}", "")
    with serving(SPIP) as server:
        assert command.harvest(server.url).status == 0
        before = command.log
        server.respond("/spip.php?mot7&debut_articles=20", body=changed)
        second = command("harvest", server.url, "--full", "--json")
        after = command.log
        third = command.harvest(server.url)
    assert (second.status, third.status) == (0, 0), second.err + third.err
    assert second.objects()[0]["counts"]["changed"] == 1
    assert after.startswith(before)
    (line,) = after[len(before) :].splitlines()
    revision = json.loads(line)
    first = next(record for record in map(json.loads, before.splitlines()) if record["id"] == revision["id"])
    differ = {name for name in revision if revision[name] != first[name]} - set(OF_A_RUN)
    assert differ == {"title", "revision", "content_hash"}
    assert (revision["title"], revision["revision"]) == (new, 2)
    assert command.log == after


def test_scrapy_gives_the_same_entries(command: Command) -> None:
    out, other = command.folder / "out.jsonl", command.folder / "site.jsonl"
    scrapy = [sys.executable, "-m", "scrapy"]
    quick = ["-s", "DOWNLOAD_DELAY=0", "-s", "LOG_LEVEL=ERROR"]
    with serving(SPIP) as server, serving(FIXTURES / "lantern-cards") as cards:
        assert command.harvest(server.url).status == 0
        crawled = command.program(
            [*scrapy, "crawl", "spip", "-a", f"start={server.url}", "-O", out, *quick], cwd=CHECKOUT
        )
        site = site_file(command.folder, cards.url)
        archived = [*scrapy, "crawl", "site", "-a", f"file={site}", "-O", other, *quick]
        archived += ["-s", f"NEWSARCHIVE_ARCHIVE={command.folder / 'elsewhere'}"]
        again = [command.program(archived, cwd=CHECKOUT) for _ in range(2)]
        asked = cards.requests
        origin = cards.origin
    assert (crawled.status, crawled.err) == (0, "")
    ours = [{**record, "run_id": None, "retrieved_at": None} for record in map(json.loads, command.log.splitlines())]
    theirs = [{**record, "run_id": None, "retrieved_at": None} for record in read_lines(out)]
    assert theirs == ours
    assert [(one.status, one.err) for one in again] == [(0, "")] * 2
    assert (asked.count("/news/"), asked.count("/news/page/13/")) == (2, 1)
    kept = command.folder / "elsewhere" / "gazette"
    assert shown(read_lines(kept / "entries.jsonl")) == expected(FIXTURES / "lantern-cards" / "expected.jsonl", origin)
    assert other.read_bytes() == b""  # the second crawl found nothing new
    assert [line["event"] for line in read_lines(kept / "runs.jsonl")] == ["begin", "end"] * 2


def test_the_checkout_is_a_scrapy_project(command: Command) -> None:
    listed = command.program([sys.executable, "-m", "scrapy", "list"], cwd=CHECKOUT)
    assert (listed.status, listed.out.split()) == (0, ["leftvoice", "site", "spip"])
    checked = command.program([sys.executable, "-m", "scrapy", "check"], cwd=CHECKOUT)
    assert checked.status == 0, checked.err
    assert "Traceback" not in checked.err


@pytest.mark.parametrize("name", ["listing", "lynx-dump"])
def test_a_text_listing_gives_its_records(command: Command, name: str) -> None:
    folder = FIXTURES / "lantern-text"
    path = command.folder / f"{name}.txt"
    path.write_bytes((folder / f"{name}.txt").read_bytes())
    result = command.harvest(path.name)
    assert (result.status, result.out, result.err) == (0, "", "")
    wanted = "expected.jsonl" if name == "listing" else "lynx-expected.jsonl"
    assert shown(read_lines(command.source / "entries.jsonl")) == expected(folder / wanted)
    before = command.log
    os.utime(path, (1, 1))
    again = command("harvest", command.source.name, "--json")
    assert again.status == 0, again.err
    assert command.log == before
    assert again.objects()[0]["verdict"] == "complete"


@pytest.mark.skipif(not SEED.is_dir(), reason="needs ../shared/seed beside the checkout")
def test_the_seed_gives_exactly_its_records(command: Command) -> None:
    result = command.harvest(SEED / "immigration-listing.txt")
    assert (result.status, result.out, result.err) == (0, "", "")
    records = read_lines(command.source / "entries.jsonl")
    assert shown(records, "url") == shown(read_lines(SEED / "expected.jsonl"), "url")


def test_every_page_is_asked_once_after_robots_txt(command: Command) -> None:
    with serving(listing_site(18, numbered=True)) as server:
        result = command.harvest(site_file(command.folder, server.url, NUMBERED))
        assert (result.status, result.err) == (0, "")
        assert server.requests == ["/robots.txt", *map(address_of, range(1, 19))]
    assert len(newest(command.source / "entries.jsonl")) == 180


def test_computed_addresses_end_where_the_listing_does(command: Command) -> None:
    """SPIP shows its last page again for ever; others answer 404, or pages without entries."""
    endless = "{ kind = 'offset', param = 'debut_articles', step = 20 }"
    template = "{ kind = 'template', template = '/news/page/{n}/' }"
    listing = SPIP_LISTING.format(pager=endless)
    with serving(SPIP) as spip, serving(listing_site(4)) as missing, serving(listing_site(4)) as empty:
        for page in range(5, 9):
            empty.respond(address_of(page), status=200, body="<!DOCTYPE html><p>Nothing here.</p>")
        files = [command.folder / "spip.toml"]
        files[0].write_text(f'start = "{spip.url}"\n{listing}', "utf-8")
        files += [site_file(command.folder, missing.url, template, "missing")]
        files += [site_file(command.folder, empty.url, template, "empty")]
        result = command("harvest", *files, "--json")
        asked = [len(one.requests) for one in (spip, missing, empty)]
    assert result.status == 0, result.err
    reports = {report["slug"]: report for report in result.objects()}
    assert {slug: report["counts"]["new"] for slug, report in reports.items()} == {
        "spip": 256,
        "missing": 40,
        "empty": 40,
    }
    assert "showed the page before again" in reports["spip"]["reason"]
    assert "404" in reports["missing"]["reason"]
    assert "empty" in reports["empty"]["reason"]
    # Where a page is missing, the one behind it and then it again tell whether that is the end.
    assert asked == [1 + 13 + 2, 1 + 4 + 3, 1 + 4 + 2]


SPIP_LISTING = """
[listing]
card = "li.hentry"
title = ".entry-title"
url = ".entry-title a::attr(href)"
date = ".introduction"
summary = ".introduction"
bylines = ".author"
pager = {pager}
"""


def test_a_bad_page_in_the_middle_does_not_end_the_walk(command: Command) -> None:
    sites = {"empty": Answer(body="<p>Nothing.</p>"), "gone": Answer(status=404), "broken": Answer(status=500)}
    served, files = [], []
    with (
        serving(listing_site(5, numbered=True)) as empty,
        serving(listing_site(5, numbered=True)) as gone,
        serving(listing_site(5, numbered=True)) as broken,
    ):
        for (name, answer), server in zip(sites.items(), (empty, gone, broken), strict=True):
            server.respond(address_of(3), answer)
            served.append(server)
            files.append(site_file(command.folder, server.url, NUMBERED, name))
        result = command("harvest", *files, "--json")
        asked = [[path for path in server.requests if path != "/robots.txt"] for server in served]
    reports = {report["slug"]: report for report in result.objects()}
    assert {slug: report["counts"]["new"] for slug, report in reports.items()} == dict.fromkeys(sites, 40)
    assert {slug: report["status"] for slug, report in reports.items()} == {"empty": 0, "gone": 3, "broken": 3}
    assert result.status == 3
    assert all(set(paths) == set(map(address_of, range(1, 6))) for paths in asked)
    for slug, status in (("gone", "404"), ("broken", "500")):
        assert reports[slug]["verdict"] == "gap"
        assert status in reports[slug]["reason"]
        assert "/news/page/3/" in reports[slug]["reason"]


def test_a_next_link_to_a_page_that_fails_is_a_gap(command: Command) -> None:
    with serving(listing_site(4)) as server:
        server.respond(address_of(3), status=500)
        target = site_file(command.folder, server.url)
        first = command.harvest(target)
        assert first.status == 3
        assert "/news/page/3/" in first.error()
        assert len(newest(command.source / "entries.jsonl")) == 20
        server.respond(address_of(3), Answer(status=500), Answer())  # busy once, then asked again
        second = command.harvest(target)
    assert (second.status, second.err) == (0, "")
    assert len(newest(command.source / "entries.jsonl")) == 40


def test_a_page_limit_is_partial(command: Command) -> None:
    with serving(SPIP) as server:
        result = command("harvest", server.url, "--max-pages", 3, "--json")
        assert result.status == 0, result.err
        assert len(server.requests) == 1 + 3
    (report,) = result.objects()
    assert (report["verdict"], report["counts"]["pages"], report["counts"]["read"]) == ("partial", 3, 61)
    assert "limit" in report["reason"]


def test_several_targets_have_one_status(command: Command) -> None:
    with serving(listing_site(2)) as good, serving(listing_site(2)) as bad:
        bad.respond("/news/", status=404)
        one = site_file(command.folder, good.url, name="one")
        two = site_file(command.folder, good.url, name="two")
        lost = site_file(command.folder, bad.url, name="lost")
        gone = site_file(command.folder, bad.url, name="gone")
        mixed = command("harvest", one, lost, two, "--json")
        alike = command("harvest", lost, gone, "--json")
        asked = len(good.requests)
        twice = command.harvest(one, two, one)
        assert len(good.requests) == asked
    assert mixed.status == 3
    assert [report["status"] for report in mixed.objects()] == [0, 4, 0]
    assert [report["counts"]["new"] for report in mixed.objects()] == [20, 0, 20]
    assert [report["records"] is None for report in mixed.objects()] == [False, True, False]
    assert alike.status == 4
    assert sorted(path.name for path in command.archive.iterdir()) == ["one", "two"]
    assert twice.status == 2
    assert f"{one} and {one} are the same source, one" in twice.error()


@pytest.mark.parametrize("words", [(), ("--slug", "lantern"), ("--spider", "spip")])
def test_however_an_address_is_named_a_second_harvest_asks_one_page(command: Command, words: tuple[str, ...]) -> None:
    with serving(SPIP) as server:
        for _ in range(2):
            before = len(server.requests)
            assert command.harvest(server.url, *words).status == 0
        assert server.requests[before:] == [SPIP_START]


def test_what_is_said_without_a_terminal(command: Command) -> None:
    with serving(SPIP) as server:
        plain = command("harvest", server.url, "--slug", "lantern")
        program = command("harvest", "lantern", "--json")
        piped = command.program(
            ["sh", "-c", f"{sys.executable} -m newsarchive harvest lantern --delay 0 2>said | head -n 1"]
        )
    assert plain.status == 0
    assert "\x1b" not in plain.out + plain.err
    assert "\r" not in plain.out + plain.err
    header, row, verdict, records = plain.out.splitlines()
    assert header.split() == ["source", "pages", "new", "changed", "known", "verdict"]
    assert row.split() == ["lantern", "13", "256", "0", "0", "unknown"]
    assert verdict.startswith("lantern: unknown: ")
    assert records == f"lantern: records in {command.archive / 'lantern/entries.jsonl'}"
    (contact,) = plain.err.splitlines()  # a harvest of a moment has no line of progress
    assert "contact" in contact
    (report,) = program.objects()
    assert report["records"] == str(command.archive / "lantern" / "entries.jsonl")
    assert piped.out.startswith("source")
    assert piped.out.count("\n") == 1
    assert "Traceback" not in (command.folder / "said").read_text("utf-8")
    assert "Error" not in (command.folder / "said").read_text("utf-8")


@pytest.mark.parametrize("colour", [{}, {"NO_COLOR": "1"}])
def test_what_is_said_on_a_terminal(command: Command, colour: dict[str, str]) -> None:
    with serving(SPIP) as server:
        words = command.words("harvest", server.url, "--slug", "lantern")
        status, text = on_a_terminal(words, command.folder, command.environment(TERM="xterm", COLUMNS="80", **colour))
    assert status == 0
    lines = re.split(r"\r\x1b\[K|\r?\n", text)
    progress = [line for line in lines if line.startswith("page ")]
    assert len(progress) == 13
    assert all(len(line) < 80 for line in progress)
    assert progress[0] == "page 1 of 13, 21 new, 0 known, 0 changed  lantern"
    assert "unknown" in text
    assert not re.search(r"\x1b\[[0-9;]*m", text)  # no colour, with NO_COLOR or without


def on_a_terminal(words: list[str], cwd: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run a command on a pseudo-terminal of its own; return its status and what the screen was sent."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(words, cwd=cwd, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    pieces = []
    try:
        while piece := os.read(ours, 65536):
            pieces.append(piece)
    except OSError:
        pass  # Linux's word for the end of a terminal
    finally:
        os.close(ours)
    return process.wait(30), b"".join(pieces).decode()


def test_status_schema_and_help(command: Command) -> None:
    nothing = command("status", "--archive", command.archive)
    assert (nothing.status, nothing.out) == (2, "")
    assert f"there is no archive at {command.archive}" in nothing.error()
    command.archive.mkdir()
    empty = command("status", "--archive", command.archive)
    assert (empty.status, empty.err) == (0, "")
    assert str(command.archive) in empty.out
    with serving(listing_site(2)) as server:
        assert command.harvest(site_file(command.folder, server.url)).status == 0
    shown_status = command("status", NEWSARCHIVE_ARCHIVE=str(command.archive))
    assert shown_status.status == 0, shown_status.err
    assert "gazette" in shown_status.out
    (source,) = command("status", "--archive", command.archive, "--json").objects()
    assert (source["slug"], source["entries"], source["last_run"]["verdict"]) == ("gazette", 20, "unknown")
    schema = command("schema")
    assert json.loads(schema.out)["title"] == "newsarchive entry"
    for name in ("harvest", "status", "schema"):
        helped = command(name, "--help")
        assert helped.status == 0
        assert f"newsarchive {name}" in helped.out.partition("example")[2]


def test_every_record_fits_the_schema(command: Command) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    with serving(FIXTURES / "lantern-spip-fr") as server:
        assert command.harvest(server.url, FIXTURES / "lantern-text" / "listing.txt").status == 0
    schema = json.loads((CHECKOUT / "newsarchive" / "entry.schema.json").read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    lines = [line for path in command.archive.glob("*/entries.jsonl") for line in read_lines(path)]
    assert len(lines) == 28 + 20
    for line in lines:
        assert list(line) == list(schema["properties"])
        assert not list(validator.iter_errors(line))
        assert "" not in line.values()


def test_wrong_words_are_told_with_near_names(command: Command) -> None:
    cases = {
        ("harvest", "leftvoise"): ("leftvoise", "leftvoice"),
        ("harvest", "http://127.0.0.1:9/a", "--spider", "spipp"): ("spipp", "spip"),
        ("harvest", "spip", "leftvoice", "--slug", "s"): ("--slug", "one"),
        ("harvest", "spip"): ("spip", "--start"),
        ("harvest", "ftp://site.example/"): ("ftp://site.example/", "http://"),
        ("harvest", str(command.folder)): (str(command.folder), "folder"),
        ("harvest", "nothing-like-it"): ("nothing-like-it", "http://"),
    }
    running = {words: command.start(*words, "--quiet") for words in cases}
    for words, process in running.items():
        result = finish(process)
        assert (result.status, result.out) == (2, ""), words
        assert all(part in result.error() for part in cases[words]), result.err
    limit = command("harvest", "spip", "--max-pages", "0")
    assert limit.status == 2
    assert "--max-pages" in limit.err
    assert command.files() == []


def test_what_a_source_is_called(command: Command) -> None:
    """A slug, the address in another spelling, and the start address of a source all mean that source."""
    with serving(listing_site(2)) as server, serving(FIXTURES / "lantern-spip-fr") as spip:
        assert command.harvest(site_file(command.folder, server.url)).status == 0
        refused = command.harvest(spip.url, "--slug", "Lanterne du port")
        assert refused.status == 2
        assert "such as lanterne-du-port" in refused.error()
        assert command.harvest(spip.url, "--slug", "lanterne-du-port").status == 0
        (command.folder / "gazette.toml").unlink()
        names = ["gazette", "lanterne-du-port"]
        others = [f"{server.origin}/news#top", f"{spip.url}&utm_source=feed"]
        results = [command("harvest", *targets, "--json") for targets in (names, others)]
    for result in results:
        assert result.status == 0, result.err
        assert [report["slug"] for report in result.objects()] == names
        assert {report["counts"]["new"] for report in result.objects()} == {0}
    assert sorted(path.name for path in command.archive.iterdir()) == ["gazette", "lanterne-du-port"]


def test_spip_is_recognised_by_what_it_says_or_by_its_markup(command: Command) -> None:
    """Whatever the address looks like; the page that shows it is fetched once."""
    text = (FIXTURES / "lantern-spip-fr" / "page-03.html").read_text("utf-8")
    generator = '<meta name="generator" content="SPIP 4.1.5" />'
    assert generator in text
    bare = text.replace(generator, "")
    unmarked = bare.replace("lien_pagination", "").replace("pagination_ancre", "").encode()
    sites = {
        "generator": SavedSite("/a", {"/a": Page(unmarked.replace(b"</head>", generator.encode() + b"</head>"))}),
        "header": SavedSite("/b", {"/b": Page(unmarked)}, {"*": {"Composed-By": "SPIP 4.1.5 @ www.spip.net"}}),
        "markup": SavedSite("/c", {"/c": Page(bare.encode())}),
    }
    with (
        serving(sites["generator"]) as generated,
        serving(sites["header"]) as headed,
        serving(sites["markup"]) as marked,
    ):
        servers = (generated, headed, marked)
        result = command("harvest", *(server.url for server in servers), "--max-pages", 1, "--json")
        assert [server.requests for server in servers] == [["/robots.txt", f"/{name}"] for name in "abc"]
    assert [report["status"] for report in result.objects()] == [0, 0, 0], result.out
    assert [report["counts"]["new"] for report in result.objects()] == [8, 8, 8]


def test_an_address_that_nothing_recognises_leaves_nothing(command: Command) -> None:
    with serving(FIXTURES / "lantern-cards") as server:
        result = command.harvest(server.url)
        assert server.requests == ["/robots.txt", "/news/"]
    assert (result.status, result.out) == (4, "")
    assert server.url in result.error()
    assert "site file" in result.error()
    assert command.files() == []


def test_one_page_is_no_silence_but_a_lost_pager_is(command: Command) -> None:
    alone = SavedSite("/news/", {"/news/": listing_page(range(5))})
    with serving(alone) as single, serving(listing_site(3)) as server:
        result = command("harvest", site_file(command.folder, single.url, name="alone"), "--json")
        assert (result.status, result.objects()[0]["verdict"]) == (0, "complete"), result.out
        target = site_file(command.folder, server.url)
        assert command.harvest(target).status == 0
        server.respond("/news/", body=listing_page(range(10)).body)
        lost = command.harvest(target)
    assert lost.status == 3
    assert "pager" in lost.err


def test_a_bad_card_costs_one_record(command: Command) -> None:
    bad = (
        '<article class="teaser"><p class="excerpt">Neither title nor address.</p></article>'
        '<article class="teaser"><h3 class="teaser-title"><a href="http://[bad">Address is none</a></h3></article>'
        '<article class="teaser"><h3 class="teaser-title"><a href="/x/">Line\u2028sep\u0085\x00 &#xD800;</a></h3>'
        '<time datetime="2017-99-99">x</time></article>'
    )
    site = SavedSite("/news/", {"/news/": listing_page(range(4), extra=bad)})
    with serving(site) as server:
        result = command("harvest", site_file(command.folder, server.url, NEXT_LINK), "--json")
    assert result.status == 0, result.err
    (report,) = result.objects()
    assert (report["counts"]["new"], report["counts"]["cards_failed"]) == (6, 1)
    records = [json.loads(line) for line in command.log.decode().splitlines()]
    assert (records[4]["title"], records[4]["url"]) == ("Address is none", None)
    assert records[5]["date"] is None
    assert not re.search("[\x00-\x1f\u2028\u2029\u0085]", records[5]["title"])
