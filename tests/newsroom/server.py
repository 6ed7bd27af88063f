"""A made-up newspaper on loopback, for tests of the whole command: what `Publication` answers, sent over HTTP."""

from __future__ import annotations

import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.newsroom.publication import Publication

POLL_SECONDS = 0.02
"""How long an end may have to wait for the accepting loop."""


class Server:
    """A newspaper that is being served.

    :ivar publication: the newspaper; hold ``lock`` to change it while requests may come
    :ivar origin: scheme, host and port, as ``http://127.0.0.1:49152``
    :ivar url: address of the first page
    """

    def __init__(self, publication: Publication, port: int = 0) -> None:
        self.publication = publication
        self.lock = threading.Lock()
        self.ending = threading.Event()
        self.http = _HTTPServer(("127.0.0.1", port), self)
        self.origin = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.url = self.origin + publication.style.start_path


@contextmanager
def serving(publication: Publication, *, port: int = 0) -> Iterator[Server]:
    """Serve a newspaper on 127.0.0.1 for as long as the block runs; port 0 is any free one.

    A request that is to time out is held open until the block ends.
    """
    server = Server(publication, port)
    run = threading.Thread(target=server.http.serve_forever, args=(POLL_SECONDS,), name=f"serving {server.origin}")
    run.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.http.shutdown()
        server.http.server_close()
        run.join()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them and no socket is left to the garbage collector
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer's asks the resolver for our name, which may take seconds

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client may leave whenever it likes
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _HTTPServer
    protocol_version = "HTTP/1.1"
    timeout = 10  # a client that says nothing holds up no end

    def do_GET(self) -> None:
        """Send what the newspaper answers, as wrongly as it says."""
        owner = self.server.owner
        self.close_connection = True
        with owner.lock:
            answer = owner.publication.answer(self.path, dict(self.headers))
        if answer.timeout:
            owner.ending.wait()
        if answer.timeout or answer.dropped:
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def version_string(self) -> str:
        return "newsroom"

    def log_message(self, *args: Any) -> None:
        """Keep quiet: `Publication.served` has it."""
