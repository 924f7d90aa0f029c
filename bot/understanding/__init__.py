"""What a person means: language, act, topics, places, stage, danger. Knows nothing of Django."""
