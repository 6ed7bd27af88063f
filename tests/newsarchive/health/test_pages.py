"""Whether anything on a page suggests another page: doubt counts as yes."""

import pytest
from lxml import html

from newsarchive.health.pages import shows_more_pages

URL = "https://gazette.example/news"


def shows_more(body: str, head: str = "", url: str = URL) -> bool:
    return shows_more_pages(html.fromstring(f"<html><head>{head}</head><body>{body}</body></html>"), url)


@pytest.mark.parametrize(
    "body",
    [
        # numbers
        "<a href='/b'>2</a>",
        "<nav class=pagination><ul><li><a href='/b'>Older news</a></li></ul></nav>",
        "<span>1</span> <a href='/b'><b> 2 </b></a>",
        # a next word, in the languages that listings are in
        "<a href='/b'>Next</a>",
        "<a href='/b'>next page</a>",
        "<a href='/b'>Older posts</a>",
        "<a href='/b'>← Older posts</a>",
        "<a href='/b'>Next »</a>",
        "<a href='/b'>Next»</a>",
        "<a href='/b'>»</a>",
        "<a href='/b'>&gt;</a>",
        "<a href='/b'>Page suivante</a>",
        "<a href='/b'>suivante</a>",
        "<a href='/b'>Página siguiente</a>",
        "<a href='/b'>Nächste Seite</a>",
        "<a href='/b'>Weiter</a>",
        "<a href='/b'>Ältere Beiträge</a>",
        "<a href='/b'>Pagina successiva</a>",
        "<a href='/b'>Próxima página</a>",
        "<a href='/b'>Следующая</a>",
        "<a href='/b'>下一页</a>",
        "<a href='/b'>次へ</a>",
        "<a href='/b'>التالي</a>",
        "<a href='/b' aria-label='Next page'><svg></svg></a>",
        "<a href='/b' title='Next'><img src=x></a>",
        "<a href='/b' rel=next>…</a>",
        # load more
        "<button class=load-more>…</button>",
        "<button>Load more</button>",
        "<button type=button>Show more</button>",
        "<button>Voir plus</button>",
        "<button>Afficher plus</button>",
        "<button>Cargar más</button>",
        "<button>Mehr laden</button>",
        "<a href='#' class='load-more'>…</a>",
        "<a href='#'>Load more</a>",
        "<a href='javascript:void(0)'>Load more</a>",
        "<a class=loadmore>…</a>",
        "<div class='load-more' role=button>Load more</div>",
        "<input type=submit value='Load more'>",
        # counts
        "<p>Page 1 of 5</p>",
        "<p>Showing 1–10 of 47</p>",
        "<p>Page 1 sur 5</p>",
        # page-like links
        "<a href='?page=2'>on</a>",
        "<a href='/news/page/2/'>on</a>",
        "<a href='?debut_articles=10'>on</a>",
        "<a href='?start=20'>on</a>",
        "<a href='/news?x=1&amp;offset=20'>on</a>",
        "<a href='/news/p/2'>on</a>",
        "<a href='/news/page-2.html'>on</a>",
        "<a class='pager__item' href='/b'>on</a>",
        "<div class='wp-pagenavi'><a href='/b'>on</a></div>",
    ],
)
def test_what_suggests_another_page(body: str) -> None:
    assert shows_more(body)


def test_the_head_may_say_it() -> None:
    assert shows_more("", "<link rel=next href='/b'>")
    assert shows_more("", "<link rel='prefetch next' href='/b'>")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>No news</p>",
        "<a href='/article-1'>Bridge reopens</a>",
        "<a href='/a'>Moreover, the bridge reopens</a>",
        "<a href='/a'>Next year's budget in ten charts and a half</a>",
        "<nav><a href='/'>Home</a><a href='/about'>About us</a></nav>",
        "<a href='/2017/09/05/bridge'>Bridge</a>",
        "<a href='spip.php?article230'>Procès</a><a href='spip.php?page=plan'>Plan du site</a>",
        "<a href='#'>1</a>",
        f"<a href='{URL}'>1</a>",
        "<a href='mailto:a@b.example'>Write to us</a>",
    ],
)
def test_what_does_not(body: str) -> None:
    assert not shows_more(body)


@pytest.mark.parametrize("href", ["http://[::1", "javascript:x", "", "\ud800", "//", "?page=\x00", "data:,2"])
def test_hostile_links_never_raise(href: str) -> None:
    root = html.fromstring("<html><body><a>x</a></body></html>")
    try:
        root.find(".//a").set("href", href)
    except ValueError:
        return  # no parsed page can hold it
    assert shows_more_pages(root, URL) in (True, False)


def test_a_page_of_thousands_of_links_is_doubt() -> None:
    assert shows_more("<a href='/a'>x</a>" * 5_100)
