"""``newsarchive status``: the sources of an archive and their last runs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from newsarchive.archive.source import DESCRIPTION, list_sources
from newsarchive.archive.status import source_status
from newsarchive.cli.arguments import add_archive
from newsarchive.cli.console import print_table
from newsarchive.errors import UsageError

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
    if not options.archive.is_dir():
        raise UsageError(f"there is no archive at {options.archive}; harvest makes one, --archive names another")
    if (options.archive / DESCRIPTION).exists():
        raise UsageError(f"{options.archive} is a source; its archive is {options.archive.absolute().parent}")
    found = [source_status(folder) for folder in list_sources(options.archive)]
    if options.json:
        for one in found:
            sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
        return 0
    if not found:
        sys.stdout.write(f"no source in {options.archive} yet; newsarchive harvest ADDRESS makes the first\n")
        return 0
    columns = ["source", "entries", "last run", "verdict", "exit", "pages", "new", "changed"]
    print_table(columns, [_row(one) for one in found])
    for one in found:
        if reason := one["problem"] or (one["last_run"] or {}).get("reason"):
            sys.stdout.write(f"{one['slug']}: {reason}\n")
    return 1 if any(one["problem"] for one in found) else 0


def _row(one: dict[str, Any]) -> list[str]:
    run = one["last_run"] or {}
    verdict = run.get("verdict") or one["state"]
    values = [
        one["entries"],
        run.get("at"),
        verdict,
        *(run.get(name) for name in ("status", "pages", "new", "changed")),
    ]
    return [one["slug"], *("–" if value is None else str(value) for value in values)]
