"""``newsarchive status``: the sources of an archive and their last runs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from newsarchive.archive.source import list_sources
from newsarchive.archive.status import source_status
from newsarchive.cli.arguments import add_archive
from newsarchive.cli.console import print_table

if TYPE_CHECKING:
    import argparse

    from newsarchive.cli.arguments import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "status",
        help="show the sources of an archive and their last runs",
        description="Show the sources of an archive and how their last runs ended.",
        epilog="example: newsarchive status --archive /srv/news",
    )
    add_archive(parser)
    parser.add_argument("--json", action="store_true", help="print an object a line instead of a table")
    parser.set_defaults(command=show_status)


def show_status(options: argparse.Namespace) -> int:
    """Print one row a source; an empty archive is said to be empty."""
    found = [source_status(folder) for folder in list_sources(options.archive)]
    if options.json:
        for one in found:
            sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
        return 0
    if not found:
        sys.stdout.write(f"no source in {options.archive} yet; newsarchive harvest ADDRESS makes the first\n")
        return 0
    print_table(
        ["source", "entries", "last run", "verdict", "pages", "new", "changed", "why"], [_row(one) for one in found]
    )
    return 0


def _row(one: dict[str, Any]) -> list[str]:
    run = one["last_run"] or {}
    numbers = [run.get(name) for name in ("pages", "new", "changed")]
    shown = ["–" if number is None else str(number) for number in numbers]
    entries = "–" if one["entries"] is None else str(one["entries"])
    return [
        one["slug"],
        entries,
        run.get("at") or "–",
        run.get("verdict") or run.get("event") or "–",
        *shown,
        run.get("reason") or "",
    ]
