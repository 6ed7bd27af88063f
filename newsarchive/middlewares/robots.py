"""Reads robots.txt as RFC 9309 says, at most once a day: what cannot be had forbids everything."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from newsarchive.archive.robots import KeptRobots, RobotsAnswer
from newsarchive.errors import ArchiveError
from newsarchive.run import run_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)

_LONGEST = 500 * 1024
"""Bytes of a robots.txt that are read: what RFC 9309 (2.5) asks for at least."""
_BUSY = 429
"""Not kept: whoever is told to come back later has not been told that there are no rules."""
_PORTS = {"http": 80, "https": 443}


class RobotsTxt(RobotsTxtMiddleware):
    """Asks nothing of a host whose robots.txt answers with an error of the server or not at all (RFC 9309, 2.3.1.4).

    Scrapy's own goes on then. A 404, like every answer from 400 to 499, allows everything, whatever its body says.

    An answer is kept in the source's folder and stands for a request during the next 24 hours. Without an archive
    nothing is kept, and every run asks.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._missing: dict[str, str] = {}

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:  # noqa: D102
        if (why := self._missing.get(urlparse_cached(request).netloc)) is not None:
            raise IgnoreRequest(f"its robots.txt {why}, so nothing may be asked; try later")
        super().process_request_2(rp, request)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules for a request's host; ``None`` where it has none."""
        netloc = urlparse_cached(request).netloc
        if netloc not in self._parsers and (kept := self._kept) is not None:
            answer = kept.fresh(_origin(request), datetime.now(UTC))
            if answer is not None:
                self._stats.inc_value("newsarchive/robots_kept")
                self._parsers[netloc] = Deferred()
                body = answer.text.encode("utf-8", "replace")
                await super()._parse_robots(Response(request.url, status=answer.status, body=body), netloc, request)
        return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._missing[netloc] = f"answered {response.status}"
        else:
            body = b"" if response.status >= 400 else _bounded(response.body)
            response = response.replace(body=body)
            self._keep(response, request)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, IgnoreRequest):
            self._missing[netloc] = f"cannot be reached ({' '.join(str(exc).split()) or type(exc).__name__})"
        super()._robots_error(exc, netloc)

    @property
    def _kept(self) -> KeptRobots | None:
        archive = run_of(self.crawler).archive
        return KeptRobots(archive.folder) if archive is not None else None

    def _keep(self, response: Response, request: Request) -> None:
        if (kept := self._kept) is None or response.status // 100 not in (2, 4) or response.status == _BUSY:
            return
        answer = RobotsAnswer(response.status, response.body.decode("utf-8-sig", "ignore"))
        try:
            kept.keep(_origin(request), answer, datetime.now(UTC))
        except (
            ArchiveError
        ) as error:  # it is known for this run; the next page's commit meets what is wrong, and says so
            logger.warning("robots.txt will be asked again next time: %s", error)


def _bounded(body: bytes) -> bytes:
    r"""Return as much of a robots.txt as is read: whole lines, for half of one says something else.

    >>> _bounded(b"Disallow: /a\n" * 100_000)[-13:], len(_bounded(b"x" * 600_000))
    (b'Disallow: /a\n', 0)
    """
    return body if len(body) <= _LONGEST else body[: body.rfind(b"\n", 0, _LONGEST) + 1]


def _origin(request: Request) -> str:
    """Return scheme, host and port of a request, without the user and password that may stand in its address."""
    url = urlparse_cached(request)
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return f"{url.scheme}://{host}:{url.port or _PORTS.get(url.scheme)}"
