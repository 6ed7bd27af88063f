"""The built wheel, installed where nothing else is, harvests from another folder."""

from __future__ import annotations

import sys
import venv
from pathlib import Path

import pytest

from scripts.serve import serving
from tests.conftest import CHECKOUT, FIXTURES, Command, expected, read_lines, shown


@pytest.mark.system("a package index and some minutes")
def test_the_wheel_harvests_from_another_folder(command: Command, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    pip = ["-m", "pip", "--disable-pip-version-check"]
    built = command.program([sys.executable, *pip, "wheel", "--no-deps", "-w", wheels, CHECKOUT], timeout=300)
    assert built.status == 0, built.err
    (wheel,) = wheels.glob("newsarchive-*.whl")
    venv.create(tmp_path / "empty", with_pip=True)
    programs = tmp_path / "empty" / "bin"
    installed = command.program([programs / "python", *pip, "install", wheel], timeout=600)
    assert installed.status == 0, installed.err
    with serving(FIXTURES / "lantern-spip") as server:
        line = [
            programs / "newsarchive",
            "harvest",
            server.url,
            "--archive",
            command.archive,
            "--delay",
            "0",
            "--quiet",
        ]
        result = command.program(line)
        assert (result.status, result.out, result.err) == (0, "", "")
        wanted = expected(FIXTURES / "lantern-spip" / "expected.jsonl", server.origin)
        assert shown(read_lines(command.source / "entries.jsonl")) == wanted
    schema = command.program([programs / "newsarchive", "schema"])
    assert '"schema_version"' in schema.out
