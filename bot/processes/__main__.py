"""`python -m bot.processes`: the demonstration, before Django's settings can be read."""

from bot.processes.demo import run_demo

if __name__ == "__main__":
    raise SystemExit(run_demo())
