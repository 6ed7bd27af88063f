"""Spider `spip`: the default templates of SPIP since 1.9, as their sources print them, three pages with offsets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import pytest

from newsarchive.ends import End, NextPage
from newsarchive.items import Entry
from newsarchive.reading import read_page
from newsarchive.walk import Walk
from spiders.spip import Spip
from tests.spiders.conftest import shown

LISTING = Spip.listing
assert LISTING is not None
START = "http://lantern.example/spip.php?mot1"
COUNT, PER_PAGE = 23, 10
DATES = {"en": "{} March 2017", "fr": "{} mars 2017", "es": "{} de marzo de 2017", "ca": "{} de març de 2017"}
FIRST = {"fr": "1er", "es": "1ro", "ca": "1r"}
BY = {"en": "by", "fr": "par", "es": "por", "ca": "per"}
AUTHORS = ([], ["Inès Bouzidane"], ["Collectif « Un toit »", "Jean-Paul O’Reilly"])


def date(number: int, language: str) -> str:
    return DATES[language].format(FIRST.get(language, "1") if number == 1 else number)


def small(number: int, language: str, *, links: bool = False) -> str:
    names = [escape(name) for name in AUTHORS[number % 3]]
    shown_names = ", \n".join(
        f'<a href="spip.php?auteur{at}">{name}</a>' if links else name for at, name in enumerate(names)
    )
    return f"{date(number, language)}{f', {BY[language]} {shown_names}' if names else ''}"


def link(number: int, inner: str = "") -> str:
    return f'<a href="spip.php?article{number}">{inner}Tide number {number}</a>'


def teaser(number: int, inner: str = "") -> str:
    return f"{inner}<p>What number {number} is about&nbsp;(...)</p>"


def spip_1_9(number: int, language: str) -> str:
    return (
        f'<li><h3 class="titre">{link(number)}</h3><div class="enonciation"><small>'
        f'{small(number, language, links=True)}</small></div><div class="texte">{teaser(number)}</div></li>'
    )


def spip_2(number: int, language: str) -> str:
    logo = f'<a href="spip.php?article{number}"><img class="spip_logos" src="IMG/{number}.jpg" alt=""></a>'
    return f"<li>{logo}<h3>{link(number)}</h3><small>{small(number, language, links=True)}</small></li>"


def spip_3_0(number: int, language: str) -> str:
    logo = '<img class="spip_logos" src="IMG/1.jpg" alt=""> '
    return f"<li><strong>{link(number, logo)}</strong><br /><small>{small(number, language)}</small></li>"


def spip_4(number: int, language: str, inner: str = "") -> str:
    return (
        f'<li dir="ltr" class="hentry clearfix text-left"><strong>{link(number)}</strong><br /><small>'
        f'{small(number, language)}</small><div class="introduction entry-content">{teaser(number, inner)}</div></li>'
    )


def spip_4_with_markup(number: int, language: str) -> str:
    """A descriptif may hold a heading, a bold link and small print."""
    inner = '<h3 class="spip">In short</h3><strong><a href="/x">bold</a></strong> <small>small print</small>'
    return spip_4(number, language, inner)


def microformat(number: int, language: str) -> str:
    names = "".join(f'<span class="vcard author"><a class="url fn">{name}</a></span>' for name in AUTHORS[number % 3])
    return (
        f'<li class="item hentry"><h3 class="h3 entry-title">{link(number)}</h3><p class="info-publi"><abbr '
        f'class="published" title="2017-03-{number:02}T09:00:00Z">{date(number, language)}</abbr>{names}</p>'
        f'<p class="chapo">What number {number} is about&nbsp;(...)</p></li>'
    )


def framed(cards: str, links: str, *, menu: str, anchor: str) -> str:
    """Return a page as the templates do: the list, and beside it the group's keywords with a pager of their own."""
    mark = "<a {0}='pagination_{1}'></a>"
    own = mark.format(anchor, "articles") if links else ""
    return f"""<html lang="{{language}}"><body class="page_mot">
<div id="navigation"><div class="menu rubriques"><ul><li><a href="spip.php?rubrique1">News</a></li></ul></div></div>
<div class="{menu}">{own}<h2>Articles</h2><ul>{cards}</ul><p class="pagination">{links}</p></div>
<div class="menu">{mark.format(anchor, "mots_freres")}<ul><li><a href="spip.php?mot2">Housing</a></li></ul>
<p class="pagination">
<a class="lien_pagination" href="spip.php?mot1&amp;debut_mots_freres=20#pagination_mots_freres">20</a>
</p></div></body></html>"""


def offsets(number: int, pages: int) -> str:
    """Return the pager of SPIP 2: it shows offsets, not page numbers, and dots for what lies further."""
    shown_pages = [(page, str(page * PER_PAGE)) for page in range(pages) if page != number] + [(pages - 1, "...")]
    start = "spip.php?mot1&amp;debut_articles="
    return " | ".join(
        f"<a href='{start}{page * PER_PAGE}#pagination_articles' class='lien_pagination'>{text}</a>"
        for page, text in shown_pages
    )


TEMPLATES: dict[str, tuple[Callable[[int, str], str], str, str]] = {
    "1.9": (spip_1_9, "liste-articles", "name"),
    "2": (spip_2, "menu articles", "name"),
    "3.0": (spip_3_0, "menu menu_articles", "id"),
    "4": (spip_4, "menu menu_articles", "id"),
    "4-markup": (spip_4_with_markup, "menu menu_articles", "id"),
    "microformat": (microformat, "liste articles", "name"),
}


def harvest(version: str, language: str, count: int = COUNT) -> tuple[Walk, Sequence[Entry]]:
    card, menu, anchor = TEMPLATES[version]
    pages = -(-count // PER_PAGE)
    walk = Walk(START)
    entries: list[Entry] = []
    asked: NextPage | None = walk.begin()
    while asked is not None:
        number = int(asked.url.partition("debut_articles=")[2].partition("#")[0] or 0) // PER_PAGE
        assert "mots_freres" not in asked.url
        numbers = range(number * PER_PAGE + 1, min(count, (number + 1) * PER_PAGE) + 1)
        cards = "\n".join(card(one, language) for one in numbers)
        body = framed(cards, offsets(number, pages) if pages > 1 else "", menu=menu, anchor=anchor)
        assert LISTING is not None
        page = shown(LISTING, body.format(language=language).encode(), asked.url, start=START, number=asked.number)
        reading = read_page(page, "s")
        assert reading.failed == []
        entries += reading.entries
        asked = walk.page_read(page.number, [entry.id or "" for entry in reading.entries], page.links)
    return walk, entries


@pytest.mark.parametrize("language", DATES)
@pytest.mark.parametrize("version", TEMPLATES)
def test_every_default_template_is_read_whole_and_right(version: str, language: str) -> None:
    walk, entries = harvest(version, language)
    assert (walk.end, walk.pages) == (End.NO_NEXT_PAGE, 3)
    assert [entry.title for entry in entries] == [f"Tide number {number}" for number in range(1, COUNT + 1)]
    for number, entry in enumerate(entries, 1):
        assert entry.url == f"http://lantern.example/spip.php?article{number}"
        assert (entry.date or "")[:10] == f"2017-03-{number:02}"
        assert entry.bylines == AUTHORS[number % 3]
        if version in ("2", "3.0"):  # these show no teaser
            assert entry.summary is None
        else:
            assert (entry.summary or "").endswith(f"What number {number} is about")
            assert entry.summary_truncated


@pytest.mark.parametrize("version", TEMPLATES)
def test_a_list_that_is_whole_does_not_follow_the_pager_of_another(version: str) -> None:
    """It has no anchor and no pager then, while the keywords beside it have both."""
    walk, entries = harvest(version, "fr", count=9)
    assert (walk.end, walk.pages, len(entries)) == (End.NO_NEXT_PAGE, 1, 9)
