"""What the real lynx makes of a page is read as the page itself is, but for what its text does not say."""

from __future__ import annotations

import shutil

import pytest

from scripts.serve import serving
from tests.conftest import FIXTURES, Command, expected, read_lines, shown

pytestmark = pytest.mark.system("lynx")


@pytest.mark.parametrize("width", [None, 120])
@pytest.mark.parametrize(("name", "entries"), [("lantern-spip", 21), ("lantern-spip-fr", 10)])
def test_a_page_as_lynx_dumps_it(command: Command, name: str, entries: int, width: int | None) -> None:
    lynx = shutil.which("lynx")
    assert lynx is not None, "needs lynx"
    wide = [] if width is None else [f"-width={width}"]
    with serving(FIXTURES / name) as server:
        dump = command.program([lynx, "-dump", "-assume_charset=utf-8", "-display_charset=utf-8", *wide, server.url])
        assert dump.status == 0, dump.err
        (command.folder / "listing.txt").write_text(dump.out, "utf-8")
        wanted = expected(FIXTURES / name / "expected.jsonl", server.origin)[:entries]
    assert command.harvest("listing.txt").status == 0
    assert shown(read_lines(command.source / "entries.jsonl")) == wanted
