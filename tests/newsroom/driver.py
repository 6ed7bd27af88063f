"""Harvests of a made-up newspaper by the real classes, in process: no network, no reactor, no waiting.

In a test::

    paper = Publication(45)
    harvest(paper, tmp_path, kill_after=3)              # as if killed after three requests
    done = harvest(paper, tmp_path)
    assert done.line["verdict"] == "unknown"
    assert set(held(tmp_path)) == set(paper.records(ORIGIN))

Real are the spider, the pipelines, the `Run`, the walk and the archive. Left out are Scrapy's engine and its
middlewares: no robots.txt is asked, nothing is redirected, and what a spider middleware would decide is not decided.
Only a retry is imitated.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadFailedError,
    DownloadTimeoutError,
    DropItem,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from newsarchive import settings as product
from newsarchive.archive.source import ENTRIES
from newsarchive.run import Run, attach_run
from spiders.site import Site
from spiders.spip import Spip
from tests.conftest import read_lines
from tests.newsroom.clock import at
from tests.newsroom.faults import Answer
from tests.newsroom.power import Folder, Tear
from tests.newsroom.publication import SLUG, Publication

ORIGIN = "http://newsroom.example"
"""Scheme and host of the newspaper."""


@dataclass(kw_only=True)
class Harvest:
    """What became of one run.

    :ivar run: the run; `Run.archive` is ``None`` now
    :ivar since: the place of its first request in ``Publication.requests``
    :ivar until: the place after its last
    :ivar line: its last line of ``runs.jsonl``; ``None`` where it was killed
    :ivar notices: what was found and mended when the archive was opened
    """

    run: Run
    since: int
    until: int
    line: dict[str, Any] | None
    notices: list[str] = field(default_factory=list)

    @property
    def killed(self) -> bool:
        """Whether it was killed."""
        return self.line is None

    @property
    def ended(self) -> dict[str, Any]:
        """Its last line, where it must have one."""
        assert self.line is not None, "the run was killed"
        return self.line

    @property
    def requests(self) -> int:
        """How many requests it made, repeated ones too."""
        return self.until - self.since


def harvest(
    publication: Publication,
    archive: Path,
    *,
    spider: str = "site",
    max_pages: int | None = None,
    kill_after: int | None = None,
    tear: Tear = False,
    interrupt_after: int | None = None,
    retries: int | None = None,
    concurrency: int = 1,
    clock: Callable[[], datetime] | None = None,
    dice: Random | None = None,
    **run_options: Any,
) -> Harvest:
    """Harvest the newspaper once into an archive and return how that ended.

    :param archive: folder of the archive; a site file is written beside it
    :param spider: "site" reads it with its site file, "spip" with the platform's spider (SPIP's skin and offset pager)
    :param max_pages: the limit that the user gives
    :param kill_after: after so many requests the run is abandoned as by ``kill -9``; one that needs fewer ends
    :param tear: what a power cut takes from the files of a run that is killed (see `tests.newsroom.power`)
    :param interrupt_after: after so many requests the run is ended as by Ctrl-C; one that needs fewer just ends
    :param retries: how often a request that failed is made again; as Scrapy's settings say where it is not given
    :param concurrency: pages that may wait for an answer at the same time
    :param clock: the present moment for the product; the newspaper's own clock where it is not given
    :param dice: which of several requests that wait is answered next; without it the first
    :param run_options: given to `Run`
    :raises Exception: what the product raised where it should not have, after the archive was closed
    """
    with at(clock or (lambda: publication.clock)):
        cls, slug, arguments = _source(publication, archive, spider)
        run = Run(slug=slug, target=next(iter(arguments.values())), limit=max_pages, **run_options)
        run.open_archive(archive)
        assert run.archive is not None
        notices = list(run.archive.notices)
        crawl = _Crawl(publication, run, Folder(archive / slug), dice)
        crawl.stops = {"killed": kill_after, "interrupted": interrupt_after}
        line = crawl.through(_crawler(cls, retries, concurrency), arguments, tear)
    return Harvest(run=run, since=crawl.since, until=len(publication.requests), line=line, notices=notices)


def held(archive: Path, slug: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the newest revision of each entry of an archive by its address; ``{}`` where it holds nothing.

    Every line must be whole, the revisions of an entry count from 1 without a gap, and each say something new.

    :param slug: the source; without it, all sources of the archive
    """
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(archive.glob(f"{slug or '*'}/{ENTRIES}")):
        for line in read_lines(path):
            before = found.get(line["url"])
            assert line["revision"] == (before["revision"] + 1 if before else 1), line
            assert not before or line["content_hash"] != before["content_hash"], line
            found[line["url"]] = line
    return found


def differences(archive: Path, publication: Publication) -> dict[str, dict[str, Any]]:
    """Return by address what an archive says otherwise than the newspaper now, or does not hold: field -> (it, paper).

    Entries that are held and not listed any more are no difference.
    """
    records, wrong = held(archive), {}
    for url, wanted in publication.records(ORIGIN).items():
        record = records.get(url, {})
        if found := {name: (record.get(name), one) for name, one in wanted.items() if record.get(name) != one}:
            wrong[url] = found
    return wrong


class _Engine:
    """Stands in for Scrapy's engine where a pipeline ends the crawl."""

    closing = False

    async def close_spider_async(self, **_: Any) -> None:
        """Ask no more."""
        self.closing = True


class _Crawl:
    """One crawl: requests answered by the newspaper one after the other, items sent through the pipelines."""

    def __init__(self, publication: Publication, run: Run, folder: Folder, dice: Random | None) -> None:
        self.publication, self.run, self.folder, self.dice = publication, run, folder, dice
        self.since = len(publication.requests)
        self.stops: dict[str, int | None] = {}
        self.stopped: str | None = None
        self._waiting: deque[Request] = deque()
        self._bytes = 0
        self._engine = _Engine()

    def through(self, crawler: Crawler, arguments: dict[str, str], tear: Tear) -> dict[str, Any] | None:
        """Crawl and end the run; return its last line, ``None`` where it was killed."""
        try:
            self.prepare(crawler, arguments)
            _finish(self.crawl())
        except BaseException:
            self.abandon(tear=False)
            raise
        if self.stopped == "killed":
            self.abandon(tear)
            return None
        return self.run.end()

    def prepare(self, crawler: Crawler, arguments: dict[str, str]) -> None:
        """Make the spider and the pipelines, as the engine would."""
        self.crawler = crawler
        attach_run(crawler, self.run)
        crawler._engine = self._engine  # type: ignore[assignment]
        crawler.spider = crawler.spidercls.from_crawler(crawler, **arguments)
        ways = crawler.settings.getdict("ITEM_PIPELINES")
        in_order = sorted(ways, key=lambda one: ways[one])
        self._pipelines = [build_from_crawler(load_object(one), crawler) for one in in_order]

    async def crawl(self) -> None:
        """Crawl until nothing waits, or until it is stopped; see ``stopped``."""
        self._all("open_spider")
        assert self.crawler.spider is not None
        async for request in self.crawler.spider.start():
            self._waiting.append(request)
        while self._waiting and not self._is_over() and not self._engine.closing:
            self._answer(self._take())
            self.folder.look()
            await asyncio.sleep(0)  # what a pipeline has begun goes on
        if not self._is_over() or self.stopped == "interrupted":
            self.run.interrupted = self.stopped == "interrupted"
            self._all("close_spider")
            self.run.counts["requests"] = len(self.publication.requests) - self.since
            self.run.counts["bytes"] = self._bytes

    def abandon(self, tear: Tear) -> None:
        """Leave everything as a kill would: nothing more is written, the source is free."""
        archive, self.run.archive = self.run.archive, None
        if archive is not None:
            self.folder.cut(archive.close, tear, Random(f"{self.publication.seed}/{self.publication.asked}"))  # noqa: S311

    def _is_over(self) -> bool:
        """Tell whether the run is killed or interrupted by now."""
        asked = len(self.publication.requests) - self.since
        if self.stopped is None:
            due = (how for how, after in self.stops.items() if after is not None and asked >= after)
            self.stopped = next(due, None)
        return self.stopped is not None

    def _take(self) -> Request:
        """Return the next request to answer."""
        if self.dice is not None:
            self._waiting.rotate(-self.dice.randrange(len(self._waiting)))
        return self._waiting.popleft()

    def _answer(self, request: Request) -> None:
        """Have a request answered, again where it fails, and give the spider what comes of it."""
        settings = self.crawler.settings
        retried = {int(one) for one in settings.getlist("RETRY_HTTP_CODES")}
        for left in range(settings.getint("RETRY_TIMES"), -1, -1):
            got = self._ask(request)
            failed = isinstance(got, Exception) or got.status in retried
            if not failed or not left:
                break
            if self._is_over():
                return
        if isinstance(got, Exception):
            failure = Failure(got)
            failure.request = request  # type: ignore[attr-defined]  # as Scrapy does
            self._follow(request.errback(failure) if request.errback else ())
        else:
            callback = request.callback or self.crawler.spider.parse  # type: ignore[union-attr]
            self._follow(callback(got, **request.cb_kwargs))

    def _ask(self, request: Request) -> Response | Exception:
        """Return the response to a request, or the error that Scrapy would raise."""
        asked = {name.decode(): b",".join(values).decode() for name, values in request.headers.items()}
        path = request.url.removeprefix(ORIGIN).partition("#")[0]
        assert path != request.url, f"{request.url} leads to another site"
        answer = self.publication.answer(path, asked)
        self._bytes += len(answer.body)
        return _error(answer) or _response(answer, request)

    def _follow(self, found: Iterable[Any] | None) -> None:
        """Take what a callback yields."""
        for one in found or ():
            if isinstance(one, Request):
                self._waiting.append(one)
            else:
                self._store(one)

    def _store(self, item: Any) -> None:
        """Send an item through the pipelines."""
        for pipeline in self._pipelines:
            try:
                item = pipeline.process_item(item)
            except DropItem:
                return

    def _all(self, name: str) -> None:
        for pipeline in self._pipelines:
            getattr(pipeline, name, lambda: None)()


def _error(answer: Answer) -> Exception | None:
    if answer.timeout:
        return DownloadTimeoutError("Getting it took longer than 30 seconds.")
    if answer.dropped:
        return DownloadFailedError("Connection was closed cleanly.")
    return ResponseDataLossError("Response is truncated.") if answer.truncated else None


def _response(answer: Answer, request: Request) -> Response:
    headers = Headers(dict(answer.headers))
    cls = responsetypes.from_args(headers=headers, url=request.url, body=answer.body)
    return cls(request.url, status=answer.status, headers=headers, body=answer.body, request=request)


def _source(publication: Publication, archive: Path, spider: str) -> tuple[type[Site | Spip], str, dict[str, str]]:
    """Return the spider's class, the source's slug and what the spider is made with."""
    if spider == "spip":
        arguments = {"start": ORIGIN + publication.style.start_path}
        return Spip, Spip(**arguments).slug, arguments
    path = archive.with_name(f"{archive.name}.toml")
    path.write_text(publication.site_file(ORIGIN), "utf-8")
    return Site, SLUG, {"file": str(path)}


def _crawler(cls: type[Site | Spip], retries: int | None, concurrency: int) -> Crawler:
    """Return a crawler with the product's settings, without extensions."""
    settings: dict[str, Any] = {name: getattr(product, name) for name in dir(product) if name.isupper()}
    settings["CONCURRENT_REQUESTS_PER_DOMAIN"] = concurrency
    settings |= {"EXTENSIONS": {}, "EXTENSIONS_BASE": {}}  # they would count and wait for an engine that is not there
    if retries is not None:
        settings["RETRY_TIMES"] = retries
    return get_crawler(cls, settings)


def _finish(work: Any) -> None:
    """Run a coroutine to its end, in a loop that nobody else sees."""
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(work)
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
