"""Dates in every form and language, known and random: what is read is what was written."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.text.date_shapes import _locate, locate
from newsarchive.text.dates import DateContext, DateText, guess_language, leading_date, read_dates
from newsarchive.text.month_names import locale_info, month_number
from newsarchive.text.whitespace import fold

LANGUAGES = ("en", "fr", "es", "de", "it", "pt", "nl", "ru", "pl")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
NAMED_FORMS = (
    *(
        "{d} {m} {y}",
        "{d}. {m} {y}",
        "{d} {m}. {y}",
        "{d:02} {m}, {y}",
        "{d} de {m} de {y}",
        "{m} {d}, {y}",
        "{m} {d:02} {y}",
    ),
    *(
        "{y} {m} {d}",
        "{y}, {m} {d}",
        "{d}-{m}-{y}",
        "{d} {m} '{yy:02}",
        "{d} {m} {y} 10:30",
        "{d} {m} {y}, x",
        "{d} {m} {y} г.",
    ),
)
FIGURE_FORMS = (
    *("{y}-{mo:02}-{d:02}", "{y}/{mo}/{d}", "{y}.{mo:02}.{d:02}", "{y}年{mo}月{d}日", "{y}년 {mo}월 {d}일"),
    *("{d:02}/{mo:02}/{y}", "{d}.{mo}.{y}", "{d}-{mo}-{y}", "{d}. {mo}. {y}", "{d:02}.{mo:02}.{yy:02}"),
)
ISO = {
    "year": r"\d{4}",
    "month": r"\d{4}-\d\d",
    "day": r"\d{4}-\d\d-\d\d",
    "hour": r"\d{4}-\d\d-\d\dT\d\d:00[+-]\d\d:\d\d",
    "minute": r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d",
    "second": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d",
}
DATES = st.dates(date(1970, 1, 1), date(2069, 12, 31))
PIECES = st.sampled_from(
    "5|05|2017|17|31|0|/|.|-| |, |:|May|mai|sept.|de |T|10:30|pm|Z|yesterday|ago|2 days|il y a|Posted on |(|年|月|日|²"
    "|٥|+02:00|1er|Mon|’|\u00a0".split("|")
)
TEXTS = st.text(max_size=40) | st.lists(PIECES, max_size=9).map("".join)
CONTEXTS = st.builds(
    DateContext,
    languages=st.lists(st.sampled_from([*LANGUAGES, "th", "xx", "", "zh-Hant-TW", "../x"]), max_size=2).map(tuple),
    order=st.sampled_from([None, "DMY", "MDY", "YMD", "?"]),
    timezone=st.sampled_from([None, "Europe/Paris", "Asia/Kolkata", "nowhere", "\x00"]),
    received=st.sampled_from([None, datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]),
)


def written(form: str, day: date, month: str = "") -> str:
    return form.format(d=day.day, m=month, mo=day.month, y=day.year, yy=day.year % 100)


def names(language: str) -> list[tuple[int, str]]:
    info = locale_info(language)
    assert info is not None
    return [(number, name) for number, key in enumerate(MONTHS, 1) for name in info[key]]


@pytest.mark.parametrize("form", NAMED_FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_name_in_every_form(form: str, language: str) -> None:
    context = DateContext((language,))
    for number, name in names(language):
        for spelling in (name, name.upper(), name.lower()):
            for day in (date(2017, number, 5), date(2003, number, 28)):
                text = written(form, day, spelling)
                [reading] = read_dates([[DateText(text)]], context)
                assert (text, reading.value, reading.ambiguous) == (text, day.isoformat(), False)


@given(day=DATES, form=st.sampled_from(FIGURE_FORMS), language=st.sampled_from(LANGUAGES))
@settings(deadline=None)
def test_every_form_in_figures_in_the_declared_order(day: date, form: str, language: str) -> None:
    text = written(form, day)
    [reading] = read_dates(
        [[DateText(text)]], DateContext((language,), order="DMY", received=datetime(2068, 1, 1, tzinfo=UTC))
    )
    assert (reading.value, reading.raw) == (day.isoformat(), text)


@given(day=DATES, form=st.sampled_from(NAMED_FORMS), language=st.sampled_from(LANGUAGES), data=st.data())
@settings(deadline=None)
def test_a_date_read_before_is_read_alike_again(day: date, form: str, language: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for number, name in names(language) if number == day.month]))
    text = written(form, day, name)
    _locate.cache_clear()
    cold = locate(text, (language,), latest=day.year + 1)
    assert cold is not None
    for _ in range(2):
        assert locate(text, (language,), latest=day.year + 1) == cold
    assert (cold.days[0].year, cold.days[0].month, cold.days[0].day) == (day.year, day.month, day.day)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_name_is_found_by_its_own_language_with_and_without_accents(language: str) -> None:
    for number, name in names(language):
        assert month_number(f"{name}.", (language,)) == number
        assert month_number(name.translate(str.maketrans("éûáçäñóúźńś", "euacanouzns")), (language,)) == number


@given(st.lists(st.lists(st.builds(DateText, TEXTS, st.booleans()), max_size=2), max_size=4), CONTEXTS)
@settings(deadline=None, max_examples=300)
def test_any_text_gives_a_valid_reading_or_none(cards: list[list[DateText]], context: DateContext) -> None:
    readings = read_dates(cards, context)
    assert len(readings) == len(cards)
    for card, reading in zip(cards, readings, strict=True):
        if reading.value is None:
            assert (reading.raw, reading.precision, reading.method, reading.ambiguous) == (None, None, None, False)
            continue
        assert re.fullmatch(ISO[reading.precision or ""], reading.value)
        datetime.fromisoformat(reading.value + "-01-01"[: max(0, 10 - len(reading.value))])
        assert reading.raw
        assert any(reading.raw in fold(text.text) for text in card)
        assert reading.method in ("attribute", "text", "relative", "inferred-year")


@given(TEXTS, st.sampled_from([(), ("en",), ("fr", "es"), ("??",)]))
@settings(deadline=None)
def test_leading_date_parts_the_folded_text(text: str, languages: tuple[str, ...]) -> None:
    found = leading_date(text, languages)
    if found:
        raw, rest = found
        assert raw in fold(text)
        assert fold(text).endswith(rest)


@given(st.lists(TEXTS, max_size=5))
@settings(deadline=None)
def test_guessing_a_language_never_raises(texts: list[str]) -> None:
    guess_language(texts)
