"""What a response is: a page that can be read, or why it is none, in plain words."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest, ResponseDataLossError
from scrapy.http import HtmlResponse, TextResponse, XmlResponse

if TYPE_CHECKING:
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

GONE = (404, 410)
NOT_MODIFIED = 304
_OK = 200
_SURE_AGE = timedelta(minutes=1)
_MARKUP = ("html", "xml")
_DEEPEST = 2048
"""Levels of nesting that libxml2 reads; what lies deeper it passes over in silence."""

_MEANING = {
    401: " (it asks for a login)",
    403: " (forbidden)",
    404: " (not found)",
    410: " (gone)",
    429: " (too many requests: try later, or with a longer --delay)",
    500: " (error of the server)",
    502: " (error of the server)",
    503: " (the server is not available)",
    504: " (error of the server)",
}
_IGNORED = {
    "Forbidden by robots.txt": "robots.txt forbids it",
    "max redirections reached": "redirects in a circle",
}


def unreadable(response: Response) -> str | None:
    """Return why a response is no listing page; ``None`` when it may be one."""
    if response.status != _OK:
        return f"answered {response.status}{_MEANING.get(response.status, '')}"
    if not response.body.strip():
        return "answered with an empty body"
    kind = (header(response, "Content-Type") or "html").lower()
    is_markup = any(name in kind for name in _MARKUP) or response.body[:200].lstrip().startswith(b"<")
    if not is_markup or not isinstance(response, TextResponse) or response.selector.type not in _MARKUP:
        return f"is no HTML page ({header(response, 'Content-Type') or 'no Content-Type'})"
    return None


def as_utf8(response: TextResponse) -> TextResponse:
    """Return a response read as UTF-8 where its bytes are that, whatever the header or the page says."""
    if isinstance(response, XmlResponse) and b"http://www.w3.org/1999/xhtml" in response.body[:4096]:
        response = response.replace(cls=HtmlResponse)  # XHTML: selectors know no namespaces
    if response.encoding.replace("_", "-").lower() in ("utf-8", "utf8") or response.body.isascii():
        return response
    try:
        response.body.decode("utf-8")
    except UnicodeDecodeError:
        return response
    return response.replace(encoding="utf-8")


def lost_in_parsing(response: TextResponse) -> bool:
    """Tell whether the parser gave up on a page: far fewer elements came out than tags went in."""
    tags = response.body.count(b"<")
    return tags > 2 * _DEEPEST and tags > 4 * sum(1 for _ in response.selector.root.iter())


def header(response: Response, name: str) -> str | None:
    """Return a header's value; ``None`` where the response has none of that name."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def validating_date(response: Response) -> str | None:
    """Return ``Last-Modified`` where it can tell whether a page has changed since, else ``None``.

    It counts whole seconds: a page that changed in the very second of the answer may change in it once more
    (RFC 9110, 8.8.2.2). So it must be older than the server's ``Date``, by more than a clock may be off.
    """
    changed, answered = header(response, "Last-Modified"), header(response, "Date")
    try:
        age = parsedate_to_datetime(answered or "") - parsedate_to_datetime(changed or "")
    except (TypeError, ValueError):
        return None
    return changed if age >= _SURE_AGE else None


def say_failure(error: BaseException | None, settings: BaseSettings) -> str:
    """Return an error of the download as one plain sentence part."""
    largest = f"is larger than {settings.getint('DOWNLOAD_MAXSIZE') // (1 << 20)} MB"
    if isinstance(error, IgnoreRequest):
        if "DOWNLOAD_MAXSIZE" in str(error):  # found while it was decompressed
            return largest
        return _IGNORED.get(str(error), str(error) or "was not asked")
    if isinstance(error, DownloadTimeoutError):
        return f"gave no whole answer within {settings.getint('DOWNLOAD_TIMEOUT')} seconds"
    if isinstance(error, DownloadCancelledError):
        return largest
    if isinstance(error, ResponseDataLossError):
        return "broke off before its end"
    text = " ".join(str(error).split())
    return f"cannot be reached ({text or type(error).__name__})"
