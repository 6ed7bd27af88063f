"""Harvest the paginated listing pages of news sites into a dated, deduplicated archive.

The library knows listings, entries and archives; it knows no site. Sites live in the top-level
package ``spiders``, the steps from a read entry to a stored record in ``pipelines``.
"""

__version__ = "0.1.0"
