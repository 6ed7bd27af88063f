"""`Listing` as data: to and from TOML, its hash, and what is wrong with it."""

import tomllib
from typing import Any

import pytest

from newsarchive.errors import ListingError
from newsarchive.listing import CARD_FIELDS, LISTING_KEYS, Listing
from newsarchive.pagers import PAGERS, NextLink, NumberedLinks, Offset, Pager, SinglePage, Template, pager_from_table

EACH_PAGER: list[Pager] = [
    NextLink("a[rel=next]"),
    NextLink(("a.next", "//a[@rel='next']")),
    NumberedLinks(".pages a"),
    Offset("debut_articles"),
    Offset("debut_*", css=".pagination a"),
    Offset("start", css=(".a a", ".b a"), step=25),
    Template("/page/{n}/"),
    Template("?page={n}", first=1, step=10),
    SinglePage(),
]

FULL = Listing(
    card="article.teaser",
    title=("h2", "h3"),
    url="h2 a::attr(href)",
    date="time::attr(datetime)",
    summary='p.lead[title="a \\ b"]',
    bylines=".by a",
    section="//p[@class='kicker']",
    tags=".tag",
    image="img::attr(src)",
    total=".count",
    pager=NextLink("a[rel=next]"),
    language="pt-BR",
    timezone="Europe/Paris",
    date_order="DMY",
)


def listing(**changes: Any) -> Listing:
    return Listing(**{"card": "article", "title": "h2", "pager": SinglePage(), **changes})


def through_toml(one: Listing) -> Listing:
    return Listing.from_table(tomllib.loads(one.to_toml())["listing"])


# --- to and from TOML ---


@pytest.mark.parametrize("pager", EACH_PAGER, ids=repr)
def test_each_pager_comes_back_as_it_was(pager: Pager) -> None:
    one = listing(pager=pager)
    again = through_toml(one)
    assert again == one
    assert again.pager == pager
    assert again.hash == one.hash


def test_every_kind_of_pager_is_tried_above() -> None:
    assert {type(pager) for pager in EACH_PAGER} == set(PAGERS.values())


def test_every_attribute_comes_back_as_it_was() -> None:
    assert set(FULL.to_table()) == set(LISTING_KEYS) - {"format"}
    assert through_toml(FULL) == FULL
    assert through_toml(FULL).to_toml() == FULL.to_toml()


def test_a_list_in_code_means_what_a_list_in_a_site_file_means() -> None:
    in_code = listing(title=["h2", "h3"], pager=NextLink(["a.next", "a.more"]))
    assert through_toml(in_code).hash == in_code.hash
    assert through_toml(in_code) == in_code


def test_a_text_listing_comes_back_as_it_was() -> None:
    one = Listing(format="text", language="en", date_order="MDY", timezone="America/New_York")
    assert through_toml(one) == one
    assert one.to_table() == {"language": "en", "timezone": "America/New_York", "date_order": "MDY", "format": "text"}


def test_what_is_not_set_is_left_out() -> None:
    assert listing().to_table() == {"card": "article", "title": "h2", "pager": {"kind": "single"}}


# --- the hash ---


def test_the_hash_never_changes_with_a_release() -> None:
    assert FULL.hash == "1c3e002e8725"
    assert listing().hash == "65f489a72cf5"


def test_the_hash_tells_any_two_listings_apart() -> None:
    others = [listing(**{name: ".other"}) for name in ("card", "total", *CARD_FIELDS)]
    others += [listing(pager=pager) for pager in EACH_PAGER]
    others += [listing(language="en"), listing(timezone="UTC"), listing(date_order="YMD"), Listing(format="text")]
    hashes = [one.hash for one in others]
    assert len(set(hashes)) == len(hashes)
    assert listing().hash == listing().hash


# --- wrong keys ---


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"cards": "li"}, r"listing\.cards: .*did you mean card\?"),
        ({"titel": "h2"}, r"listing\.titel: .*did you mean title\?"),
        ({"byline": ".by"}, r"listing\.byline: .*did you mean bylines\?"),
        ({"time_zone": "UTC"}, r"listing\.time_zone: .*did you mean timezone\?"),
        ({"xyzzy": "q"}, r"listing\.xyzzy: .*known are card, title"),
        ({"selectors": {}}, r"listing\.selectors: "),
        ({"_links": {}}, r"listing\._links: "),
    ],
)
def test_a_wrong_key_names_itself_and_the_near_one(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ListingError, match=said):
        Listing.from_table({"card": "article", "title": "h2", "pager": {"kind": "single"}, **table})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "next-link"}, "pager: .*next-link.* needs css"),
        ({"kind": "numbered-links"}, "pager: .*needs css"),
        ({"kind": "offset"}, "pager: .*needs param"),
        ({"kind": "template"}, "pager: .*needs template"),
        ({"kind": "nextlink", "css": "a"}, r"pager\.kind: .*next-link.*found 'nextlink'"),
        ({"css": "a"}, "pager: .*kind"),
        ({"kind": 5}, "pager: .*kind"),
        ("next-link", "pager: .*kind"),
        ([], "pager: .*kind"),
        ({"kind": "next-link", "selector": "a"}, r"pager\.selector: .*css"),
        ({"kind": "next-link", "_links": "a"}, r"pager\._links: "),
        ({"kind": "single", "css": "a"}, r"pager\.css: .*none"),
        ({"kind": "next-link", "css": "a["}, r"pager\.css: "),
        ({"kind": "next-link", "css": 5}, r"pager\.css: "),
        ({"kind": "next-link", "css": []}, r"pager\.css: "),
        ({"kind": "next-link", "css": [["a"]]}, r"pager\.css: "),
        ({"kind": "offset", "param": 5}, r"pager\.param: "),
        ({"kind": "offset", "param": "a b"}, r"pager\.param: "),
        ({"kind": "offset", "param": ""}, r"pager\.param: "),
        ({"kind": "offset", "param": "*"}, r"pager\.param: "),
        ({"kind": "offset", "param": "p", "step": 0}, r"pager\.step: "),
        ({"kind": "offset", "param": "p", "step": True}, r"pager\.step: "),
        ({"kind": "offset", "param": "p", "step": "10"}, r"pager\.step: "),
        ({"kind": "offset", "param": "p", "step": 2.5}, r"pager\.step: "),
        ({"kind": "offset", "param": "p", "css": ""}, r"pager\.css: "),
        ({"kind": "offset", "param": "p", "css": []}, r"pager\.css: "),
        ({"kind": "template", "template": "/page/"}, r"pager\.template: "),
        ({"kind": "template", "template": "/{n}/{n}"}, r"pager\.template: "),
        ({"kind": "template", "template": "javascript:go({n})"}, r"pager\.template: "),
        ({"kind": "template", "template": "http://[::/{n}"}, r"pager\.template: "),
        ({"kind": "template", "template": 5}, r"pager\.template: "),
        ({"kind": "template", "template": "/{n}", "first": -1}, r"pager\.first: "),
        ({"kind": "template", "template": "/{n}", "first": True}, r"pager\.first: "),
        ({"kind": "template", "template": "/{n}", "step": 0}, r"pager\.step: "),
    ],
    ids=str,
)
def test_a_wrong_pager_names_its_key(table: Any, said: str) -> None:
    with pytest.raises(ListingError, match=said):
        pager_from_table(table)
    with pytest.raises(ListingError, match=said):
        Listing.from_table({"card": "article", "title": "h2", "pager": table})


# --- wrong values ---


@pytest.mark.parametrize("wrong", ["h2[", "", "  ", [], ["h2", ""], 5, True, {"css": "h2"}, [["h2"]], [5]], ids=str)
def test_a_wrong_selector_fails_when_built_and_names_the_attribute(wrong: Any) -> None:
    for name in ("card", "total", *CARD_FIELDS):
        with pytest.raises(ListingError, match=f"^{name}: "):
            Listing.from_table({"card": "article", "title": "h2", "pager": {"kind": "single"}, name: wrong})
        with pytest.raises(ListingError, match=f"^{name}: "):
            listing(**{name: wrong})


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("language", "english please"),
        ("language", ""),
        ("language", 5),
        ("language", "en_US"),
        ("language", ["en"]),
        ("timezone", "Europe/Atlantis"),
        ("timezone", "Europe"),
        ("timezone", ""),
        ("timezone", "../../../etc/passwd"),
        ("timezone", "/etc/localtime"),
        ("timezone", 5),
        ("timezone", ["UTC"]),
        ("timezone", "Europe/Paris\x00"),
        ("timezone", "é"),
        ("date_order", "dmy"),
        ("date_order", "DYM"),
        ("date_order", 5),
        ("date_order", ["DMY"]),
        ("format", "json"),
        ("format", None),
        ("format", 5),
        ("pager", None),
        ("pager", "next-link"),
        ("pager", NextLink),
        ("pager", {"kind": "single"}),
    ],
    ids=str,
)
def test_a_wrong_value_fails_when_built_and_names_the_attribute(name: str, wrong: Any) -> None:
    with pytest.raises(ListingError, match=f"^{name}: "):
        listing(**{name: wrong})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "h2", "pager": SinglePage()}, "^card: "),
        ({"card": "article", "pager": SinglePage()}, "^title: "),
        ({"card": "article", "title": "h2"}, "^pager: "),
        ({"format": "text", "card": "li"}, "^card: "),
        ({"format": "text", "bylines": ".by"}, "^bylines: "),
        ({"format": "text", "total": ".count"}, "^total: "),
        ({"format": "text", "pager": "next-link"}, "^pager: "),
    ],
    ids=str,
)
def test_what_is_missing_or_too_much_is_named(values: dict[str, Any], said: str) -> None:
    with pytest.raises(ListingError, match=said):
        Listing(**values)


@pytest.mark.parametrize("selector", ["article::text", "article::attr(id)", "//article/@id", "string(//article)"])
def test_a_card_must_be_an_element(selector: str) -> None:
    # No card can ever be cut from a text: every page would read as empty.
    with pytest.raises(ListingError, match=r"^card: "):
        listing(card=selector)


@pytest.mark.parametrize("pager", [NextLink, NumberedLinks, lambda css: Offset("p", css=css)])
@pytest.mark.parametrize("selector", ["a.next::attr(href)", "//a/@href", "a::text"])
def test_a_pager_selects_elements_and_says_so_of_anything_else(pager: Any, selector: str) -> None:
    # `a.next::attr(href)` is what everyone writes first; read as it stands the listing would silently end on page 1.
    with pytest.raises(ListingError, match=r"^pager\.css: "):
        pager(selector)


@pytest.mark.parametrize("table", [None, 5, "card", ["card"], []])
def test_a_listing_that_is_no_table(table: Any) -> None:
    with pytest.raises(ListingError, match=r"^listing: "):
        Listing.from_table(table)


def test_a_listing_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        listing().card = "li"  # type: ignore[misc]
