"""`python -m bot.library`: the editors' commands without Django and its engines."""

from bot.library.commandline import main

raise SystemExit(main())
