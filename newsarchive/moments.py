"""Moments as records and logs write them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(when: datetime) -> str:
    """Return an aware moment as RFC 3339, UTC, whole seconds.

    >>> moment(datetime(2017, 9, 5, 12, 30, tzinfo=UTC))
    '2017-09-05T12:30:00Z'
    """
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def now() -> str:
    """Return the present moment."""
    return moment(datetime.now(UTC))
