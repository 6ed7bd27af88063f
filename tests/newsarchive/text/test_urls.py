import re
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from newsarchive.text.urls import (
    article_url,
    identity_key,
    origin,
    page_key,
    resolve,
    same_site,
    slug_for_name,
    slug_for_url,
)

BASE = "https://example.org/blog/index.html?page=2"
ADDRESS_TEXT = st.text(alphabet=st.sampled_from("abW/.?&=#%2eE:@;[]\\ \n'\"é李|^{}+,~-_\x00\ud800"), max_size=40)
ADDRESSES = ADDRESS_TEXT.map(lambda tail: f"http://www.example.org/{tail}")


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("spip.php?mot12&debut_articles=20", "https://example.org/blog/spip.php?mot12&debut_articles=20"),
        ("?mot1", "https://example.org/blog/index.html?mot1"),
        ("?a=1,2+3-4", "https://example.org/blog/index.html?a=1,2+3-4"),
        ("/a/../b/./c", "https://example.org/b/c"),
        ("../..", "https://example.org/"),
        ("/a/%2E%2e/b", "https://example.org/b"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("HTTP://EXAMPLE.ORG:80", "http://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        (" \n/a b\t\n ", "https://example.org/a%20b"),
        ("/lo\nng", "https://example.org/long"),
        ("/été?q=é#é", "https://example.org/%C3%A9t%C3%A9?q=%C3%A9#%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("\\a\\b?c\\d", "https://example.org/a/b?c%5Cd"),
        ("#top", "https://example.org/blog/index.html?page=2#top"),
        ("/web/2020/http://site//x", "https://example.org/web/2020/http://site//x"),
        ("http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
        ("https:relative", "https://example.org/blog/relative"),
        ("http://good.example\\@evil.example/", "http://good.example/@evil.example/"),
        ("http://user:pw@example.org/", "http://user:pw@example.org/"),
    ],
)
def test_resolves_as_a_browser_does(href: str, address: str) -> None:
    assert resolve(href, BASE) == address


@pytest.mark.parametrize(
    "href",
    [
        *(
            "",
            " ",
            "javascript:void(0)",
            "JavaScript:x",
            "data:text/plain,x",
            "file:///etc/passwd",
            "mailto:a@b.example",
        ),
        *("tel:1", "ftp://example.org/", "http://[bad", "http://[::g]/", "http://", "http:///x", "http://a b/", "//"),
        *(
            "http://example.org:99999/",
            "http://example.org:8x/",
            "https://.example.org",
            "http:other-scheme",
            "http://%zz/",
        ),
        "http://" + "é" * 70 + ".example/",
    ],
)
def test_what_is_no_http_address_is_none(href: str) -> None:
    assert resolve(href, BASE) is None
    assert article_url(href, BASE) is None


def test_a_page_without_an_address_resolves_absolute_references_only() -> None:
    assert resolve("/a", "") is None
    assert resolve("/a", "file:///tmp/page.html") is None
    assert resolve("http://example.org/a", "") == "http://example.org/a"


@given(ADDRESS_TEXT, st.sampled_from([BASE, "http://example.org", "", "nonsense"]))
def test_resolve_never_raises_and_its_answer_is_final(href: str, base: str) -> None:
    address = resolve(href, base)
    if address is not None:
        assert resolve(address, base) == address
        assert re.match(r"https?://[^/]+/", address)
        assert address.isascii()


@given(ADDRESSES)
def test_a_request_for_the_address_changes_nothing(href: str) -> None:
    """Scrapy requests `safe_url_string` of an address: the record must show what was asked for."""
    address = resolve(href, BASE)
    assert address is not None
    assert safe_url_string(address) == address


@given(st.lists(st.sampled_from(["a", "b.html", "..", ".", "c"]), min_size=1, max_size=5).map("/".join))
def test_relative_paths_resolve_as_in_rfc_3986(href: str) -> None:
    assert resolve(href, "https://example.org/x/y/z") == urljoin("https://example.org/x/y/z", href)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/a?utm_source=x&id=2&utm_medium=y#top", "https://example.org/a?id=2"),
        ("/a?fbclid=1&gclid=2&mc_cid=3&mc_eid=4&igshid=5", "https://example.org/a"),
        ("/a?PHPSESSID=abc&mot1", "https://example.org/a?mot1"),
        ("/a;jsessionid=0A1B.node?x=1", "https://example.org/a?x=1"),
        ("/a?sid=0123456789abcdef0", "https://example.org/a"),
        ("/a?sid=42", "https://example.org/a?sid=42"),
        ("/a?b=2&a=1&c", "https://example.org/a?b=2&a=1&c"),
        ("/a?b&&a", "https://example.org/a?b&&a"),
        ("#post-7", "https://example.org/blog/index.html?page=2#post-7"),
        (
            "http://www.example.org/blog/index.html?page=2#post-7",
            "http://www.example.org/blog/index.html?page=2#post-7",
        ),
        ("/other#post-7", "https://example.org/other"),
    ],
)
def test_article_address_has_no_tracking_and_no_fragment_unless_it_tells_entries_apart(href: str, address: str) -> None:
    assert article_url(href, BASE) == address


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/a?x=1&y=2", "https://www.example.org/a?y=2&x=1", "HTTP://EXAMPLE.ORG:80/a?x=1&y=2#top"),
        *("https://example.org:443/b/../a?x=1&y=2&utm_source=z", "http://example.org/%61?x=1&y=2&fbclid=1"),
        *(
            "//example.org/a?x=1&y=2",
            "http://example.org./a?&x=1&y=2&",
            "http://u:p@example.org/a;jsessionid=1?x=1&y=2",
        ),
    ],
)
def test_all_spellings_of_an_address_share_a_key(url: str) -> None:
    assert identity_key(url) == "//example.org/a?x=1&y=2"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("/?id=1", "/?id=2"),
            ("/?mot1", "/?mot2"),
            ("/?mot1", "/?mot1="),
            ("/a", "/b"),
            ("/a", "/A"),
            ("/a%2Fb", "/a/b"),
        ),
        *(("/?a=1&a=2", "/?a=2&a=1"), ("/?q=a%26b", "/?q=a&b"), ("/a", "/a/")),
    ],
)
def test_different_articles_have_different_keys(one: str, other: str) -> None:
    assert identity_key(f"http://example.org{one}") != identity_key(f"http://example.org{other}")


def test_ports_and_hosts_are_part_of_the_key() -> None:
    keys = {identity_key(f"http://{host}/") for host in ("example.org", "example.org:8080", "a.example.org", "www.com")}
    assert len(keys) == 4


def test_a_fragment_is_kept_on_request() -> None:
    assert identity_key("http://example.org/a#b", keep_fragment=True) == "//example.org/a#b"
    assert identity_key("http://example.org/a#b") == "//example.org/a"


@given(ADDRESSES | ADDRESS_TEXT | st.text(), st.booleans())
def test_the_key_of_a_key_is_the_key(url: str, keep_fragment: bool) -> None:
    key = identity_key(url, keep_fragment=keep_fragment)
    assert identity_key(key, keep_fragment=keep_fragment) == key
    assert page_key(page_key(url)) == page_key(url)


@given(ADDRESSES)
def test_an_article_keeps_its_key_when_its_address_is_cleaned(url: str) -> None:
    address, cleaned = resolve(url, BASE), article_url(url, BASE)
    assert address is not None
    assert cleaned is not None
    assert identity_key(cleaned) == identity_key(address)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/news?page=2", "https://www.example.org/news/?page=2#list"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org/a?PHPSESSID=1&p=2", "http://example.org/a?p=2"),
        ("http://example.org/?a=1&b=2", "http://example.org/?b=2&a=1"),
    ],
)
def test_two_spellings_of_a_listing_page_share_a_key(one: str, other: str) -> None:
    assert page_key(one) == page_key(other)


def test_pages_of_a_listing_have_different_keys() -> None:
    addresses = ["/news", "/news?page=2", "/news/page/2", "/news?mot1", "/news?mot2", "/"]
    assert len({page_key(f"http://example.org{address}") for address in addresses}) == len(addresses)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://Example.org/a", ("http", "example.org", 80)),
        ("https://www.example.org:8443/", ("https", "www.example.org", 8443)),
        ("mailto:a@b.example", ("", "", 0)),
        ("http://[bad", ("", "", 0)),
    ],
)
def test_origin(url: str, expected: tuple[str, str, int]) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://example.org/a", "https://www.example.org/b", True),
        ("http://example.org:8080/a", "http://example.org:8080/b", True),
        ("http://example.org:8080/a", "https://www.example.org:8080/b", True),
        ("http://example.org/", "http://example.org:8080/", False),
        ("http://example.org/", "http://blog.example.org/", False),
        ("http://example.org/", "http://example.org.evil.example/", False),
        ("nonsense", "nonsense", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
    assert same_site(other, one) is same


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("https://www.example.org/", "example-org"),
        ("https://example.org/spip.php?mot12", "example-org-spip-php-mot12"),
        ("http://localhost:8000/News_List", "localhost-8000-news-list"),
        ("https://example.org/" + "long/" * 30, ("example-org-" + "long-" * 30)[:60].strip("-")),
        ("https://example.org/caf%C3%A9/новости", "example-org-cafe"),
    ],
)
def test_slug_of_an_address_is_readable_and_ends_in_a_hash(url: str, readable: str) -> None:
    assert re.fullmatch(re.escape(readable) + "-[0-9a-f]{6}", slug_for_url(url))


def test_slugs_of_different_addresses_differ_and_of_one_address_do_not() -> None:
    assert slug_for_url("https://example.org/a?x=1&y=2") != slug_for_url("https://example.org/a?y=2&x=1")
    assert slug_for_url("https://example.org/новости") != slug_for_url("https://example.org/статьи")
    assert slug_for_url("http://www.example.org/a#b") == slug_for_url("https://example.org/a")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        *(("left_voice", "left_voice"), ("Left Voice.en", "left-voice-en"), ("Révolution!", "revolution")),
        *(
            ("", "source"),
            ("..", "source"),
            (".hidden", "hidden"),
            ("../../etc/passwd", "etc-passwd"),
            ("-_-", "source"),
        ),
    ],
)
def test_slug_of_a_name(name: str, slug: str) -> None:
    assert slug_for_name(name) == slug


@given(st.text())
def test_a_slug_is_always_a_safe_folder_name(name: str) -> None:
    for slug in (slug_for_name(name), slug_for_url(name)):
        assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]{0,99}", slug)
        assert slug_for_name(slug) == slug
