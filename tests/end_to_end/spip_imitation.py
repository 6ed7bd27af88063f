"""Listings in the shape that SPIP 4's default templates give them, made from entries and served on loopback.

This is an imitation, not a SPIP: its markup follows the recorded pages in ``../shared/spip``, its dates, words and
pager models what SPIP's own sources print. It is for what no recorded page shows: other languages, other pagers,
other addresses.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

from scripts.serve import Page, SavedSite

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pt": "Janeiro Fevereiro Março Abril Maio Junho Julho Agosto Setembro Outubro Novembro Dezembro",
}
DATE_FORMS = {"es": "{} de {} de {}", "pt": "{} de {} de {}", "de": "{}. {} {}"}
FIRST_OF_MONTH = {"fr": "1er", "es": "1ro"}
BY = {"fr": "par ", "en": "by ", "es": "por ", "de": "von ", "it": "di ", "pt": "por"}
WORDS = {  # "previous page", "next page", "Articles"
    "fr": ("page précédente", "page suivante", "Articles"),
    "en": ("previous page", "next page", "Articles"),
    "es": ("Página anterior", "Página siguiente", "Artículos"),
    "de": ("vorige Seite", "nächste Seite", "Artikel"),
    "it": ("pagina precedente", "pagina successiva", "Articoli"),
    "pt": ("página anterior", "página seguinte", "Artigos"),
}
# The first four are models of SPIP's own, the others the default one with other labels.
PAGERS = ("page", "precedent_suivant", "page_precedent_suivant", "prive", "naturel", "rang", "resultats")
ADDRESSES = {  # by the name of SPIP's address scheme
    "page": "/spip.php?mot1",
    "standard": "/spip.php?page=mot&id_mot=1",
    "html": "/mot1.html",
    "propres": "/+-Immigration-+",
    "propres_qs": "/?+-Immigration-+",
    "libres": "/Immigration",
    "arbo": "/themes/immigration",
}
PER_PAGE = 10
MOST_NUMBERS = 10
NBSP = "\u00a0"


@dataclass(frozen=True)
class Article:
    """What a SPIP article shows in a listing."""

    title: str
    date: str
    summary: str | None
    truncated: bool
    authors: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """How a site is set up."""

    language: str = "en"
    pager: str = "page"
    address: str = "page"
    this_year: int = 0  # SPIP leaves the current year out of a date


def read_articles(path: Path) -> list[Article]:
    """Read articles from a file of expected records."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_article(json.loads(line)) for line in lines if line.strip()]


def _article(record: dict[str, Any]) -> Article:
    summary = record["summary"]
    return Article(record["title"], record["date"], summary, bool(record["summary_truncated"]), (*record["bylines"],))


def shown_date(iso: str, language: str, this_year: int = 0) -> str:
    """Return a day as SPIP's ``affdate_jourcourt`` prints it.

    >>> [shown_date("2017-09-01", language) for language in ("en", "fr", "es", "de")]
    ['1 September 2017', '1er septembre 2017', '1ro de septiembre de 2017', '1. September 2017']
    """
    year, month, day = (int(part) for part in iso.split("-"))
    number = FIRST_OF_MONTH.get(language, "1") if day == 1 else str(day)
    text = DATE_FORMS.get(language, "{} {} {}").format(number, MONTHS[language].split()[month - 1], year)
    return text.removesuffix(f" {year}").removesuffix(" de") if year == this_year else text


def typography(text: str, language: str) -> str:
    """Return a text with the marks and spaces that SPIP puts in: French ones before ``: ; ! ?``, ``’`` everywhere."""
    text = text.replace("'", "’")
    if language == "fr":
        for mark in ":;!?":
            text = text.replace(f"{mark} ", f"{NBSP}{mark} ")
            if text.endswith(mark):
                text = text[:-1] + NBSP + mark
    return text


def spip_imitation(articles: Sequence[Article], variant: Variant) -> SavedSite:
    """Return the pages of a keyword's listing, with SPIP's answers for offset 0, "all" and past the end."""
    start = ADDRESSES[variant.address]
    count = math.ceil(len(articles) / PER_PAGE)
    pages = {_target(start, n): _page(articles, n, count, variant) for n in range(count)}
    pages[_target(start, 0, "0")] = pages[start]
    pages[_target(start, 0, "-1")] = _page(articles, 0, 1, replace(variant, pager="page"))
    last = pages[_target(start, count - 1)]
    return SavedSite(start, pages, {"*": {"Composed-By": "SPIP 4.1.5 @ www.spip.net"}}, ("debut_articles", last))


def _target(start: str, page: int, offset: str = "") -> str:
    offset = offset or (str(page * PER_PAGE) if page else "")
    return f"{start}{'&' if '?' in start else '?'}debut_articles={offset}" if offset else start


def _page(articles: Sequence[Article], number: int, count: int, variant: Variant) -> Page:
    shown = articles if count == 1 else articles[number * PER_PAGE : (number + 1) * PER_PAGE]
    first = articles.index(shown[0]) + 1
    cards = "\n".join(_card(article, first + at, variant) for at, article in enumerate(shown))
    links = f'<nav role="navigation" class="p pagination">{_pager(number, count, variant)}</nav>' if count > 1 else ""
    other = _target(ADDRESSES[variant.address], 0, "20").replace("debut_articles", "debut_mots_freres")
    siblings = escape(f"{other.removeprefix('/')}#pagination_mots_freres")
    html = f"""<!DOCTYPE html>
<html dir="ltr" lang="{variant.language}" class="ltr {variant.language} no-js">
<head>
	<title>Immigration - Lantern</title>
	<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
	<base href="/" />
	<meta name="generator" content="SPIP 4.1.5" />
</head>
<body class="pas_surlignable page_mot">
	<nav class="nav clearfix" id="nav"><ul><li class="nav-item"><a href="/spip.php?rubrique1">News</a></li></ul></nav>
	<main class="main" role="main"><div class="content" id="content">
		<h1 class="surlignable">Immigration</h1>
		<div class="menu menu_articles">
			<a id='pagination_articles' class='pagination_ancre'></a>
			<h2>{WORDS[variant.language][2]}</h2>
			<ul>
{cards}
			</ul>
			{links}
		</div>
	</div>
	<aside class="aside"><div class="menu">
		<a id='pagination_mots_freres' class='pagination_ancre'></a>
		<ul>
			<li><a href="/spip.php?mot1" class="on">Immigration</a></li>
			<li><a href="/spip.php?mot2">Housing</a></li>
		</ul>
		<nav role="navigation" class="p pagination"><ul class="pagination-items pagination_page">
			<li class="pagination-item"><a href='{siblings}' class='lien_pagination'>2</a></li>
		</ul></nav>
	</div></aside></main>
</body>
</html>
"""
    return Page(html.encode())


def _card(article: Article, number: int, variant: Variant) -> str:
    language = variant.language
    names = ", \n".join(escape(name, quote=False) for name in article.authors)
    authors = f", {BY[language]} {names}" if names else ""
    summary = ""
    if article.summary:
        mark = "&nbsp;(...)" if article.truncated else ""
        text = escape(typography(article.summary, language), quote=False).replace(NBSP, "&nbsp;")
        summary = f'<div class="introduction entry-content"><p>{text}{mark}</p></div>'
    title = escape(typography(article.title, language), quote=False).replace(NBSP, "&nbsp;")
    return f"""
				<li dir="ltr" class="hentry clearfix text-left">
					<strong><a href="/spip.php?article{number}">{title}</a></strong>
					<br /><small>{shown_date(article.date, language, variant.this_year)}{authors}</small>
					{summary}
				</li>"""


def _pager(page: int, count: int, variant: Variant) -> str:
    kind = variant.pager
    previous, following, _ = WORDS[variant.language]
    stepping = kind in {"precedent_suivant", "page_precedent_suivant"}
    if kind == "page_precedent_suivant":
        previous, following = "&lt;", "&gt;"
    items = [] if kind == "precedent_suivant" else _numbers(page, count, variant)
    if stepping:
        items.insert(0, _item(previous, page - 1, variant, "prev", here=page == 0))
        items.append(_item(following, page + 1, variant, "next", here=page == count - 1))
    if kind == "prive":
        url = escape(_target(ADDRESSES[variant.address], 0, "-1"))
        items.append(f"<li class='pagination-item all'>{_link(url, '&#8734;', 'nofollow')}</li>")
    return f'<ul class="pagination-items pagination_{kind}">{"".join(items)}</ul>'


def _numbers(page: int, count: int, variant: Variant) -> list[str]:
    first, last = 0, count - 1
    if count > MOST_NUMBERS:
        first = max(0, page - (MOST_NUMBERS - 1) // 2)
        last = min(count - 1, first + MOST_NUMBERS - 2)
        first = last - MOST_NUMBERS + 1 if last == count - 1 else first
    gap = '<li class="pagination-item tbc disabled"><span class="pagination-item-label">…</span></li>'
    items = [_item(_label(n, variant), n, variant, here=n == page) for n in range(first, last + 1)]
    if first > 0:
        items[:0] = [_item(_label(0, variant), 0, variant), *([gap] if first > 1 else [])]
    if last < count - 1:
        items += [*([gap] if last < count - 2 else []), _item(_label(count - 1, variant), count - 1, variant)]
    return items


def _label(page: int, variant: Variant) -> str:
    offset = page * PER_PAGE
    labels = {"naturel": offset or 1, "rang": offset, "resultats": offset + 1}
    return str(labels.get(variant.pager, page + 1))


def _item(label: str, page: int, variant: Variant, rel: str = "", *, here: bool = False) -> str:
    state = (" disabled" if rel else " on active") if here else ""
    classes = f"pagination-item {rel}".rstrip() + state
    if not here:
        link = _link(escape(_target(ADDRESSES[variant.address], page)), label, rel or "nofollow")
    else:
        link = f"<span class='pagination-item-label on' rel='{rel}'>{label}</span>"
    return f'<li class="{classes}">{link}</li>'


def _link(url: str, label: str, rel: str) -> str:
    classes = "pagination-item-label lien_pagination"
    return f"<a href='{url.removeprefix('/')}#pagination_articles' class='{classes}' rel='{rel}'>{label}</a>"
