"""Harvesting: jobs run one after the other in one process, each a run of its own."""

from __future__ import annotations

import logging
import signal
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from newsarchive import user_agent
from newsarchive.archive.source import ENTRIES
from newsarchive.errors import ArchiveError, LockedError, NewsArchiveError
from newsarchive.health.verdict import INTERRUPTED
from newsarchive.plan import FIRST, WHOLE, Wishes
from newsarchive.run import Run, attach_run

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

    from newsarchive.pages import PageRead
    from newsarchive.targets import Job
    from newsarchive.walk import Walk

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Options:
    """How to harvest; what is ``None`` is left to the settings.

    :ivar archive: folder of the archive
    :ivar max_pages: pages of one listing to read at most
    :ivar wishes: what else is asked of the walks
    :ivar concurrency: pages of one listing that may be fetched side by side
    :ivar delay: seconds between two requests to a host; given, it also replaces the Crawl-delay of robots.txt
    :ivar contact: address that the User-Agent names
    :ivar log_file: file for Scrapy's log, which is not kept otherwise
    :ivar on_page: called after each committed page
    """

    archive: Path
    max_pages: int | None = None
    wishes: Wishes = field(default_factory=Wishes)
    concurrency: int = 1
    delay: float | None = None
    contact: str | None = None
    log_file: Path | None = None
    on_page: Callable[[Run, PageRead], None] | None = None
    on_interrupt: Callable[[], None] | None = None


@dataclass(kw_only=True)
class Report:
    """What became of one job."""

    target: str
    slug: str
    records: Path | None
    """The source's ``entries.jsonl``; ``None`` where nothing of the source is kept."""
    status: int
    """Exit status of this job alone."""
    verdict: str | None = None
    reason: str = ""
    notices: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the report as an object for programs."""
        return {**vars(self), "records": str(self.records) if self.records else None}


class Harvester:
    """Runs jobs one after the other.

    Ctrl-C or SIGTERM once: the page that is being fetched is finished, then the harvest ends; twice: it ends at once.
    What was committed stays either way.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.reports: list[Report] = []
        self._process: AsyncCrawlerProcess | None = None
        self._run: Run | None = None
        self._stopped = 0

    def harvest(self, jobs: Sequence[Job]) -> list[Report]:
        """Run the jobs and return a report of each that was begun, in order."""
        waiting = iter(jobs)
        previous = {one: signal.signal(one, self._stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            if self._begin_next(waiting):
                assert self._process is not None  # noqa: S101 - a crawl has begun
                self._process.start(install_signal_handlers=False)
            if self._run is not None:  # the reactor was stopped with a run under way
                self._end(self._run)
        finally:
            for one, handler in previous.items():
                signal.signal(one, handler)
        return self.reports

    def _begin_next(self, waiting: Any) -> bool:
        """Begin the next job that needs the engine, running those that do not; return whether there was one."""
        for job in waiting:
            if self._stopped:
                reason = "not begun: interrupted"
                self.reports.append(
                    Report(target=job.target, slug=job.slug, records=None, status=INTERRUPTED, reason=reason)
                )
                continue
            run = Run(
                slug=job.slug,
                target=job.target,
                limit=self.options.max_pages,
                wishes=self.options.wishes,
                on_page=self.options.on_page,
            )
            self._run = run
            try:
                run.open_archive(self.options.archive)
                if job.text is None:
                    self._crawl(job, run, waiting)
                    return True
                from newsarchive.textrun import harvest_text

                harvest_text(run, job.text)
            except NewsArchiveError as error:
                run.fail(error)
            except Exception as error:
                logger.error("%s", job.target, exc_info=error)
                run.fail(error)
            self._end(run)
        return False

    def _crawl(self, job: Job, run: Run, waiting: Any) -> None:
        from scrapy import signals

        crawler = self._crawler(job)
        attach_run(crawler, run)

        def failed(failure: Any) -> None:
            run.fail(failure.value)

        def closed() -> None:
            stats = crawler.stats
            run.counts["requests"] = stats.get_value("downloader/request_count", 0)
            run.counts["bytes"] = stats.get_value("downloader/response_bytes", 0)

        def done(_: asyncio.Task[None], receivers: Any) -> None:
            if (error := _.exception() if not _.cancelled() else None) is not None:
                run.fail(error if isinstance(error, Exception) else RuntimeError(str(error)))
            self._end(run)
            self._begin_next(waiting)

        for receiver, which in (
            (failed, signals.spider_error),
            (failed, signals.item_error),
            (closed, signals.spider_closed),
        ):
            crawler.signals.connect(receiver, signal=which)
        assert self._process is not None  # noqa: S101 - _crawler has made it
        task = self._process.crawl(crawler, **job.arguments)
        task.add_done_callback(partial(done, receivers=(failed, closed)))  # signals hold receivers weakly

    def _crawler(self, job: Job) -> Crawler:
        if self._process is None:
            from scrapy.crawler import AsyncCrawlerProcess

            self._process = AsyncCrawlerProcess(load_settings(self.options))
        if job.spider == "address":
            from newsarchive.address import AddressSpider

            return self._process.create_crawler(AddressSpider)
        return self._process.create_crawler(job.spider or "")

    def _stop(self, signum: int, frame: Any) -> None:
        self._stopped += 1
        if self._run is not None:
            self._run.interrupted = True
        if self._process is None:
            raise KeyboardInterrupt
        from twisted.internet import reactor

        stop: Any = reactor
        if self._stopped == 1:
            if self.options.on_interrupt is not None:
                self.options.on_interrupt()
            stop.callFromThread(self._stop_gracefully)
        else:
            stop.callFromThread(_stop_now, stop)

    def _stop_gracefully(self) -> None:
        import asyncio

        assert self._process is not None  # noqa: S101 - _stop has made sure
        self._stopping = asyncio.ensure_future(self._process.stop())

    def _end(self, run: Run) -> None:
        """End a run and report it."""
        self._run = None
        notices = list(run.archive.notices) if run.archive is not None else []
        notices += [f"walked whole: {walk.plan.why}" for walk in run.walks.values() if _is_worth_saying(walk)]
        try:
            line = run.end()
        except ArchiveError as unwritten:
            run.fail(unwritten)
            line = run.to_line()
        records = self.options.archive / run.slug / ENTRIES
        error = run.failure
        expected = error is None or isinstance(error, NewsArchiveError)
        reason = line["reason"] if expected else f"an error in newsarchive itself: {type(error).__name__}: {error}"
        self.reports.append(
            Report(
                target=run.target,
                slug=run.slug,
                records=records if records.exists() else None,
                status=line["status"],
                verdict=None if isinstance(error, LockedError) else line["verdict"],
                reason=run.refusal or reason,
                notices=notices,
                findings=line["findings"],
                counts={
                    name: line[name]
                    for name in ("pages", "new", "changed", "known", "read", "cards_failed", "requests")
                },
            )
        )


def _is_worth_saying(walk: Walk) -> bool:
    """Whether a walk read more than a scheduled run needs to, for a reason that the user may not know."""
    return walk.plan.kind == WHOLE and walk.plan.why not in (None, FIRST) and walk.pages > 1


def _stop_now(reactor: Any) -> None:
    if reactor.running:
        reactor.stop()


def load_engine() -> None:
    """Import what a crawl needs, all at once and early.

    Scrapy's client for HTTP looks through the source of every function that is under way when it is imported: in the
    middle of a crawl these are many.
    """
    import scrapy.core.downloader.handlers.http11
    import scrapy.crawler  # noqa: F401


def load_settings(options: Options | None = None) -> Settings:
    """Return newsarchive's settings, from any folder, with the options of a harvest over them."""
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("newsarchive.settings", priority="project")
    if options is None:
        return settings
    # Without a file there is nowhere for Scrapy's log to go that would not tear the progress line.
    given: dict[str, Any] = {"LOG_ENABLED": False, "LOG_INSTALL_ROOT_HANDLER": False}
    if options.log_file is not None:
        given = {"LOG_LEVEL": "INFO", "LOG_FILE": str(options.log_file)}
    if options.delay is not None:
        given |= {"DOWNLOAD_DELAY": options.delay, "NEWSARCHIVE_OBEY_CRAWL_DELAY": False}
        given |= {"DOWNLOAD_DELAY_JITTER": 0} if not options.delay else {}
    if options.concurrency > 1:
        given |= dict.fromkeys(("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN"), options.concurrency)
    if options.contact:
        given["USER_AGENT"] = user_agent(options.contact)
    settings.setdict(given, priority="cmdline")
    return settings


def load_spiders(settings: Settings | None = None) -> dict[str, type[Spider]]:
    """Return the spiders that the settings name, by their names."""
    from scrapy.utils.misc import load_object

    settings = settings or load_settings()
    loader = load_object(settings["SPIDER_LOADER_CLASS"]).from_settings(settings)
    return {name: loader.load(name) for name in loader.list()}


def overall_status(reports: Sequence[Report]) -> int:
    """Return the exit status of several jobs: 1 or 130 if any is, else the common one, else 3."""
    statuses = {report.status for report in reports}
    for worst in (1, 130):
        if worst in statuses:
            return worst
    return statuses.pop() if len(statuses) == 1 else 3
