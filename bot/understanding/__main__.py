"""`python -m bot.understanding`: the same as `haki understand`, without Django."""

import sys

from bot.understanding.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
