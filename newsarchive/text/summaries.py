"""Summaries: the text that a listing shows of an article, without what the listing added."""

import re

from newsarchive.text.whitespace import fold

# "..." and "…", bare or in brackets. Brackets need three dots or the character: "(.)" is no cut.
_DOTS = r"(?:…|⋯|\.\s?\.\s?\.)[…⋯.]*"
_CUT_MARK = re.compile(rf"\s*(?:\(\s?{_DOTS}\s?\)|\[\s?{_DOTS}\s?\]|{_DOTS})\Z")

# What a link to the article says, in lower case. Plain phrases, found by their last word: an expression of them all
# would cost more than the rest of the card.
_READ_MORE = """
read more|see more|show more|view more|learn more|more|click to read more|click here to read more|read on|read article
read the article|read full article|read the full article|read story|read full story|read the full story|read post
read full post|read the rest|continue reading|keep reading|full article|full story
lire la suite|lire plus|lire l'article|lire l’article|lire l'article complet|lire davantage|la suite|en savoir plus
voir plus|leer más|ver más|saber más|seguir leyendo|sigue leyendo|continuar leyendo|leer nota|leer la nota
leer la noticia|leer noticia|leer artículo|leer artículo completo|leer nota completa|leer la nota completa
weiterlesen|mehr lesen|mehr erfahren|mehr dazu|zum artikel|artikel lesen|leggi tutto|leggi di più|leggi ancora
leggi l'articolo|leggi l’articolo|scopri di più|continua a leggere|continua|lees meer|lees verder|meer lezen
verder lezen|leia mais|ler mais|saiba mais|ver mais|continue lendo|continuar a ler|llegir més|llegeix més
llegir-ne més|czytaj więcej|czytaj dalej|czytaj całość|zobacz więcej|więcej|číst více|číst dál|číst celý článek
čítať viac|čítať ďalej|читать далее|читать дальше|читать полностью|читать больше|подробнее|далее|читати далі
читати більше|читати повністю|läs mer|läs vidare|läs hela artikeln|les mer|les videre|læs mere|læs videre|lue lisää
lue koko juttu|devamını oku|devamı|devamı için tıklayın|διαβάστε περισσότερα|διαβάστε τη συνέχεια|περισσότερα
tovább|tovább olvasom|bővebben|citește mai mult|citeşte mai mult|citește mai departe|pročitaj više|preberi več
още|прочети още|прочетете повече|اقرأ المزيد|المزيد|ادامه مطلب|קרא עוד|המשך קריאה|더 보기|더 읽기|더보기
"""
_PHRASES = frozenset(phrase.strip() for line in _READ_MORE.splitlines() for phrase in line.split("|") if phrase.strip())
_LAST_WORD = re.compile(r"(?<!\w)\w+\Z")
_PHRASES_BY_LAST_WORD: dict[str, list[str]] = {}
for _phrase in sorted(_PHRASES, key=len, reverse=True):
    _PHRASES_BY_LAST_WORD.setdefault(_phrase.split()[-1].split("-")[-1], []).append(_phrase)
# Scripts without spaces need no border before the words.
_UNSPACED_PHRASES = ("続きを読む", "続きをみる", "もっと読む", "阅读更多", "閱讀更多", "阅读全文", "閱讀全文")
_ARROW_MARKS = "»›→⟶➜➞▶►⇒>"
_ARROWS = frozenset(_ARROW_MARKS)
_QUOTES = frozenset('”»"“')
_BEFORE_LINK = f" [({_ARROW_MARKS}"
_AROUND_LINK = f" {_ARROW_MARKS}-…⋯.:()[]"
# WordPress names the post in its tail: Continue reading “Title” →
_CONTINUE_READING = re.compile(
    rf"(?:Continue reading|Lire la suite de|Weiterlesen|Sigue leyendo|Seguir leyendo)\s"
    rf"(?:[“«\"„][^“”«»\"„]*[”»\"“]\s?[{_ARROW_MARKS}]?|[^.!?…]*[{_ARROW_MARKS}])\Z"
)
_CONTINUE_LENGTH = 250
_MOST_TAILS = 50
_WORD_LENGTH = 20
_ENDS_SENTENCE = frozenset(".!?…⋯)]。！？")
_ENDS_CLAUSE = _ENDS_SENTENCE | frozenset("»”\"'’:|>–—·•-")

_LEAD_SEPARATORS = re.compile(r"[\s|,\-–—·•:/]+")


def clean_summary(text: str) -> tuple[str | None, bool | None]:
    r"""Return the summary in ``text`` and whether the page cut it.

    Cut marks (``(...)``, ``[…]``, ``…``) and "Read more" in common languages are taken off the end, as
    often as they stand there. The second value is ``True`` only when a cut mark of the text's own was
    there. Nothing left gives ``(None, None)``. Dots within the text stay.

    >>> clean_summary("Trump is expected to announce...\u00a0(…) Read more »")
    ('Trump is expected to announce', True)
    >>> clean_summary("“Wait... what?” she asked.")
    ('“Wait... what?” she asked.', False)
    """
    summary = fold(text)
    cut = False
    for _ in range(_MOST_TAILS):
        tail = summary.rstrip(_AROUND_LINK)
        # First the link: dots that follow "Read more" are its own and say nothing of the text.
        if (start := _read_more_start(summary, tail)) is not None:
            summary = summary[:start].rstrip(" |–—·•>")
        elif len(tail) < len(summary) and (mark := _CUT_MARK.search(summary, len(tail))):
            summary, cut = summary[: mark.start()], True
        else:
            break
    return (summary, cut) if summary else (None, None)


def without_lead(text: str, lead: str | None) -> str:
    """Return ``text`` without ``lead`` at its front and without the separator that follows it.

    ``lead`` is what was already read from the same element: a raw date, a title. Both are compared
    folded, and the answer is folded. ``text`` comes back as it is when it does not begin with
    ``lead``, or only with a part of a longer word or number.

    >>> without_lead("September 05, 2017 | Trump is expected", "September 05, 2017")
    'Trump is expected'
    >>> without_lead("Trumpism", "Trump")
    'Trumpism'
    """
    start = fold(lead) if lead else ""
    folded = fold(text) if start else text
    if not start or not folded.startswith(start):
        return text
    rest = folded[len(start) :]
    if rest and _is_one_run(start[-1], rest[0]):
        return text
    separator = _LEAD_SEPARATORS.match(rest)
    return rest[separator.end() :] if separator else rest


def _read_more_start(summary: str, tail: str) -> int | None:
    """Return where a "Read more" at the end of ``summary`` begins, ``None`` without one.

    ``tail`` is ``summary`` up to its last word.
    """
    is_link = not _ARROWS.isdisjoint(summary[len(tail) :])
    start = _phrase_start(tail, is_link=is_link)
    if start is not None:
        # The opening bracket or the arrow before the words is the link's too.
        return len(summary[:start].rstrip(_BEFORE_LINK))
    if (is_link or summary[-1:] in _QUOTES) and (
        match := _CONTINUE_READING.search(summary, max(0, len(summary) - _CONTINUE_LENGTH))
    ):
        return match.start()
    return None


def _phrase_start(tail: str, *, is_link: bool) -> int | None:
    if tail.endswith(_UNSPACED_PHRASES):
        return next(len(tail) - len(phrase) for phrase in _UNSPACED_PHRASES if tail.endswith(phrase))
    word = tail[-_WORD_LENGTH:].rpartition(" ")[2]
    if not word.isalnum():
        last = _LAST_WORD.search(word)
        word = last[0] if last else ""
    for phrase in _PHRASES_BY_LAST_WORD.get(word.lower(), ()):
        start = len(tail) - len(phrase)
        if start < 0 or tail[start:].lower() != phrase or tail[start - 1 : start].isalnum():
            continue
        before = tail[:start].rstrip()
        # "She wants to read more" keeps its words: without an arrow the phrase begins a sentence, as a link does.
        border = _ENDS_CLAUSE if " " in phrase else _ENDS_SENTENCE
        capital = " " in phrase and tail[start] != phrase[0]
        if not before or before[-1] in border or is_link or capital:
            return start
    return None


def _is_one_run(left: str, right: str) -> bool:
    """Say whether two neighbours belong to one number or one word (scripts without case have no words)."""
    if left.isdigit() and right.isdigit():
        return True
    return left.isalpha() and right.islower()
