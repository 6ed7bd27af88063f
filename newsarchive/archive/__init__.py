"""One source's folder on disk: append-only logs, an index derived from them, a lock. It knows nothing of HTML."""
