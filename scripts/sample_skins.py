"""The markup of the sample newspaper: how a story looks in each skin, and the pages around the stories.

Class names and structure are those that the platforms' own templates use; the words are ours.
"""

import html
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from scripts.sample_words import KEYWORD, KEYWORD_FR, MONTHS, MONTHS_FR, PAPER, PAPER_FR, PLACES, TOWN

HEADING = "From the Saturday supplement"
ORIGIN = "https://lantern.example"  # only in the lynx dump, which names addresses in full
LYNX_WIDTH = 77  # lynx -width 78 leaves the last column free
PAGER_REACH = 4


@dataclass(frozen=True)
class Story:
    """What a card shows, before it is dressed; white space in the text may be no-break spaces."""

    number: int
    title: str
    day: date
    summary: str | None
    cut: bool
    bylines: tuple[str, ...]
    section: str | None

    @property
    def spip_path(self) -> str:
        """Address in the SPIP skins, relative to the site's root."""
        return f"/spip.php?article{self.number}"

    @property
    def card_path(self) -> str:
        """Address in the cards skin, relative to the site's root."""
        kept = "".join(char if char.isascii() and char.isalnum() else " " for char in self.title.lower())
        return f"/news/{self.day:%Y/%m}/{'-'.join(kept.split()[:7])}-{self.number}/"


def english_date(day: date) -> str:
    """Write a date as the English listing does.

    >>> english_date(date(2021, 9, 5))
    'September 05, 2021'
    """
    return f"{MONTHS[day.month - 1]} {day.day:02d}, {day.year}"


def french_date(day: date) -> str:
    """Write a date as SPIP does in French, the first of a month as an ordinal.

    >>> french_date(date(2022, 3, 1)), french_date(date(2022, 8, 13))
    ('1er mars 2022', '13 août 2022')
    """
    return f"{'1er' if day.day == 1 else day.day} {MONTHS_FR[day.month - 1]} {day.year}"


def text(value: str) -> str:
    """Escape text as SPIP sends it: quotes as they are, guillemets and no-break spaces as references."""
    escaped = html.escape(value, quote=False)
    for char, reference in (("\N{NO-BREAK SPACE}", "&nbsp;"), ("«", "&#171;"), ("»", "&#187;")):
        escaped = escaped.replace(char, reference)
    return escaped


# --- SPIP, English: a theme of the paper's own on SPIP's numbered pager ---


def spip_card(story: Story, *, pinned: bool = False) -> str:
    """Dress a story as a list item: label, title, date and summary in one paragraph, each byline its own element."""
    label = f'<p class="surtitre">{text(story.section)}</p>\n' if story.section else ""
    summary = "" if story.summary is None else f" | {text(story.summary)}{'&nbsp;(...)' if story.cut else ''}"
    authors = "".join(
        f'<li class="vcard author"><a class="url fn spip_in" href="spip.php?auteur{_author_number(name)}">'
        f"{text(name)}</a></li>"
        for name in story.bylines
    )
    return (
        f'<li class="hentry clearfix{" pinned" if pinned else ""}">\n{label}'
        f'<h3 class="entry-title"><a href="{story.spip_path[1:]}" rel="bookmark">{text(story.title)}</a></h3>\n'
        f'<div class="introduction entry-content"><p>{english_date(story.day)}{summary}</p></div>\n'
        + (f'<ul class="auteurs">{authors}</ul>\n' if authors else "")
        + "</li>\n"
    )


def spip_page(cards: Sequence[str], number: int, total: int, most_read: Sequence[Story]) -> str:
    """Put cards into a page of the English keyword listing; ``HEADING`` among them splits the list."""
    items = "".join(
        f'</ul>\n<h2 class="rubrique">{HEADING}</h2>\n<ul>\n' if card == HEADING else card for card in cards
    )
    content = (
        f'<h1 class="surlignable">{KEYWORD}</h1>\n<div class="menu menu_articles">\n'
        f"<a id='pagination_articles' class='pagination_ancre'></a>\n<h2>Articles</h2>\n<ul>\n{items}</ul>\n"
        f"{spip_pager('spip.php?mot7', number, total, 20, 'Go to page')}</div>\n"
    )
    most = "".join(
        f'<li><a href="{story.spip_path[1:]}">{text(story.title)}</a> '
        f'<small class="date">{english_date(story.day)}</small></li>\n'
        for story in most_read
    )
    cloud = " ".join(
        f'<a class="tag size{at % 4 + 1}" href="spip.php?mot{at + 20}" rel="tag">{place}</a>'
        for at, place in enumerate(PLACES)
    )
    aside = (
        f'<div class="menu most_read">\n<h2>Most read</h2>\n<ol>\n{most}</ol>\n</div>\n'
        f'<div class="menu tag_cloud">\n<h2>Around {TOWN}</h2>\n<p>{cloud}</p>\n</div>\n'
    )
    return _spip_document("en", PAPER, KEYWORD, "spip.php?mot7", ("News", "Opinion", "Tides"), content, aside)


# --- SPIP, French: the default template's own lines ---


def french_card(story: Story) -> str:
    """Dress a story as SPIP's default template does: date and bylines in one ``small``, a newline between bylines."""
    bylines = ", par  " + ", \n".join(text(name) for name in story.bylines) if story.bylines else ""
    introduction = ""
    if story.summary is not None:
        lead, _, rest = text(story.summary).partition("\n")
        body = f"{lead} \n<br class='autobr' />\n {rest}" if rest else lead
        introduction = (
            f'<div class="introduction entry-content"><p>{body}{"&nbsp;(...)" if story.cut else ""}</p></div>\n'
        )
    return (
        '<li dir="ltr" class="hentry clearfix text-left">\n'
        f'<strong><a href="{story.spip_path[1:]}">{text(story.title)}</a></strong>\n'
        f"<br /><small>{french_date(story.day)}{bylines}</small>\n{introduction}</li>\n"
    )


def french_page(cards: Sequence[str], number: int, total: int, most_read: Sequence[Story]) -> str:
    """Put cards into a page of the French keyword listing."""
    content = (
        f'<h1 class="surlignable">{KEYWORD_FR}</h1>\n<div class="menu menu_articles">\n'
        f"<a id='pagination_articles' class='pagination_ancre'></a>\n<h2>Articles</h2>\n<ul>\n{''.join(cards)}</ul>\n"
        f"{spip_pager('spip.php?mot3', number, total, 10, 'Aller &#224; la page')}</div>\n"
    )
    most = "".join(f'<li><a href="{story.spip_path[1:]}">{text(story.title)}</a></li>\n' for story in most_read)
    aside = f'<div class="menu">\n<h2>Les plus lus</h2>\n<ul>\n{most}</ul>\n</div>\n'
    return _spip_document("fr", PAPER_FR, KEYWORD_FR, "spip.php?mot3", ("Actualités", "Idées"), content, aside)


def spip_pager(base: str, number: int, total: int, step: int, label: str) -> str:
    """Write SPIP's numbered pager: a window of numbers, gaps, the ends, and neither "next" nor "previous"."""
    first = max(1, min(number - PAGER_REACH, total - 2 * PAGER_REACH))
    window = range(first, min(total, first + 2 * PAGER_REACH) + 1)
    gap = '<li class="pagination-item tbc disabled"><span class="pagination-item-label">…</span></li>\n'

    def item(at: int) -> str:
        if at == number:
            return (
                '<li class="pagination-item on active"><span class="pagination-item-label on" '
                f"aria-label='{label} {at}'>{at}</span></li>\n"
            )
        offset = f"&amp;debut_articles={(at - 1) * step}" if at > 1 else ""
        return (
            f"<li class=\"pagination-item\"><a href='{base}{offset}#pagination_articles' "
            f"class='pagination-item-label lien_pagination' rel='nofollow' aria-label='{label} {at}'>{at}</a></li>\n"
        )

    before = item(1) + (gap if window[0] > 2 else "") if window[0] > 1 else ""
    after = (gap if window[-1] < total - 1 else "") + item(total) if window[-1] < total else ""
    return (
        '<nav role="navigation" class="p pagination"><ul class="pagination-items pagination_page">\n'
        f"{before}{''.join(map(item, window))}{after}</ul></nav>\n"
    )


def _spip_document(
    language: str, paper: str, keyword: str, canonical: str, menu: Sequence[str], content: str, aside: str
) -> str:
    entries = "".join(
        f'<li class="nav-item"><a href="spip.php?rubrique{at}">{text(name)}</a></li>\n'
        for at, name in enumerate(menu, 1)
    )
    return (
        f'<!DOCTYPE html>\n<html dir="ltr" lang="{language}" class="ltr {language} no-js">\n<head>\n'
        f"<title>{text(keyword)} - {paper}</title>\n"
        f'<link rel="canonical" href="{canonical}" />\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />\n'
        '<link rel="stylesheet" href="squelettes/css/layout.css?1600000000" type="text/css" />\n'
        '<meta name="generator" content="SPIP 4.1.5" />\n</head>\n\n'
        '<body class="pas_surlignable page_mot">\n<div class="page">\n'
        '<header class="clearfix header" role="banner"><strong class="h1 spip_logo_site">'
        f'<a rel="start home" href="/">{paper}</a></strong></header>\n'
        f'<nav class="nav clearfix" id="nav" role="navigation">\n<ul>\n{entries}</ul>\n</nav>\n'
        f'<main class="main" role="main">\n<div class="wrapper">\n<div class="content" id="content">\n{content}'
        f'</div>\n</div>\n<aside class="aside" role="complementary">\n{aside}</aside>\n</main>\n'
        f'<footer class="footer clearfix" role="contentinfo">\n<p class="colophon">2004 - 2022 {paper}\n'
        '<br /><a rel="contents" href="spip.php?page=plan">Plan</a> | '
        '<a href="spip.php?page=backend" rel="alternate">RSS&nbsp;2.0</a></p>\n</footer>\n</div>\n</body>\n</html>\n'
    )


def _author_number(name: str) -> int:
    return sum(map(ord, name)) % 90 + 2


# --- Cards: a blog-like theme with a next link ---


def teaser(story: Story, *, pinned: bool = False) -> str:
    """Dress a story as an article card: a time element, bylines in a sentence, a "Read more" link."""
    label = (
        f'<a class="kicker" rel="category tag" href="/section/">{text(story.section)}</a>\n' if story.section else ""
    )
    names = " and ".join(f'<a class="author" rel="author" href="/people/">{text(name)}</a>' for name in story.bylines)
    byline = f'<span class="byline">By {names}</span> ' if names else ""
    excerpt = (
        ""
        if story.summary is None
        else f'<p class="excerpt">{text(story.summary)}{" [&hellip;]" if story.cut else ""} '
        f'<a class="more" href="{story.card_path}">Read more</a></p>\n'
    )
    return (
        f'<article class="teaser post-{story.number} tag-waterfront{" sticky" if pinned else ""}">\n{label}'
        f'<h3 class="teaser-title"><a href="{story.card_path}">{text(story.title)}</a></h3>\n'
        f'<p class="meta">{byline}<time datetime="{story.day.isoformat()}">{english_date(story.day)}</time></p>\n'
        f"{excerpt}</article>\n"
    )


def cards_page(cards: Sequence[str], number: int, total: int, most_read: Sequence[Story]) -> str:
    """Put cards into a page of the second skin, with a next link on every page but the last."""
    items = "".join(f'<h2 class="rubrique">{HEADING}</h2>\n' if card == HEADING else card for card in cards)
    previous = f'<a class="prev" rel="prev" href="{_cards_address(number - 1)}">Newer</a>\n' if number > 1 else ""
    following = f'<a class="next" rel="next" href="{_cards_address(number + 1)}">Older</a>\n' if number < total else ""
    popular = "".join(
        f'<li><a href="{story.card_path}">{text(story.title)}</a> '
        f'<time datetime="{story.day.isoformat()}">{english_date(story.day)}</time></li>\n'
        for story in most_read
    )
    events = "".join(
        f'<article class="event"><h4><a href="/agenda/{at}/">Open evening at {place}</a></h4>'
        f'<time datetime="2022-04-{at + 2:02d}">April {at + 2:02d}, 2022</time></article>\n'
        for at, place in enumerate(PLACES[:4])
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>News, page {number} of {total} - {PAPER}</title>\n</head>\n<body>\n"
        f'<header class="masthead"><a href="/">{PAPER}</a>\n'
        '<nav><ul><li><a href="/news/">News</a></li><li><a href="/tides/">Tides</a></li>'
        '<li><a href="/about/">About us</a></li></ul></nav></header>\n'
        f'<main id="main">\n<h1>News</h1>\n<div class="teasers">\n{items}</div>\n'
        f'<nav class="pages">\n{previous}<span class="current">Page {number}</span>\n{following}</nav>\n</main>\n'
        f'<aside>\n<section class="popular"><h2>Popular</h2><ol>\n{popular}</ol></section>\n'
        f'<section class="agenda"><h2>Agenda</h2>\n{events}</section>\n</aside>\n'
        f"<footer><p>{PAPER}, printed in {TOWN} since 2004</p></footer>\n</body>\n</html>\n"
    )


def _cards_address(number: int) -> str:
    return "/news/" if number == 1 else f"/news/page/{number}/"


# --- Text ---


def listing_text(stories: Sequence[Story]) -> str:
    """Write stories as copied plain text: no addresses, blank lines the only structure.

    A label stands one blank line under the entry before it; an entry without byline is followed by one blank
    line or, every second time, by two.
    """
    lines: list[str] = []
    unsigned = 0
    for story, following in zip(stories, [*stories[1:], None], strict=True):
        lines += [story.section, ""] if story.section else []
        lines += [story.title, "", _dated_line(story, "\N{NO-BREAK SPACE}"), ""]
        lines += [*story.bylines, ""] if story.bylines else []
        unsigned += not story.bylines
        close = following is None or following.section or (not story.bylines and unsigned % 2)
        lines += [] if close else [""]
    return "\n".join(lines).rstrip("\n") + "\n"


def lynx_dump(stories: Sequence[Story]) -> str:
    """Write a listing page as ``lynx -dump -width 78`` would show it: wrapped, links numbered, addresses at the end."""
    addresses: list[str] = []

    def link(words: str, path: str) -> str:
        addresses.append(ORIGIN + path)
        return f"[{len(addresses)}]{words}"

    blocks = [_wrapped(link(PAPER, "/"), "   ")]
    blocks.append("\n".join(_wrapped(link(name, f"/spip.php?rubrique{at}"), "     * ") for at, name in _MENU))
    blocks += [KEYWORD.center(LYNX_WIDTH).rstrip(), "Articles"]
    for story in stories:
        blocks += _lynx_entry(story, link)
    pager = " ".join(
        ["1", *(link(str(at), f"/spip.php?mot7&debut_articles={(at - 1) * 20}") for at in range(2, 6)), "…"]
    )
    blocks += [_wrapped(pager, "     * "), "Most read"]
    popular = enumerate(stories[5:7], 1)
    blocks.append("\n".join(_wrapped(_most_read_line(story, link), f"    {at}. ") for at, story in popular))
    references = "\n".join(f"{at:4d}. {address}" for at, address in enumerate(addresses, 1))
    return "\n" + "\n\n".join(blocks) + f"\n\nReferences\n\n{references}\n"


_MENU = ((1, "News"), (2, "Opinion"), (3, "Tides"))


def _lynx_entry(story: Story, link: Callable[[str, str], str]) -> list[str]:
    title = link(story.title, story.spip_path)
    head = (
        [_wrapped(story.section, "     * "), _wrapped(title, " " * 7)]
        if story.section
        else [_wrapped(title, "     * ")]
    )
    bylines = [
        _wrapped(link(name, f"/spip.php?auteur{_author_number(name)}"), "          + ") for name in story.bylines
    ]
    # lynx does not break at a no-break space, and prints it as a space.
    line = _wrapped(_dated_line(story, "\N{NO-BREAK SPACE}"), " " * 7).replace("\N{NO-BREAK SPACE}", " ")
    return [*head, line, *(["\n".join(bylines)] if bylines else [])]


def _most_read_line(story: Story, link: Callable[[str, str], str]) -> str:
    return f"{link(story.title, story.spip_path)} {english_date(story.day)}"


def _dated_line(story: Story, before_mark: str) -> str:
    summary = "" if story.summary is None else f" | {story.summary}{f'{before_mark}(...)' if story.cut else ''}"
    return english_date(story.day) + summary


def _wrapped(words: str, lead: str) -> str:
    return textwrap.fill(
        words,
        LYNX_WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )
