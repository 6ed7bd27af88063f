"""Bylines: the people and bodies that a listing names as authors.

Names are cut out of the text, never rewritten: each is a span of the folded text.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from newsarchive.text.date_shapes import locate
from newsarchive.text.whitespace import fold

# Words before a name. The first group is nobody's name; the second is also a part of names ("Von Neumann", "Di
# Maria"), so it is taken off only in its own languages and only before a name of two capitalised words.
_LEAD_WORDS = """
by|written by|posted by|published by|reported by|story by|words by|text by|article by|par|écrit par|publié par
posté par|rédigé par|propos recueillis par|un article de|por|escrito por|publicado por|redactado por|texto de
geschrieben von|veröffentlicht von|ein beitrag von|ein artikel von|text von|scritto da|pubblicato da|geplaatst door
geschreven door|door|przez|napisane przez|skrevet av|skriven av|skrevet af|publisert av|escrit per
"""
_LEAD_PARTICLES = {
    "von": frozenset({"de"}),
    "di": frozenset({"it"}),
    "da": frozenset({"it"}),
    "av": frozenset({"sv", "no", "nb", "nn"}),
    "af": frozenset({"da"}),
    "od": frozenset({"hr", "sr", "bs"}),
    "per": frozenset({"ca"}),
}
# With a colon any of these is a label.
_LABELS = """
by|author|authors|writer|text|texts|words|story|auteur|auteurs|autrice|auteurice|texte|textes|par|autor|autora|autores
autoras|texto|textos|por|autoren|autorin|autorinnen|von|autore|autori|testo|testi|di|da|auteur|tekst|door|autorzy
autorka|przez|forfatter|författare|skribent|av|af|de|kirjoittaja|teksti|szerző|írta|szerzők|yazan|yazar|автор|авторы
автори|текст|συγγραφέας|κείμενο|του|מאת|الكاتب|بقلم|نویسنده|tác giả|penulis|oleh
"""
_CREDIT_LABELS = """
photo|photos|picture|pictures|image|images|illustration|illustrations|video|photo by|photos by|foto|fotos|bild|bilder
foto von|fotos von|fotografía|fotografías|fotografia|ilustración|grafik|zdjęcie|zdjęcia|фото|видео|crédit photo
"""
_CREDIT_UNSPACED = ("图：", "图/", "圖：", "圖/", "摄影：", "攝影：", "写真：", "写真/")
_UNSPACED_LEAD = re.compile(r"(?:作者|作家|记者|記者|撰文|文|著者|執筆|取材|글|기자)\s?[:：/／]\s?|(?:글|文)\s")


def _one_of(words: str) -> str:
    flat = {word.strip() for line in words.splitlines() for word in line.split("|") if word.strip()}
    return "|".join(re.escape(word) for word in sorted(flat, key=lambda word: (-len(word), word)))


_LEAD = re.compile(
    rf"(?:(?:{_one_of(_LEAD_WORDS)})\s+|(?:{_one_of(f'{_LABELS}|{_LEAD_WORDS}')})\s?[:：]\s?)(?=\S)", re.IGNORECASE
)
_PARTICLE = re.compile(rf"({'|'.join(_LEAD_PARTICLES)})\s+(?=\S)", re.IGNORECASE)
_CREDIT = re.compile(rf"(?:{_one_of(_CREDIT_LABELS)})\s?[:：/©]", re.IGNORECASE)
# Names begin with none of these, so most parts need not be tried on the expressions above.
_FIRST_WORDS = frozenset(
    word.split()[0] for words in (_LEAD_WORDS, _LABELS, _CREDIT_LABELS) for word in re.split(r"[|\n]", words) if word
) | frozenset(_LEAD_PARTICLES)
_FIRST_WORD = re.compile(r"[^\s:：/©]*")

# Bounded: without it a text of a million letters would be gone through from each of them.
_EMAIL = r"[<(\[]?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+[>)\]]?"
# Punctuation between names. Some only with spaces, as they are also part of names: "AFP/Reuters", "AT&T", "Marcel·lí".
_MARKS = r"\s*(?:[,，;；|、]|\s[/／&＆·・•‧]\s)\s*"
_JOINER = re.compile(_MARKS)
_JOINER_OR_EMAIL = re.compile(rf"{_MARKS}|\s*{_EMAIL}\s*")
# Words between names. The first are joiners wherever they stand between two names; the others only in their
# languages, as elsewhere they are letters of a name.
_WORD_JOINERS = ("and", "et", "und", "och", "и", "та")
_LOCAL_WORD_JOINERS = {
    "es": ("y", "e"),
    "gl": ("e",),
    "pt": ("e",),
    "it": ("e", "ed"),
    "ca": ("i",),
    "pl": ("i", "oraz"),
    "hr": ("i",),
    "sr": ("i",),
    "bs": ("i",),
    "uk": ("і", "й"),
    "nl": ("en",),
    "da": ("og",),
    "no": ("og",),
    "nb": ("og",),
    "nn": ("og",),
    "fi": ("ja",),
    "et": ("ja",),
    "cs": ("a",),
    "sk": ("a",),
    "tr": ("ve",),
    "ro": ("și", "şi"),
    "hu": ("és",),
    "el": ("και",),
    "sl": ("in",),
}
# What follows a comma and belongs to the name before it.
_SUFFIX = re.compile(
    r"(?:Jr|Sr|I{1,3}|IV|Ph\.?\s?D|M\.?D|J\.?D|M\.?A|B\.?A|Esq|Inc|Ltd|LLC|LLP|Corp|Co|PLC|GmbH|AG|S\.?A|S\.?L|S\.?r\.?l"
    r"|B\.?V|SAS|SARL|e\.?\s?V|SJ|S\.J|OP|O\.P)\.?",
    re.IGNORECASE,
)
# Links beside a name, and lead-ins without one.
_NO_NAMES = frozenset(
    {"contact", "contacto", "contato", "kontakt", "contatto", "contacter", "email", "e-mail", "mail", "e-post"}
    | {"correo", "courriel", "почта", "by", "par", "por", "von", "przez"}
)
# "Department of Health and Social Care" is one body; no person's name holds one of these.
_IN_BODIES = frozenset({"of", "for", "für", "pour", "para"})
_YEAR = re.compile(r"\d\d")
_LONGEST_LINE = 300  # characters; a longer text is no byline
_WORD = re.compile(r"\S+")
_TRIM = " \t-–—:|/*"
_PAIRS = (("(", ")"), ("[", "]"), ("«", "»"))


def split_bylines(texts: Sequence[str], language: str | None = None) -> list[str]:
    """Return the names in ``texts``, one element's text each, in page order and without repeats.

    Line breaks, punctuation and the words for "and" part names; ``language`` (BCP 47) adds that
    language's one-letter words. "By" and its like, photo credits, e-mail addresses and "contact" are
    dropped; a suffix ("Jr.", "Inc.") stays with its name. Letter case and order within a name stay as
    shown. No name gives ``[]``.

    >>> split_bylines(["By Ana García Márquez and Jean-Paul O'Reilly", "李伟"])
    ['Ana García Márquez', "Jean-Paul O'Reilly", '李伟']
    >>> split_bylines(["par Alejandra Ríos, Smith, Jr.", "Standard Staff"], "fr")
    ['Alejandra Ríos', 'Smith, Jr.', 'Standard Staff']
    """
    code = (language or "").replace("_", "-").partition("-")[0].lower()
    names: dict[str, str] = {}
    for text in texts:
        for line in text.splitlines():
            for stretch in _without_dates(fold(line), code):
                for name in _names_in(stretch, code):
                    names.setdefault(name.casefold(), name)
    return list(names.values())


def raw_bylines(texts: Sequence[str]) -> str | None:
    r"""Return the text that bylines are read from: each element's folded text, joined by ``; ``.

    Nothing shown gives ``None``.

    >>> raw_bylines(["By  Ana\n", "", "Bo"])
    'By Ana; Bo'
    """
    return "; ".join(filter(None, map(fold, texts))) or None


def _without_dates(line: str, code: str) -> list[str]:
    """Return the stretches of ``line`` between dates: "Ana Ríos on September 5, 2017" names nobody else."""
    if len(line) > _LONGEST_LINE or not _YEAR.search(line):
        return [line]
    stretches = []
    start = 0
    for word in _WORD.finditer(line):
        if word.start() >= start and (found := locate(line[word.start() :], (code,) if code else ())):
            stretches.append(line[start : word.start()])
            start = word.start() + found.end
    return [*stretches, line[start:]]


def _names_in(line: str, code: str) -> Iterator[str]:
    for start, end in _spans(line):
        part = _trimmed(line[start:end])
        if (_may_lead(part) and _CREDIT.match(part)) or part.startswith(_CREDIT_UNSPACED):
            continue
        for name in _split_at_words(_without_lead(part, code), code):
            if _is_name(name):
                yield name


def _spans(line: str) -> list[tuple[int, int]]:
    """Return start and end of the parts of ``line`` between joiners, a suffix kept with its name."""
    spans: list[tuple[int, int]] = []
    start = 0
    joiners = (_JOINER_OR_EMAIL if "@" in line else _JOINER).finditer(line)
    for joiner in [*joiners, None]:
        end = joiner.start() if joiner else len(line)
        if spans and line[spans[-1][1] : start].strip() == "," and _SUFFIX.fullmatch(line, start, end):
            spans[-1] = (spans[-1][0], end)
        elif end > start:
            spans.append((start, end))
        start = joiner.end() if joiner else end
    return spans


def _without_lead(part: str, code: str) -> str:
    while True:
        rest = part
        if not _may_lead(part):
            match = _UNSPACED_LEAD.match(part)
            rest = part[match.end() :] if match else part
        elif match := _LEAD.match(part):
            rest = part[match.end() :]
        elif match := _PARTICLE.match(part):
            after = part[match.end() :]
            languages = _LEAD_PARTICLES[match[1].lower()]
            if code in languages and " " in after and after[0].lower() != after[0]:
                rest = after
        rest = _trimmed(rest)
        if rest == part or not rest:
            return rest
        part = rest


def _may_lead(part: str) -> bool:
    first = _FIRST_WORD.match(part)
    return first is not None and first[0].lower() in _FIRST_WORDS


def _split_at_words(part: str, code: str) -> list[str]:
    """Split ``part`` at words for "and" that have a name on either side."""
    words = part.split(" ")
    joiners = _word_joiners(code)
    if len(words) < 3 or joiners.isdisjoint(part.lower().split(" ")) or not _IN_BODIES.isdisjoint(words):
        return [part]
    groups: list[list[str]] = [[]]
    for word in words:
        if word.lower() in joiners and (word == word.lower() or part.isupper()):
            groups.append([])
        else:
            groups[-1].append(word)
    if not all(_looks_like_name(group) for group in groups):
        return [part]
    return [_trimmed(" ".join(group)) for group in groups]


@lru_cache(maxsize=64)
def _word_joiners(code: str) -> frozenset[str]:
    return frozenset((*_WORD_JOINERS, *_LOCAL_WORD_JOINERS.get(code, ())))


def _looks_like_name(words: list[str]) -> bool:
    """Say whether ``words`` may be a whole name: something in it is capitalised, or has no case."""
    return any(word[:1] != word[:1].lower() or word.lower() == word.upper() for word in words if word)


def _trimmed(part: str) -> str:
    part = part.strip(_TRIM)
    for opening, closing in _PAIRS:
        # A bracket that the joiner cut off from its pair, or an arrow; "Collectif « Toit »" keeps its own.
        if part.endswith(closing) and part.count(opening) < part.count(closing):
            part = part[:-1].rstrip(_TRIM) if opening in part else part.rstrip(_TRIM + closing)
        if part.startswith(opening) and part.count(opening) > part.count(closing):
            part = part[1:].lstrip(_TRIM) if closing in part else part.lstrip(_TRIM + opening)
    if part.startswith("«") and part.endswith("»") and part.count("«") == 1:
        part = part[1:-1].strip(_TRIM)
    return part


def _is_name(part: str) -> bool:
    return any(map(str.isalpha, part)) and part.casefold() not in _NO_NAMES
