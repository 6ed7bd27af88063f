"""The robots.txt middleware with a stand-in for the engine: what is asked, kept, and made of it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newsarchive.archive.robots import ROBOTS, KeptRobots, RobotsAnswer
from newsarchive.middlewares.robots import RobotsTxt
from newsarchive.run import Run, attach_run

PAGE = "https://user:secret@gazette.example/news/"
ORIGIN = "https://gazette.example:443"
RULES = "User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n"


class Site:
    """A crawl of one site: its middleware, what was asked of the site, and the rules that were announced."""

    def __init__(self, answer: Response | Exception, folder: Path | None) -> None:
        settings = {"ROBOTSTXT_OBEY": True, "ROBOTSTXT_USER_AGENT": "newsarchive", "USER_AGENT": "newsarchive/0"}
        self.answer, self.folder = answer, folder
        self.asked: list[str] = []
        self.announced: list[float | None] = []
        self.crawler = get_crawler(settings_dict=settings)
        self.crawler.engine = SimpleNamespace(download_async=self._download)
        self.crawler.signals.connect(self._parsed, signal=signals.robots_parsed)
        run = Run(slug="gazette", target="gazette")
        run.archive = SimpleNamespace(folder=folder) if folder is not None else None
        attach_run(self.crawler, run)
        self.middleware = RobotsTxt.from_crawler(self.crawler)

    async def _download(self, request: Request) -> Response:
        self.asked.append(request.url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def _parsed(self, robotparser: Any) -> None:
        self.announced.append(robotparser.crawl_delay("newsarchive"))

    def ask(self, *urls: str) -> None:
        """Let requests through, one after the other; an error when one is refused."""

        async def requests() -> None:
            for url in urls:
                await self.middleware.process_request(Request(url))

        asyncio.run(requests())

    @property
    def kept(self) -> RobotsAnswer | None:
        """What stands in the folder for the site."""
        assert self.folder is not None
        return KeptRobots(self.folder).fresh(ORIGIN, datetime.now(UTC))


def robots(body: str | bytes = RULES, status: int = 200) -> Response:
    return Response(f"{PAGE}robots.txt", status=status, body=body if isinstance(body, bytes) else body.encode())


def test_it_is_asked_once_and_kept_without_the_password(tmp_path: Path) -> None:
    first = Site(robots(), tmp_path)
    first.ask(PAGE, f"{PAGE}page/2/")
    assert first.asked == ["https://user:secret@gazette.example/robots.txt"]
    assert first.announced == [3]
    assert first.kept == (200, RULES)
    assert list(json.loads((tmp_path / ROBOTS).read_text("utf-8"))) == [ORIGIN]
    second = Site(robots("User-agent: *\nDisallow: /\n"), tmp_path)
    second.ask(PAGE, f"{PAGE}page/2/")
    assert second.asked == []
    assert second.announced == [3]
    assert second.crawler.stats.get_value("newsarchive/robots_kept") == 1
    with pytest.raises(IgnoreRequest, match="Forbidden"):
        second.ask("https://gazette.example/private/")


def test_another_port_is_another_origin(tmp_path: Path) -> None:
    Site(robots(), tmp_path).ask(PAGE)
    other = Site(robots(), tmp_path)
    other.ask("https://gazette.example:8443/news/")
    assert other.asked == ["https://gazette.example:8443/robots.txt"]
    kept = json.loads((tmp_path / ROBOTS).read_text("utf-8"))
    assert list(kept) == [ORIGIN, "https://gazette.example:8443"]


def test_an_old_one_is_asked_for_again(tmp_path: Path) -> None:
    KeptRobots(tmp_path).keep(ORIGIN, RobotsAnswer(200, ""), datetime.now(UTC) - timedelta(hours=25))
    site = Site(robots(), tmp_path)
    site.ask(PAGE)
    assert len(site.asked) == 1
    assert site.kept == (200, RULES)


def test_without_an_archive_nothing_is_kept() -> None:
    for _ in range(2):
        site = Site(robots(), None)
        site.ask(PAGE)
        assert len(site.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_none_at_all_allows_everything_for_a_day(tmp_path: Path, status: int) -> None:
    Site(robots("User-agent: *\nDisallow: /\n", status), tmp_path).ask(PAGE)
    again = Site(robots(), tmp_path)
    again.ask(PAGE)
    assert (again.asked, again.kept) == ([], (status, ""))


def test_a_site_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    Site(robots("", 429), tmp_path).ask(PAGE)
    assert not (tmp_path / ROBOTS).exists()


@pytest.mark.parametrize("answer", [robots("", 500), robots("", 503), OSError("connection refused")])
def test_one_that_fails_forbids_and_is_not_kept(tmp_path: Path, answer: Response | Exception) -> None:
    KeptRobots(tmp_path).keep(ORIGIN, RobotsAnswer(200, ""), datetime.now(UTC) - timedelta(hours=25))
    before = (tmp_path / ROBOTS).read_bytes()
    for _ in range(2):
        site = Site(answer, tmp_path)
        with pytest.raises(IgnoreRequest, match=r"robots\.txt"):
            site.ask(PAGE)
        assert len(site.asked) == 1
    assert (tmp_path / ROBOTS).read_bytes() == before


def test_a_long_one_is_cut_at_a_line(tmp_path: Path) -> None:
    line = b"Disallow: /a/long/way/down\n"
    Site(robots(b"User-agent: *\n" + line * 40_000), tmp_path).ask(PAGE)
    site = Site(robots(), tmp_path)
    site.ask(PAGE)
    assert site.kept is not None
    assert 0 <= 500 * 1024 - len(site.kept.text) < len(line)
    assert site.kept.text.endswith(line.decode())
    with pytest.raises(IgnoreRequest):
        site.ask("https://gazette.example/a/long/way/down")
    assert site.asked == []


def test_bytes_that_are_no_text_do_no_harm(tmp_path: Path) -> None:
    body = b"\xef\xbb\xbfUser-agent: *\n# caf\xe9 \x00 \xed\xa0\x80\nDisallow: /private/\n"
    for asked in (1, 0):
        site = Site(robots(body), tmp_path)
        with pytest.raises(IgnoreRequest):
            site.ask("https://gazette.example/private/")
        site.ask(PAGE)
        assert len(site.asked) == asked


def test_a_disk_that_takes_nothing_does_not_end_the_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / ROBOTS).mkdir()
    site = Site(robots(), tmp_path)
    site.ask(PAGE)
    assert site.announced == [3]
    assert "robots.json" in caplog.text


def test_two_requests_at_once_ask_once(tmp_path: Path) -> None:
    for asked in (1, 0):
        site = Site(robots(), tmp_path)

        async def both(site: Site = site) -> None:
            await asyncio.gather(*(site.middleware.process_request(Request(url)) for url in (PAGE, f"{PAGE}2")))

        asyncio.run(both())
        assert (len(site.asked), site.announced) == (asked, [3])
