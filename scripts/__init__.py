"""Programs for people who work on newsarchive; nothing here is installed with it."""
