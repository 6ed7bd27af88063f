"""The sample newspaper: that it can be made again byte for byte, and that it has the traits it is there for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from parsel import Selector

from scripts.make_sample import FIXTURES, PINNED, SLIDES, english_stories, write_all
from scripts.sample_words import NAMES, NAMES_FR, NOT_LISTED
from scripts.serve import SavedSite

SITES = ("lantern-spip", "lantern-cards", "lantern-spip-fr")
CARDS = {"lantern-spip": "li.hentry", "lantern-cards": "article.teaser", "lantern-spip-fr": "li.hentry"}
KEYS = ["url", "title", "date", "date_raw", "summary", "summary_truncated", "bylines", "section"]


def expected(folder: str, name: str = "expected.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / folder / name).read_text(encoding="utf-8").splitlines()]


def pages(folder: str) -> list[Selector]:
    return [Selector(path.read_text(encoding="utf-8")) for path in sorted((FIXTURES / folder).glob("page-*.html"))]


def shown(text: str | None) -> str:
    return " ".join((text or "").split())


def read_spip(card: Selector) -> dict[str, Any]:
    line = shown(card.css(".introduction p").xpath("string()").get())
    date, bar, summary = line.partition(" | ")
    return {
        "url": "/" + card.css(".entry-title a::attr(href)").get(""),
        "title": shown(card.css(".entry-title a::text").get()),
        "date_raw": date,
        "summary": summary.removesuffix(" (...)") if bar else None,
        "summary_truncated": summary.endswith("(...)") if bar else None,
        "bylines": card.css("ul.auteurs li.author a.fn::text").getall(),
        "section": card.css("p.surtitre::text").get(),
    }


def read_card(card: Selector) -> dict[str, Any]:
    summary = card.css("p.excerpt::text").get()
    return {
        "url": card.css(".teaser-title a::attr(href)").get(),
        "title": card.css(".teaser-title a::text").get(),
        "date_raw": card.css("time::attr(datetime)").get(),
        "summary": None if summary is None else summary.strip().removesuffix(" […]"),
        "summary_truncated": None if summary is None else summary.strip().endswith("[…]"),
        "bylines": card.css(".byline a[rel=author]::text").getall(),
        "section": card.css(".kicker::text").get(),
    }


def read_french(card: Selector) -> dict[str, Any]:
    date, _, names = card.css("small::text").get("").partition(", par  ")
    introduction = card.css(".introduction p")
    summary = shown(introduction.xpath("string()").get()) if introduction else None
    return {
        "url": "/" + card.css("strong a::attr(href)").get(""),
        "title": shown(card.css("strong a::text").get()),
        "date_raw": date,
        "summary": summary and summary.removesuffix(" (...)"),
        "summary_truncated": None if summary is None else summary.endswith("(...)"),
        "bylines": names.split(", \n") if names else [],
        "section": None,
    }


def sightings(folder: str) -> Iterator[dict[str, Any]]:
    read = {"lantern-spip": read_spip, "lantern-cards": read_card, "lantern-spip-fr": read_french}[folder]
    for page in pages(folder):
        for card in page.css(CARDS[folder]):
            yield read(card)


def test_the_committed_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    write_all(tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")}
    kept = {path.relative_to(FIXTURES): path.read_bytes() for path in FIXTURES.glob("lantern-*/*")}
    assert sorted(written) == sorted(kept)
    assert [str(name) for name in written if written[name] != kept[name]] == []


@pytest.mark.parametrize("folder", SITES)
def test_the_expected_records_are_what_the_pages_show(folder: str) -> None:
    seen: dict[str, dict[str, Any]] = {}
    for sighting in sightings(folder):
        assert seen.setdefault(sighting["url"], sighting) == sighting
    assert [{**sighting, "date": None} for sighting in seen.values()] == [
        {**record, "date": None} for record in expected(folder)
    ]
    assert all(list(record) == KEYS for record in expected(folder))


@pytest.mark.parametrize("folder", SITES)
def test_a_saved_site_answers_each_page_and_its_start(folder: str) -> None:
    site = SavedSite.load(FIXTURES / folder)
    assert site.find(site.start) is not None
    assert len({page.body for page in site.pages.values()}) == len(pages(folder))


def test_sizes_and_span() -> None:
    assert [len(pages(folder)) for folder in SITES] == [13, 13, 3]
    assert [len(expected(folder)) for folder in SITES] == [256, 256, 28]
    dates = sorted(record["date"] for record in expected("lantern-spip"))
    assert ("2018-12" < dates[0] < "2019-12", dates[-1]) == (True, "2022-03-11")


def test_both_english_skins_show_the_same_entries() -> None:
    differing = {"url", "date_raw"}
    spip, cards = (
        [{key: value for key, value in record.items() if key not in differing} for record in expected(folder)]
        for folder in ("lantern-spip", "lantern-cards")
    )
    assert spip == cards


@pytest.mark.parametrize("mark", [", ", '"', "“", ": ", "#", "’", "'", "&", " | ", "<", "March 14", "1,200", "2020:"])
def test_t1_titles_have_the_marks_that_trip_readers(mark: str) -> None:
    assert any(mark in record["title"] for record in expected("lantern-spip"))


def test_titles_are_distinct() -> None:
    assert len({record["title"] for record in expected("lantern-spip")}) == 256


def test_t2_cut_summaries_end_in_a_no_break_space_and_the_mark() -> None:
    records = expected("lantern-spip")
    cut = sum(record["summary_truncated"] is True for record in records)
    assert 40 < cut < 216
    assert not any((record["summary"] or "").endswith((")", "]", "…", " ")) for record in records)
    sources = [(FIXTURES / folder / "page-02.html").read_text(encoding="utf-8") for folder in SITES]
    assert ["&nbsp;(...)</p>" in source for source in sources] == [True, False, True]
    assert " [&hellip;] <a" in sources[1]
    assert "\N{NO-BREAK SPACE}(...)\n" in (FIXTURES / "lantern-text/listing.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [*SITES, "lantern-text"])
def test_t3_some_entry_has_a_date_and_no_summary(folder: str) -> None:
    bare = [record for record in expected(folder) if record["summary"] is None]
    assert bare
    assert {record["summary_truncated"] for record in bare} == {None}
    assert all(record["date"] for record in bare)


@pytest.mark.parametrize("folder", [*SITES, "lantern-text"])
def test_t4_entries_have_no_one_or_two_bylines(folder: str) -> None:
    assert {len(record["bylines"]) for record in expected(folder)} == {0, 1, 2}


def test_t5_every_name_appears_and_the_marks_are_in_them() -> None:
    for folder, names in (("lantern-spip", NAMES), ("lantern-spip-fr", NAMES_FR)):
        assert {name for record in expected(folder) for name in record["bylines"]} == set(names)
    assert all(any(mark in name for name in NAMES) for mark in "-'’áäåëŁ")


def test_t6_a_few_entries_have_a_label() -> None:
    assert 10 <= sum(record["section"] is not None for record in expected("lantern-spip")) <= 20
    assert sum(record["section"] is not None for record in expected("lantern-text")) == 2


def test_t7_summaries_mention_other_dates_and_one_has_bars() -> None:
    summaries = [record["summary"] or "" for record in expected("lantern-spip")]
    dated = re.compile(r"[A-Z][a-z]+ \d\d, 20\d\d")
    assert any(dated.match(summary) for summary in summaries)
    assert any(dated.search(summary, 1) for summary in summaries)
    assert any(" on September " in summary for summary in summaries)
    assert any(summary.startswith("Ferries | buses | ") for summary in summaries)


@pytest.mark.parametrize("folder", ["lantern-spip", "lantern-cards"])
def test_t8_t9_what_is_shown_twice(folder: str) -> None:
    shown_on = [[card.css("a::attr(href)").getall() for card in page.css(CARDS[folder])] for page in pages(folder)]
    for number in SLIDES:
        assert shown_on[number - 1][-1] == shown_on[number][0]
    assert sum(map(len, shown_on)) == 256 + len(SLIDES) + 1
    assert [len(page) for page in shown_on] == [21] + [20] * 11 + [19]
    assert expected(folder)[0]["title"] == english_stories()[PINNED].title
    assert shown_on[0][0] in shown_on[PINNED // 20]


@pytest.mark.parametrize("folder", ["lantern-spip", "lantern-cards"])
def test_t10_a_heading_stands_between_cards(folder: str) -> None:
    numbers = [number for number, page in enumerate(pages(folder), 1) if page.css("h2.rubrique")]
    assert numbers == [3, 7]
    heading = pages(folder)[2].css("h2.rubrique")[0]
    assert heading.xpath("preceding::*[@class][contains(@class, 'hentry') or contains(@class, 'teaser ')]")
    assert heading.xpath("following::*[@class][contains(@class, 'hentry') or contains(@class, 'teaser ')]")


def test_newest_first_but_for_the_pinned_entry() -> None:
    for folder in SITES:
        dates = [record["date"] for record in expected(folder)]
        rest = dates if folder == "lantern-spip-fr" else dates[1:]
        assert rest == sorted(rest, reverse=True)


def test_t11_the_french_listing_is_french() -> None:
    dates = [record["date_raw"] for record in expected("lantern-spip-fr")]
    assert pages("lantern-spip-fr")[0].css("html::attr(lang)").get() == "fr"
    assert dates[0] == "13 août 2022"
    assert any(date.startswith("1er ") for date in dates)
    assert "« Sans bac, pas d’école » : l’île" in expected("lantern-spip-fr")[1]["title"]


@pytest.mark.parametrize("folder", ["lantern-spip", "lantern-cards"])
def test_t12_the_sidebar_has_what_no_record_may_have(folder: str) -> None:
    assert all(NOT_LISTED in page.css("aside").xpath("string()").get("") for page in pages(folder))
    assert NOT_LISTED not in {record["title"] for record in expected(folder)}


def test_t13_the_numbered_pager_has_gaps_and_no_next() -> None:
    numbers = [page.css("nav.pagination li").xpath("string()").getall() for page in pages("lantern-spip")]
    assert numbers[0] == [*map(str, range(1, 10)), "…", "13"]
    assert numbers[6] == ["1", "…", *map(str, range(3, 12)), "…", "13"]
    assert numbers[12] == ["1", "…", *map(str, range(5, 14))]
    links = [link for page in pages("lantern-spip") for link in page.css("a.lien_pagination::attr(href)").getall()]
    assert {link.rpartition("#")[2] for link in links} == {"pagination_articles"}
    assert not any(page.css("[rel~=next]") for page in pages("lantern-spip"))


def test_t13_page_one_has_two_addresses_and_the_end_repeats() -> None:
    for folder, start in (("lantern-spip", "/spip.php?mot7"), ("lantern-spip-fr", "/spip.php?mot3")):
        site = SavedSite.load(FIXTURES / folder)
        assert site.find(f"{start}&debut_articles=0") == site.find(start)
        last, past = site.find(list(site.pages)[-2]), site.find(f"{start}&debut_articles=9990")
        assert last is not None
        assert last == past


def test_the_cards_are_chained_by_next_links_to_the_last_page() -> None:
    site, walked = SavedSite.load(FIXTURES / "lantern-cards"), 0
    following: str | None = site.start
    while following:
        page = site.find(following)
        assert page is not None
        walked += 1
        following = Selector(page.body.decode()).css("a.next[rel=next]::attr(href)").get()
    assert walked == 13


def test_t14_some_day_has_two_entries() -> None:
    dates = [record["date"] for record in expected("lantern-spip")]
    assert len(set(dates)) < len(dates)


def test_the_text_has_each_record_in_order_and_labels_only_under_bylines() -> None:
    text = (FIXTURES / "lantern-text/listing.txt").read_text(encoding="utf-8")
    at = 0
    for before, record in zip([None, *expected("lantern-text")], expected("lantern-text"), strict=False):
        block = f"{record['title']}\n\n{record['date_raw']}" + (f" | {record['summary']}" if record["summary"] else "")
        block += "\N{NO-BREAK SPACE}(...)" if record["summary_truncated"] else ""
        block += "\n\n" + "\n".join(record["bylines"]) if record["bylines"] else ""
        found = text.index(block, at)
        between = text[at:found]
        assert between.strip() == (record["section"] or "")
        if record["section"] is not None:
            assert before is not None
            assert before["bylines"]
            assert between == f"\n\n{record['section']}\n\n"
        at = found + len(block)
    assert text[at:] == "\n"


def test_the_text_ends_an_entry_without_byline_with_one_blank_line_or_two() -> None:
    text = (FIXTURES / "lantern-text/listing.txt").read_text(encoding="utf-8")
    titles = [re.escape(record["title"]) for record in expected("lantern-text")]
    ends = re.findall(rf" \| .*(\n\n\n?)(?:{'|'.join(titles)})\n", text)
    assert set(ends) == {"\n\n", "\n\n\n"}


def test_the_dump_names_each_address_of_its_records() -> None:
    dump = (FIXTURES / "lantern-text/lynx-dump.txt").read_text(encoding="utf-8")
    body, _, references = dump.partition("\nReferences\n\n")
    addresses = [line.split(". ", 1)[1] for line in references.splitlines()]
    assert max(map(len, body.splitlines())) <= 77
    assert "\N{NO-BREAK SPACE}" not in dump
    folded = shown(body)
    for record, named in zip(expected("lantern-text"), expected("lantern-text", "lynx-expected.jsonl"), strict=True):
        assert {**record, "url": None} == {**named, "url": None}
        marker = f"[{addresses.index(named['url']) + 1}]"
        lead = f"{marker}{named['title']} {named['date_raw']}"
        assert f"{lead} | {named['summary']}" in folded if named["summary"] else lead in folded
