"""Whether a sighting is new, a change, or known: identity compared, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsarchive.changes import compare
from newsarchive.items import content_hash

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from newsarchive.archive.source import SourceArchive
    from newsarchive.items import Entry


class Sightings:
    """Judges each sighting of a run against what the archive holds; without an archive, against the run itself.

    :param archive: the source's folder, ``None`` when nothing is archived
    :param counts: where new, changed, known, repeated and ignored sightings are counted
    :param saw_in_walk: tells whether an earlier run of the same walk has seen an entry
    """

    def __init__(
        self,
        archive: SourceArchive | None,
        counts: Counter[str],
        saw_in_walk: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._archive = archive
        self._saw_in_walk = saw_in_walk
        self._counts = counts
        self._seen: set[str] = set()

    def judge(self, entry: Entry) -> Entry | None:
        """Return the revision to write: the entry when it is new, the next one when it changed, else ``None``."""
        entry_id = entry.id or ""
        again = entry_id in self._seen
        self._seen.add(entry_id)
        known = self._archive.newest(entry_id) if self._archive is not None else None
        if known is None:
            self._counts["repeated" if again else "new"] += 1
            return None if again else entry
        if known.content_hash == entry.content_hash:
            self._counts["repeated" if again else "known"] += 1
            return None
        assert self._archive is not None  # noqa: S101 - it gave `known`
        revision, ignored = compare(self._archive.load(known), entry, same_walk=again or self._saw_in_walk(entry_id))
        self._counts["ignored"] += len(ignored)
        self._counts["changed" if revision is not None else "repeated" if again else "known"] += 1
        if revision is not None:
            revision.content_hash = content_hash(revision)
        return revision
