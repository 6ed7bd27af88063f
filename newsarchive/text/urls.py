"""Addresses: made absolute, stripped of tracking, and compared.

Nothing here raises on a malformed address: pages hold every kind of string where an address should be.
The rules are our own rather than a library's, because keys made by them are kept for decades and must
not change with a dependency's version.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote

_DEFAULT_PORTS = {"http": 80, "https": 443}

# The generic form of RFC 3986, appendix B; it matches any string.
_REFERENCE = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(//[^/?#]*)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:(.*)@)?(\[[0-9A-Fa-f:.]+\]|[^:\[\]]*)(?::([0-9]*))?", re.DOTALL)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")

# What must be percent-encoded: all but the characters that RFC 3986 allows in that part. In a query browsers encode
# the apostrophe too, so a request for the address shows the same bytes as the record.
_UNSAFE_IN_PATH = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/%-]+")
_UNSAFE_IN_QUERY = re.compile(r"[^A-Za-z0-9._~!$&()*+,;=:@/?%-]+")
_UNSAFE_IN_FRAGMENT = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
_UNSAFE_IN_USERINFO = re.compile(r"[^A-Za-z0-9._~!$&'()*+,;=:%-]+")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_LONGEST_HOST = 255

_BROWSERS_STRIP = "".join(map(chr, range(0x21)))
_BROWSERS_REMOVE = re.compile(r"[\t\n\r]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)

# Parameters that say how a reader came or who is reading, never what is read. Short on purpose: a parameter dropped
# in error makes two articles one.
_TRACKING = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "phpsessid", "jsessionid"}
)
_TRACKING_PREFIXES = ("utm_", "aspsessionid")
# Names that also mean other things ("sid" is a story's id in PHP-Nuke): a session only with a session's value.
_PERHAPS_SESSION = frozenset({"sid", "s", "sessid", "sessionid", "session_id", "zenid"})
_SESSION_VALUE = re.compile(r"[0-9A-Fa-f]{16,}")
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_NAME = re.compile(r"[^a-z0-9_]+")
_SLUG_LENGTH = 60
_NAME_LENGTH = 100


class _Address(NamedTuple):
    scheme: str  # "http", "https" or "" where a key left it out
    userinfo: str  # "user:secret@" or ""
    host: str  # lower-case ASCII, an IPv6 address in brackets
    port: int | None  # None where it is the scheme's default
    path: str  # begins with "/", without dot segments
    query: str
    fragment: str

    def text(self, *, fragment: bool = True) -> str:
        """Write the address, with or without its fragment."""
        scheme = f"{self.scheme}:" if self.scheme else ""
        port = "" if self.port is None else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        tail = f"#{self.fragment}" if fragment and self.fragment else ""
        return f"{scheme}//{self.userinfo}{self.host}{port}{self.path}{query}{tail}"


def resolve(href: str, base: str) -> str | None:
    """Return the absolute address that ``href`` means on the page ``base``, fragment kept.

    Only http and https: anything else (``javascript:``, ``mailto:``, a malformed host, nothing) is
    ``None``. As browsers do, white space around and line breaks within are dropped, backslashes are
    slashes, dot segments are resolved and what an address cannot hold is percent-encoded (as UTF-8).
    Query keys without a value and marks such as ``,`` and ``+`` stay as they are.

    >>> resolve("spip.php?mot12&debut_articles=20#pagination", "https://example.org/blog/")
    'https://example.org/blog/spip.php?mot12&debut_articles=20#pagination'
    >>> resolve("javascript:void(0)", "https://example.org/") is None
    True
    """
    address = _resolve(href, base)
    return address.text() if address else None


def article_url(href: str, base: str, page: str | None = None) -> str | None:
    """Return the address of the article that ``href`` leads to, or ``None``.

    Links start at ``base``, which is the address of the page unless ``page`` says another.

    That is `resolve` without fragment, tracking and session parameters; the rest of the query keeps
    its order. An address that is the page's own but for the fragment keeps its fragment, because there
    it is what tells one entry from the next.

    >>> article_url("/a?utm_source=x&mot1#top", "https://example.org/news")
    'https://example.org/a?mot1'
    >>> article_url("#post-7", "https://example.org/news")
    'https://example.org/news#post-7'
    """
    address = _resolve(href, base)
    if address is None:
        return None
    path, query = _without_tracking(address.path, address.query)
    cleaned = address._replace(path=path, query=query)
    own = bool(cleaned.fragment) and page_key(cleaned.text(fragment=False)) == page_key(page or base)
    return cleaned.text(fragment=own)


def identity_key(url: str, *, keep_fragment: bool = False) -> str:
    """Return the key that all spellings of one article's address share, ``//host/path?query``.

    Scheme, leading ``www.``, default port, user, tracking and (unless ``keep_fragment``) fragment are
    left out, percent-encoding is made uniform and the query's parameters are sorted by name; a key
    without a value stays one. The key of a key is that key. What is no http address is its own key.

    >>> identity_key("http://www.Example.org:80/%7Eb/../a?id=2&mot1&utm_source=x#top")
    '//example.org/a?id=2&mot1'
    """
    return _key(url, keep_fragment=keep_fragment, sort=True)


def page_key(url: str) -> str:
    """Return the key that all spellings of one listing page's address share.

    An `identity_key` that ignores a slash at the end of the path too: no site lists two things there.

    >>> page_key("https://www.example.org/news/?page=2#list") == page_key("http://example.org/news?page=2")
    True
    """
    key = identity_key(url)
    path, mark, query = key.partition("?")
    return f"{path.rstrip('/')}/{mark}{query}" if key.startswith("//") else key


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, lower-case host and port (the default one filled in) of an absolute address.

    ``("", "", 0)`` when ``url`` is no http or https address.

    >>> origin("HTTPS://Example.org/a")
    ('https', 'example.org', 443)
    """
    address = _parse(url)
    if address is None or not address.scheme:
        return ("", "", 0)
    return (address.scheme, address.host, address.port or _DEFAULT_PORTS[address.scheme])


def same_site(first: str, second: str) -> bool:
    """Say whether two addresses are of one site: one host but for ``www.``, one port or both default.

    >>> same_site("http://example.org/a", "https://www.example.org/b")
    True
    >>> same_site("http://example.org/", "http://example.org:8080/")
    False
    """
    a, b = _parse(first), _parse(second)
    if a is None or b is None or not (a.scheme and b.scheme) or _bare_host(a.host) != _bare_host(b.host):
        return False
    if a.port is None and b.port is None:
        return True
    return origin(first)[2] == origin(second)[2]


def slug_for_url(url: str) -> str:
    """Return the folder name for a start address: readable, and different for different addresses.

    >>> slug_for_url("https://www.example.org/spip.php?mot12")
    'example-org-spip-php-mot12-9af2f3'
    """
    key = _key(url, keep_fragment=False, sort=False)
    readable = _NOT_SLUG.sub("-", _ascii(unquote(key))).strip("-")[:_SLUG_LENGTH].strip("-")
    return f"{readable}-{_digest(key)}" if readable else f"source-{_digest(key)}"


def slug_for_name(name: str) -> str:
    """Return a folder name for a file's stem or a site file's slug: ``a-z``, ``0-9``, ``_`` and ``-``.

    Never empty: ``source`` for a name without letters and digits; a name in another script keeps
    ``source`` and a hash, so that two of them stay two.

    >>> slug_for_name("Left Voice.en"), slug_for_name("..."), slug_for_name("новости")
    ('left-voice-en', 'source', 'source-b936c4')
    """
    slug = _NOT_NAME.sub("-", _ascii(name)).strip("-")[:_NAME_LENGTH].strip("-")
    if slug.strip("_"):
        return slug
    return f"source-{_digest(name)}" if any(map(str.isalnum, name)) else "source"


def _resolve(href: str, base: str) -> _Address | None:
    href = _BROWSERS_REMOVE.sub("", href.strip(_BROWSERS_STRIP))
    if not href:
        return None
    scheme, authority, path, query, fragment = _split(href)
    if scheme not in ("", "http", "https"):
        return None
    if authority and scheme:
        return _parse(href)
    page = _parse_page(base)
    if page is None or not page.scheme or (scheme and scheme != page.scheme):
        return None
    if authority:
        return _parse(f"{page.scheme}:{href}")
    if not path:
        kept = page.query if query is None else _encode(_UNSAFE_IN_QUERY, query)
        return page._replace(query=kept, fragment=_encode(_UNSAFE_IN_FRAGMENT, fragment or ""))
    if not path.startswith("/"):
        path = page.path[: page.path.rfind("/") + 1] + path
    return page._replace(
        path=_without_dots(_encode(_UNSAFE_IN_PATH, path)),
        query=_encode(_UNSAFE_IN_QUERY, query or ""),
        fragment=_encode(_UNSAFE_IN_FRAGMENT, fragment or ""),
    )


def _split(reference: str) -> tuple[str, str | None, str, str | None, str | None]:
    if "\\" in reference:
        end = next((i for i, mark in enumerate(reference) if mark in "?#"), len(reference))
        reference = reference[:end].replace("\\", "/") + reference[end:]
    match = _REFERENCE.fullmatch(reference)
    if match is None:  # pragma: no cover - the expression matches every string
        return ("", None, reference, None, None)
    scheme, authority, path, query, fragment = match.groups()
    return ((scheme or "").lower(), authority, path, query, fragment)


def _parse(url: str) -> _Address | None:
    """Return the parts of an absolute http address (or of a key, which has no scheme), encoded."""
    scheme, authority, path, query, fragment = _split(url)
    if not authority or scheme not in ("", "http", "https"):
        return None
    match = _AUTHORITY.fullmatch(authority, 2)
    host = _host(match[2]) if match else None
    if match is None or host is None or len(match[3] or "") > 5 or int(match[3] or 0) > 0xFFFF:
        return None
    port = int(match[3]) if match[3] else None
    return _Address(
        scheme,
        _encode(_UNSAFE_IN_USERINFO, match[1]) + "@" if match[1] else "",
        host,
        None if port == _DEFAULT_PORTS.get(scheme, -1) else port,
        _without_dots(_encode(_UNSAFE_IN_PATH, path)) if path else "/",
        _encode(_UNSAFE_IN_QUERY, query or ""),
        _encode(_UNSAFE_IN_FRAGMENT, fragment or ""),
    )


# A page's own address is the base of all its entries.
_parse_page = lru_cache(maxsize=16)(_parse)


def _host(host: str) -> str | None:
    """Return ``host`` as DNS knows it, or ``None`` when no host can be called so."""
    if host.startswith("["):
        try:
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        except AddressValueError:
            return None
    host = host.lower()
    if len(host) > _LONGEST_HOST:
        return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    return host if _HOST.fullmatch(host) else None


def _encode(unsafe: re.Pattern[str], part: str) -> str:
    if not unsafe.search(part):
        return part
    return unsafe.sub(lambda match: quote(_SURROGATE.sub("\ufffd", match[0]), safe=""), part)


def _without_dots(path: str) -> str:
    if not _DOT_SEGMENT.search(path):
        return path
    kept: list[str] = []
    segment = ""
    for segment in path.split("/")[1:]:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
            continue
        segment = "."
    # A dot segment at the end names a folder.
    return "/" + "/".join([*kept, ""] if segment == "." else kept)


def _without_tracking(path: str, query: str) -> tuple[str, str]:
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    if query:
        query = "&".join([piece for piece in query.split("&") if not _is_tracking(piece)])
    return path, query


def _is_tracking(piece: str) -> bool:
    name, _, value = piece.partition("=")
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _PERHAPS_SESSION and _SESSION_VALUE.fullmatch(value) is not None


def _key(url: str, *, keep_fragment: bool, sort: bool) -> str:
    address = _parse(url)
    if address is None:
        return url
    path, query = _without_tracking(_without_dots(_uniform(address.path)), _uniform(address.query))
    if sort and "&" in query:
        # By name alone: the order of one parameter's values may mean something.
        query = "&".join(sorted(filter(None, query.split("&")), key=lambda piece: piece.partition("=")[0]))
    fragment = _uniform(address.fragment) if keep_fragment else ""
    return _Address("", "", _bare_host(address.host), address.port, path, query, fragment).text()


def _uniform(part: str) -> str:
    """Return ``part`` with one percent-encoding: none for unreserved characters, else upper-case."""
    return _PERCENT.sub(_uniform_percent, part) if "%" in part else part


def _uniform_percent(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return "%25"  # a percent sign that encodes nothing
    character = chr(int(digits, 16))
    return character if character in _UNRESERVED else f"%{digits.upper()}"


def _bare_host(host: str) -> str:
    host = host.removesuffix(".")
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
