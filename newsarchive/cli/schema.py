"""``newsarchive schema``: the JSON Schema of a record."""

from __future__ import annotations

import sys
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from newsarchive.cli.arguments import Commands


def add_command(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "schema",
        help="print the JSON Schema of a record",
        description="Print the JSON Schema that every line of entries.jsonl fits.",
        epilog="example: newsarchive schema > entry.schema.json",
    )
    parser.set_defaults(command=print_schema)


def print_schema(options: argparse.Namespace) -> int:
    """Print the schema that the package ships."""
    sys.stdout.write(resources.files("newsarchive").joinpath("entry.schema.json").read_text("utf-8"))
    return 0
