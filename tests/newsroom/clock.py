"""A clock of one's own: what the product takes for the present moment."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from typing import Any

import newsarchive
import pipelines
import spiders

_ROOMS = (newsarchive, pipelines, spiders)


@contextmanager
def at(clock: Callable[[], datetime]) -> Iterator[None]:
    """Have every module of the product ask ``clock`` for the present moment while the block runs.

    It counts for ``datetime.now`` alone, by whatever name a module has imported ``datetime``; ``time`` goes on.

    :param clock: returns an aware moment

    >>> from datetime import UTC
    >>> from newsarchive.moments import now
    >>> with at(lambda: datetime(2031, 5, 9, 12, tzinfo=UTC)):
    ...     now()
    '2031-05-09T12:00:00Z'
    """
    clocked = _clocked(clock)
    replaced = [
        (module, name)
        for module in _modules()
        for name, value in list(vars(module).items())
        if value is datetime and not name.startswith("__")
    ]
    for module, name in replaced:
        setattr(module, name, clocked)
    try:
        yield
    finally:
        for module, name in replaced:
            setattr(module, name, datetime)


def _clocked(clock: Callable[[], datetime]) -> type:
    """Return what passes for ``datetime``: it makes and recognises the real ones, so that none of its own remain."""

    class Recognising(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, datetime)

    class Clocked(datetime, metaclass=Recognising):
        def __new__(cls, *args: Any, **kwargs: Any) -> Any:
            return datetime(*args, **kwargs)  # noqa: DTZ001 - the product's own affair

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return clock().astimezone(tz)

    return Clocked


def _modules() -> list[Any]:
    """Return all modules of the product, imported: one that came later would have the real clock."""
    if not _imported:
        for room in _ROOMS:
            found = pkgutil.walk_packages(room.__path__, f"{room.__name__}.")
            _imported.extend(one.name for one in found if not one.name.endswith("__main__"))
        for name in _imported:
            importlib.import_module(name)
    return [sys.modules[name] for name in _imported]


_imported: list[str] = []
