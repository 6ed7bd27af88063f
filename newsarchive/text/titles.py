"""Titles: plain text as the page shows it."""

from newsarchive.text.whitespace import fold


def clean_title(text: str) -> str | None:
    r"""Return ``text`` with its white space folded, else as it stands; ``None`` when nothing is left.

    >>> clean_title(" «\xa0Macron: 49.3,\n encore\xa0» ")
    '« Macron: 49.3, encore »'
    >>> clean_title(" ") is None
    True
    """
    return fold(text) or None
