"""Every exception that newsarchive raises on purpose. Each message names the input, what was expected and a way on."""

from __future__ import annotations


class NewsArchiveError(Exception):
    """Root of them all; ``status`` is the exit status that the command line ends with."""

    status = 1


class ListingError(NewsArchiveError, ValueError):
    """A `Listing`, a pager or a site file is wrong. Raised when it is built, naming the attribute."""

    status = 2


class TargetError(NewsArchiveError):
    """A harvest target is no address, file, slug or spider. Raised before anything is fetched."""

    status = 2


class UsageError(NewsArchiveError):
    """Command line words contradict each other. Raised before anything is fetched."""

    status = 2


class NoListingError(NewsArchiveError):
    """A first page shows nothing that can be read. Raised by the reader of files."""

    status = 4


class UnreadableFileError(NewsArchiveError):
    """A file that was named as a target may not be read. Raised before anything is fetched."""


class ArchiveError(NewsArchiveError):
    """The archive on disk cannot be read or written. Raised with nothing half-written."""


class DamagedLogError(ArchiveError):
    """A line of a log is not what this version can read. Raised when a source is opened, before it is changed."""


class LockedError(NewsArchiveError):
    """Another run holds the source. Raised when a source is opened for writing."""

    status = 75
