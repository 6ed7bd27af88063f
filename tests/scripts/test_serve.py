"""The server that shows saved sites, and the ways in which it can be told to misbehave."""

import http.client
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.serve import Answer, Page, SavedSite, Server, serving

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]


def ask(server: Server, target: str, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Reply(response.status, response.read(), dict(response.headers))
    finally:
        connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "two", "last"):
        (tmp_path / f"{name}.html").write_text(f"<p>{name}</p>", encoding="utf-8")
    described = {
        "start": "/list?key",
        "pages": {"/list?key": "one.html", "/list?key&at=20": "two.html", "/list?key&at=40": "last.html"},
        "headers": {"*": {"X-Powered-By": "steam"}, "/list?key": {"X-First": "yes"}},
        "past_end": {"param": "at", "page": "last.html"},
    }
    (tmp_path / "site.json").write_text(json.dumps(described), encoding="utf-8")
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as running:
        yield running


def test_pages_are_served_byte_for_byte_with_the_headers_of_the_site(server: Server, folder: Path) -> None:
    reply = ask(server, "/list?key")
    assert server.url == f"http://127.0.0.1:{server.port}/list?key"
    assert (reply.status, reply.body) == (200, (folder / "one.html").read_bytes())
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert (reply.headers["X-Powered-By"], reply.headers["X-First"]) == ("steam", "yes")
    assert "X-First" not in ask(server, "/list?key&at=20").headers


def test_an_offset_past_the_end_answers_the_last_page_and_anything_else_404(server: Server) -> None:
    assert ask(server, "/list?key&at=9990").body == b"<p>last</p>"
    assert [ask(server, target).status for target in ("/list?key&at=21", "/list?other&at=900", "/")] == [404, 404, 404]


def test_requests_are_listed_in_order_with_their_headers(server: Server) -> None:
    for target in ("/robots.txt", "/list?key", "/nowhere"):
        ask(server, target, User_Agent="tester")
    assert server.requests == ["/robots.txt", "/list?key", "/nowhere"]
    assert {request.headers["user-agent"] for request in server.log} == {"tester"}


def test_bytes_of_bodies_are_counted(server: Server) -> None:
    first = ask(server, "/list?key")
    ask(server, "/list?key", If_None_Match=first.headers["ETag"])
    ask(server, "/list?key", "HEAD")
    assert server.sent == len(first.body) == 10


def test_robots_txt_allows_all_unless_the_folder_has_one(server: Server, folder: Path) -> None:
    assert ask(server, "/robots.txt").body == b"User-agent: *\nDisallow:\n"
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /\n", encoding="utf-8")
    with serving(folder) as other:
        assert ask(other, "/robots.txt").body == b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("sent", "kept"), [("If_None_Match", "ETag"), ("If_Modified_Since", "Last-Modified")])
def test_an_unchanged_page_is_304_and_a_changed_one_is_not(server: Server, sent: str, kept: str) -> None:
    first = ask(server, "/list?key")
    again = ask(server, "/list?key", **{sent: first.headers[kept]})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    server.respond("/list?key", body="<p>newer</p>")
    changed = ask(server, "/list?key", **{sent: first.headers[kept]})
    assert (changed.status, changed.body) == (200, b"<p>newer</p>")
    assert ask(server, "/list?key", **{sent: changed.headers[kept]}).status == 304


def test_a_validator_that_makes_no_sense_gets_the_page(server: Server) -> None:
    assert ask(server, "/list?key", If_Modified_Since="the other day").status == 200
    assert ask(server, "/list?key", If_None_Match='"other"', If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").body


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    reply = ask(server, "/list?key", "HEAD")
    assert (reply.status, reply.body, reply.headers["Content-Length"]) == (200, b"", "10")


def test_answers_come_in_turn_and_the_last_one_stays(server: Server) -> None:
    server.respond("/list?key", Answer(status=503, headers={"Retry-After": "1"}), Answer(body="once"), Answer())
    replies = [ask(server, "/list?key") for _ in range(4)]
    assert [reply.status for reply in replies] == [503, 200, 200, 200]
    assert [reply.body for reply in replies[1:]] == [b"once", b"<p>one</p>", b"<p>one</p>"]
    assert replies[0].headers["Retry-After"] == "1"


def test_an_override_can_be_taken_back(server: Server) -> None:
    server.respond("/list?key", status=410)
    assert ask(server, "/list?key").status == 410
    server.restore("/list?key")
    assert ask(server, "/list?key").body == b"<p>one</p>"


def test_a_redirect_is_302_unless_told_otherwise(server: Server) -> None:
    server.respond("/old", redirect="/list?key")
    server.respond("/older", redirect="/old", status=301)
    replies = [ask(server, target) for target in ("/old", "/older")]
    assert [(reply.status, reply.headers["Location"]) for reply in replies] == [(302, "/list?key"), (301, "/old")]


def test_a_body_cut_short_promises_more_than_it_sends(server: Server) -> None:
    server.respond("/list?key", cut=4)
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(server, "/list?key")
    assert (caught.value.partial, caught.value.expected) == (b"<p>one", 4)


def test_a_connection_can_be_dropped_without_an_answer(server: Server) -> None:
    server.respond("/list?key", drop=True)
    with pytest.raises(http.client.RemoteDisconnected):
        ask(server, "/list?key")


def test_an_answer_can_be_late_and_stopping_does_not_wait_for_it(folder: Path) -> None:
    with serving(folder) as server:
        server.respond("/list?key", delay=0.2)
        began = time.monotonic()
        ask(server, "/list?key")
        assert time.monotonic() - began >= 0.2
        server.respond("/list?key", delay=60)
        waiting = http.client.HTTPConnection("127.0.0.1", server.port)
        waiting.request("GET", "/list?key")
        while len(server.requests) < 2:
            time.sleep(0.005)
        began = time.monotonic()
    assert time.monotonic() - began < 2
    with pytest.raises(ConnectionError):
        waiting.getresponse()
    waiting.close()


def test_an_idle_connection_does_not_hold_up_stopping(folder: Path) -> None:
    began = time.monotonic()
    with serving(folder) as server:
        idle = http.client.HTTPConnection("127.0.0.1", server.port)
        idle.connect()
        ask(server, "/list?key")
    idle.close()
    assert time.monotonic() - began < 2


def test_a_site_can_be_made_in_memory() -> None:
    with serving(SavedSite("/", {"/": Page(b"<p>here</p>")})) as server:
        assert ask(server, "/").body == b"<p>here</p>"


def test_the_command_line_prints_the_start_address_and_stops_at_ctrl_c(folder: Path) -> None:
    command = [sys.executable, "-m", "scripts.serve", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            connection = http.client.HTTPConnection(address.split("/")[2])
            connection.request("GET", "/list?key")
            assert connection.getresponse().read() == b"<p>one</p>"
            connection.close()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0


def test_the_command_line_names_a_folder_that_is_no_site(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.serve", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "site.json" in done.stderr
