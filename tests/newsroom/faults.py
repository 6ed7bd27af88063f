"""Faults on cue: which request is answered wrongly, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

FaultKind: TypeAlias = int | Literal["timeout", "truncated", "dropped", "empty", "blank", "wall"]
"""An HTTP status; no answer in time; a body shorter than its Content-Length; a closed connection; a page of the listing
without cards and pager; a body of nothing; a consent page."""


@dataclass(slots=True)
class Fault:
    """One fault of a schedule; it comes where all that is given of ``request``, ``page`` and ``path`` fits.

    :ivar kind: what happens
    :ivar request: the number of the request, from 1
    :ivar page: the number of the listing page that is asked
    :ivar path: path and query that are asked
    :ivar left: how often it still comes; ``None`` for ever
    :ivar headers: what the answer says besides, such as Retry-After
    """

    kind: FaultKind
    request: int | None = None
    page: int | None = None
    path: str | None = None
    left: int | None = 1
    headers: Mapping[str, str] = field(default_factory=dict)

    def fits(self, request: int, page: int | None, path: str) -> bool:
        """Tell whether it comes with a request."""
        return (
            self.left != 0
            and self.request in (None, request)
            and (self.page is None or self.page == page)
            and self.path in (None, path)
        )

    def use(self) -> Fault:
        """Count it as come once more; return it."""
        if self.left is not None:
            self.left -= 1
        return self


@dataclass(frozen=True, slots=True)
class Answer:
    """What the newspaper answers to one request.

    :ivar body: what is sent of it: of a truncated one less than Content-Length promises
    :ivar truncated: the connection ends before the body does
    :ivar timeout: nothing comes, for longer than anybody waits; all else here is then void
    :ivar dropped: the connection is closed without a word; all else here is then void
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False
    timeout: bool = False
    dropped: bool = False
