"""What a page says about itself beside its entries."""

from __future__ import annotations

import re
from typing import Any

from newsarchive.selectors import FieldSelector
from newsarchive.text.urls import page_key, resolve

_NEXT = FieldSelector("next", ["link[rel~=next]", "a[rel~=next]"])
_CONTROLS = ("a", "button", "input")
_MARKS = re.compile(
    r"(?:^|[-_\s])(?:pag(?:er|ing|inat\w*|e-?nav\w*|e-?numbers?)|load-?more|next|older|wp-pagenavi)(?:$|[-_\s])",
    re.IGNORECASE,
)
# One word stem a language is enough: doubt counts as yes.
_WORDS = re.compile(
    r"\b(?:next|older|previous posts|more (?:posts|articles|stories|news|entries|results)|(?:load|show|see|view) more"
    r"|suivant\w*|précédent\w*|plus ancien\w*|(?:voir|afficher) plus|charger|anterior\w*|siguientes?|próxim\w+"
    r"|(?:ver|cargar) más"
    r"|carregar mais|ver mais|mais antig\w+|weiter|nächste\w*|ältere\w*|mehr (?:laden|anzeigen)|successiv\w+"
    r"|precedent\w+|carica altr\w+|volgende|ouder\w*|meer laden|nästa|äldre|neste|eldre|næste|ældre|seuraava\w*"
    r"|vanhem\w+|następn\w+|starsze|další\w*|starší|ďalš\w+|következő|régebbi|sljedeć\w+|sledeć\w+|naslednj\w+"
    r"|înainte|următo\w+|sonraki|daha fazla|επόμεν\w+|παλαιότερ\w+|следующ\w+|дальше|ещё|ранее|наступн\w+|далі"
    r"|التالي|الأقدم|بعدی|הבא|अगला|ถัดไป|tiếp|trang sau|selanjutnya|berikutnya)\b"
    r"|下一页|下一頁|下页|次へ|次の|もっと|다음|더 ?보기|加载更多|載入更多",
    re.IGNORECASE,
)
_ARROWS = frozenset("»›→⇒⟩>▶►")
_PAGE_ADDRESS = re.compile(r"(?:[?&/](?:page|paged|p|offset|start|debut_\w+)[=/-]\d+)|[-_/]page[-_]?\d+", re.IGNORECASE)
# "Page 1 of 5", "Showing 1–10 of 47", "Seite 1 von 9", "1 / 12"
_COUNT = re.compile(
    r"\b(?:page|seite|página|pagina|strona|strana|stránka|sida|side|sivu|страница|стр\.)\s*1\s*"
    r"(?:of|sur|de|di|von|van|z|ze|av|af|/|из)\s*(?!1\b)\d+|\b1\s*[-–]\s*\d+\s*(?:of|sur|de|di|von|van|z|av|af|из)\s*\d+",
    re.IGNORECASE,
)
_LOAD_MORE = re.compile(r"(?:^|[-_\s])load-?more", re.IGNORECASE)
_SHORT = 40
_MOST_CONTROLS = 5_000
_MOST_TEXT = 500_000


def shows_more_pages(root: Any, url: str) -> bool:
    """Tell whether anything on a page suggests another page of the same listing.

    Numbers, a next word, a load-more control, a count, a pager or a page-like link do; doubt counts as yes, for a run
    may only call a listing of one page complete when nothing does.

    >>> from lxml import html
    >>> shows_more_pages(html.fromstring("<body><a href='/article-1'>Bridge reopens</a></body>"), "http://a.example/")
    False
    >>> shows_more_pages(html.fromstring("<body><a href='?page=2'>2</a></body>"), "http://a.example/")
    True
    """
    if _NEXT.elements(root):
        return True
    own = page_key(url)
    for seen, control in enumerate(root.iter(*_CONTROLS)):
        if seen >= _MOST_CONTROLS or _leads_on(control, url, own):
            return True
    for button in root.xpath("//*[@role='button']")[:_MOST_CONTROLS]:
        if _WORDS.search(_label(button)[:_SHORT]):
            return True
    return _COUNT.search(" ".join("".join(root.itertext())[:_MOST_TEXT].split())) is not None


def _leads_on(control: Any, url: str, own: str) -> bool:
    label = _label(control)
    short = len(label) <= _SHORT
    holder = control.getparent()
    marks = " ".join(filter(None, (control.get("class"), control.get("id"), control.get("rel"))))
    if holder is not None:
        marks += f" {holder.get('class') or ''}"
    if _LOAD_MORE.search(marks) or (short and (_WORDS.search(label) or (label and set(label) <= _ARROWS))):
        return True
    address = resolve(control.get("href") or "", url) if control.tag == "a" else None
    if address is not None and page_key(address) == own:
        return False  # the current page among the numbers, or the way to the top
    if control.tag != "input" and _MARKS.search(marks):
        return True
    if address is None:
        return False
    return (label.isdigit() and len(label) <= len("9999")) or _PAGE_ADDRESS.search(address) is not None


def _label(control: Any) -> str:
    """Return what a control says: its text, else its value, label or title."""
    text = " ".join("".join(control.itertext()).split())
    if control.tag == "input":
        text = control.get("value") or "" if control.get("type") in ("submit", "button") else ""
    return text or " ".join((control.get("aria-label") or control.get("title") or "").split())
