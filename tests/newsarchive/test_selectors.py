"""Selectors: what is text, what is an attribute, what is an error."""

from typing import Any

import pytest
from lxml import html

from newsarchive.errors import ListingError
from newsarchive.selectors import AttributeText, FieldSelector, element_text


def page(body: str) -> Any:
    return html.fromstring(f"<html><body>{body}</body></html>")


def texts(selector: str | list[str] | tuple[str, ...], body: str) -> list[str]:
    return FieldSelector("title", selector).texts(page(body))


# --- what a selector gives ---


def test_without_colons_it_is_the_text_of_the_whole_element() -> None:
    assert texts("h2", "<h2>One <b>two</b> <i>thr<u>ee</u></i></h2>") == ["One two three"]


def test_text_is_the_own_text_only() -> None:
    assert texts("h2::text", "<h2>One <b>two</b> three</h2>") == ["One ", " three"]


def test_attr_is_marked_as_an_attribute() -> None:
    (found,) = texts("time::attr(datetime)", "<time datetime='2017-09-05'>today</time>")
    assert found == "2017-09-05"
    assert isinstance(found, AttributeText)
    (found,) = texts("time", "<time datetime='2017-09-05'>today</time>")
    assert not isinstance(found, AttributeText)


def test_several_elements_come_in_document_order() -> None:
    assert texts(".by", "<p class=by>Ann</p><p>x</p><p class=by>Bee</p>") == ["Ann", "Bee"]


def test_alternatives_are_tried_in_order_until_one_gives_a_text() -> None:
    body = "<h2> </h2><h3>Three</h3><h4>Four</h4>"
    assert texts(["h1", "h2", "h3", "h4"], body) == ["Three"]
    assert texts(("h4", "h3"), body) == ["Four"]
    assert texts(["h1", "h2"], body) == []


def test_an_attribute_without_value_is_no_text() -> None:
    assert texts(["time::attr(datetime)", "time"], "<time datetime=''>5 May</time>") == ["5 May"]


@pytest.mark.parametrize(
    ("xpath", "found"),
    [
        ("//h2", ["One two"]),
        (".//h2", ["One two"]),
        ("./body/h2", ["One two"]),
        ("(//p)[2]", ["Bee"]),
        ("//p/text()", ["Ann", "Bee"]),
        ("//a/@href", ["/x"]),
        ("string(//h2)", ["One two"]),
        ("normalize-space(//h2)", ["One two"]),
        ("substring-before(//a/@href, 'x')", ["/"]),
        ("string(//h6)", []),
    ],
)
def test_xpath_forms(xpath: str, found: list[str]) -> None:
    assert texts(xpath, "<h2>One <b>two</b></h2><p>Ann</p><p>Bee</p><a href='/x'></a>") == found


def test_an_xpath_attribute_is_marked_too() -> None:
    body = "<time datetime='2017-09-05'>today</time><abbr title='x'></abbr>"
    for selector in ("//time/@datetime", ".//time/@datetime", "(//time/@datetime)[1]", "//time/@datetime | //abbr/@y"):
        assert isinstance(texts(selector, body)[0], AttributeText), selector


def test_an_attribute_among_texts_is_told_from_them() -> None:
    # One comma list of both kinds: what is shown must not count as machine-readable, nor the other way round.
    shown = texts(".date::text, time::attr(datetime)", "<p class=date>5 May</p>")
    machine = texts("time::attr(datetime), .date::text", "<time datetime='2017-09-05'></time>")
    assert not isinstance(shown[0], AttributeText)
    assert isinstance(machine[0], AttributeText)


def test_elements_come_from_the_first_alternative_that_has_any() -> None:
    root = page("<p>a</p><h3>b</h3><h3>c</h3>")
    assert [one.text for one in FieldSelector("card", ["h2", "h3", "p"]).elements(root)] == ["b", "c"]
    assert FieldSelector("card", "h2").elements(root) == []


# --- addresses and dates ---


def addresses(selector: str | list[str], body: str, attribute: str = "href") -> list[str]:
    return FieldSelector("url", selector).addresses(page(body), attribute)


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("h2 a::attr(href)", ["/x"]),
        ("h2 a", ["/x"]),
        ("h2", ["/x"]),
        ("article", ["/x"]),
        ("p", []),
        (["p", "h2"], ["/x"]),
        ("//h2/a/@href", ["/x"]),
        ("h2 a::attr(HREF)", ["/x"]),
    ],
)
def test_an_address_is_that_of_an_element_or_of_a_link_in_it_never_its_text(
    selector: str | list[str], found: list[str]
) -> None:
    body = "<article><h2><a name=top></a><a href='/x'>Ten Dead</a></h2><p>Nothing more.</p></article>"
    assert addresses(selector, body) == found


def test_an_address_that_leads_nowhere_gives_way_to_the_next() -> None:
    body = "<h2><a href='javascript:x()'>1</a></h2><p><a href='mailto:a@b.example'>2</a></p><i><a href=y>3</a></i>"
    assert addresses(["h2", "p", "i"], body) == ["y"]
    assert addresses(["h2", "p"], body) == []


def test_a_picture_has_its_address_in_another_attribute() -> None:
    body = "<a href='/x'><img src='/p.jpg' data-large='/l.jpg'></a>"
    assert addresses("a", body, "src") == ["/p.jpg"]
    assert addresses("img::attr(data-large)", body, "src") == ["/l.jpg"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<time datetime='2017-09-05'>5 May</time><i>6 June</i>", ["2017-09-05"]),
        ("<time datetime='last week'>5 May</time><i>6 June</i>", ["last week", "5 May"]),
        ("<time datetime>yesterday</time><i>6 June 2017</i>", ["yesterday", "6 June 2017"]),
        ("<time datetime='x'>yesterday</time>", ["x", "yesterday"]),
        ("<i>٥ مايو</i>", ["٥ مايو"]),
        ("<i> </i>", []),
    ],
)
def test_a_date_is_looked_for_up_to_the_first_alternative_with_a_figure(body: str, found: list[str]) -> None:
    selector = FieldSelector("date", ["time::attr(datetime)", "time", "i"])
    assert selector.date_texts(page(body)) == found


# --- the text of an element ---


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>Ann<br>Bee</p>", "Ann\nBee"),
        ("<p>Ann<br/>\n  <br>Bee</p>", "Ann\nBee"),
        ("<ul><li>Ann</li><li>Bee</li></ul>", "Ann\nBee"),
        ("<div>Lead<p>One</p>tail</div>", "Lead\nOne\ntail"),
        ("<p>source\nline  ends\tfold</p>", "source line ends fold"),
        ("<p>One<!-- two --> three</p>", "One three"),
        ("<p><!-- only --></p>", ""),
        ("<p>One<?php echo 2 ?> three</p>", "One three"),
        ("<p>One<script>two()</script> three</p>", "One three"),
        ("<p>One<style>.a{}</style><noscript>no</noscript><template><b>t</b></template> three</p>", "One three"),
        ("<p>One<svg><title>Two</title><style>.a{}</style><g/></svg> three</p>", "One three"),
        ("<p>A<script>x()<!-- y --></script>B<br>C</p>", "AB\nC"),
        ("<p>No\xa0break \xa0</p>", "No\xa0break \xa0"),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A\nB"),
        ("<p></p>", ""),
    ],
)
def test_the_text_is_what_a_reader_sees(body: str, text: str) -> None:
    (element,) = page(body)[0]
    assert element_text(element) == text


def test_what_follows_an_element_is_not_its_text() -> None:
    root = page("<p><b>One<br>two</b> tail</p>")
    assert element_text(root.find(".//b")) == "One\ntwo"
    assert element_text(root.find(".//br")) == ""


def test_deep_nesting_is_read() -> None:
    assert element_text(page("<div>" * 200 + "deep" + "</div>" * 200)) == "deep"


# --- errors ---


@pytest.mark.parametrize(
    "wrong",
    [
        "h2[",
        "h2 >",
        "h2::words",
        "h2::attr()",
        "//h2[",
        "//h2[@]",
        "contains(",
        "no-such-function(//h2)",
        "count(//h2)",
        "boolean(//h2)",
        "//$x",
        "",
        "   ",
        [],
        ["h2", ""],
        ["h2", 5],
        5,
        None,
        [["h2"]],
        {"css": "h2"},
    ],
    ids=str,
)
def test_a_wrong_selector_fails_when_built_and_names_the_attribute(wrong: Any) -> None:
    with pytest.raises(ListingError, match=r"^summary: "):
        FieldSelector("summary", wrong)


@pytest.mark.parametrize("wrong", ["//h2[no-such-function(.)]", "//h2[re:test(., 'a')]", "//a[contains(@href)]"])
def test_a_fault_inside_a_condition_fails_when_built(wrong: str) -> None:
    # A condition is only tried where its element is there: on page 1 of a harvest, unless it is looked for before.
    with pytest.raises(ListingError, match=r"^summary: "):
        FieldSelector("summary", wrong)


def test_two_fields_with_one_wrong_selector_each_name_themselves() -> None:
    for name in ("title", "section"):
        with pytest.raises(ListingError, match=f"^{name}: "):
            FieldSelector(name, "h2[[")
