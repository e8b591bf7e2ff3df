"""``python -m dermtutor``."""

import sys

from dermtutor.cli import main

if __name__ == "__main__":
    sys.exit(main())
