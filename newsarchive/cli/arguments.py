"""Arguments that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import argparse

    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_archive(parser: argparse.ArgumentParser) -> None:
    """Add ``--archive``."""
    default = os.environ.get("NEWSARCHIVE_ARCHIVE") or "archive"
    parser.add_argument(
        "--archive",
        type=Path,
        default=Path(default),
        metavar="DIR",
        help="folder of the archive (default: $NEWSARCHIVE_ARCHIVE, else ./archive)",
    )
