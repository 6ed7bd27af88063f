"""Spans: unbroken rows of committed pages, which entries they hold, and how far down they are known to reach.

Derived from ``pages.jsonl`` and ``runs.jsonl``, like the rest of the index: `Spans.add_page` and `Spans.end_run` take
the lines in the order in which they were written, when they are written and when the index is made anew.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence, Sized

    from newsarchive.archive.logs import Log

END = "end"
"""The floor of a span that reaches the end of its listing; any other floor is a date."""

MOST_STRETCHES = 50
"""So many stretches of a span are kept, from its last page up: a run leaps to its last page and looks a little back."""

MOST_BLANK = 50
"""So many pages without an entry are remembered."""

_ID = re.compile(r"[0-9a-f]{24}")

SCHEMA = """
CREATE TABLE IF NOT EXISTS starts (no INTEGER PRIMARY KEY, url TEXT UNIQUE NOT NULL, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS spans (no INTEGER PRIMARY KEY, joined INTEGER, facts TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    run TEXT NOT NULL, start INTEGER NOT NULL, row INTEGER NOT NULL, span INTEGER, pages INTEGER NOT NULL,
    PRIMARY KEY (run, start, row)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shown (
    id BLOB NOT NULL, start INTEGER NOT NULL, span INTEGER NOT NULL, PRIMARY KEY (id, start)
) WITHOUT ROWID;
"""


def reaches(floor: str | None, wanted: str) -> bool:
    """Tell whether a floor is at least as low as another; an open span (``None``) has none.

    >>> reaches("end", "2017-01-01"), reaches("2017-01-01", "end"), reaches(None, "end")
    (True, False, False)
    """
    return floor is not None and (floor == END or (wanted != END and floor <= wanted))


def blank_page(walk: str, url: str) -> str:
    """Return what names a page that a walk saw without an entry."""
    return f"{walk} {url}"


class PagePlace(NamedTuple):
    """A committed page: its address and its number in the listing."""

    url: str
    number: int


@dataclass(frozen=True, slots=True)
class Span:
    """An unbroken row of committed pages of one listing.

    :ivar walk: the run that began the walk which made it; ``kind`` is that walk's
    :ivar listing: hash of the Listing that read it
    :ivar floor: how far down nothing is missing: `END`, a date, or ``None`` while it is open
    :ivar verdict: what the run that closed it could claim, and ``confirmed`` what confirmed that it is complete
    :ivar row: names it in a page's line: the run and its row
    """

    no: int
    start: int
    walk: str
    kind: str
    listing: str | None
    row: tuple[str, int]
    floor: str | None = None
    verdict: str | None = None
    confirmed: str | None = None
    stretches: tuple[tuple[int, int], ...] = ()
    """Offsets in ``pages.jsonl``: first and last line of what was read in one go, in list order."""
    top: int = 0
    """Offset of the line of its first page."""


@dataclass(frozen=True, slots=True)
class StartState:
    """What is known of the listing that begins at one start address."""

    top: Span | None = None
    """The span that the newest run's first page belongs to."""
    closed: bool = False
    """Whether any walk reached a floor."""
    order: str | None = None
    """How the listing is ordered, as the pages showed."""
    order_by: str | None = None
    """``walks`` where two whole walks showed it, else its dates did."""
    order_walk: str | None = None
    """The walk that showed it."""
    blank: tuple[str, ...] = ()
    """Pages that the walk of the newest pages saw without an entry, as `blank_page` names them."""
    whole_at: str | None = None
    """When the last whole walk that reached the end ended."""
    pages: int | None = None
    """The number of the last page that it read."""
    whole_run: str | None = None
    """The run that did it, if it was one run alone."""


class Spans:
    """Keeps the spans of a source in its index.

    What the logs tell is held in memory until `flush` writes it, sorted: the log has it already, and a B-tree likes its
    keys together.

    :param db: the index, in a transaction of the caller's
    :param pages: ``pages.jsonl``
    """

    def __init__(self, db: sqlite3.Connection, pages: Log) -> None:
        self._db, self._log = db, pages
        self._starts: dict[str, tuple[int, dict[str, Any]]] = {}
        self._spans: dict[int, tuple[int | None, Span]] = {}
        self._rows: dict[tuple[str, int, int], tuple[int | None, int]] = {}
        self._shown: dict[tuple[bytes, int], int] = {}
        self._changed: set[int] = set()
        (self._last,) = db.execute("SELECT coalesce(max(no), 0) FROM spans").fetchone()

    # --- asked by a run ---

    def state(self, start: str) -> StartState:
        """Return what is known of a listing; an empty state where it was never read."""
        facts = dict(self._start(start)[1])
        top = facts.pop("top", None)
        facts["blank"] = tuple(facts.get("blank", ()))
        return StartState(top=self.get(top) if top is not None else None, **facts)

    def of_ids(self, start: str, ids: Sequence[str]) -> dict[str, Span]:
        """Return the span that holds each entry of a listing; entries that none holds are left out."""
        no = self._start(start)[0]
        keys = {id_key(one): one for one in ids}
        found = {key: self._shown[key, no] for key in keys if (key, no) in self._shown}
        missing = [key for key in keys if key not in found]
        query = f"SELECT id, span FROM shown WHERE start = ? AND id IN ({marks(missing)})"  # noqa: S608 - marks only
        found |= dict(self._db.execute(query, (no, *missing)).fetchall()) if missing else {}
        return {keys[key]: self.get(span) for key, span in found.items()}

    def get(self, no: int) -> Span:
        """Return a span by its number, or the one that it was joined to."""
        while (joined := self._load(no)[0]) is not None:
            no = joined
        return self._spans[no][1]

    def first_page(self, span: Span) -> dict[str, Any]:
        """Return the line of a span's first page."""
        return self._line(span.top)

    def pages_up(self, span: Span) -> Iterator[PagePlace]:
        """Yield the pages of a span from its last one up, as far as they are kept."""
        url = next(url for url, (no, _) in self._starts.items() if no == span.start)
        for first, last in reversed(span.stretches):
            offset = last
            while True:
                line = self._line(offset)
                if line.get("start") == url:
                    yield PagePlace(line["url"], line["number"])
                if offset <= first:
                    break
                offset -= len(self._log.line_before(offset))

    def count(self, start: str) -> dict[Span, int]:
        """Return how many entries of a listing each span holds."""
        self.flush()
        counts: Counter[Span] = Counter()
        held = "SELECT span, count(*) FROM shown WHERE start = ? GROUP BY span"
        for no, count in self._db.execute(held, (self._start(start)[0],)).fetchall():
            counts[self.get(no)] += count
        return dict(counts)

    # --- told by the logs ---

    def add_page(self, line: dict[str, Any], offset: int, *, whole: bool = True) -> None:
        """Take in the line of a committed page.

        :param offset: where the line begins in ``pages.jsonl``
        :param whole: whether ``entries.jsonl`` holds every entry that the page names; else the page breaks its row
        """
        url, row, walk = line.get("start"), line.get("row"), line.get("walk")
        if not isinstance(url, str) or not isinstance(row, int) or not isinstance(walk, dict):
            return  # a text file, a page in passing, or a line from before spans were kept
        start, facts = self._start(url)
        key = (line["run"], start, row)
        known = self._row(key)
        pages = known[1] + 1 if known else 1
        if not whole:
            self._rows[key] = (None, pages)
            return
        if known is None or known[0] is None:
            span = self._begin(line, start, offset)
        else:
            span = self._extend(self.get(known[0]), line, offset)
        self._rows[key] = (span.no, pages)
        self._shown.update(dict.fromkeys(((id_key(one), start) for one in line["ids"]), span.no))
        if known is None and row == 0:
            facts["top"] = span.no
        _learn(facts, line)
        if not line["ids"]:
            facts["blank"] = [*facts.get("blank", ()), blank_page(walk["run"], line["url"])][-MOST_BLANK:]

    def _begin(self, line: dict[str, Any], start: int, offset: int) -> Span:
        walk = line["walk"]
        self._last += 1
        span = Span(
            no=self._last,
            start=start,
            walk=walk["run"],
            kind=walk["kind"],
            listing=line.get("listing"),
            row=(line["run"], line["row"]),
            stretches=((offset, offset),),
            top=offset,
        )
        return self._keep(span)

    def _extend(self, span: Span, line: dict[str, Any], offset: int) -> Span:
        span = replace(span, kind=line["walk"]["kind"])
        over = self._span_of_row(line.get("over"), span.start)
        if over is not None and over.no != span.no:
            span = self._join(span, over)
        first, last = span.stretches[-1]
        if over is None and last + len(self._log.line_before(offset)) == offset:
            stretches = (*span.stretches[:-1], (first, offset))
        else:
            stretches = (*span.stretches, (offset, offset))
        return self._keep(replace(span, stretches=stretches[-MOST_STRETCHES:]))

    def _join(self, upper: Span, lower: Span) -> Span:
        """Make one span of two that touch; the lower one's number names it, for it holds most entries."""
        self._keep(upper, joined=lower.no)
        return self._keep(
            replace(
                lower,
                walk=upper.walk,
                kind=upper.kind,
                row=upper.row,
                top=upper.top,
                stretches=(*upper.stretches, *lower.stretches)[-MOST_STRETCHES:],
            )
        )

    def end_run(self, line: dict[str, Any]) -> None:
        """Take in a run's last line: which spans reached a floor, or ran into one that had."""
        for url, walk in (line.get("walks") or {}).items():
            start, facts = self._start(url)
            if walk.get("order"):
                facts |= {"order": walk["order"], "order_by": "walks", "order_walk": walk["run"]}
            known = self._row((line["run"], start, walk.get("row")))
            # Where pages.jsonl has lost lines since, what stood on them is not read any more.
            if known is not None and known[0] is not None and known[1] == walk.get("row_pages"):
                self._close(self.get(known[0]), walk, facts)
            elif not walk.get("unchanged"):
                continue
            if walk.get("finished") and walk["kind"] == "whole":
                alone = walk["run"] == line["run"]
                facts |= {"whole_at": line["at"], "whole_run": line["run"] if alone else None}
                facts |= {} if walk.get("unchanged") else {"pages": walk["deepest"]}

    def _close(self, span: Span, walk: dict[str, Any], facts: dict[str, Any]) -> None:
        met = self._span_of_row(walk.get("met"), span.start)
        if met is not None and met.no != span.no:
            span = self._join(span, met)
        floor = walk.get("floor")
        if floor is not None and not reaches(span.floor, floor):
            span = replace(span, floor=floor)
        if span.floor is not None:
            # What a walk lacks further up is not this span's lack.
            verdict = walk.get("verdict") if walk.get("finished") else "unknown"
            self._keep(replace(span, verdict=verdict, confirmed=walk.get("confirmed")))
            facts["closed"] = True

    # --- kept in memory, written together ---

    def _start(self, url: str) -> tuple[int, dict[str, Any]]:
        """Return the number of a start address and what is known of its listing."""
        if url not in self._starts:
            row = self._db.execute("SELECT no, facts FROM starts WHERE url = ?", (url,)).fetchone()
            if row is None:
                row = (self._db.execute("INSERT INTO starts (url, facts) VALUES (?, '{}')", (url,)).lastrowid, "{}")
            self._starts[url] = (row[0], json.loads(row[1]))
        return self._starts[url]

    def _load(self, no: int) -> tuple[int | None, Span]:
        if no not in self._spans:
            joined, facts = self._db.execute("SELECT joined, facts FROM spans WHERE no = ?", (no,)).fetchone()
            values = json.loads(facts)
            stretches = tuple(map(tuple, values.pop("stretches")))
            self._spans[no] = (
                joined,
                Span(**{**values, "no": no, "row": tuple(values["row"]), "stretches": stretches}),
            )
        return self._spans[no]

    def _keep(self, span: Span, joined: int | None = None) -> Span:
        self._spans[span.no] = (joined, span)
        self._changed.add(span.no)
        return span

    def _row(self, key: tuple[str, int, Any]) -> tuple[int | None, int] | None:
        """Return the span and the pages of a run's row; ``None`` where the run has no such row."""
        if key in self._rows:
            return self._rows[key]
        found = self._db.execute("SELECT span, pages FROM rows WHERE (run, start, row) = (?, ?, ?)", key).fetchone()
        return (found[0], found[1]) if found else None

    def _span_of_row(self, row: Any, start: int) -> Span | None:
        if not isinstance(row, list | tuple) or len(row) != 2:
            return None
        found = self._row((row[0], start, row[1]))
        return self.get(found[0]) if found and found[0] is not None else None

    def flush(self) -> None:
        """Write what was taken in."""
        shown = sorted((*key, span) for key, span in self._shown.items())
        self._db.executemany("INSERT OR REPLACE INTO shown VALUES (?, ?, ?)", shown)
        rows = [(*key, *value) for key, value in self._rows.items()]
        self._db.executemany("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?)", rows)
        changed = [(no, joined, _facts(span)) for no in self._changed for joined, span in [self._spans[no]]]
        self._db.executemany("INSERT OR REPLACE INTO spans VALUES (?, ?, ?)", changed)
        starts = [(json.dumps(facts), no) for no, facts in self._starts.values()]
        self._db.executemany("UPDATE starts SET facts = ? WHERE no = ?", starts)
        for written in (self._shown, self._rows, self._changed):
            written.clear()

    @property
    def pending(self) -> int:
        """How many entries' places are held in memory."""
        return len(self._shown)

    def _line(self, offset: int) -> dict[str, Any]:
        return self._log.parse(self._log.line_at(offset), offset)


def _learn(facts: dict[str, Any], line: dict[str, Any]) -> None:
    """Take in what a page taught about the order of its list."""
    order, walk = (line.get("learned") or {}).get("order"), line["walk"]["run"]
    # What one page of a walk disproved, the others of that walk do not prove. And dates in disorder are no news where
    # two walks have shown where new entries come.
    disproved = facts.get("order") == "none" and facts.get("order_walk") == walk
    if order is None or disproved or (order == "none" and facts.get("order_by") == "walks"):
        return
    if (facts.get("order"), facts.get("order_walk")) != (order, walk):
        facts |= {"order": order, "order_by": None, "order_walk": walk}


def id_key(entry_id: str) -> bytes:
    """Return the key of an entry in the index: half as long as its id.

    >>> id_key("a33fe999e886e8cef5dfb665").hex()
    'a33fe999e886e8cef5dfb665'
    """
    return bytes.fromhex(entry_id) if _ID.fullmatch(entry_id) else entry_id.encode()


def marks(values: Sized) -> str:
    """Return a question mark a value, as SQL's IN wants them."""
    return ",".join("?" * len(values))


def _facts(span: Span) -> str:
    names = ("start", "walk", "kind", "listing", "row", "floor", "verdict", "confirmed", "stretches", "top")
    return json.dumps({name: getattr(span, name) for name in names})
