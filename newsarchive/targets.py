"""What a harvest target means: an address, a file, a source of the archive, or a spider's name, tried in this order."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsarchive.archive.source import DESCRIPTION, list_sources, read_description
from newsarchive.errors import ArchiveError, TargetError, UnreadableFileError, UsageError
from newsarchive.sitefile import read_site_file
from newsarchive.text.urls import page_key, resolve, slug_for_name, slug_for_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LATER = (".warc", ".warc.gz", ".wacz", ".html", ".htm", ".xhtml", ".mhtml", ".pdf")
_SNIFFED = 4096


@dataclass(frozen=True, kw_only=True)
class Job:
    """One source to harvest and how.

    :ivar spider: name of the spider, ``None`` for a text file
    :ivar arguments: what the spider is built with
    :ivar text: the text listing to read, ``None`` for a spider
    """

    target: str
    slug: str
    spider: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    text: Path | None = None


@dataclass(frozen=True)
class Targets:
    """Finds out what targets mean.

    :param archive: folder of the archive
    """

    archive: Path

    @cached_property
    def spiders(self) -> dict[str, list[str]]:
        """The start addresses of every spider, by name."""
        from newsarchive.harvest import load_spiders

        return {name: list(getattr(cls, "start_urls", [])) for name, cls in load_spiders().items()}

    def job(self, target: str, *, spider: str | None = None, start: str | None = None, slug: str | None = None) -> Job:
        """Return the job that a target means.

        :raises TargetError: it means nothing; the message names what is near
        :raises UsageError: the options do not fit the target
        :raises ListingError: a site file is wrong
        :raises UnreadableFileError: a file cannot be read
        """
        target = target.strip()
        if not target:
            raise TargetError("a target is empty: expected an address, a file, a source of the archive or a spider")
        if spider is not None:
            self._check_spider(spider)
        if start is not None and resolve(start, "") is None:
            raise UsageError(f"--start {start!r}: expected an address that begins with http:// or https://")
        if slug is not None and slug_for_name(slug) != slug:
            raise UsageError(
                f"--slug {slug!r}: expected lower-case letters, digits and -, such as {slug_for_name(slug)}"
            )
        if "://" in target:
            return self._address(target, spider, start, slug)
        if spider is not None:
            raise UsageError(f"--spider reads an address; {target!r} is none. Give the address of the listing")
        return self._named(target, start, slug)

    def _named(self, target: str, start: str | None, slug: str | None) -> Job:
        path = Path(target)
        if _exists(path):
            if start is not None:
                raise UsageError("--start replaces a spider's start; a file has its own")
            return self._file(target, path, slug)
        if path.name == target and _exists((folder := self.archive / target) / DESCRIPTION):
            if slug is not None:
                raise UsageError(f"--slug names a new source; {target} is one already")
            return self._source(folder, start)
        if target in self.spiders:
            return self._spider(target, start, slug)
        raise TargetError(self._unknown(target))

    def _claim(self, slug: str, is_same: Callable[[dict[str, Any]], bool]) -> str:
        """Return a slug, after making sure that it does not name another source already: two never become one."""
        description = read_description(self.archive / slug)
        if description is not None and not is_same(description):
            known = " ".join(description.get("start") or [str(description.get("target"))])
            raise UsageError(
                f"{self.archive / slug} is the source {known} already; name this one with another --slug, or change "
                f"{self.archive / slug / DESCRIPTION} if that source has moved"
            )
        return slug

    def _check_spider(self, name: str) -> None:
        if name not in self.spiders:
            near = difflib.get_close_matches(name, self.spiders, n=3)
            known = ", ".join(near or sorted(self.spiders))
            raise TargetError(f"there is no spider {name!r}; {'did you mean' if near else 'there are'} {known}")

    def _address(self, target: str, spider: str | None, start: str | None, slug: str | None) -> Job:
        if resolve(target, "") is None:
            raise TargetError(f"{target!r} is no address that can be harvested: expected http://… or https://…")
        if start is not None:
            raise UsageError("--start replaces a spider's start; the target is an address already")
        target = resolve(target, "") or target
        if slug is None and (known := self._known_start(target)) is not None:
            job = self._source(known, None)
            if spider is None:
                return job
            return Job(target=target, slug=job.slug, spider=spider, arguments={"start": target})
        slug = self._claim(slug or slug_for_url(target), lambda known: _starts_at(known, [target]))
        if spider is None and (folder := self.archive / slug).joinpath(DESCRIPTION).is_file():
            return self._source(folder, None)
        return Job(target=target, slug=slug, spider=spider or "address", arguments={"start": target})

    def _known_start(self, address: str) -> Path | None:
        """Return the folder of the source that starts at an address; ``None`` when there is none."""
        for folder in list_sources(self.archive):
            try:
                description = read_description(folder) or {}
            except ArchiveError:  # another source's damage is not this one's
                continue
            if _starts_at(description, [address]):
                return folder
        return None

    def _file(self, target: str, path: Path, slug: str | None) -> Job:
        if path.suffix == ".toml":
            site = read_site_file(path)
            slug = self._claim(slug or site.slug, lambda known: _starts_at(known, site.start))
            return Job(target=target, slug=slug, spider="site", arguments={"file": str(path.resolve())})
        if path.is_dir() or path.name.lower().endswith(_LATER) or _is_markup(path):
            kind = "folder" if path.is_dir() else "saved page or web archive"
            raise TargetError(
                f"{target} is a {kind}; this version reads addresses, site files (.toml) and plain-text listings only"
            )
        _check_text(target, path)
        own = str(path.resolve())
        slug = self._claim(slug or slug_for_name(path.stem), lambda known: known.get("target") == own)
        return Job(target=target, slug=slug, text=path.resolve())

    def _source(self, folder: Path, start: str | None) -> Job:
        """Return the job that harvests a source of the archive once more, as its description says."""
        description = read_description(folder) or {}
        target = str(description.get("target") or folder.name)
        spider, starts = description.get("spider"), list(description.get("start") or [])
        if description.get("listing", {}).get("format") == "text":
            path = Path(target)
            if not path.exists():
                raise TargetError(f"{folder.name} was read from {path}, which is not there any more")
            return Job(target=target, slug=folder.name, text=path)
        if spider == "site" or spider not in self.spiders:
            if start is not None:
                raise UsageError("--start replaces a spider's start; a site file has its own")
            return Job(target=target, slug=folder.name, spider="site", arguments={"file": str(folder / DESCRIPTION)})
        return Job(target=target, slug=folder.name, spider=spider, arguments={"start": start or " ".join(starts)})

    def _spider(self, name: str, start: str | None, slug: str | None) -> Job:
        if name == "site" or (start is None and not self.spiders[name]):
            need = "--start URL" if name != "site" else "a site file as the target"
            raise TargetError(f"spider {name} has no address of its own; give it {need}")
        own = self.spiders[name]
        found = slug or (slug_for_name(name) if own else slug_for_url(start or ""))

        def is_same(known: dict[str, Any]) -> bool:  # a spider with an address of its own is one publication anywhere
            return (bool(own) and known.get("spider") == name) or _starts_at(known, [start or ""])

        self._claim(found, is_same)
        return Job(target=name, slug=found, spider=name, arguments={"start": start} if start else {})

    def _unknown(self, target: str) -> str:
        names = [*self.spiders, *(folder.name for folder in list_sources(self.archive))]
        near = difflib.get_close_matches(target, names, n=3)
        if near:
            hint = f"Did you mean {', '.join(near)}?"
        elif "/" in target and "." in target.partition("/")[0].strip("."):
            hint = f"If it is an address, give it whole: https://{target}"
        elif "/" in target or Path(target).suffix:
            hint = f"There is no file {Path(target).absolute()}."
        else:
            hint = "An address begins with http:// or https://."
        return f"{target!r} is no address, file, source of {self.archive} or spider. {hint}"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name too long to be one
        return False


def _starts_at(description: dict[str, Any], starts: Iterable[str]) -> bool:
    known = {page_key(one) for one in description.get("start") or []}
    return any(page_key(one) in known for one in starts)


def _check_text(target: str, path: Path) -> None:
    """Make sure that a file may be a text listing.

    :raises TargetError: it is of another kind
    :raises UnreadableFileError: it cannot be read
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
    except OSError as error:
        raise UnreadableFileError(f"{target} cannot be read: {error.strerror or error}") from error
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TargetError(f"{target} is a binary file; expected an address, a site file (.toml) or a text listing")


def _is_markup(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
    except OSError:
        return False
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return head.startswith((b"<!doctype", b"<html", b"<?xml", b"warc/", b"pk\x03\x04", b"%pdf"))
