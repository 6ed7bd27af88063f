"""The way of an entry from the spider to the archive: normalize, validate, deduplicate, store. One class a module."""
