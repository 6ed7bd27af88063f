"""One source's folder, opened for a run: the logs, the index and the lock, and the commit of a page."""

from __future__ import annotations

import itertools
import json
import tomllib
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import tomli_w

from newsarchive.archive.files import make_folder, write_whole
from newsarchive.archive.index import Index, Known
from newsarchive.archive.lock import SourceLock
from newsarchive.archive.logs import Log
from newsarchive.archive.robots import ROBOTS
from newsarchive.errors import ArchiveError
from newsarchive.items import Entry, from_json, json_line, to_line
from newsarchive.moments import now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsarchive.archive.spans import PagePlace, Span, StartState

MOST_PAGES_UP = 256
"""So far back from a span's last page a run looks for a page that still shows an entry of it, in doubling steps."""

ENTRIES, PAGES, RUNS, DESCRIPTION = "entries.jsonl", "pages.jsonl", "runs.jsonl", "source.toml"


class SourceArchive:
    """The folder of one source, held by one run.

    Opening takes the lock, cuts torn tails (whole lines stay) and brings the index up to the log.

    :param folder: ``ARCHIVE/<slug>``; made when it does not exist
    :param run_id: the run that opens it
    :ivar notices: what was found and mended on opening, one sentence each
    :raises LockedError: another run holds it
    :raises ArchiveError: it cannot be read or written; nothing was changed
    """

    def __init__(self, folder: Path, run_id: str) -> None:
        self._is_new = not folder.exists()
        make_folder(folder)
        self.folder = folder
        self.notices: list[str] = []
        self._opened: list[Log | Index] = []
        self._expected: tuple[frozenset[str], dict[str, Known]] = (frozenset(), {})
        self._lock = SourceLock(folder / "lock", run_id, datetime.now(UTC))
        try:
            self.entries = self._open_log(ENTRIES)
            self.pages = self._open_log(PAGES)
            self.runs = self._open_log(RUNS)
            self.index = Index(folder / "index.sqlite", self.entries, self.pages, self.runs)
            self._opened.append(self.index)
            if self.index.rebuilt:
                self.notices.append(f"the index was made anew: {self.index.rebuilt}")
            if self.index.open_pages:
                self.notices.append(
                    f"entries.jsonl lacks entries of pages read before: {self.index.open_pages}; these are open again"
                )
            self._find_dead_run(run_id)
        except BaseException:
            self.close()
            raise

    def _open_log(self, name: str) -> Log:
        log = Log(self.folder / name)
        self._opened.append(log)
        if log.torn:
            self.notices.append(f"{name}: a torn last line of {log.torn} bytes was cut; whole lines stay")
        return log

    def _find_dead_run(self, run_id: str) -> None:
        """Give a run that began and never ended its line: the lock is free, so it was killed."""
        last = next(self.runs.latest(), None)
        if last and last.get("event") == "begin":
            self.notices.append(f"run {last.get('run')} was killed; what it had read is kept")
            line = {"event": "dead", "run": last.get("run"), "found_by": run_id, "at": now(), "began": last.get("at")}
            self.append_run({**line, "pages": self._pages_of(last.get("run"))})

    def _pages_of(self, run_id: str | None) -> int:
        """Return how many pages the run that read last had committed."""
        return sum(1 for _ in itertools.takewhile(lambda line: line.get("run") == run_id, self.pages.latest()))

    def memory(self, start: str) -> ListingMemory:
        """Return what is known of the listing that begins at a start address."""
        return ListingMemory(self.index, start)

    def ids_of_run(self, run_id: str, start: str) -> list[str]:
        """Return the entries that one run saw in one listing, in the order in which it saw them first."""
        named = json.dumps(run_id).encode()
        lines = (self.pages.parse(line, at) for at, line in self.pages.lines() if named in line)
        pages = (line["ids"] for line in lines if (line.get("run"), line.get("start")) == (run_id, start))
        return list(dict.fromkeys(itertools.chain.from_iterable(pages)))

    def newest(self, entry_id: str) -> Known | None:
        """Return where the newest revision of an entry stands; ``None`` when the source does not hold it."""
        ids, known = self._expected
        return known.get(entry_id) if entry_id in ids else self.index.get(entry_id)

    def expect(self, ids: Sequence[str]) -> None:
        """Look up together the entries of a page that is about to be committed: `newest` then costs nothing."""
        self._expected = (frozenset(ids), self.index.known(ids))

    def load(self, known: Known) -> Entry:
        """Return the revision that stands at a place."""
        return from_json(self.entries.parse(self.entries.read(known.offset, known.length), known.offset))

    def commit_page(self, entries: Sequence[Entry], page: dict[str, Any]) -> None:
        """Commit one page: its revisions in one write and synced, then its line in ``pages.jsonl``.

        An id that the archive does not hold, because its entry proved to be no valid record, is left out of the line.

        :raises ArchiveError: nothing of the page, or all its revisions and not its line, is on disk: it is read again
        """
        lines = [to_line(entry) for entry in entries]
        ids, known = self._expected
        held = set(known) if ids.issuperset(page["ids"]) else set(self.index.known(page["ids"]))
        held.update(entry.id or "" for entry in entries)
        self._expected = (frozenset(), {})
        if lines:
            offset = self.entries.append(b"".join(lines))
            rows = []
            for entry, line in zip(entries, lines, strict=True):
                rows.append((entry.id or "", Known(offset, len(line), entry.revision, entry.content_hash or "")))
                offset += len(line)
            self.index.add(rows)
        page = {**page, "ids": [one for one in page["ids"] if one in held]}
        self.index.add_page(page, self.pages.append(json_line(page)))

    def append_run(self, line: dict[str, Any]) -> None:
        """Append a line to ``runs.jsonl``."""
        self.runs.append(json_line(line))
        self.index.add_run(line)

    def describe(self, description: dict[str, Any], listing_hash: str, listing_toml: str) -> None:
        """Keep what the source is (``source.toml``) and the Listing in force (``listings/<hash>.toml``)."""
        kept = self.folder / "listings" / f"{listing_hash}.toml"
        if not kept.exists():
            make_folder(kept.parent)
            write_whole(kept, listing_toml.encode())
        data = tomli_w.dumps(description).encode()
        path = self.folder / DESCRIPTION
        if not path.exists() or path.read_bytes() != data:
            write_whole(path, data)

    def discard_if_empty(self) -> bool:
        """Take away the folder that was made for this run, if nothing was read into it; return whether it was."""
        if not self._is_new or self.entries.length or (self.folder / DESCRIPTION).exists():
            return False
        self._close_files()
        for name in (ENTRIES, PAGES, RUNS, ROBOTS, "index.sqlite", "index.sqlite-wal", "index.sqlite-shm", "lock"):
            (self.folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # somebody else has put something there
            self.folder.rmdir()
        self._lock.release()  # last: nobody else may open a file that is about to go
        return True

    def close(self) -> None:
        """Close the files and free the source."""
        self._close_files()
        self._lock.release()

    def _close_files(self) -> None:
        for one in reversed(self._opened):
            with suppress(OSError):
                one.close()
        self._opened.clear()


class ListingMemory:
    """What the archive knows of one listing, for the walk through it.

    :param start: start address of the listing
    """

    def __init__(self, index: Index, start: str) -> None:
        self._index, self._start = index, start

    def state(self) -> StartState:
        """Return what earlier runs found out about the listing."""
        return self._index.ask(lambda spans: spans.state(self._start))

    def spans_of(self, ids: Sequence[str]) -> dict[str, Span]:
        """Return the span that holds each entry; entries that none holds are left out."""
        return self._index.ask(lambda spans: spans.of_ids(self._start, ids))

    def first_page(self, span: Span) -> dict[str, Any]:
        """Return the line of ``pages.jsonl`` of a span's first page."""
        return self._index.ask(lambda spans: spans.first_page(span))

    def pages_up(self, span: Span) -> list[PagePlace]:
        """Return the pages of a span from its last one up, as far as a run may have to go back."""
        return self._index.ask(lambda spans: list(itertools.islice(spans.pages_up(span), MOST_PAGES_UP)))

    def count(self) -> dict[Span, int]:
        """Return how many entries each span of the listing holds."""
        return self._index.ask(lambda spans: spans.count(self._start))

    def walk_of(self, entry_id: str) -> str | None:
        """Return the walk that saw an entry last; ``None`` where none did."""
        found = self.spans_of([entry_id]).get(entry_id)
        return found.walk if found else None


def read_description(folder: Path) -> dict[str, Any] | None:
    """Return what ``source.toml`` says of a source; ``None`` when the folder holds no source.

    :raises ArchiveError: the file is there and cannot be read
    """
    path = folder / DESCRIPTION
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise ArchiveError(f"cannot read {path}: {error}") from error


def list_sources(archive: Path) -> list[Path]:
    """Return the folders of an archive's sources by name; ``[]`` when there is no archive."""
    if not archive.is_dir():
        return []
    return sorted(path.parent for path in archive.glob(f"*/{DESCRIPTION}"))
