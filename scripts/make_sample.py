"""Write the sample newspaper into ``fixtures/``: pages, what a server answers, and the records expected of them.

Nothing is random but what the seed says, on every Python: run it again and the files are the same bytes.
Run ``python -m scripts.make_sample``; `--into DIR` writes elsewhere.

What the sample must contain, as `tests/scripts/test_make_sample.py` checks:

- T1 titles with commas, straight and typographic quotes, colons, ``#``, typographic apostrophes, ``&`` (and ``|``,
  ``<``, a date, a year first): ``SPECIAL_TITLES``
- T2 cut summaries, ending in a no-break space and ``(...)``; in the cards skin in ``[…]``
- T3 an entry with a date and no summary
- T4 entries with no, one and two bylines
- T5 names with accents, hyphens and both apostrophes
- T6 a section label on a few entries
- T7 summaries that mention other dates, at their beginning too; and one with bars in it
- T8 the last entry of a page again as the first of the next, as when the list slid meanwhile
- T9 a pinned entry on top of page 1 and again in its place
- T10 a heading between cards that belongs to no entry
- T11 a French listing with French dates, the first of a month as ``1er``
- T12 decoys: menus, most read (with dates, one of them in no listing), tag cloud, agenda, footer
- T13 numbered pages with gaps and no next link; page 1 at two addresses; an offset past the end answers the last page
- T14 two entries of one day
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from scripts import sample_skins as skins
from scripts import sample_words as words
from scripts.sample_skins import Story

FIXTURES = Path(__file__).parents[1] / "fixtures"
STORIES, STORIES_FR = 256, 28
PER_PAGE, PER_PAGE_FR = 20, 10
NEWEST, NEWEST_FR = date(2022, 3, 11), date(2022, 8, 13)
PINNED = 70  # the story that is shown on top of page 1 as well
SLIDES = frozenset({4, 8, 11})  # pages whose last entry opens the next page again
HEADINGS = {3: 8, 7: 12}  # page -> cards before the heading
CUT_AT = 200

Record = dict[str, object]


class Dice:
    """Choices that depend on the seed alone; `random` promises that for fewer methods than are needed here."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._rolls = 0

    def roll(self, sides: int) -> int:
        """Return a number from 0, below ``sides``."""
        self._rolls += 1
        digest = hashlib.sha256(f"{self._seed}/{self._rolls}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % sides

    def pick(self, choices: Sequence[str], but: Iterable[str] = ()) -> str:
        """Return one of the choices that is not among ``but``."""
        left = [choice for choice in choices if choice not in set(but)]
        return left[self.roll(len(left))]


# --- The stories ---


def english_stories() -> list[Story]:
    """Invent the stories of the English edition, newest first."""
    dice = Dice("lantern")
    stories: list[Story] = []
    number, day = 2381, NEWEST
    for at in range(STORIES):
        about = _about(dice)
        title = _special_title(at) or dice.pick(words.TITLES).format(**about)
        while any(title == story.title for story in stories):
            about = _about(dice)
            title = dice.pick(words.TITLES).format(**about)
        summary, cut = (None, False) if at % 50 == 17 else _summary(dice, day, about)
        section = dice.pick(words.SECTIONS) if at % 14 == 6 else None
        stories.append(Story(number, title, day, summary, cut, _bylines(dice, words.NAMES), section))
        number -= 1 + dice.roll(4)
        day -= timedelta(days=dice.roll(9))
    return stories


def french_stories() -> list[Story]:
    """Invent the stories of the French edition, newest first."""
    dice = Dice("lanterne")
    stories: list[Story] = []
    number, day = 412, NEWEST_FR
    for at, title in enumerate(words.TITLES_FR):
        if at % 9 == 5:
            day = day.replace(day=1)
        lead = dice.pick(words.LEADS_FR)
        summary, cut = _shortened(f"{lead}\n{dice.pick(words.TEXTS_FR)} {dice.pick(words.TEXTS_FR)}", 170)
        stories.append(
            Story(
                number,
                title,
                day,
                None if at == 12 else summary,
                cut and at != 12,
                _bylines(dice, words.NAMES_FR),
                None,
            )
        )
        number -= 1 + dice.roll(3)
        day -= timedelta(days=2 + dice.roll(17))
    return stories


def _special_title(at: int) -> str | None:
    place, rest = divmod(at - 3, 10)
    return words.SPECIAL_TITLES[place] if rest == 0 and place < len(words.SPECIAL_TITLES) else None


def _about(dice: Dice) -> dict[str, str]:
    """Choose what fills the slots of a story's title and summary."""
    body, number = dice.pick(words.BODIES), dice.pick(words.NUMBERS)
    return {
        "body": body,
        "other": dice.pick(words.BODIES, but=[body]),
        "thing": dice.pick(words.THINGS),
        "place": dice.pick(words.PLACES),
        "number": number,
        "count": number.lower(),
    }


def _summary(dice: Dice, day: date, about: Mapping[str, str]) -> tuple[str, bool]:
    sentences = [dice.pick(words.OPENERS)]
    for _ in range(dice.roll(4)):
        sentences.append(dice.pick(words.MIDDLES, but=sentences))
    if dice.roll(3) == 0:
        sentences.append(dice.pick(words.CLOSERS))
    mentioned = day - timedelta(days=3 + dice.roll(60))
    other_dates = {
        "day": f"{words.MONTHS[mentioned.month - 1]} {mentioned.day}",
        "date": skins.english_date(mentioned - timedelta(days=200)),
    }
    return _shortened(" ".join(sentences).format(**about, **other_dates), CUT_AT)


def _shortened(written: str, limit: int) -> tuple[str, bool]:
    if len(written) <= limit:
        return written, False
    return written[: limit + 1].rsplit(" ", 1)[0].rstrip(), True


def _bylines(dice: Dice, names: Sequence[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    for _ in range((0, 1, 1, 2)[dice.roll(4)]):
        chosen.append(dice.pick(names, but=chosen))
    return tuple(chosen)


# --- The records expected ---


def record(story: Story, url: str | None, date_raw: str) -> Record:
    """Return what a harvest must read from a story's card, as far as the sample says."""
    summary = None if story.summary is None else " ".join(story.summary.split())
    return {
        "url": url,
        "title": " ".join(story.title.split()),
        "date": story.day.isoformat(),
        "date_raw": date_raw,
        "summary": summary,
        "summary_truncated": None if summary is None else story.cut,
        "bylines": list(story.bylines),
        "section": story.section,
    }


def first_sightings(pages: Iterable[Sequence[Story]]) -> list[Story]:
    """Return each story once, in the order in which the pages show them first."""
    return list(dict.fromkeys(story for page in pages for story in page))


# --- The pages ---


def paged(stories: Sequence[Story], size: int, slides: frozenset[int] = frozenset()) -> list[list[Story]]:
    """Cut stories into pages; after a page among ``slides`` the next one begins with its last story.

    >>> stories = english_stories()[:5]
    >>> [[stories.index(story) for story in page] for page in paged(stories, 2, frozenset({1}))]
    [[0, 1], [1, 2], [3, 4]]
    """
    pages: list[list[Story]] = []
    at = 0
    while at < len(stories):
        pages.append(list(stories[at : at + size]))
        at += size - (len(pages) in slides)
    return pages


def with_heading(cards: list[str], number: int) -> list[str]:
    """Put the heading among the cards of a page that has one."""
    at = HEADINGS.get(number)
    return cards if at is None else [*cards[:at], skins.HEADING, *cards[at:]]


@dataclass(frozen=True)
class Edition:
    """One skin of one language: its pages, the addresses that answer them, and the records expected of them."""

    folder: str
    pages: Sequence[str]
    addresses: Sequence[str]
    expected: Sequence[Record]
    headers: Mapping[str, Mapping[str, str]]
    offset: str | None = None  # the parameter that SPIP counts entries with

    def write(self, into: Path) -> None:
        """Write the folder; pages that it held before are removed."""
        folder = into / self.folder
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("page-*.html"):
            stale.unlink()
        names = [f"page-{number:02d}.html" for number in range(1, len(self.pages) + 1)]
        for name, page in zip(names, self.pages, strict=True):
            write_text(folder / name, page)
        write_text(folder / "site.json", json.dumps(self._site(names), indent=2) + "\n")
        write_records(folder / "expected.jsonl", self.expected)

    def _site(self, names: Sequence[str]) -> dict[str, object]:
        start, answers = self.addresses[0], dict(zip(self.addresses, names, strict=True))
        if self.offset is None:
            return {"start": start, "pages": answers, "headers": self.headers}
        answers[f"{start}&{self.offset}=0"] = names[0]
        past_end = {"param": self.offset, "page": names[-1]}
        return {"start": start, "pages": answers, "headers": self.headers, "past_end": past_end}


def spip_edition() -> Edition:
    """Dress the English stories in SPIP's markup."""
    stories, pages = _english_pages()
    return Edition(
        "lantern-spip",
        _dressed(pages, skins.spip_card, skins.spip_page, stories),
        _offsets("/spip.php?mot7", len(pages), PER_PAGE),
        [record(story, story.spip_path, skins.english_date(story.day)) for story in first_sightings(pages)],
        _SPIP_HEADERS,
        "debut_articles",
    )


def cards_edition() -> Edition:
    """Dress the English stories as article cards."""
    stories, pages = _english_pages()
    return Edition(
        "lantern-cards",
        _dressed(pages, skins.teaser, skins.cards_page, stories),
        ["/news/", *(f"/news/page/{number}/" for number in range(2, len(pages) + 1))],
        [record(story, story.card_path, story.day.isoformat()) for story in first_sightings(pages)],
        {},
    )


def french_edition() -> Edition:
    """Dress the French stories in the lines of SPIP's default template."""
    stories = french_stories()
    pages = paged(stories, PER_PAGE_FR)
    dressed = [
        skins.french_page(list(map(skins.french_card, page)), number, len(pages), stories[4:7])
        for number, page in enumerate(pages, 1)
    ]
    return Edition(
        "lantern-spip-fr",
        dressed,
        _offsets("/spip.php?mot3", len(pages), PER_PAGE_FR),
        [record(story, story.spip_path, skins.french_date(story.day)) for story in first_sightings(pages)],
        _SPIP_HEADERS,
        "debut_articles",
    )


_SPIP_HEADERS = {"*": {"Composed-By": "SPIP 4.1.5 @ www.spip.net", "X-Spip-Cache": "86400"}}


def _english_pages() -> tuple[list[Story], list[list[Story]]]:
    stories = english_stories()
    pages = paged(stories, PER_PAGE, SLIDES)
    pages[0].insert(0, stories[PINNED])
    return stories, pages


def _dressed(
    pages: Sequence[Sequence[Story]],
    card: Callable[..., str],
    page: Callable[[Sequence[str], int, int, Sequence[Story]], str],
    stories: Sequence[Story],
) -> list[str]:
    elsewhere = Story(9001, words.NOT_LISTED, NEWEST, None, False, (), None)
    most_read = [stories[2], stories[41], elsewhere, stories[130], stories[77]]
    dressed: list[str] = []
    for number, shown in enumerate(pages, 1):
        cards = [card(story, pinned=number == 1 and at == 0) for at, story in enumerate(shown)]
        dressed.append(page(with_heading(cards, number), number, len(pages), most_read))
    return dressed


def _offsets(start: str, pages: int, step: int) -> list[str]:
    return [start, *(f"{start}&debut_articles={at * step}" for at in range(1, pages))]


# --- The text renderings ---


def text_stories() -> list[Story]:
    """Choose the stories of the text renderings: some for every trait, then the newest, newest first.

    A label stands only under an entry with bylines: in plain text it could be a byline of an entry without.
    """
    stories = english_stories()
    wanted: list[tuple[int, Callable[[Story], bool]]] = [
        (9, lambda story: story.title in words.SPECIAL_TITLES),
        (1, lambda story: story.summary is None and bool(story.bylines)),
        (2, lambda story: story.section is not None),
        (2, lambda story: story.cut and (story.summary or "").startswith(words.MONTHS)),
        (2, lambda story: not story.bylines and not story.cut),
        (3, lambda story: len(story.bylines) == 2),
        (4, lambda story: True),
    ]
    chosen = {story for count, wish in wanted for story in list(filter(wish, stories))[:count]}
    kept: list[Story] = []
    for story in sorted(chosen, key=stories.index):
        if story.section and kept and not kept[-1].bylines:
            kept.pop()
        kept.append(story)
    return kept


def write_text_folder(into: Path) -> None:
    """Write the two plain-text renderings with their records."""
    folder, stories = into / "lantern-text", text_stories()
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "listing.txt", skins.listing_text(stories))
    write_records(folder / "expected.jsonl", [record(story, None, skins.english_date(story.day)) for story in stories])
    write_text(folder / "lynx-dump.txt", skins.lynx_dump(stories))
    named = [record(story, skins.ORIGIN + story.spip_path, skins.english_date(story.day)) for story in stories]
    write_records(folder / "lynx-expected.jsonl", named)


def write_text(path: Path, content: str) -> None:
    """Write a file as UTF-8 with LF on every platform."""
    path.write_bytes(content.encode())


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write records as JSON Lines."""
    write_text(path, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records))


def write_all(into: Path) -> None:
    """Write every folder of the sample."""
    for edition in (spip_edition(), cards_edition(), french_edition()):
        edition.write(into)
    write_text_folder(into)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the sample."""
    parser = argparse.ArgumentParser(prog="python -m scripts.make_sample", description="Write the sample newspaper.")
    parser.add_argument("--into", type=Path, default=FIXTURES, help="default: fixtures/")
    arguments = parser.parse_args(argv)
    write_all(arguments.into)
    print(f"written: {arguments.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
