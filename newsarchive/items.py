"""The record: one revision of one entry, its fields, its JSON Schema and its identity."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import Any

from newsarchive.text.urls import identity_key
from newsarchive.text.whitespace import fold

SCHEMA_VERSION = "1.0"
PRECISIONS = ("year", "month", "day", "hour", "minute", "second")
DATE_METHODS = ("attribute", "data", "text", "relative", "inferred-year", "order", "url")
STATUSES = ("listed", "withdrawn")

COMPARED = ("title", "date", "date_precision", "date_ambiguous", "summary", "summary_truncated", "bylines", "section")
"""The fields whose difference can make a new revision (see `newsarchive.changes`); `content_hash` covers them."""


def _choice(values: tuple[str, ...], *, nullable: bool) -> dict[str, Any]:
    return {"json_schema_extra": {"enum": [*values, None] if nullable else list(values)}}


_AT_LEAST_1 = {"json_schema_extra": {"minimum": 1}}
_MOMENT = {"json_schema_extra": {"format": "date-time"}}


@dataclass(slots=True, kw_only=True)
class Entry:
    """What one card of a listing page says: one revision of one entry, as one line of ``entries.jsonl``.

    The declared order is the order of the keys in the file. ``None`` means unknown, never ``""``; arrays are
    always present.

    >>> Entry(title="Bridge reopens", url="https://gazette.example/bridge").bylines
    []
    """

    schema_version: str = SCHEMA_VERSION
    """Version of this format; a change of meaning raises the first number."""
    id: str | None = None
    """Identity of the entry, kept by all its revisions and alike in every source; null only before it is settled."""
    source: str | None = None
    """Slug of the source whose listing shows the entry."""
    url: str | None = None
    """Absolute address of the article, without fragment and tracking parameters."""
    title: str | None = None
    """Title as plain text, white space folded, typographic marks kept."""
    date: str | None = None
    """Date of publication, ISO 8601 at the page's own precision: a year, month or day, or a moment with offset."""
    date_raw: str | None = None
    """Text or attribute that the date was read from."""
    date_precision: str | None = field(default=None, metadata=_choice(PRECISIONS, nullable=True))
    """How much of the date the page gives."""
    date_method: str | None = field(default=None, metadata=_choice(DATE_METHODS, nullable=True))
    """Kind of evidence that the date rests on."""
    date_ambiguous: bool = False
    """True where another reading of the date was possible and nothing ruled it out."""
    summary: str | None = None
    """Teaser as plain text, without the cut mark and without "Read more"."""
    summary_truncated: bool | None = None
    """Whether the page cut the summary; null where there is none."""
    bylines: list[str] = field(default_factory=list)
    """People or bodies named as authors, in page order, without "By"; empty where the listing names none."""
    bylines_raw: str | None = None
    """Text that the bylines were read from."""
    section: str | None = None
    """Section, kicker or category shown with the entry."""
    tags: list[str] = field(default_factory=list)
    """Further labels shown with the entry."""
    language: str | None = None
    """BCP 47 tag of the entry's language, from the page or the source."""
    image: str | None = None
    """Absolute address of the picture shown with the entry."""
    listing_url: str | None = None
    """Address of the listing page that this revision was read from; null for a file."""
    listing_page: int | None = field(default=None, metadata=_AT_LEAST_1)
    """Number of that page in its listing, from 1."""
    listing_position: int | None = field(default=None, metadata=_AT_LEAST_1)
    """Place of the card on that page, from 1."""
    retrieved_at: str | None = field(default=None, metadata=_MOMENT)
    """When that page was received (RFC 3339, UTC); of a saved file, when it was captured or changed."""
    run_id: str | None = None
    """The run that wrote this line."""
    revision: int = field(default=1, metadata=_AT_LEAST_1)
    """1 for the first, then one more for every change."""
    status: str = field(default="listed", metadata=_choice(STATUSES, nullable=False))
    """``listed``, or ``withdrawn`` where it proved to be no entry or was taken down by order."""
    twin_of: str | None = None
    """Id of an older entry with the same title and day under another address."""
    content_hash: str | None = None
    """Hash over the fields whose difference can make a new revision."""
    capture: dict[str, Any] | None = None
    """The stored response that this revision was read from: warc, record_id, offset, digest."""
    extra: dict[str, Any] = field(default_factory=dict)
    """What a site adds; never needed to read the rest."""


FIELD_NAMES = tuple(f.name for f in fields(Entry))


def to_line(entry: Entry) -> bytes:
    r"""Return an entry as one line of ``entries.jsonl``: UTF-8, keys in declared order, one LF at the end.

    >>> to_line(Entry(title="A\u2028B")).split(b", ")[4]
    b'"title": "A\\u2028B"'
    """
    return json_line({name: getattr(entry, name) for name in FIELD_NAMES})


def json_line(value: dict[str, Any]) -> bytes:
    r"""Return an object as one line of a log, LF included.

    JSON lets U+2028, U+2029 and U+0085 stand as they are, but many readers end a line there, so they are escaped.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not text.isascii():
        text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\u0085", "\\u0085")
    return text.encode("utf-8", "replace") + b"\n"


def from_json(value: dict[str, Any]) -> Entry:
    """Return the entry that a parsed line holds; keys of a newer minor version are left out."""
    return Entry(**{name: value[name] for name in FIELD_NAMES if name in value})


def content_hash(entry: Entry) -> str:
    """Return the hash over the compared fields: 32 hex digits of BLAKE2b."""
    compared = json.dumps([getattr(entry, name) for name in COMPARED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(compared.encode("utf-8", "replace"), digest_size=16).hexdigest()


def make_id(key: str) -> str:
    """Return the id for an identity key: 24 hex digits of its SHA-256.

    >>> make_id("gazette.example/bridge")
    'a33fe999e886e8cef5dfb665'
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def address_key(entry: Entry) -> str | None:
    """Return the identity key of an entry's address; ``None`` when it has none.

    `newsarchive.text.urls.article_url` has kept a fragment only where the address is the listing page's own.
    """
    return identity_key(entry.url, keep_fragment=True) if entry.url else None


def title_key(entry: Entry, slug: str, nth: int) -> str:
    """Return the key of an entry that no address identifies: slug, folded title, raw date unless relative.

    ``nth`` counts the entries of one page that are alike in all of these, from 1.
    """
    date = entry.date_raw if entry.date_method != "relative" else None
    parts = [slug, fold(entry.title or "").casefold(), fold(date or "")]
    return "\x1f".join([*parts, str(nth)] if nth > 1 else parts)


def entry_schema() -> dict[str, Any]:
    """Return the JSON Schema of a record as it is stored, made from `Entry`; docstrings are the descriptions."""
    from itemadapter import ItemAdapter  # imports Scrapy, which nothing else here needs

    schema = dict(ItemAdapter.get_json_schema(Entry))
    del schema["additionalProperties"]  # a later minor version may add fields; readers of this one pass over them
    for name in ("id", "source", "retrieved_at", "run_id", "content_hash"):
        schema["properties"][name]["type"] = "string"
        schema["properties"][name].pop("default", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "newsarchive entry",
        "description": "One revision of one entry: a line of entries.jsonl.",
        **schema,
        "required": list(FIELD_NAMES),
    }
