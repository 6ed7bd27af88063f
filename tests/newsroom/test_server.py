"""The made-up newspaper on loopback: what it answers comes over HTTP as it is."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.conftest import Command, newest
from tests.newsroom.publication import SLUG, Publication
from tests.newsroom.server import Server, serving
from tests.newsroom.style import Style


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Publication(25)) as one:
        yield one


def ask(server: Server, path: str, timeout: float = 10, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    with closing(http.client.HTTPConnection("127.0.0.1", int(server.origin[-5:].lstrip(":")), timeout)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.read(), dict(response.headers)


def test_it_says_what_the_newspaper_says(server: Server) -> None:
    status, body, headers = ask(server, "/news/")
    same = Publication(25).answer("/news/")
    assert (status, body) == (same.status, same.body)
    assert {name: headers[name] for name in same.headers} == dict(same.headers)
    assert server.url == server.origin + "/news/"
    assert ask(server, "/news/page/9/")[0] == 404
    assert ask(server, "/robots.txt")[0] == 200
    assert server.publication.requests == ["/news/", "/news/page/9/", "/robots.txt"]


def test_a_304_has_no_body(server: Server) -> None:
    etag = ask(server, "/news/")[2]["ETag"]
    status, body, headers = ask(server, "/news/", If_None_Match=etag)
    assert (status, body, headers["ETag"]) == (304, b"", etag)
    assert server.publication.served[-1].headers["if-none-match"] == etag


def test_faults_are_those_of_the_network(server: Server) -> None:
    server.publication.fail("truncated", page=1)
    with pytest.raises(http.client.IncompleteRead):
        ask(server, "/news/")
    server.publication.fail("dropped", page=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(server, "/news/")
    server.publication.fail("timeout", page=1)
    with pytest.raises(TimeoutError):
        ask(server, "/news/", timeout=0.05)
    assert ask(server, "/news/")[0] == 200


def test_the_real_command_harvests_it(command: Command) -> None:
    paper = Publication(25, style=Style(pager="numbered-links", total="listed"))
    with serving(paper) as server:
        target = command.folder / "paper.toml"
        target.write_text(paper.site_file(server.origin), "utf-8")
        result = command.harvest(target)
        assert (result.status, result.err) == (0, "")
        held = newest(command.archive / SLUG / "entries.jsonl").values()
        assert {record["url"] for record in held} == set(paper.records(server.origin))
    assert paper.requests == ["/robots.txt", "/news/", "/news/?page=2", "/news/?page=3"]
