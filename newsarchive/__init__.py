"""Harvest the paginated listing pages of news sites into a dated, deduplicated archive.

The library knows listings, entries and archives; it knows no site. Sites live in the top-level
package ``spiders``, the steps from a read entry to a stored record in ``pipelines``.
"""

__version__ = "0.1.0"


def user_agent(contact: str | None = None) -> str:
    """Return the name that newsarchive gives itself, with the user's contact where there is one.

    >>> user_agent("https://archive.example/bot").partition("/")[2].partition(" ")[2]
    '(+https://archive.example/bot)'
    """
    return f"newsarchive/{__version__}" + (f" (+{contact})" if contact else "")
