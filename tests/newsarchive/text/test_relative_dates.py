"""What is learned of a relative text must be what dateparser would say of each one of its kind."""

from datetime import datetime, timedelta

import pytest
from dateparser.date import DateDataParser
from hypothesis import given, settings
from hypothesis import strategies as st

from newsarchive.text.relative_dates import Ago, read_relative

BASE = datetime(2026, 7, 15, 12, 30, 30)  # noqa: DTZ001 - dateparser answers in kind
TEMPLATES = [
    *(("en", "{} days ago"), ("en", "{}h ago"), ("en", "{} min ago"), ("en", "{} months ago"), ("en", "{} years ago")),
    *(
        ("fr", "il y a {} jours"),
        ("fr", "il y a {} heures"),
        ("fr", "Il y a {} mois"),
        ("es", "hace {} días"),
        ("es", "hace {} años"),
    ),
    *(
        ("de", "vor {} Stunden"),
        ("de", "vor {} Wochen"),
        ("it", "{} giorni fa"),
        ("pt", "há {} dias"),
        ("nl", "{} jaar geleden"),
    ),
    *(
        ("ru", "{} часов назад"),
        ("ru", "{} дня назад"),
        ("pl", "{} dni temu"),
        ("tr", "{} gün önce"),
        ("zh", "{}天前"),
        ("ja", "{}日前"),
    ),
]
UNITS = {"second": "seconds", "minute": "minutes", "hour": "hours", "day": "days", "week": "weeks"}


def back(ago: Ago) -> datetime:
    if ago.unit in UNITS:
        return BASE - timedelta(**{UNITS[ago.unit]: ago.number})
    months = BASE.year * 12 + BASE.month - 1 - ago.number * (12 if ago.unit == "year" else 1)
    return BASE.replace(year=months // 12, month=months % 12 + 1)


@given(template=st.sampled_from(TEMPLATES), number=st.integers(1, 300))
@settings(deadline=None)
def test_a_learned_shape_says_what_dateparser_says(template: tuple[str, str], number: int) -> None:
    language, form = template
    text = form.format(number)
    ago = read_relative(text, (language,))
    asked = DateDataParser(languages=[language], settings={"RELATIVE_BASE": BASE, "PREFER_DATES_FROM": "past"})
    assert ago is not None
    assert back(ago) == asked.get_date_data(text).date_obj


@pytest.mark.parametrize(
    ("text", "language", "ago"),
    [
        *(
            ("yesterday", "en", Ago("day", 1)),
            ("an hour ago", "en", Ago("hour", 1)),
            ("a month ago", "en", Ago("month", 1)),
        ),
        *(
            ("Gestern", "de", Ago("day", 1)),
            ("avant-hier", "fr", Ago("day", 2)),
            ("hace una semana", "es", Ago("week", 1)),
        ),
        *(("вчера", "ru", Ago("day", 1)), ("今天", "zh", Ago("day", 0)), ("3 days ago", "xx", Ago("day", 3))),
        *(("3 days ago", "", Ago("day", 3)), ("1 day ago", "en", Ago("day", 1))),
    ],
)
def test_words_and_numbers(text: str, language: str, ago: Ago) -> None:
    assert read_relative(text, (language,)) == ago


@pytest.mark.parametrize(
    "text", ["", "2 days", "in 2 days", "tomorrow", "ago", "2 ago", "two thousand and three", "hier" * 11]
)
def test_what_is_not_said_to_be_past_is_none(text: str) -> None:
    assert read_relative(text, ("en", "fr")) is None
