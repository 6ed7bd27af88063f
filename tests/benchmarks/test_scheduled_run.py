from __future__ import annotations

import pytest

from benchmarks.scheduled_run import main


def test_the_second_run_is_measured_and_what_it_asked_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pages", "2", "--rounds", "1"]) == 0
    out = capsys.readouterr().out
    assert "listing of 2 pages, nothing new" in out
    for what in ("CPU, ratio to bare: ", "wall, ratio to bare: ", "requests: ", "bytes of bodies: "):
        assert what in out
