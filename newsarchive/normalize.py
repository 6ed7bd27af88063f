"""The last touch to an entry before it is checked: what no page can be trusted with."""

from __future__ import annotations

from newsarchive.items import Entry, content_hash
from newsarchive.text.whitespace import fold

LONGEST = {"title": 2_000, "summary": 20_000, "section": 500, "date_raw": 500, "bylines_raw": 5_000}
"""Characters that a field keeps at most: a page with a 10 MB title costs a record, not the archive."""

MOST_NAMES = 100


def normalize(entry: Entry) -> list[str]:
    r"""Bring an entry's texts into the form of the record, in place; return the names of the fields that were cut.

    White space is folded and control characters are taken out also where a spider's own code filled a field; empty
    becomes ``None``. What is already normal stays as it is.

    >>> entry = Entry(title="  Ten\n Dead ", section="")
    >>> normalize(entry), entry.title, entry.section
    ([], 'Ten Dead', None)
    """
    cut = []
    for name, longest in LONGEST.items():
        value = getattr(entry, name)
        if value is None:
            continue
        text = fold(value)
        if len(text) > longest:
            text = text[:longest].rstrip()
            cut.append(name)
        setattr(entry, name, text or None)
    if "summary" in cut:
        entry.summary_truncated = True
    if entry.summary is None:
        entry.summary_truncated = None
    for name in ("url", "image", "language"):
        if not (getattr(entry, name) or "").strip():
            setattr(entry, name, None)
    for name in ("bylines", "tags"):
        values = [text for value in getattr(entry, name) if (text := fold(value))]
        if len(values) > MOST_NAMES or any(len(value) > LONGEST["section"] for value in values):
            cut.append(name)
        setattr(entry, name, [value[: LONGEST["section"]].rstrip() for value in values[:MOST_NAMES]])
    entry.content_hash = content_hash(entry)
    return cut
