"""Scoring understanding on labelled messages: `python -m bot.understanding.evaluation`."""
