"""What a page says about itself beside its entries."""

from __future__ import annotations

import re
from typing import Any

from newsarchive.selectors import FieldSelector
from newsarchive.text.urls import page_key, resolve

_NEXT = FieldSelector("next", ["link[rel~=next]", "a[rel~=next]"])
_PAGER = re.compile(
    r"(?:^|[-_\s])(?:pag(?:er|ing|ination|e-?nav\w*)|load-?more|next|older|wp-pagenavi)(?:$|[-_\s])", re.IGNORECASE
)
_WORD = re.compile(
    r"(?:next|older|more|suivant|anteriores?|siguiente|próxim[ao]|weiter|ältere|successiv[oi]|volgende|nästa|neste|næste|"
    r"следующ\w*|następn\w*|下一页|次へ|»|›|→|>>?)(?:\s|$)",
    re.IGNORECASE,
)
_PAGE_ADDRESS = re.compile(r"[?&/](?:page|paged|p|offset|start|debut_\w+)[=/]\d+", re.IGNORECASE)
_MOST_LINKS = 5_000


def shows_more_pages(root: Any, url: str) -> bool:
    """Tell whether anything on a page suggests another page of the same listing.

    Numbers, a next word, a load-more control, a pager or a page-like link do; doubt counts as yes, for a run may
    only call a listing of one page complete when nothing does.

    >>> from lxml import html
    >>> shows_more_pages(html.fromstring("<body><a href='/article-1'>Bridge reopens</a></body>"), "http://a.example/")
    False
    >>> shows_more_pages(html.fromstring("<body><a href='?page=2'>2</a></body>"), "http://a.example/")
    True
    """
    if _NEXT.elements(root):
        return True
    own = page_key(url)
    for seen, link in enumerate(root.iter("a", "button")):
        if seen >= _MOST_LINKS:
            return True
        text = " ".join("".join(link.itertext()).split())
        marks = f"{link.get('class') or ''} {link.get('id') or ''} {link.get('rel') or ''}"
        holder = link.getparent()
        if holder is not None:
            marks += f" {holder.get('class') or ''}"
        address = resolve(link.get("href") or "", url)
        if link.tag == "a" and (address is None or page_key(address) == own):
            continue
        if _PAGER.search(marks) or (text.isdigit() and len(text) <= 4) or (_WORD.match(text) and len(text) <= 30):
            return True
        if address and _PAGE_ADDRESS.search(address):
            return True
    return False
