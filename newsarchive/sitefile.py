"""Site files: a source described in TOML, read and written without code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsarchive.errors import ListingError, UnreadableFileError
from newsarchive.listing import Listing, check_keys
from newsarchive.text.urls import resolve, slug_for_name

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("slug", "start", "listing", "target", "spider")
"""The last two stand only in an archive's own ``source.toml``, which is read like a site file."""


@dataclass(frozen=True, kw_only=True)
class SiteFile:
    """What a site file says: the slug of the source, where its listing starts and how it is read."""

    slug: str
    start: tuple[str, ...]
    listing: Listing


def read_site_file(path: Path) -> SiteFile:
    """Read a site file.

    :raises ListingError: it cannot be read, or something in it is wrong; the message names file and key
    :raises UnreadableFileError: the user may not read it
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except PermissionError as error:
        raise UnreadableFileError(f"{path}: cannot be read: {error.strerror}") from error
    except OSError as error:
        raise ListingError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ListingError(f"{path}: is not UTF-8 text") from error
    except ValueError as error:
        raise ListingError(f"{path}: is not TOML: {error}") from error
    try:
        return _from_table(table, path.stem)
    except ListingError as error:
        raise ListingError(f"{path}: {error}") from error


def _from_table(table: dict[str, Any], stem: str) -> SiteFile:
    check_keys("", table, KEYS)
    if "listing" not in table:
        raise ListingError("listing: a site file needs a [listing] table")
    slug = table.get("slug", stem)
    if not isinstance(slug, str) or ("slug" in table and slug_for_name(slug) != slug):
        raise ListingError(f"slug: expected lower-case letters, digits and -, such as 'gazette'; found {slug!r}")
    start = table.get("start")
    if start is None:
        raise ListingError("start: is missing; give the address of the first listing page")
    starts = [start] if isinstance(start, str) else start
    if not isinstance(starts, list) or not starts:
        raise ListingError(f"start: expected the address of the first listing page, or a list of them; found {start!r}")
    for url in starts:
        if not isinstance(url, str) or resolve(url, "") is None:
            raise ListingError(f"start: expected an address that begins with http:// or https://, found {url!r}")
    starts = list(dict.fromkeys(starts))
    listing = Listing.from_table(table["listing"])
    if listing.format == "text":
        raise ListingError("listing.format: a text listing is a file of its own; harvest that file")
    return SiteFile(slug=slug_for_name(slug), start=tuple(starts), listing=listing)
