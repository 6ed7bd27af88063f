"""The command line: thin commands over the library."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from newsarchive import __version__
from newsarchive.errors import NewsArchiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

STATUSES = """exit status:
  0    harvested; the verdict says how much is sure
  1    failed: an error of ours or of the machine; nothing half-written
  2    the command line or a site file is wrong
  3    harvested, but with a gap or a health finding
  4    no entry could be read: blocked, forbidden, unreachable, no listing
  75   the source is locked by another run; try later
  130  interrupted; what was committed stays, the same command goes on"""


class _Parser(argparse.ArgumentParser):
    """Takes no abbreviations, which a later option could make ambiguous, and says what is wrong in one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **kwargs})

    def error(self, message: str) -> NoReturn:
        self.exit(UsageError.status, f"{self.prog}: {message}; see {self.prog} --help\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    from newsarchive.cli import harvest, schema, status

    parser = _Parser(
        prog="newsarchive",
        description="Harvest the listing pages of news sites into a dated, deduplicated archive of JSON Lines.",
        epilog=STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"newsarchive {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for module in (harvest, status, schema):
        module.add_command(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    for name in ("stdout", "stderr"):  # closed by the caller: nobody wants to read
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end
    parser = build_parser()
    options = parser.parse_args(argv)
    if not hasattr(options, "command"):
        parser.print_help(sys.stderr)
        return UsageError.status
    try:
        status: int = options.command(options)
        sys.stdout.flush()
    except NewsArchiveError as error:
        sys.stderr.write(f"newsarchive: {error}\n")
        return error.status
    except KeyboardInterrupt:
        sys.stderr.write("newsarchive: interrupted\n")
        return 130
    except BrokenPipeError:
        # The reader of the pipe has gone; keep Python from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        sys.stderr.write(f"newsarchive: cannot write the output: {error.strerror or error}\n")
        return 1
    return status
