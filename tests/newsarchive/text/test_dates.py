import subprocess
import sys
from datetime import UTC, datetime

import pytest

from newsarchive.text.dates import DateContext, DateReading, DateText, guess_language, leading_date, read_dates

RECEIVED = datetime(2026, 3, 1, 12, 34, 56, tzinfo=UTC)


def read(text: str, language: str | None = None, *, attribute: bool = False, **context: str) -> DateReading:
    languages = (language,) if language else ()
    [reading] = read_dates([[DateText(text, attribute)]], DateContext(languages, received=RECEIVED, **context))
    return reading


def values(*texts: str, language: str = "en", order: str | None = None) -> list[str | None]:
    context = DateContext((language,), order=order, received=RECEIVED)
    return [reading.value for reading in read_dates([[DateText(text)] for text in texts], context)]


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2017", "2017", "year"),
        ("2017-09", "2017-09", "month"),
        ("2017-09-05", "2017-09-05", "day"),
        ("2017-09-05T10:00:00+02:00", "2017-09-05T10:00:00+02:00", "second"),
        ("2017-09-05T10:00:00.123Z", "2017-09-05T10:00:00+00:00", "second"),
        ("2017-09-05T10:00-0330", "2017-09-05T10:00-03:30", "minute"),
        ("2017-09-05T10+02", "2017-09-05T10:00+02:00", "hour"),
        ("2017-09-05 10:00", "2017-09-05", "day"),
        ("2017-09-05T10:00:00", "2017-09-05", "day"),
        ("2017-09-05T25:00:00Z", "2017-09-05", "day"),
        ("Tue, 05 Sep 2017 10:00:00 +0200", "2017-09-05T10:00:00+02:00", "second"),
        ("5 septembre 2017", "2017-09-05", "day"),
    ],
)
def test_attribute(text: str, value: str, precision: str) -> None:
    reading = read(text, attribute=True)
    assert (reading.value, reading.precision, reading.method) == (value, precision, "attribute")
    assert not reading.ambiguous


@pytest.mark.parametrize(
    "text", ["0000-00-00T00:00:00Z", "2017-13-01", "2017-02-30", "1438-01-01", "20170905", "x", "", "12"]
)
def test_attribute_that_holds_no_date(text: str) -> None:
    assert read(text, attribute=True) == DateReading()


def test_attributes_come_first_whatever_the_order_of_the_page() -> None:
    for text in ("2017-01-02", "2 January 2017"):
        card = [DateText(text), DateText("2016-05-05", attribute=True)]
        assert read_dates([card], DateContext(("en",))) == [DateReading("2016-05-05", "2016-05-05", "day", "attribute")]


def test_a_broken_attribute_leaves_the_text() -> None:
    card = [DateText("0000-00-00", attribute=True), DateText("5 May 2017")]
    assert read_dates([card], DateContext(("en",))) == [DateReading("2017-05-05", "5 May 2017", "day", "text")]


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        ("2017", "5 May 2017", "2017-05-05"),
        ("2017-05", "5 May 2017", "2017-05-05"),
        ("2017-06", "5 May 2017", "2017-06"),
    ],
)
def test_a_text_that_says_the_same_more_exactly_wins(attribute: str, text: str, value: str) -> None:
    [reading] = read_dates([[DateText(text), DateText(attribute, attribute=True)]], DateContext(("en",)))
    assert reading.value == value


@pytest.mark.parametrize(
    ("text", "language", "raw", "rest"),
    [
        ("13 août 2022, par Jean-Paul O'Reilly, \n李伟", "fr", "13 août 2022", "par Jean-Paul O'Reilly, 李伟"),
        ("1er avril 2024", "fr", "1er avril 2024", ""),
        ("1r d'abril de 2024, per Ana", "ca", "1r d'abril de 2024", "per Ana"),
        ("1.º de Janeiro de 2024, por Ana", "pt", "1.º de Janeiro de 2024", "por Ana"),
        ("5 September 2017, by Robert Belano", "en", "5 September 2017", "by Robert Belano"),
        ("September 05, 2017 | Trump is expected…", "en", "September 05, 2017", "Trump is expected…"),
        ("5 de septiembre de 2017, por Ana", "es", "5 de septiembre de 2017", "por Ana"),
        ("5. September 2017, von Ana", "de", "5. September 2017", "von Ana"),
        ("Publié le mardi 5\u00a0septembre 2017 à 10h30 par Ana", "fr", "mardi 5 septembre 2017 à 10h30", "par Ana"),
        ("Posted on September 5th, 2017 at 3:04 pm", "en", "September 5th, 2017 at 3:04 pm", ""),
        ("Published: 5/9/2017 — text", "en", "5/9/2017", "text"),
        ("18 grudnia 20189 stycznia 2019", "pl", "18 grudnia 2018", "9 stycznia 2019"),
        ("12 May 2017Trump", "en", "12 May 2017", "Trump"),
        ("(5 May 2017) text", "en", "5 May 2017", "text"),
        ("5 сентября 2017 г., Анна", "ru", "5 сентября 2017 г.", "Анна"),
    ],
)
def test_leading_date_and_rest(text: str, language: str, raw: str, rest: str) -> None:
    assert leading_date(text, [language]) == (raw, rest)
    assert leading_date(text) == (raw, rest)
    assert read(text, language).raw == raw


@pytest.mark.parametrize(
    "text",
    [
        *(
            "12",
            "5",
            "a",
            "9/11",
            "24/7",
            "19:30",
            "March",
            "Mar",
            "Sun",
            "3-2",
            "1er",
            "May 68",
            "v2.1",
            "No. 5",
        ),
        *(
            "a march to sat on the sun",
            "by Anna May and Mark March",
            "after 12 years",
            "March 2024 was warm",
            "31 February 2017",
        ),
        *(
            "192.168.1.1",
            "1.10.12 released",
            "2017/2018",
            "5 March 12 people died",
            "Since 5 May 2017 nothing",
            "Brexit 2019: now",
        ),
        *(
            "Chapter 5, 2017",
            "12 people 2017",
            "0/0/2017",
            "99.99.2017",
            "۱۴ شهریور ۱۳۹۶",
            "5 May 1438",
            "",
            "2011-12",
            "in 2 days",
        ),
        *(
            "tomorrow",
            "2 hours",
            "5 min",
            "Monday",
            "this week",
            "last year",
            "famoso",
            "1 day, 2 hours ago",
            "99999 days ago",
        ),
    ],
)
@pytest.mark.parametrize("language", [None, "en", "it", "hr"])
def test_what_is_no_date_is_none(text: str, language: str | None) -> None:
    assert read(text, language) == DateReading()


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        *(
            ("September 05, 2017", "en", "2017-09-05"),
            ("Sept. 5th 2017", "en", "2017-09-05"),
            ("2nd May 2017", "en", "2017-05-02"),
        ),
        *(
            ("5th of September, 2017", "en", "2017-09-05"),
            ("05 Sep '17", "en", "2017-09-05"),
            ("5 Sep 99", "en", "1999-09-05"),
        ),
        *(
            ("2018, April 25", "en", "2018-04-25"),
            ("05-Sep-2017", "en", "2017-09-05"),
            ("05/Sep/2017", "en", "2017-09-05"),
        ),
        *(
            ("3 pm, May 5, 2017", "en", "2017-05-05"),
            ("March 2024", "en", "2024-03"),
            ("Sunday 12 May 2019", "en", "2019-05-12"),
        ),
        *(
            ("mar. 5 sept. 2017", "fr", "2017-09-05"),
            ("5 AOUT 2017", "fr", "2017-08-05"),
            ("août 2017", "fr", "2017-08"),
        ),
        *(
            ("marzo de 2024", "es", "2024-03"),
            ("20 de agosto del 2017", "es", "2017-08-20"),
            ("5 set 2017", "it", "2017-09-05"),
        ),
        *(
            ("septiembre 5 de 2017", "es", "2017-09-05"),
            ("1º de maio de 2017", "pt", "2017-05-01"),
            ("5 mrt. 2017", "nl", "2017-03-05"),
        ),
        *(("segunda-feira, 5 de março de 2018", "pt", "2018-03-05"), ("5. März 2017, 10.30 Uhr", "de", "2017-03-05")),
        *(
            ("5 сентября 2017 г.", "ru", "2017-09-05"),
            ("10:30, 5 сентября 2017", "ru", "2017-09-05"),
            ("5 maja 2017", "pl", "2017-05-05"),
        ),
        *(
            ("5 d’abril de 2017", "ca", "2017-04-05"),
            ("5. syyskuuta 2017 klo 10.30", "fi", "2017-09-05"),
            ("5 Eylül 2017", "tr", "2017-09-05"),
        ),
        *(
            ("2017. szeptember 5.", "hu", "2017-09-05"),
            ("2017 m. rugsėjo 5 d.", "lt", "2017-09-05"),
            ("5 KASIM 2017", "tr", "2017-11-05"),
        ),
        *(("2017. gada 5. septembris", "lv", "2017-09-05"), ("1 Σεπτεμβρίου 2017", "el", "2017-09-01")),
        *(
            ("2017年9月5日（火）", "ja", "2017-09-05"),
            ("2017年9月", "zh", "2017-09"),
            ("2017년 9월 5일", "ko", "2017-09-05"),
        ),
        *(
            ("5 tháng 9, 2017", "vi", "2017-09-05"),
            ("٥ سبتمبر ٢٠١٧", "ar", "2017-09-05"),
            ("יום שלישי, 5 בספטמבר 2017", "he", "2017-09-05"),
        ),
        *(
            ("5 กันยายน 2560", "th", "2017-09-05"),
            ("2017. 9. 5.", "ko", "2017-09-05"),
            ("2017/09/05", "en", "2017-09-05"),
        ),
        *(("2017-09-05 - text", "en", "2017-09-05"), ("2017", "en", "2017"), ("5 September 2017", "it", "2017-09-05")),
        *(
            ("5 septembre 2017", "en", "2017-09-05"),
            ("5 listopada 2017", "pl", "2017-11-05"),
            ("5 listopada 2017", "hr", "2017-10-05"),
        ),
    ],
)
def test_text(text: str, language: str, value: str) -> None:
    reading = read(text, language)
    assert (reading.value, reading.method, reading.ambiguous) == (value, "text", False)


def test_a_month_word_that_languages_understand_differently_is_not_read_without_one() -> None:
    assert values("5 listopada 2017", "5 stycznia 2017", language="xx") == [None, "2017-01-05"]
    assert read("5 listopada 2017").value is None


def test_other_dates_of_the_page_tell_the_language_when_the_page_does_not() -> None:
    context = DateContext()
    readings = read_dates([[DateText("5 listopada 2017")], [DateText("5 stycznia 2017")]], context)
    assert [reading.value for reading in readings] == ["2017-11-05", "2017-01-05"]


@pytest.mark.parametrize(
    ("text", "timezone", "value", "precision"),
    [
        ("5 mai 2017 à 10h30", None, "2017-05-05", "day"),
        ("5 mai 2017 à 10h30", "Europe/Paris", "2017-05-05T10:30+02:00", "minute"),
        ("5 janvier 2017 à 10h", "Europe/Paris", "2017-01-05T10:00+01:00", "hour"),
        ("5 mai 2017, 3:04:05 pm", "Europe/Paris", "2017-05-05T15:04:05+02:00", "second"),
        ("5 mai 2017 12:30 am", "UTC", "2017-05-05T00:30+00:00", "minute"),
        ("5 mai 2017 10:30 UTC", "Europe/Paris", "2017-05-05T10:30+00:00", "minute"),
        ("5 mai 2017 10:30 CEST", None, "2017-05-05T10:30+02:00", "minute"),
        ("5/5/2017 10:30 (GMT+7)", None, "2017-05-05T10:30+07:00", "minute"),
        ("2017년 5월 5일 오후 3:04", "Asia/Seoul", "2017-05-05T15:04+09:00", "minute"),
        ("5 mai 2017 10:00-12:00", "UTC", "2017-05-05T10:00+00:00", "minute"),
        ("5 mai 2017 10:30", "Nowhere/Atlantis", "2017-05-05", "day"),
        ("5 mai 2017 10:30", "../etc/passwd", "2017-05-05", "day"),
        ("5 mai 1850 10:30", "Europe/Paris", "1850-05-05", "day"),
    ],
)
def test_a_time_is_a_moment_only_with_a_zone(text: str, timezone: str | None, value: str, precision: str) -> None:
    [reading] = read_dates([[DateText(text)]], DateContext(("fr",), timezone=timezone, received=RECEIVED))
    assert (reading.value, reading.precision) == (value, precision)


@pytest.mark.parametrize(
    ("language", "value"),
    [("en", "2017-05-09"), ("en-GB", "2017-09-05"), ("fr", "2017-09-05"), ("sv", "2017-09-05"), (None, "2017-09-05")],
)
def test_figures_alone_are_read_as_the_language_has_it_and_are_ambiguous(language: str | None, value: str) -> None:
    reading = read("05/09/2017", language)
    assert (reading.value, reading.ambiguous) == (value, True)


@pytest.mark.parametrize("text", ["13/09/2017", "05/05/2017", "5.5.17"])
def test_figures_with_one_reading_are_not_ambiguous(text: str) -> None:
    assert read(text, "en").value in ("2017-09-13", "2017-05-05")
    assert not read(text, "en").ambiguous


def test_declared_order_wins_over_language_and_page() -> None:
    assert values("05/09/2017", "09/13/2017", order="DMY") == ["2017-09-05", "2017-09-13"]
    assert not read("05/09/2017", "en", order="DMY").ambiguous
    assert read("05.09.17", "en", order="YMD").value == "2005-09-17"
    assert read("05/09/2017", "fr", order="MDY").value == "2017-05-09"
    assert read("05/09/2017", "fr", order="nonsense") == read("05/09/2017", "fr")


def test_one_day_over_twelve_settles_the_dates_written_alike() -> None:
    assert values("05/09/2017", "13/09/2017", "04.07.2017") == ["2017-09-05", "2017-09-13", "2017-04-07"]
    assert values("05/09/2017", "09/13/2017", language="fr") == ["2017-05-09", "2017-09-13"]
    cards = [[DateText("05/09/2017")], [DateText("13/09/2017")]]
    assert [reading.ambiguous for reading in read_dates(cards, DateContext(("en",)))] == [False, False]


def test_dates_that_contradict_each_other_settle_nothing() -> None:
    cards = [[DateText(text)] for text in ("05/09/2017", "13/09/2017", "09/13/2017")]
    readings = read_dates(cards, DateContext(("fr",)))
    assert [reading.value for reading in readings] == ["2017-09-05", "2017-09-13", "2017-09-13"]
    assert [reading.ambiguous for reading in readings] == [True, False, False]


def test_two_figures_of_a_year_are_of_the_past_as_seen_when_received() -> None:
    assert values("5 May 26", "5 May 27", "5 May 28") == ["2026-05-05", "2027-05-05", "1928-05-05"]


def test_a_future_date_is_kept_and_suspect() -> None:
    assert read("3 March 2026", "en").ambiguous is False
    assert read("4 March 2026", "en") == DateReading("2026-03-04", "4 March 2026", "day", "text", ambiguous=True)
    assert read("2026-03-04T00:00:00Z", attribute=True).ambiguous is True


@pytest.mark.parametrize(
    ("text", "language", "value", "precision"),
    [
        *(
            ("3 years ago", "en", "2023", "year"),
            ("2 months ago", "en", "2026-01", "month"),
            ("3 months ago", "en", "2025-12", "month"),
        ),
        *(
            ("3 weeks ago", "en", "2026-02", "month"),
            ("yesterday", "en", "2026-02-28", "day"),
            ("today", "en", "2026-03-01", "day"),
        ),
        *(
            ("2 hours ago", "en", "2026-03-01", "day"),
            ("5 minutes ago", "en", "2026-03-01", "day"),
            ("just now", "en", "2026-03-01", "day"),
        ),
        *(
            ("il y a 3 jours", "fr", "2026-02-26", "day"),
            ("hier", "fr", "2026-02-28", "day"),
            ("hace 2 días", "es", "2026-02-27", "day"),
        ),
        *(
            ("vor 3 Tagen", "de", "2026-02-26", "day"),
            ("2 giorni fa", "it", "2026-02-27", "day"),
            ("há 2 dias", "pt", "2026-02-27", "day"),
        ),
        *(
            ("3 jaar geleden", "nl", "2023", "year"),
            ("2 дня назад", "ru", "2026-02-27", "day"),
            ("2 dni temu", "pl", "2026-02-27", "day"),
        ),
        *(
            ("3天前", "zh", "2026-02-26", "day"),
            ("昨日", "ja", "2026-02-28", "day"),
            ("3 days ago", "fr", "2026-02-26", "day"),
        ),
        *(
            ("Published 2 days ago", "en", "2026-02-27", "day"),
            ("hier à 10h", "fr", "2026-02-28", "day"),
            ("1 day ago", "en", "2026-02-28", "day"),
        ),
        ("0 days ago", "en", "2026-03-01", "day"),
    ],
)
def test_relative(text: str, language: str, value: str, precision: str) -> None:
    reading = read(text, language)
    assert (reading.value, reading.precision, reading.method) == (value, precision, "relative")
    assert reading.raw is not None
    assert text.endswith(reading.raw)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2 hours ago", "2026-03-01T19:00+09:00", "hour"),
        ("5 minutes ago", "2026-03-01T21:29+09:00", "minute"),
        ("20 seconds ago", "2026-03-01T21:34:36+09:00", "second"),
        ("13 hours ago", "2026-03-01T08:00+09:00", "hour"),
        ("yesterday at 10:30", "2026-02-28T10:30+09:00", "minute"),
    ],
)
def test_relative_hours_are_moments_where_the_zone_is_known(text: str, value: str, precision: str) -> None:
    reading = read(text, "en", timezone="Asia/Tokyo")
    assert (reading.value, reading.precision) == (value, precision)


def test_relative_dates_are_not_read_without_the_moment_of_receipt() -> None:
    assert read_dates([[DateText("2 days ago")]], DateContext(("en",))) == [DateReading()]


def test_a_relative_date_before_the_calendar_is_none() -> None:
    assert read("9999 years ago", "en") == DateReading()


def test_an_absolute_date_wins_over_a_relative_one() -> None:
    card = [DateText("2 days ago"), DateText("5 May 2017")]
    [reading] = read_dates([card], DateContext(("en",), received=RECEIVED))
    assert reading.value == "2017-05-05"


def test_one_reading_a_card() -> None:
    assert read_dates([], DateContext()) == []
    assert read_dates([[], [DateText("")]], DateContext()) == [DateReading(), DateReading()]


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["5 mars 2017", "1er août 2017, par X"], "fr"),
        (["5 de septiembre de 2017", "5 de abril de 2017"], "es"),
        (["5 september 2017"], None),
        (["5 maja 2017", "1 sierpnia 2017", "text"], "pl"),
        (["2017-09-05", "05/09/2017", "text", ""], None),
        ([], None),
    ],
)
def test_guess_language(texts: list[str], language: str | None) -> None:
    assert guess_language(texts) == language


def test_machine_dates_need_neither_dateparser_nor_scrapy() -> None:
    code = """
import sys
from newsarchive.text import bylines, summaries, titles, urls
from newsarchive.text.dates import *
assert read_dates([[DateText("2017-09-05", True)]], DateContext(("fr",)))[0].value == "2017-09-05"
assert read_dates([[DateText("05/09/2017")]], DateContext(("fr",), order="DMY"))[0].value == "2017-09-05"
print(sorted({"dateparser", "scrapy", "twisted", "lxml"} & set(sys.modules)))
"""
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize(
    ("text", "language", "value", "raw"),
    [
        ("5 September, by Ana Ríos", "en", "2025-09-05", "5 September"),
        ("Sept. 5", "en", "2025-09-05", "Sept. 5"),
        ("5 septembre, par  Ana Ríos", "fr", "2025-09-05", "5 septembre"),
        ("1er février", "fr", "2026-02-01", "1er février"),
        ("lundi 2 février", "fr", "2026-02-02", "2 février"),
        ("Feb 29", "en", "2024-02-29", "Feb 29"),
        ("2 March", "en", "2026-03-02", "2 March"),
    ],
)
def test_a_date_without_a_year_is_the_last_such_day_and_ambiguous(
    text: str, language: str, value: str, raw: str
) -> None:
    """SPIP leaves out the current year; the page was received on 1 March 2026."""
    assert read(text, language) == DateReading(value, raw, "day", "inferred-year", ambiguous=True)


@pytest.mark.parametrize("text", ["May 0", "31 June", "June 12 was the day", "5 people", "March 3, 400 came", "May 68"])
def test_what_only_looks_like_a_day_of_the_year_is_none(text: str) -> None:
    assert read(text, "en") == DateReading()
