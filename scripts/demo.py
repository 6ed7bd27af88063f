"""Show newsarchive at work: harvest the sample newspaper from a local server, twice.

Run ``python -m scripts.demo`` (or ``make demo``). It writes ``demo-archive/`` in the current folder and begins by
removing the one that it wrote last time; a folder of that name that it did not write is left alone.
"""

import json
import shutil
import subprocess
import sys
import textwrap
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scripts.serve import Server, serving

SITE = Path(__file__).parents[1] / "fixtures" / "lantern-spip"
ARCHIVE = Path("demo-archive")
MARKER = ".made-by-the-demo"
SLUG = "lantern"
PORT = 8765  # so that addresses and ids are the same in every run; any other if it is taken
SHOWN = 3
FIELDS = ("title", "date", "summary", "summary_truncated", "bylines", "section", "url", "id")
WIDEST = 100


def main() -> int:
    """Run the demo; return the exit status of the harvests."""
    if not prepare(ARCHIVE):
        print(f"{ARCHIVE} exists and was not written by this demo: please move it away.", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        server = start(stack)
        command = harvest_command(server.url)
        print(f"$ {' '.join(['newsarchive', *command[3:]])}", flush=True)
        status = subprocess.run(command, check=False).returncode
        entries = ARCHIVE / SLUG / "entries.jsonl"
        if not entries.is_file():
            print(f"No records were written (exit status {status}).", file=sys.stderr)
            return status or 1
        show(entries)
        return status or harvest_again(server, entries)


def prepare(archive: Path) -> bool:
    """Make an empty archive folder with the demo's marker; say whether that could be done without losing anything."""
    if archive.is_symlink() or (archive.exists() and not (archive / MARKER).is_file()):
        return False
    if archive.exists():
        shutil.rmtree(archive)
    archive.mkdir()
    (archive / MARKER).touch()
    return True


def start(stack: ExitStack) -> Server:
    """Serve the sample until the stack unwinds."""
    try:
        return stack.enter_context(serving(SITE, port=PORT))
    except OSError:
        return stack.enter_context(serving(SITE))


def harvest_command(url: str) -> list[str]:
    """Return the command that a user would type, as this Python runs it."""
    return [
        *(sys.executable, "-m", "newsarchive"),
        *("harvest", url, "--archive", str(ARCHIVE), "--delay", "0", "--slug", SLUG),
    ]


def show(entries: Path) -> None:
    """Print the first records, how many there are, and where."""
    records = newest_revisions(entries)
    for record in records[:SHOWN]:
        print(f"\n{readable(record, min(shutil.get_terminal_size().columns, WIDEST))}")
    print(
        f"\n{len(records)} records; these are the first {min(SHOWN, len(records))}. All of them: {entries}", flush=True
    )


def newest_revisions(entries: Path) -> list[dict[str, Any]]:
    """Read the records, each in its newest revision, in the order in which they were first written."""
    with entries.open(encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines)
        return list({record["id"]: record for record in records}.values())


def readable(record: dict[str, Any], width: int) -> str:
    """Lay a record out as aligned lines, wrapped at a width; what is unknown is a dash.

    >>> print(readable({"title": "The Ferryman’s Daughter", "bylines": ["A. Bee", "C. Dee"], "url": None}, 36))
    title:             The Ferryman’s
                       Daughter
    date:              –
    summary:           –
    summary_truncated: –
    bylines:           A. Bee, C. Dee
    section:           –
    url:               –
    id:                –
    """
    indent = max(map(len, FIELDS)) + 2
    return "\n".join(
        textwrap.fill(
            _shown(record.get(name)),
            max(width, indent + 10),
            initial_indent=f"{name}:".ljust(indent),
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for name in FIELDS
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)


def harvest_again(server: Server, entries: Path) -> int:
    """Harvest once more and say in a line what it brought; return its exit status."""
    before, asked = entries.read_bytes(), len(server.requests)
    again = subprocess.run(harvest_command(server.url), check=False, capture_output=True, text=True)
    pages = sum(path != "/robots.txt" for path in server.requests[asked:])
    added = entries.read_bytes().removeprefix(before).count(b"\n")
    news = f"{added} new lines" if added else "nothing new"
    print(f"again: {news} ({pages} {'page' if pages == 1 else 'pages'} asked for)")
    if again.returncode:
        print(again.stderr, end="", file=sys.stderr)
    return again.returncode


if __name__ == "__main__":
    sys.exit(main())
