"""The pages of a made-up newspaper as HTML: two skins, four pagers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from scripts.sample_words import MONTHS, NOT_LISTED, PAPER
from tests.newsroom.articles import Article
from tests.newsroom.style import Style

WALL = (
    "<!DOCTYPE html>\n<html lang='en'><head><title>Before you go on</title></head><body><main class='consent'>"
    "<h1>Your privacy matters to us</h1><p>We and our 812 partners store cookies.</p>"
    "<form method='post'><button>Accept all</button> <button>Settings</button></form></main></body></html>\n"
)
"""A consent page: answered with 200, where a listing page was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one page is to show.

    :ivar page: its number
    :ivar last: the number of the last page
    :ivar articles: in order, the pinned first
    :ivar pinned: how many of them are pinned there
    :ivar total: how many articles the page says there are; ``None`` where it does not say
    :ivar noise: what a comment says, so that two answers differ
    """

    page: int
    last: int
    articles: Sequence[Article]
    pinned: int = 0
    total: int | None = None
    noise: str = ""


def render(style: Style, view: View) -> str:
    """Return a listing page."""
    noise = f"<!-- {view.noise} -->" if view.noise else ""
    head = f"<title>News – {PAPER}</title>"
    if style.skin == "spip":
        stated = f" ({view.total})" if view.total is not None else ""
        cards = "\n".join(_item(style, article) for article in view.articles)
        return (
            f"<!DOCTYPE html>\n<html dir='ltr' lang='en'><head>{head}<base href='/' />"
            f"<meta name='generator' content='SPIP 4.1.5' /></head><body class='page_rubrique'>{noise}"
            "<main class='main'><div class='content' id='content'><h1>News</h1>"
            "<div class='menu menu_articles'><a id='pagination_articles' class='pagination_ancre'></a>"
            f"<h2>Articles{stated}</h2><ul>\n{cards}\n</ul>{_pager(style, view)}</div></div></main>"
            f"<aside class='aside'><ul><li><a href='spip.php?article0'>{NOT_LISTED}</a></li></ul></aside>"
            "</body></html>\n"
        )
    stated = f"<p class='count'>{view.total} articles</p>" if view.total is not None else ""
    cards = "\n".join(_card(style, article, pinned=at < view.pinned) for at, article in enumerate(view.articles))
    return (
        f"<!DOCTYPE html>\n<html lang='en'><head>{head}</head><body>{noise}<main><h1>News</h1>{stated}\n{cards}\n"
        f"{_pager(style, view)}</main><aside><a href='/story/0/'>{NOT_LISTED}</a></aside></body></html>\n"
    )


def render_empty(style: Style) -> str:
    """Return a listing page without a card and without a way to others."""
    return render(style, View(page=1, last=1, articles=()))


def render_article(article: Article) -> str:
    """Return an article's own page, which newsarchive never asks for."""
    return (
        f"<!DOCTYPE html>\n<html lang='en'><title>{escape(article.title)}</title><p>Nothing more is known.</p></html>\n"
    )


def _card(style: Style, article: Article, *, pinned: bool) -> str:
    date = f"<time datetime='{article.date:%Y-%m-%d}'>{_day(article)}</time>" if style.dates else ""
    names = ", ".join(f"<a class='author' href='/people/'>{escape(name)}</a>" for name in article.bylines)
    by = f"<span class='byline'>By {names}</span>" if names else ""
    summary = f"<p class='excerpt'>{escape(_teaser(article))}</p>" if article.summary else ""
    return (
        f"<article class='teaser{' sticky' * pinned} post-{article.number}'>"
        f"<p class='kicker'>{escape(article.section)}</p>"
        f"<h3 class='teaser-title'><a href='{escape(article.url_path)}'>{escape(article.title)}</a></h3>"
        f"<p class='meta'>{by} {date}</p>{summary}</article>"
    )


def _item(style: Style, article: Article) -> str:
    names = ", \n".join(escape(name, quote=False) for name in article.bylines)
    small = ", ".join(filter(None, (_day(article) if style.dates else "", f"by {names}" if names else "")))
    summary = (
        f"<div class='introduction entry-content'><p>{escape(_teaser(article))}</p></div>" if article.summary else ""
    )
    return (
        f"<li dir='ltr' class='hentry clearfix text-left'><strong><a href='{escape(article.url_path.lstrip('/'))}'>"
        f"{escape(article.title)}</a></strong><br /><small>{small}</small>{summary}</li>"
    )


def _day(article: Article) -> str:
    date = article.date
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def _teaser(article: Article) -> str:
    return f"{article.summary} (...)" if article.cut else f"{article.summary}"


def _pager(style: Style, view: View) -> str:
    if style.pager == "next-link":
        newer = f"<a rel='prev' href='{style.path_of(view.page - 1)}'>Back</a>" if view.page > 1 else ""
        older = f"<a class='next' rel='next' href='{style.path_of(view.page + 1)}'>More</a>"
        return f"<nav class='pager'>{newer} {older if view.page < view.last else ''}</nav>"
    if style.pager == "template":
        return "<button class='load-more'>Load more</button>" if view.page < view.last else ""
    if view.last == 1:
        return ""
    numbers = list(_numbers(style, view))
    if style.pager == "numbered-links":
        return f"<nav class='pages'>{' '.join(_link(style, view, number) for number in numbers)}</nav>"
    items = "".join(f"<li class='pagination-item'>{_link(style, view, number)}</li>" for number in numbers)
    return f"<nav class='p pagination'><ul class='pagination-items pagination_page'>{items}</ul></nav>"


def _numbers(style: Style, view: View) -> Iterable[int]:
    """Yield the numbers that the pager shows, the page's own too; 0 stands for a gap."""
    near = range(max(1, view.page - style.window), min(view.last, view.page + style.window) + 1)
    shown = set(near) | ({1} if style.links_first else set()) | ({view.last} if style.links_last else set())
    before = None
    for number in sorted(shown):
        if before is not None and number > before + 1:
            yield 0
        yield number
        before = number


def _link(style: Style, view: View, number: int) -> str:
    if not number:
        return "<span class='gap'>…</span>"
    if number == view.page:
        return f"<span class='on'>{number}</span>"
    path = escape(style.path_of(number))
    if style.skin == "spip" and style.pager == "offset":
        path = f"{path.lstrip('/')}#pagination_articles"
    return f"<a class='pagination-item-label lien_pagination' rel='nofollow' href='{path}'>{number}</a>"
