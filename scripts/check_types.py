"""Run mypy on all our packages.

The Django plugin of mypy imports the settings, so they need values; the tests' own serve (no
server is started for it). mypy gets them from here because its plugin has no hook of its own.
"""

import sys

from mypy.main import main

import tests.own_environment  # noqa: F401 - sets HAKI_* for Django's settings

if __name__ == "__main__":
    sys.argv[1:] = sys.argv[1:] or ["bot", "actions", "console", "tests", "scripts"]
    main(clean_exit=False)
