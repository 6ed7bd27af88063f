"""What languages call the months and the days, and the order in which they write a date.

The names are dateparser's, read from its locale data when the first word has to be looked up:
importing dateparser costs a tenth of a second, and a source whose dates are machine-readable never
needs it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Asked where a text's language is unknown or does not know the word: the page's language is not always that of its
# dates. Loading all of them takes some 25 ms, once.
COMMON_LANGUAGES = (
    *("en", "fr", "es", "de", "it", "pt", "nl", "ru", "pl", "uk", "cs", "sk", "sv", "da", "nb", "fi", "tr", "el"),
    *("ro", "hu", "ca", "hr", "sr", "sr-Latn", "bg", "id", "vi", "ar", "he", "th", "eu", "gl", "sl", "lt", "lv", "et"),
)
# Tags of other registries, or of older ones.
_ALIASES = {"no": "nb", "iw": "he", "in": "id", "sh": "sr-Latn", "cmn": "zh"}


class Names:
    """The names of months and days in one or several languages.

    ``order`` is the usual order of a date in figures in the first of them (``DMY``, ``MDY``, ``YMD``),
    ``None`` when that language is unknown.
    """

    __slots__ = ("_months", "_weekdays", "order")

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._months: dict[str, int] = {}
        self._weekdays: set[str] = set()
        self.order: str | None = None
        for position, language in enumerate(languages):
            info = locale_info(language) or {}
            if not position:
                self.order = info.get("date_order")
            for number, key in enumerate(_MONTHS, 1):
                for spelling in _spellings(info.get(key, ())):
                    self._months.setdefault(spelling, number)
            self._weekdays.update(spelling for key in _WEEKDAYS for spelling in _spellings(info.get(key, ())))

    def month(self, word: str) -> int | None:
        """Return the number of the month called ``word``, ``None`` when it is none.

        Letter case, accents, a dot at the end do not matter.

        >>> Names(("fr",)).month("Août"), Names(("fr",)).month("aout"), Names(("fr",)).month("August")
        (8, 8, None)
        """
        exact, plain = _folded(word)
        return self._months.get(exact) or self._months.get(plain)

    def is_weekday(self, words: str) -> bool:
        """Say whether ``words`` (one or two) name a day of the week."""
        exact, plain = _folded(words)
        return exact in self._weekdays or plain in self._weekdays


@lru_cache(maxsize=64)
def names_of(languages: tuple[str, ...]) -> Names:
    """Return the names in ``languages`` (BCP 47), those of the first taking precedence."""
    return Names(languages)


@lru_cache(maxsize=2048)
def month_number(word: str, languages: tuple[str, ...]) -> int | None:
    """Return the number of the month that ``word`` names in ``languages``, in English or anywhere.

    Anywhere: in the common languages, if those that know the word agree (``listopad`` is October in
    Croatian and November in Polish). ``None`` when no language knows it.

    >>> month_number("août", ("es",)), month_number("listopad", ()), month_number("listopad", ("pl",))
    (8, None, 11)
    """
    number = names_of((*languages, "en")).month(word)
    # Elsewhere than in its own languages a word of three letters means too many things.
    if number is None and len(word.strip(".")) > (3 if languages else 2):
        found = languages_of_month(word)
        numbers = {names_of((language,)).month(word) for language in found}
        number = numbers.pop() if len(numbers) == 1 else None
    return number


@lru_cache(maxsize=1024)
def is_weekday(words: str, languages: tuple[str, ...]) -> bool:
    """Say whether ``words`` name a day of the week in ``languages``, in English or in a common language."""
    return names_of((*languages, "en")).is_weekday(words) or names_of(COMMON_LANGUAGES).is_weekday(words)


@lru_cache(maxsize=1024)
def languages_of_month(word: str) -> tuple[str, ...]:
    """Return the common languages in which ``word`` is a month."""
    if names_of(COMMON_LANGUAGES).month(word) is None:
        return ()
    return tuple(language for language in COMMON_LANGUAGES if names_of((language,)).month(word))


@lru_cache(maxsize=128)
def locale_info(language: str) -> dict[str, Any] | None:
    """Return dateparser's data for a BCP 47 tag or the nearest language it has; ``None`` for none."""
    # Imported here, not above: see the module's docstring.
    from dateparser.languages.loader import default_loader

    for code in _codes(language):
        try:
            # The stubs know the loader but not what a locale holds.
            info: dict[str, Any] = default_loader.get_locale(code).info
        except ValueError:
            continue
        return info
    return None


def locale_code(language: str) -> str | None:
    """Return the base language by which dateparser knows a BCP 47 tag, e.g. ``fr`` for ``fr-CA``."""
    return next((code for code in reversed(_codes(language)) if locale_info(code)), None)


def _codes(language: str) -> list[str]:
    """Return the codes to try for a tag, the most exact first.

    >>> _codes("zh_hant-tw")
    ['zh-Hant-TW', 'zh-TW', 'zh-Hant', 'zh']
    """
    base, *rest = re.split(r"[-_]", language)
    base = _ALIASES.get(base.lower(), base.lower())
    script = next((part.title() for part in rest if len(part) == 4), None)
    region = next((part.upper() for part in rest if len(part) in (2, 3)), None)
    tails = [[script, region], [region], [script], []]
    return list(dict.fromkeys("-".join([base, *tail]) for tail in map(_present, tails)))


def _present(parts: list[str | None]) -> list[str]:
    return [part for part in parts if part]


def _spellings(names: tuple[str, ...] | list[str]) -> Iterator[str]:
    for name in names:
        if not name[-1:].isdigit() and not name[:1].isdigit():
            yield from dict.fromkeys(_folded(name))


@lru_cache(maxsize=4096)
def _folded(word: str) -> tuple[str, str]:
    """Return ``word`` in one letter case, without a dot at its end: with accents and without."""
    exact = word.strip(" .,").replace("’", "'").casefold()
    decomposed = unicodedata.normalize("NFKD", exact)
    plain = "".join(mark for mark in decomposed if not unicodedata.combining(mark)).replace("ı", "i")
    return unicodedata.normalize("NFC", exact), plain
