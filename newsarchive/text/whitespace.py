"""White space and invisible characters: what a reader cannot see is not part of a text."""

import re

# Removed: controls that are not white space, soft hyphen, zero-width space, word joiner, byte order mark, bidi
# embeddings, overrides and isolates (U+202A-202E, U+2066-2069), and noncharacters. Kept: ZWJ and ZWNJ, which Indic
# scripts, Persian and emoji are spelt with, and the directional marks U+200E and U+200F, which reorder nothing else.
_PLANE_ENDS = "".join(chr(plane << 16 | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
    + _PLANE_ENDS
    + "]+"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def fold(text: str) -> str:
    r"""Return ``text`` on one line: each run of Unicode white space one space, none at the ends.

    Invisible characters that only a machine sees (controls, soft hyphens, zero-width spaces, bidi
    overrides, noncharacters) are removed; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
    Typographic marks stay. Nothing visible gives ``""``.

    >>> fold("  Ana\xa0García,\n  “El\u200bPaís” ")
    'Ana García, “ElPaís”'
    """
    # str.isprintable() is false for all that is removed or folded here but the plain space, and it runs at C speed:
    # most texts leave at the first or the second test, and no expression is tried on them.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    if _SURROGATE.search(folded):
        # UTF-16 joins the two halves of a pair that came apart and marks those that stand alone.
        folded = folded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return " ".join(_INVISIBLE.sub("", folded).split())
