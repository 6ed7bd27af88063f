"""A made-up newspaper that answers requests: it publishes, changes and fails on cue, and remembers what it showed.

In a test::

    paper = Publication(45, style=Style(pager="offset", skin="spip"))
    paper.fail(503, page=3)                            # once
    paper.before(paper.next(2), lambda it: it.publish(3))  # just before the second request from now is answered
    answer = paper.answer(paper.style.start_path)
    assert paper.requests == ["/spip.php?rubrique1"]
"""

from __future__ import annotations

import hashlib
import itertools
from bisect import insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, TypeAlias

import tomli_w

from newsarchive.listing import Listing
from tests.newsroom import markup
from tests.newsroom.desk import Desk
from tests.newsroom.faults import Answer, Fault, FaultKind
from tests.newsroom.markup import View, render

HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
SLUG = "newsroom"
Change: TypeAlias = Callable[["Publication"], object]


@dataclass(frozen=True, slots=True)
class Served:
    """What became of one request.

    :ivar path: path and query asked
    :ivar page: number of the listing page there; ``None`` where no page can be
    :ivar status: what was answered; 0 where nothing was
    :ivar shown: the articles of the page, in order; also of a 304, which says that the client has them
    :ivar state: the newspaper's state at that moment
    :ivar fault: the fault that came
    :ivar headers: what the request said, names in lower case
    """

    path: str
    page: int | None
    status: int
    shown: tuple[int, ...]
    state: int
    fault: FaultKind | None
    headers: Mapping[str, str]


class Publication(Desk):
    """A newspaper with a desk and a web server; `Desk` has the operations, `Style` the looks.

    :ivar requests: paths with their queries, in the order asked
    :ivar served: what became of each, one for each of ``requests``
    :ivar robots: what robots.txt says; ``None`` where there is none (404)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests: list[str] = []
        self.served: list[Served] = []
        self.robots: str | None = "User-agent: *\nDisallow:\n"
        self._faults: list[Fault] = []
        self._changes: list[tuple[int, int, Change]] = []
        self._page_changes: list[tuple[int, Change]] = []
        # By state: what the pages held, in order, and the pinned that stood at the head alone.
        self._orders: dict[int, tuple[tuple[int, ...], frozenset[int]]] = {}

    # --- what is to happen ---

    def next(self, request: int) -> int:
        """Return the number, among all requests from 1, of a request counted from now: ``next(1)`` is the next one."""
        return self.asked + request

    def before(self, request: int, change: Change) -> None:
        """Have something done just before the request of that number, from 1, is answered; once."""
        insort(self._changes, (request, len(self._changes), change), key=lambda one: one[:2])

    def before_page(self, page: int, change: Change) -> None:
        """Have something done just before a listing page is next answered; once."""
        self._page_changes.append((page, change))

    def fail(
        self,
        kind: FaultKind,
        *,
        request: int | None = None,
        page: int | None = None,
        path: str | None = None,
        times: int | None = 1,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Have requests answered wrongly, where all that is given of ``request``, ``page`` and ``path`` fits.

        :param request: the number of the request, from 1 (see `next`)
        :param page: the number of the listing page
        :param path: path and query
        :param times: how often; ``None`` for ever, until `recover`
        """
        self._faults.append(Fault(kind, request, page, path, times, headers or {}))

    def recover(self) -> None:
        """Forget all faults and changes that have not come yet."""
        self._faults.clear()
        self._changes.clear()
        self._page_changes.clear()

    # --- answering ---

    def answer(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Answer a request: first what is due just before it is done, then it fails or gets what there is now.

        :param path: path and query
        :param headers: the request's; names in any case
        """
        asked = {name.lower(): value for name, value in (headers or {}).items()}
        self.requests.append(path)
        page = self.style.page_of(path)
        self._do_what_is_due(len(self.requests), page)
        fault = next((one.use() for one in self._faults if one.fits(len(self.requests), page, path)), None)
        shown: tuple[int, ...] = ()
        if fault is not None:
            answer = self._failed(fault, path, page)
        else:
            answer, shown = self._answered(path, page)
            answer = _if_changed(answer, asked)
        status = 0 if answer.timeout or answer.dropped else answer.status
        kind = fault.kind if fault else None
        if page is not None and self.state not in self._orders:
            self._orders[self.state] = (tuple(self.body()), frozenset(self.pinned).difference(self.body()))
        self.served.append(Served(path, page, status, shown, self.state, kind, asked))
        self.asked += 1
        return answer

    def _do_what_is_due(self, request: int, page: int | None) -> None:
        while self._changes and self._changes[0][0] <= request:
            self._changes.pop(0)[-1](self)
        due = [one for one in self._page_changes if one[0] == page]
        self._page_changes = [one for one in self._page_changes if one[0] != page]
        for _, change in due:
            change(self)

    def _failed(self, fault: Fault, path: str, page: int | None) -> Answer:
        kind = fault.kind
        if isinstance(kind, int):
            body = f"<!DOCTYPE html>\n<title>{kind}</title><h1>{kind}</h1>\n"
            return _answer(kind, body, **fault.headers)
        if kind == "timeout":
            return Answer(0, {}, b"", timeout=True)
        if kind == "dropped":
            return Answer(0, {}, b"", dropped=True)
        if kind == "truncated":
            whole, _ = self._answered(path, page)
            return Answer(whole.status, whole.headers, whole.body[: len(whole.body) // 2], truncated=True)
        bodies = {"empty": markup.render_empty(self.style), "blank": "", "wall": markup.WALL}
        return _answer(200, bodies[kind], **fault.headers)

    def _answered(self, path: str, page: int | None) -> tuple[Answer, tuple[int, ...]]:
        """Return what a path answers now, and the articles that it shows."""
        if path == "/robots.txt":
            return (_answer(404, "") if self.robots is None else _answer(200, self.robots, TEXT)), ()
        if page is None:
            one = next((one for one in self._articles.values() if one.url_path == path), None)
            return _answer(200, markup.render_article(one)) if one else _not_found(), ()
        last = self.style.last_page(len(self.base()))
        if page > last:
            if self.style.answer_past_end == "404":
                return _not_found(), ()
            if self.style.answer_past_end == "empty":
                return _answer(200, markup.render_empty(self.style)), ()
            page = last
        return self._listing_page(page, last)

    def _listing_page(self, page: int, last: int) -> tuple[Answer, tuple[int, ...]]:
        numbers = self.base()[self.style.places(page)]
        pinned = list(self.pinned) if self._shows_pins(page) else []
        if pinned:
            numbers = [*pinned, *(one for one in numbers if one not in pinned)]
        stated = {None: None, "held": len(self._articles), "listed": len(self._since)}
        view = View(
            page=page,
            last=last,
            articles=[self._articles[number] for number in numbers],
            pinned=len(pinned),
            total=stated[self.style.total],
            noise=f"answer {len(self.requests)}" if self.style.noise else "",
        )
        return self._validated(_answer(200, render(self.style, view))), (*numbers,)

    def _shows_pins(self, page: int) -> bool:
        return self.style.pins == "every" or (self.style.pins == "first" and page == 1)

    def _validated(self, answer: Answer) -> Answer:
        headers = dict(answer.headers)
        headers["Date"] = format_datetime(self.clock.astimezone(UTC), usegmt=True)
        if self.style.validators in ("both", "etag"):
            headers["ETag"] = f'"{hashlib.blake2b(answer.body, digest_size=8).hexdigest()}"'
        if self.style.validators in ("both", "modified"):
            headers["Last-Modified"] = format_datetime(self.changed.astimezone(UTC), usegmt=True)
        return Answer(answer.status, headers, answer.body)

    # --- how it is read, and what must have been read ---

    def listing(self) -> Listing:
        """Return the `Listing` that reads its pages exactly."""
        return self.style.listing()

    def site_file(self, origin: str) -> str:
        """Return the text of the site file that reads it, its slug `SLUG`.

        :param origin: scheme and host that it is asked under, as ``http://newsroom.example``
        """
        start = origin + self.style.start_path
        return tomli_w.dumps({"slug": SLUG, "start": start, "listing": self.listing().to_table()})

    def records(self, origin: str) -> dict[str, dict[str, Any]]:
        """Return what the newest revisions of all entries now listed must say, by address, in page order."""
        dates, sections = self.style.dates, self.style.skin == "cards"
        records = [one.record(origin, dates=dates, sections=sections) for one in self.listed()]
        return {record["url"]: record for record in records}

    # --- what pages have shown, and what slid past ---

    def shown(self, since: int, until: int | None = None) -> set[int]:
        """Return the articles that the pages of ``requests[since:until]`` showed."""
        return {number for one in self.served[since:until] for number in one.shown}

    def slid(self, since: int, until: int | None = None) -> set[int]:
        """Return the articles that have been listed from before ``requests[since]`` to now, and that none of the pages
        of ``requests[since:until]`` showed.

        Of a walk that reached its end without failure, these slid over a page border; of one that broke off, also what
        it did not come to (see `crossed`).
        """
        shown = self.shown(since, until)
        return {one for one, listed in self._since.items() if listed <= since and one not in shown}

    def crossed(self, since: int, until: int | None = None) -> set[int]:
        """Return the articles now listed that, between two pages of ``requests[since:until]``, moved from a page that
        was still to come onto one that was past, and that none of those pages showed.

        Only pages asked one after the other count: what a walk leaps over does not slide.
        """
        asked = [one for one in self.served[since:until] if one.page is not None]
        down, crossed = True, set[int]()
        for before, after in itertools.pairwise(asked):
            step = (after.page or 0) - (before.page or 0)
            down = step > 0 if step else down
            if abs(step) <= 1 and before.state != after.state:
                again = step == 0 and not before.shown  # it failed and is asked once more: its own articles may slide
                to_come = self._beside(before, after=down, own=again)
                past = self._beside(after, after=not down, own=False)
                crossed |= to_come & past
        return {one for one in crossed - self.shown(since, until) if one in self._since}

    def _beside(self, served: Served, *, after: bool, own: bool) -> set[int]:
        """Return what stood after (or before) a page when it was served, with what is its own or without."""
        (order, pinned), places = self._orders[served.state], self.style.places(served.page or 1)
        if after:
            return {*order[places.start if own else places.stop :]}
        head = pinned if served.page != 1 or own else ()  # those that stand nowhere but at the head of the first page
        return {*order[: places.stop if own else places.start], *head}


def _answer(status: int, body: str, content_type: str = HTML, **headers: str) -> Answer:
    data = body.encode()
    return Answer(status, {"Content-Type": content_type, "Content-Length": str(len(data)), **headers}, data)


def _not_found() -> Answer:
    return _answer(404, "<!DOCTYPE html>\n<title>Not found</title><h1>There is no such page</h1>\n")


def _if_changed(answer: Answer, asked: Mapping[str, str]) -> Answer:
    """Return the answer, or a 304 where the client has it already; its ETags, if it sent any, decide alone."""
    if answer.status != 200 or not _is_known(answer.headers, asked):
        return answer
    kept = {name: value for name, value in answer.headers.items() if name in ("ETag", "Last-Modified")}
    return Answer(304, kept, b"")


def _is_known(headers: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    if (tags := asked.get("if-none-match")) is not None:
        return headers.get("ETag") in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since, modified = asked.get("if-modified-since"), headers.get("Last-Modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False  # a date that cannot be read is as good as none
