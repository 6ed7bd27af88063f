"""Harvesting a plain-text listing: the pipelines' functions without an engine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsarchive.deduplicate import Sightings
from newsarchive.ends import End
from newsarchive.errors import NoListingError
from newsarchive.listing import Listing
from newsarchive.moments import moment
from newsarchive.normalize import normalize
from newsarchive.pages import PageRead
from newsarchive.reading import read_text
from newsarchive.textlisting import decode_text
from newsarchive.validate import problems

if TYPE_CHECKING:
    from pathlib import Path

    from newsarchive.items import Entry
    from newsarchive.run import Run

TEXT_LISTING = Listing(format="text")
LARGEST = 50 * 1024 * 1024


def harvest_text(run: Run, path: Path) -> None:
    """Read a text listing into the run's archive; the file is one page.

    :raises NoListingError: the file cannot be read as a listing
    :raises ArchiveError: the archive cannot be written
    """
    data, changed = _read(path)
    if not data.strip():
        raise NoListingError(f"{path} is empty")
    reading = read_text(decode_text(data), TEXT_LISTING, run.slug, changed)
    if not reading.entries:
        raise NoListingError(
            f"{path}: no entry could be read. Expected a text listing: a title, below it a line that begins with a date"
        )
    assert run.archive is not None  # noqa: S101 - opened by the harvester
    run.target = str(path)
    run.describe(TEXT_LISTING, None, [])
    run.counts.update(cards_failed=len(reading.failed), repeated=reading.repeated)
    page = PageRead(
        start_url=None,
        number=1,
        url=None,
        status=None,
        received=moment(changed),
        ids=[entry.id or "" for entry in reading.entries],
    )
    run.keep_description()
    run.archive.commit_page(_revisions(reading.entries, run), page.to_line(run.id))
    walk = run.walk(str(path))
    walk.begin()
    walk.page_read(1, page.ids, [])
    walk.one_page = "a text listing is one page"
    assert walk.end is End.NO_NEXT_PAGE  # noqa: S101 - it has no links
    run.committed(page)


def _revisions(entries: list[Entry], run: Run) -> list[Entry]:
    """Return what is to be written: the pipelines' steps, one after the other."""
    sightings = Sightings(run.archive, run.counts)
    revisions = []
    for entry in entries:
        normalize(entry)
        entry.run_id = run.id
        if problems(entry):
            run.counts["invalid"] += 1
        elif (revision := sightings.judge(entry)) is not None:
            revisions.append(revision)
    return revisions


def _read(path: Path) -> tuple[bytes, datetime]:
    """Return a file's bytes and when it was changed."""
    try:
        if path.stat().st_size > LARGEST:
            raise NoListingError(f"{path} is larger than {LARGEST // (1 << 20)} MB: no text listing is")
        data, changed = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise NoListingError(f"{path} cannot be read: {error.strerror or error}") from error
    return data, changed
