"""Leading a person to a person: who fits, what is shared, how it is safe to write, consent."""
