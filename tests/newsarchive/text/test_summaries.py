import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsarchive.text.summaries import clean_summary, without_lead
from newsarchive.text.whitespace import fold

CUT_MARKS = ["(...)", "(…)", "[...]", "[…]", "…", "...", "....", "…...", "[ … ]"]
READ_MORE = [
    *("Read more", "Read More »", "[Read more]", "(Read more…)", "Continue reading →", "→ Read more", "Read more..."),
    *(
        "Continue reading “Another title” →",
        "Lire la suite",
        "Lire la suite >>",
        "Leer más",
        "Weiterlesen",
        "Leggi tutto",
    ),
    *(
        "Lees meer",
        "Leia mais",
        "Czytaj więcej",
        "Читать далее",
        "Читати далі",
        "続きを読む",
        "阅读全文",
        "더 보기",
        "Läs mer",
    ),
]


@pytest.mark.parametrize("mark", CUT_MARKS)
@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\n "])
def test_cut_mark_is_taken_off_and_said(mark: str, space: str) -> None:
    assert clean_summary(f"Trump is expected{space}{mark} ") == ("Trump is expected", True)


@pytest.mark.parametrize("link", READ_MORE)
def test_read_more_is_taken_off_and_is_no_cut(link: str) -> None:
    assert clean_summary(f"He said so. {link}") == ("He said so.", False)
    assert clean_summary(f"He said … {link}") == ("He said", True)
    assert clean_summary(link) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Wait... what? No one knows.",
        "She wants to read more",
        "There is no more",
        "He said: more",
        "See (a) and [1]",
        "from x -> y",
        "Nothing new. (.)",
        "He said “no more”",
        "It is full of stories",
    ],
)
def test_a_whole_text_stays_whole(text: str) -> None:
    assert clean_summary(text) == (text, False)


@pytest.mark.parametrize("text", ["", " \u00a0", "...", "[…] (…)", "Read more", "... Read more »"])
def test_nothing_left_is_nothing(text: str) -> None:
    assert clean_summary(text) == (None, None)


def test_several_marks_and_links_are_all_taken_off() -> None:
    assert clean_summary("The law… (…) [Read more…] Continue reading →") == ("The law", True)


def test_white_space_is_folded() -> None:
    assert clean_summary(" One\n two\u00a0three ") == ("One two three", False)


@given(st.text())
def test_cleaning_twice_changes_nothing_and_adds_nothing(text: str) -> None:
    summary, cut = clean_summary(text)
    assert (summary is None) == (cut is None)
    if summary is not None:
        assert clean_summary(summary) == (summary, False)
        assert fold(text).startswith(summary)


@pytest.mark.parametrize(
    ("text", "lead", "rest"),
    [
        ("September 05, 2017 | Trump is expected", "September 05, 2017", "Trump is expected"),
        ("13\u00a0août  2022, par X", "13 août 2022", "par X"),
        ("13 août 2022, par X", "13\u00a0août 2022", "par X"),
        ("Title - text", "Title", "text"),
        ("Title – text", "Title", "text"),
        ("Title — text", "Title", "text"),
        ("Title · text", "Title", "text"),
        ("Title: text", "Title", "text"),
        ("Title", "Title", ""),
        ("5 May 2017Trump", "5 May 2017", "Trump"),
        ("标题内容", "标题", "内容"),
        ("Trumpism is", "Trump", "Trumpism is"),
        ("5 May 20178", "5 May 2017", "5 May 20178"),
        ("Text first", "first", "Text first"),
        ("  kept  as it is ", "no", "  kept  as it is "),
        ("anything", None, "anything"),
        ("anything", "", "anything"),
    ],
)
def test_lead_and_separator_are_taken_off_the_front(text: str, lead: str | None, rest: str) -> None:
    assert without_lead(text, lead) == rest


@given(st.text(), st.text())
def test_without_lead_never_adds(text: str, lead: str) -> None:
    rest = without_lead(text, lead)
    assert rest == text or fold(text).endswith(rest)
