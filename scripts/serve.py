"""Serve a saved site folder on loopback, as a server would, with hooks to make it misbehave.

A saved site is a folder of pages and a ``site.json`` (``fixtures/README.md`` describes it).

In a test::

    with serving(Path("fixtures/lantern-spip")) as server:
        server.respond("/robots.txt", status=404)
        server.respond("/spip.php?mot7", Answer(status=503), Answer())  # once busy, then the saved page
        harvest(server.url)
    assert server.requests[0] == "/robots.txt"

On a command line: ``python -m scripts.serve fixtures/lantern-spip --port 8765``.
"""

import argparse
import hashlib
import json
import re
import signal
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
}
ROBOTS = b"User-agent: *\nDisallow:\n"
POLL_SECONDS = 0.02  # how long a stop may have to wait for the accepting loop


@dataclass(frozen=True)
class Page:
    """One saved answer: its bytes, its type and when it was last changed (seconds since 1970)."""

    body: bytes
    content_type: str = CONTENT_TYPES[".html"]
    modified: int = 0

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a page from a file; the type follows the suffix."""
        return cls(
            path.read_bytes(),
            CONTENT_TYPES.get(path.suffix, "application/octet-stream"),
            int(path.stat().st_mtime),
        )


@dataclass(frozen=True)
class SavedSite:
    """What a site answers: pages by path and query, and what is said for an offset past the end."""

    start: str
    pages: Mapping[str, Page]
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by path and query; "*" for every page
    past_end: tuple[str, Page] | None = None  # the offset's parameter, and the page that a too large one answers

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder with its ``site.json``; a ``robots.txt`` in the folder is served too."""
        described: dict[str, Any] = json.loads((folder / "site.json").read_text(encoding="utf-8"))
        pages = {target: Page.load(folder / name) for target, name in described["pages"].items()}
        if (folder / "robots.txt").is_file():
            pages.setdefault("/robots.txt", Page.load(folder / "robots.txt"))
        past_end = described.get("past_end")
        return cls(
            start=described["start"],
            pages=pages,
            headers=described.get("headers", {}),
            past_end=(past_end["param"], Page.load(folder / past_end["page"])) if past_end else None,
        )

    def find(self, target: str) -> Page | None:
        """Return the page at a path and query, ``None`` where the site has none.

        A key without a value may come with an equals sign, as URL canonicalisers write it.

        >>> site = SavedSite("/?a", {"/?a": Page(b"one"), "/?a&at=20": Page(b"two")}, past_end=("at", Page(b"last")))
        >>> [page and page.body for page in map(site.find, ["/?a=", "/?a&at=20", "/?a&at=900", "/?a&at=19", "/?b"])]
        [b'one', b'two', b'last', None, None]
        """
        target = re.sub(r"=(?=&|$)", "", target) if "?" in target else target
        if target in self.pages:
            return self.pages[target]
        if target == "/robots.txt":
            return Page(ROBOTS, CONTENT_TYPES[".txt"])
        return self._page_past_end(target)

    def _page_past_end(self, target: str) -> Page | None:
        if self.past_end is None:
            return None
        parameter, page = self.past_end
        offset = re.compile(rf"[?&]{re.escape(parameter)}=(\d+)$")
        asked = offset.search(target)
        if asked is None or target[: asked.start()] != self.start:
            return None
        known = [int(match[1]) for match in map(offset.search, self.pages) if match]
        return page if int(asked[1]) > max(known, default=-1) else None


@dataclass(frozen=True)
class Answer:
    """How to answer one request; what is left out is as the saved site has it.

    ``delay`` is in seconds, before anything is sent. ``cut`` leaves out that many bytes at the body's end,
    while Content-Length promises them all. ``drop`` closes the connection without a word. ``redirect`` is the
    Location of a 302, unless ``status`` says another.
    """

    status: int | None = None
    body: bytes | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int = 0
    drop: bool = False
    redirect: str | None = None


@dataclass(frozen=True)
class Request:
    """One request as it came in; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]


class Server:
    """A running site: where it is, what it was asked, and how it is told to answer otherwise."""

    def __init__(self, site: SavedSite, port: int = 0) -> None:
        self.site = site
        self.log: list[Request] = []
        self.sent = 0  # bytes of bodies
        self.stopping = threading.Event()
        self._overrides: dict[str, list[Answer]] = {}
        self._changed: dict[str, int] = {}
        self._lock = threading.Lock()
        self._http = _HTTPServer(("127.0.0.1", port), self)
        self.port: int = self._http.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.url = self.address(site.start)

    def address(self, target: str) -> str:
        """Return the absolute address of a path and query."""
        return self.origin + target

    @property
    def requests(self) -> list[str]:
        """Paths with their queries, in the order asked, robots.txt included."""
        with self._lock:
            return [request.path for request in self.log]

    def respond(
        self,
        target: str,
        *answers: Answer,
        status: int | None = None,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
        cut: int = 0,
        drop: bool = False,
        redirect: str | None = None,
    ) -> None:
        """Answer a path and query otherwise from now on.

        Either with keywords (see `Answer`), for every request; or with answers in turn, the last of which
        stays: end with ``Answer()`` to get the saved page again.
        """
        single = Answer(status, body, headers or {}, delay, cut, drop, redirect)
        with self._lock:
            self._overrides[target] = list(answers) or [single]
            newest = max([int(time.time()), *self._changed.values()])
            self._changed[target] = newest + 1  # Last-Modified counts whole seconds, tests do not wait for one

    def restore(self, target: str) -> None:
        """Answer a path and query as the saved site does again."""
        with self._lock:
            self._overrides.pop(target, None)

    def note(self, request: Request) -> tuple[Answer, int | None]:
        """Log a request; return how to answer it and when that path was last told otherwise."""
        with self._lock:
            self.log.append(request)
            answers = self._overrides.get(request.path, [Answer()])
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            return answer, self._changed.get(request.path)

    def count(self, sent: int) -> None:
        """Add to the bytes of bodies that were sent."""
        with self._lock:
            self.sent += sent

    def run(self) -> None:
        """Serve until `stop` is called."""
        self._http.serve_forever(poll_interval=POLL_SECONDS)

    def stop(self) -> None:
        """Stop serving, from another thread than `run`'s; open connections are cut."""
        self.stopping.set()
        self._http.shutdown()
        self.close()

    def close(self) -> None:
        """Free the port and wait for the answers under way."""
        self.stopping.set()
        self._http.cut_connections()
        self._http.server_close()


@contextmanager
def serving(site: Path | SavedSite, *, port: int = 0) -> Iterator[Server]:
    """Serve a folder, or a site made in memory, on 127.0.0.1 for as long as the block runs; port 0 is any free one."""
    server = Server(site if isinstance(site, SavedSite) else SavedSite.load(site), port)
    thread = threading.Thread(target=server.run, name=f"serving {server.origin}")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them and no socket is left to the garbage collector
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's asks the resolver for our name, which may take seconds

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._open_lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was quicker

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may leave whenever it likes
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _HTTPServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as told, else from the saved site."""
        owner = self.server.owner
        self.close_connection = True
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer, changed = owner.note(Request(self.command, self.path, headers))
        if answer.delay and owner.stopping.wait(answer.delay):
            return
        if answer.drop:
            return
        self._reply(answer, owner.site.find(self.path), changed, headers)

    def do_HEAD(self) -> None:
        """Answer a GET without its body."""
        self.do_GET()

    def _reply(self, answer: Answer, page: Page | None, changed: int | None, asked: Mapping[str, str]) -> None:
        status, body = _status_and_body(answer, page)
        headers = {
            "Content-Type": page.content_type if page else CONTENT_TYPES[".html"],
            **self._site_headers(page),
        }
        if status == 200:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            headers["Last-Modified"] = formatdate(changed or (page.modified if page else 0), usegmt=True)
        if answer.redirect is not None:
            headers["Location"] = answer.redirect
        headers |= answer.headers
        if status == 200 and _unchanged(asked, headers):
            status, body = 304, b""
        self._send(status, headers, body, answer.cut)

    def _site_headers(self, page: Page | None) -> dict[str, str]:
        if page is None:
            return {}
        described = self.server.owner.site.headers
        return {**described.get("*", {}), **described.get(self.path, {})}

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, cut: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in {204, 304}:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.server.owner.count(len(body) - cut)
            self.wfile.write(body[: len(body) - cut])

    def version_string(self) -> str:
        return "newsarchive-fixtures"

    def log_message(self, *args: Any, **kwargs: Any) -> None:
        """Keep quiet: `Server.log` has it."""


def _status_and_body(answer: Answer, page: Page | None) -> tuple[int, bytes]:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    status = answer.status or (302 if answer.redirect is not None else None)
    if body is None and page is not None and status in {None, 200}:
        body = page.body
    if body is None:
        status = status or 404
        body = f"<!DOCTYPE html><title>{status}</title><h1>{status}</h1>\n".encode()
    return status or 200, body


def _unchanged(asked: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Say whether the client has this answer already; its ETags, if it sent any, decide alone (RFC 9110, 13.2.2)."""
    if "if-none-match" in asked:
        tags = {tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")}
        return bool(tags & {headers.get("ETag", "").removeprefix("W/"), "*"})
    since, modified = asked.get("if-modified-since"), headers.get("Last-Modified")
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False  # a date that cannot be read is as good as none


def main(argv: Sequence[str] | None = None) -> int:
    """Serve a folder until Ctrl-C; print the start address."""
    parser = argparse.ArgumentParser(prog="python -m scripts.serve", description="Serve a saved site on loopback.")
    parser.add_argument("folder", type=Path, help="a folder with a site.json, such as fixtures/lantern-spip")
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    arguments = parser.parse_args(argv)
    try:
        server = Server(SavedSite.load(arguments.folder), arguments.port)
    except OSError as error:
        parser.error(str(error))
    # A shell that starts it in the background may have it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(server.url, flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        print()
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
