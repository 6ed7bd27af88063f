"""Text listings: every rule on an invented page, the sample page, and random pages read back."""

import json
import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.textblocks import Line, text_lines
from newsarchive.textlisting import TextCard, decode_text, text_cards

SEED = Path(__file__).parents[2].parent / "shared" / "seed"


def card(title: str, date: str, **fields: str | list[str]) -> dict[str, list[str]]:
    """What a card is expected to hold; a lone text stands for a list of one."""
    texts = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
    return {"title": [title], "date": [date], **texts}


def cards(text: str, language: str | None = None) -> list[dict[str, list[str]]]:
    return [{name: list(texts) for name, texts in c.fields.items()} for c in text_cards(text, language=language)]


# --- the sample page ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> str:
    if not SEED.is_dir():
        pytest.skip("the sample listing stands beside the checkout, in shared/seed, and is not there")
    return decode_text((SEED / "immigration-listing.txt").read_bytes())


def sample_differences(text: str) -> list[object]:
    expected = [json.loads(line) for line in (SEED / "expected.jsonl").read_text("utf-8").splitlines()]
    found = text_cards(text)
    differences: list[object] = [] if len(found) == len(expected) else [(len(found), len(expected))]
    for c, want in zip(found, expected, strict=False):
        raw = c.values("summary")
        read = {
            "title": c.values("title")[0],
            "date_raw": c.values("date")[0],
            "summary": re.sub(r"\s*\(\.\.\.\)$", "", raw[0]) if raw else None,
            "summary_truncated": raw[0].endswith("(...)") if raw else None,
            "bylines": c.values("bylines"),
            "section": c.values("section")[0] if c.values("section") else None,
        }
        differences += [(name, value, want[name]) for name, value in read.items() if value != want[name]]
    return differences


def test_the_sample_is_read_exactly(sample: str) -> None:
    assert sample_differences(sample) == []
    assert [c.line for c in text_cards(sample)][:3] == [1, 9, 16]


@pytest.mark.parametrize("width", [60, 72, 78, 100])
@pytest.mark.parametrize("hyphens", [True, False])
def test_the_sample_is_read_when_it_was_wrapped(sample: str, width: int, hyphens: bool) -> None:
    wrapped = (textwrap.wrap(line, width, break_on_hyphens=hyphens) for line in sample.split("\n"))
    assert sample_differences("\n".join("\n".join(lines) for lines in wrapped)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n", "\r\n"),
        ("\n", "\r"),
        ("\n\n", "\n\xa0\n"),
        ("\n\n", "\n \t\n"),
        ("\n\n\n", "\n\n\n\n\n"),
        ("\n\n\n", "\n\n----------\n\n"),
        ("\n\n\n", "\n\n\f"),
        (" | ", " – "),
        (" | ", " · "),
    ],
)
def test_the_sample_is_read_in_other_spacing(sample: str, old: str, new: str) -> None:
    assert sample_differences(sample.replace(old, new)) == []


def test_the_sample_is_read_indented(sample: str) -> None:
    assert sample_differences(textwrap.indent(sample, "   ")) == []


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n"])
def test_what_surrounds_the_sample_is_not_read_into_it(sample: str, gap: str) -> None:
    head = gap.join(["Example Weekly\nHome\nAbout", "Immigration", ""])
    foot = gap.join(["", "Page 1 of 3", "Next", "Older posts", "© 2017 Everyone", "Contact\nImprint\nPrivacy"])
    assert sample_differences(head + sample + foot) == []


# --- title above date --------------------------------------------------------------------------------


def test_an_entry_is_title_date_summary_and_bylines() -> None:
    page = """\
The Ferry Stays in Port

March 04, 2019 | Nobody boards, and nobody (...)

Ona Brell
Piet Saal


Ovens Go Cold

February 11, 2019


Salt, Rope & “Other” Goods: #1

February 02, 2019 | In the yard on January 3, 2019, the ropes lay open.

Ona Brell
"""
    assert cards(page) == [
        card(
            "The Ferry Stays in Port",
            "March 04, 2019",
            summary="Nobody boards, and nobody (...)",
            bylines=["Ona Brell", "Piet Saal"],
        ),
        card("Ovens Go Cold", "February 11, 2019"),
        card(
            "Salt, Rope & “Other” Goods: #1",
            "February 02, 2019",
            summary="In the yard on January 3, 2019, the ropes lay open.",
            bylines=["Ona Brell"],
        ),
    ]


def entry(title: str, date: str, *bylines: str, gap: str = "\n\n") -> str:
    lines = [title, f"{date} | {title} and what came of it in the end.", "\n".join(bylines)]
    return gap.join(line for line in lines if line)


THREE = [
    entry("Ferry", "March 04, 2019", "Ona Brell", "Piet Saal"),
    entry("Ovens", "March 03, 2019", "Ulla Tamm"),
    entry("Ropes", "March 02, 2019", "Ona Brell"),
]


def sections(page: str) -> list[list[str]]:
    return [c.values("section") for c in text_cards(page)]


def bylines(page: str) -> list[list[str]]:
    return [c.values("bylines") for c in text_cards(page)]


def test_a_line_nearer_to_the_title_than_entries_are_to_each_other_is_its_section() -> None:
    page = "\n\n\n".join(THREE) + "\n\nHarbour\n\n" + entry("Salt", "March 01, 2019")
    assert sections(page) == [[], [], [], ["Harbour"]]
    assert bylines(page) == [["Ona Brell", "Piet Saal"], ["Ulla Tamm"], ["Ona Brell"], []]


@pytest.mark.parametrize("below", ["\n", "\n\n", "\n\n\n"])
def test_a_line_as_far_from_the_bylines_as_entries_are_is_a_section(below: str) -> None:
    page = "\n\n\n".join([*THREE, f"Harbour{below}" + entry("Salt", "March 01, 2019")])
    assert sections(page) == [[], [], [], ["Harbour"]]


def test_a_block_after_bylines_that_share_one_is_a_section() -> None:
    page = "\n\n".join([*THREE, "Harbour", entry("Salt", "March 01, 2019", "Piet Saal")])
    assert sections(page) == [[], [], [], ["Harbour"]]
    assert bylines(page)[2:] == [["Ona Brell"], ["Piet Saal"]]


def test_a_block_that_could_be_byline_or_section_is_neither() -> None:
    one = [
        entry("Ferry", "March 04, 2019", "Ona Brell"),
        entry("Ovens", "March 03, 2019", "Ulla Tamm"),
        "Harbour",
        entry("Salt", "March 01, 2019", "Piet Saal"),
    ]
    assert sections("\n\n".join(one)) == [[], [], []]
    assert bylines("\n\n".join(one)) == [["Ona Brell"], ["Ulla Tamm"], ["Piet Saal"]]


def test_a_lone_block_is_a_byline_where_others_are() -> None:
    page = "\n\n".join([*THREE, entry("Salt", "March 01, 2019", "Piet Saal")])
    assert bylines(page) == [["Ona Brell", "Piet Saal"], ["Ulla Tamm"], ["Ona Brell"], ["Piet Saal"]]
    assert sections(page) == [[], [], [], []]


def test_a_doubtful_line_is_what_the_same_text_surely_is_elsewhere() -> None:
    page = "\n\n\n".join(THREE) + "\n\n\n" + entry("Salt", "March 01, 2019") + "\n\nUlla Tamm\n\n"
    page += entry("Nets", "February 20, 2019")
    assert bylines(page)[3] == ["Ulla Tamm"]
    assert sections(page)[4] == []


def test_every_entry_may_have_a_section() -> None:
    labelled = ["Harbour", THREE[1], "Town", THREE[2], "Town", entry("Salt", "March 01, 2019", "Piet Saal")]
    labelled += ["Field", entry("Nets", "February 20, 2019", "Ulla Tamm")]
    page = "\n\n".join(labelled)
    assert sections(page) == [["Harbour"], ["Town"], ["Town"], ["Field"]]
    assert bylines(page) == [["Ulla Tamm"], ["Ona Brell"], ["Piet Saal"], ["Ulla Tamm"]]


def test_a_heading_is_a_section_only_where_its_text_is_one_elsewhere() -> None:
    body = "\n\n\n".join(THREE) + "\n\nHarbour\n\n" + entry("Salt", "March 01, 2019")
    assert sections("Harbour\n\n" + body)[0] == ["Harbour"]
    assert sections("News of the Week\n\n" + body)[0] == []


def test_lines_close_together_are_read() -> None:
    page = "\n\n".join(
        [
            entry("Ferry", "March 04, 2019", "Ona Brell", "Piet Saal", gap="\n"),
            entry("Ovens", "March 03, 2019", gap="\n"),
            "Harbour\n" + entry("Ropes", "March 02, 2019", "Ulla Tamm", gap="\n"),
        ]
    )
    assert bylines(page) == [["Ona Brell", "Piet Saal"], [], ["Ulla Tamm"]]
    assert sections(page) == [[], [], ["Harbour"]]


def test_lines_without_a_blank_between_them_are_read() -> None:
    page = "\n".join(entry(t, f"March 0{d}, 2019", *by, gap="\n") for t, d, by in [
        ("Ferry", 4, ["Ona Brell", "Piet Saal"]), ("Ovens", 3, []), ("Ropes", 2, ["Ulla Tamm"])
    ])  # fmt: skip
    assert [c.values("title") for c in text_cards(page)] == [["Ferry"], ["Ovens"], ["Ropes"]]
    assert bylines(page) == [["Ona Brell", "Piet Saal"], [], ["Ulla Tamm"]]


def test_a_summary_may_stand_below_the_date_and_in_paragraphs() -> None:
    page = """\
The Ferry Stays
March 04, 2019
Nobody boards the ferry.
The crew plays cards on deck all day.
Ona Brell

Ovens Go Cold
March 03, 2019
There is no bread in the town (...)
Ulla Tamm
"""
    assert cards(page) == [
        card(
            "The Ferry Stays",
            "March 04, 2019",
            summary="Nobody boards the ferry. The crew plays cards on deck all day.",
            bylines="Ona Brell",
        ),
        card("Ovens Go Cold", "March 03, 2019", summary="There is no bread in the town (...)", bylines="Ulla Tamm"),
    ]


def test_bylines_may_stand_above_the_summary_and_leave_sections_below() -> None:
    page = "\n\n".join(
        f"{label}{title}\n{date}\n{by}\nA long day went by in the yard." for label, title, date, by in [
            ("", "Ferry", "March 04, 2019", "Ona Brell"),
            ("Harbour\n", "Ovens", "March 03, 2019", "Ulla Tamm"),
            ("", "Ropes", "March 02, 2019", "Piet Saal"),
        ]
    )  # fmt: skip
    assert bylines(page) == [["Ona Brell"], ["Ulla Tamm"], ["Piet Saal"]]
    assert sections(page) == [[], ["Harbour"], []]


def test_a_date_may_stand_at_the_end_of_the_byline() -> None:
    page = "Ferry\n\nBy Ona Brell March 04, 2019\n\nNobody boards it.\n\n"
    page += "Ovens\n\nBy Ulla Tamm and Bo Li on March 03, 2019\n\nNo bread today.\n"
    assert cards(page) == [
        card("Ferry", "March 04, 2019", summary="Nobody boards it.", bylines="By Ona Brell"),
        card("Ovens", "March 03, 2019", summary="No bread today.", bylines="By Ulla Tamm and Bo Li"),
    ]
    prose = "Ferry\n\nMarch 04, 2019\n\nBy the people who waited until March 05, 2019\n"
    assert [one["date"] for one in cards(prose)] == [["March 04, 2019"]]


def test_a_last_word_that_had_no_room_is_no_section() -> None:
    """Also where most lines are full by chance or end a sentence, as in short teasers of two paragraphs."""
    teaser = "The people of the quay met on the mole and asked the board for\naccounts.\nNobody answered. (...)"
    page = "\n".join(f" * Ferry number {n}\n   {day} May 2019\n" + teaser for n, day in enumerate((9, 8, 7, 6), 1))
    page = page.replace("\nThe people", "\n   The people").replace("\naccounts", "\n   accounts")
    found = cards(page.replace("\nNobody", "\n   Nobody"))
    assert [one.get("section") for one in found] == [None] * 4
    assert {one["summary"][0] for one in found} == {
        "The people of the quay met on the mole and asked the board for accounts. Nobody answered. (...)"
    }


def test_a_line_that_begins_an_item_as_titles_do_is_the_next_entrys_section() -> None:
    """lynx writes a list's bylines one level deeper; one such place is enough."""
    page = " * Ferry\n   March 04, 2019 | Nobody boards it.\n      + Ona Brell\n * Work\n   Ovens\n"
    page += "   March 03, 2019 | No bread today.\n      + Ulla Tamm\n * Ropes\n   March 02, 2019 | They hold.\n"
    assert cards(page) == [
        card("Ferry", "March 04, 2019", summary="Nobody boards it.", bylines="Ona Brell"),
        card("Ovens", "March 03, 2019", summary="No bread today.", bylines="Ulla Tamm", section="Work"),
        card("Ropes", "March 02, 2019", summary="They hold."),
    ]


def test_a_byline_may_stand_between_title_and_date() -> None:
    page = "Ferry\nBy Ona Brell\nMarch 04, 2019\nNobody boards it.\n\n"
    page += "Ovens\nBy Ulla Tamm\nMarch 03, 2019\nNo bread today.\n"
    assert cards(page) == [
        card("Ferry", "March 04, 2019", summary="Nobody boards it.", bylines="By Ona Brell"),
        card("Ovens", "March 03, 2019", summary="No bread today.", bylines="By Ulla Tamm"),
    ]


def test_names_after_the_date_are_bylines() -> None:
    page = "Le bac\n\n13 août 2022, par Ona Brell, Piet Saal\n\nPersonne ne monte à bord.\n\n"
    page += "Les fours\n\n2 août 2022, par Ulla Tamm\n\nLa ville est sans pain (...)\n"
    assert cards(page) == [
        card("Le bac", "13 août 2022", summary="Personne ne monte à bord.", bylines="par Ona Brell, Piet Saal"),
        card("Les fours", "2 août 2022", summary="La ville est sans pain (...)", bylines="par Ulla Tamm"),
    ]


def test_what_recurs_below_entries_or_has_no_shape_of_a_name_is_no_byline() -> None:
    junk = ["Read more", "12 comments", "Tags: salt", "Leave a reply", "More »"]
    page = "\n\n\n".join(part + "\n\n" + "\n".join(junk) for part in THREE)
    assert bylines(page) == [["Ona Brell", "Piet Saal"], ["Ulla Tamm"], ["Ona Brell"]]
    assert sections(page) == [[], [], []]


@pytest.mark.parametrize(
    "foot", ["Next", "Next page", "1 2 3", "Home\nAbout\nContact\nHelp", "https://a.example/", "All of it is free."]
)
def test_what_stands_below_the_last_entry_is_no_byline(foot: str) -> None:
    for last in (THREE[2], entry("Salt", "March 01, 2019")):
        page = "\n\n\n".join([*THREE[:2], last])
        assert bylines(page + "\n\n" + foot) == bylines(page)
        assert cards(page + "\n\n" + foot) == cards(page)


def test_a_lone_entry_has_the_names_below_it_and_nothing_else() -> None:
    alone = entry("Ferry", "March 04, 2019")
    assert bylines(alone + "\n\nOna Brell\nPiet Saal\n") == [["Ona Brell", "Piet Saal"]]
    assert bylines(alone + "\n\nOlder posts\n") == [[]]
    assert bylines(alone + "\n\nOna Brell\n\nHome\n") == [[]]


# --- date lines --------------------------------------------------------------------------------------


def test_prose_that_begins_with_a_date_is_no_date_line() -> None:
    page = "\n\n\n".join(THREE).replace("Ulla Tamm", "March 1, 2019, was a cold day for all of them.\n\nUlla Tamm")
    page = page.replace("Ovens and what", "March 2, 2019 saw the end of it all and so Ovens and what")
    assert [c.values("title") for c in text_cards(page)] == [["Ferry"], ["Ovens"], ["Ropes"]]


def test_a_year_or_month_above_entries_is_a_heading() -> None:
    page = "2019\n\nMarch 2019\n\n" + "\n\n\n".join(THREE[:2]) + "\n\n\n2018\n\n" + THREE[2].replace("2019", "2018")
    assert [c.values("title") for c in text_cards(page)] == [["Ferry"], ["Ovens"], ["Ropes"]]
    assert bylines(page) == [["Ona Brell", "Piet Saal"], ["Ulla Tamm"], ["Ona Brell"]]
    assert sections(page) == [[], [], []]


def test_dates_need_no_separator_where_none_has_one() -> None:
    page = "Ferry\n2019-03-04 Nobody boards it at all.\n\nOvens\n2019-03-03 There is no bread.\n"
    assert cards(page) == [
        card("Ferry", "2019-03-04", summary="Nobody boards it at all."),
        card("Ovens", "2019-03-03", summary="There is no bread."),
    ]


def test_a_date_without_a_title_begins_no_entry() -> None:
    page = "\n\n\n".join(THREE[:2]) + "\n\n\nSalt\n\nMarch 02, 2019\nMarch 01, 2019 | The salt is gone.\n"
    assert [c.values("title") for c in text_cards(page)] == [["Ferry"], ["Ovens"], ["Salt"]]


@pytest.mark.parametrize("page", ["", "\n\n", "No date at all\n\nnowhere", "<html><p>\nMarch 04, 2019\n</p></html>"])
def test_a_text_without_date_lines_has_no_cards(page: str) -> None:
    assert text_cards(page) == []


# --- dates above titles ------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["", "Archive\n\n"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_dates_may_stand_above_the_titles(heading: str, gap: str) -> None:
    entries = [
        gap.join(["March 04, 2019", "The ferry stays in port", "Nobody boards it at all.", "Ona Brell"]),
        gap.join(["March 03, 2019", "The ovens go cold again", "There is no bread.", "Ulla Tamm"]),
    ]
    assert cards(heading + (gap + "\n").join(entries)) == [
        card("The ferry stays in port", "March 04, 2019", summary="Nobody boards it at all.", bylines="Ona Brell"),
        card("The ovens go cold again", "March 03, 2019", summary="There is no bread.", bylines="Ulla Tamm"),
    ]


def test_dates_above_titles_show_at_the_top_of_the_file() -> None:
    page = "\n\n".join(["4.3.2019", "Die Fähre bleibt im Hafen", "Ona Brell", "3.3.2019", "Kein Brot", "Ulla Tamm"])
    assert cards(page, "de") == [
        card("Die Fähre bleibt im Hafen", "4.3.2019", bylines="Ona Brell"),
        card("Kein Brot", "3.3.2019", bylines="Ulla Tamm"),
    ]


def test_titles_may_follow_on_the_date_line() -> None:
    page = "News\n\n* 2019-03-04 - The ferry stays\n* 2019-03-03 - Are the ovens cold?\n* 2019-02-28: Salt\n"
    assert cards(page) == [
        card("The ferry stays", "2019-03-04"),
        card("Are the ovens cold?", "2019-03-03"),
        card("Salt", "2019-02-28"),
    ]


# --- layout ------------------------------------------------------------------------------------------

DUMP = """\
   #[1]alternate

                                 Salt Weekly

     * [2]Home
     * [3]About

   [4]The ferry stays in port for the third week, and so do those who
   would board it

   March 04, 2019 | Nobody boards the ferry, and nobody leaves the
   island that was sold for two bags of salt in the year of the long
   winter on March 1, 1804, when (...)

   Ona Brell
   Piet Saal


   [5]Ovens Go Cold

   March 03, 2019 | There is no bread.

   Ulla Tamm


   [6]Ropes

   March 02, 2019 | All of them lie open.

   [7]Next page

References

   Visible links:
   1. https://salt.example/feed
   2. https://salt.example/
   3. https://salt.example/about
   4. https://salt.example/ferry
   5. https://salt.example/ovens
   6. https://salt.example/ropes
   7. https://salt.example/?page=2

   Hidden links:
   8. https://salt.example/login
"""


def test_a_dump_is_read_with_its_addresses() -> None:
    assert cards(DUMP) == [
        card(
            "The ferry stays in port for the third week, and so do those who would board it",
            "March 04, 2019",
            summary="Nobody boards the ferry, and nobody leaves the island that was sold for two bags of salt "
            "in the year of the long winter on March 1, 1804, when (...)",
            bylines=["Ona Brell", "Piet Saal"],
            url="https://salt.example/ferry",
        ),
        card(
            "Ovens Go Cold",
            "March 03, 2019",
            summary="There is no bread.",
            bylines="Ulla Tamm",
            url="https://salt.example/ovens",
        ),
        card("Ropes", "March 02, 2019", summary="All of them lie open.", url="https://salt.example/ropes"),
    ]


def test_bullets_begin_items_and_are_no_text() -> None:
    page = """\
     * [1]The ferry stays in port for the third week, and so do those
       who would board it
       March 04, 2019
     + [2]Ovens
       March 03, 2019
     o [3]Ropes
       March 02, 2019

References

   1. https://salt.example/ferry
   2. https://salt.example/ovens
   3. https://salt.example/ropes
"""
    long = "The ferry stays in port for the third week, and so do those who would board it"
    assert cards(page) == [
        card(long, "March 04, 2019", url="https://salt.example/ferry"),
        card("Ovens", "March 03, 2019", url="https://salt.example/ovens"),
        card("Ropes", "March 02, 2019", url="https://salt.example/ropes"),
    ]


def test_each_dump_of_a_file_has_its_own_addresses() -> None:
    lines = text_lines(
        "  [1]One\n\nReferences\n\n  1. https://a.example/\n\n  [1]Two\n\nReferences\n\n  1. https://b.example/\n"
    )
    assert [(line.text, line.url) for line in lines] == [("One", "https://a.example/"), ("Two", "https://b.example/")]


def test_markers_go_where_the_addresses_were_cut_off_and_other_brackets_stay() -> None:
    assert [line.text for line in text_lines("[1]One\n\n[2]Two\n\n[3]Three")] == ["One", "Two", "Three"]
    assert [line.text for line in text_lines("[1984] One\n\nTwo [sic]")] == ["[1984] One", "Two [sic]"]


def test_a_file_with_long_lines_was_not_wrapped() -> None:
    page = "It was full to the brim and then the\nsea came.\nThey left.\n\n" + "a long word " * 20
    assert [line.text for line in text_lines(page)][:3] == [
        "It was full to the brim and then the",
        "sea came.",
        "They left.",
    ]


def test_short_lines_are_no_wrap() -> None:
    assert [line.text for line in text_lines("Ferry\nMarch 04, 2019\nnobody boards\nOna Brell")] == [
        "Ferry",
        "March 04, 2019",
        "nobody boards",
        "Ona Brell",
    ]


def test_a_wrapped_date_goes_back_into_its_sentence() -> None:
    text = "March 04, 2019 | They met in the hall of the rope makers, and once more on March 01, 2019, and again."
    paragraph = [*textwrap.wrap(text, 78), "", ""]
    page = "\n".join(["Ferry", "", *paragraph, "Ovens", "", *paragraph])
    page += "\n".join(["Ropes", "", *textwrap.wrap(text.replace("March 01, 2019", "every other day"), 78)])
    assert page.count("\nMarch 01") == 2
    assert [c.values("title") for c in text_cards(page)] == [["Ferry"], ["Ovens"], ["Ropes"]]


def test_a_line_knows_its_place() -> None:
    assert text_lines("\n\n \t * Ona\n\xa0\n\f\n   Piet") == [
        Line(3, 11, 2, "Ona", width=14, bullet=True),
        Line(6, 3, 2, "Piet", width=7),
    ]


@pytest.mark.parametrize(
    "data",
    [
        "Río\nMar".encode(),
        "Río\r\nMar".encode("utf-8-sig"),
        "Río\rMar".encode("utf-16"),
        b"\xfe\xff" + "Río\nMar".encode("utf-16-be"),
        "Río\nMar".encode("cp1252"),
    ],
)
def test_the_usual_encodings_are_read(data: bytes) -> None:
    assert decode_text(data) == "Río\nMar"


# --- random pages ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    title: str
    date: str
    summary: str | None
    bylines: list[str]
    section: str | None

    def expected(self) -> dict[str, list[str]]:
        fields = {"title": [self.title], "date": [self.date], "summary": [self.summary], "bylines": self.bylines}
        fields["section"] = [self.section]
        return {name: texts for name, values in fields.items() if (texts := [v for v in values if v is not None])}


@dataclass(frozen=True)
class Spacing:
    """Blank lines: between the parts of an entry, between entries, and around a section."""

    inner: int
    outer: int
    above_section: int
    below_section: int


SPACINGS = {
    "as the sample": Spacing(1, 2, 1, 1),
    "close": Spacing(0, 1, 1, 1),
    "section on its title": Spacing(0, 1, 1, 0),
    "wide": Spacing(1, 3, 3, 1),
    "heading-like": Spacing(1, 2, 2, 2),
}

SYLLABLES = ["bra", "co", "dun", "el", "fi", "gor", "ha", "ist", "lu", "mar", "ño", "pe", "rü", "sa", "tal", "vo"]
WORDS = [a + b + c for a in SYLLABLES for b in ("", *SYLLABLES[3:7]) for c in SYLLABLES[5:8]]
PROSE = [word for i, word in enumerate(WORDS) for word in ([word, "well-known", "#salt"] if i % 17 == 5 else [word])]
CAPITAL = st.sampled_from([word.capitalize() for word in WORDS])
MONTHS = ["January", "March", "May", "August", "September", "December"]
DATES = {
    "en": st.builds("{} {:02}, {}".format, st.sampled_from(MONTHS), st.integers(1, 28), st.integers(1995, 2024)),
    "iso": st.builds("{2}-{1:02}-{0:02}".format, st.integers(1, 28), st.integers(1, 12), st.integers(1995, 2024)),
    "de": st.builds("{}. Mai {}".format, st.integers(1, 28), st.integers(1995, 2024)),
}


def words(least: int, most: int) -> st.SearchStrategy[list[str]]:
    """A stretch of invented prose."""
    return st.builds(lambda at, n: PROSE[at : at + n], st.integers(0, len(PROSE) - most), st.integers(least, most))


TITLE = st.builds(
    lambda first, rest, end: " ".join([first, *rest]) + end,
    CAPITAL,
    words(0, 11),
    st.sampled_from(["", "", "!", "?", "’s", ": “Salt”"]),
)
NAME = st.lists(CAPITAL | st.builds("{}-{}".format, CAPITAL, CAPITAL), min_size=2, max_size=3).map(" ".join)
# No section is called as a person is: a text that is surely a byline elsewhere is read as one.
SECTION = st.lists(CAPITAL.map("{}istan".format), min_size=1, max_size=3).map(" ".join)
SUMMARY = st.builds(
    lambda first, some, date, more, end: " ".join([first, *some, *date, *more]) + end,
    CAPITAL,
    words(0, 20),
    st.sampled_from([[], [], ["on", "March", "03,", "2001,"], ["2001-03-03"], ["Mid-May", "2001"]]),
    words(8, 20),
    st.sampled_from([".", " (...)", ", (...)", "…", ".”"]),
)


@st.composite
def listings(draw: st.DrawFn, dates: st.SearchStrategy[str]) -> list[Item]:
    """A page that shows its habits before its exceptions: three plain entries, then any."""
    by = [2, 1, 1, *draw(st.lists(st.integers(0, 3), max_size=9)), draw(st.integers(0, 2))]
    items: list[Item] = []
    for i, people in enumerate(by):
        # A section is the exception: entries with bylines and without sections are the most.
        labelled = i > 2 and i % 3 == 0 and draw(st.booleans())
        items.append(
            Item(
                draw(TITLE),
                draw(dates),
                draw(SUMMARY) if i == 0 or draw(st.integers(0, 4)) else None,
                [draw(NAME) for _ in range(people)],
                draw(SECTION) if labelled else None,
            )
        )
    return items


def rendered(items: list[Item], spacing: Spacing, separator: str, width: int | None) -> str:
    lines: list[str] = []
    for i, item in enumerate(items):
        if item.section:
            lines += [*[""] * spacing.above_section, item.section, *[""] * spacing.below_section]
        elif i:
            lines += [""] * spacing.outer
        date = item.date + (separator + item.summary if item.summary else "")
        lines += [item.title, *[""] * spacing.inner, date]
        if item.bylines:
            lines += [*[""] * spacing.inner, *item.bylines]
    wrapped = (textwrap.wrap(line, width) or [""] for line in lines) if width else ([line] for line in lines)
    return "\n".join(part for parts in wrapped for part in parts) + "\n"


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("form", DATES)
@settings(deadline=None)
@given(data=st.data())
def test_a_random_page_is_read_back(data: st.DataObject, form: str, spacing: str) -> None:
    items = data.draw(listings(DATES[form]))
    # Lines without a blank between them cannot be told from wrapped ones where they happen to be full.
    width = data.draw(st.sampled_from([None, 72, 78])) if SPACINGS[spacing].inner else None
    page = rendered(items, SPACINGS[spacing], data.draw(st.sampled_from([" | ", " – ", " · "])), width)
    assert cards(page, None if form == "iso" else form) == [item.expected() for item in items]


LINES = st.lists(
    st.sampled_from(["", "", "March 04, 2019", "March 04, 2019 | x", "2019-03-04, by Ona Brell", "Ona Brell", "[1]A b"])
    | st.sampled_from(["a (...)", "  1. http://a.example/", "   * x", "March 2019", "By Ona Brell", "…", "-----"])
    | st.text(max_size=20),
    max_size=30,
).map("\n".join)


@settings(deadline=None)
@given(st.text() | LINES, st.none() | st.sampled_from(["en", "fr", "xx", ""]))
def test_any_text_is_read_without_an_error(text: str, language: str | None) -> None:
    for found in text_cards(text, language=language):
        assert isinstance(found, TextCard)
        assert found.values("title")
        assert found.values("date")[0] in text
        assert 1 <= found.line <= text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert all(value.strip() for values in found.fields.values() for value in values)


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_decoded_without_an_error(data: bytes) -> None:
    assert "\r" not in decode_text(data)
    text_cards(decode_text(data))


def test_a_large_page_is_read() -> None:
    assert len(text_cards("\n\n\n".join(THREE * 2500))) == 7500
    assert text_cards("word " * 200_000 + "\n" + " " * 1_000_000 + "x\n" + "[1] (" * 100_000) == []
