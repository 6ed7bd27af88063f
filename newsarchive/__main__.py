"""``python -m newsarchive`` is the command ``newsarchive``."""

import sys

from newsarchive.cli import main

if __name__ == "__main__":
    sys.exit(main())
