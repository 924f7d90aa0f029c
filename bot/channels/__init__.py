"""The channels: what comes in, what goes out, and what each phone can show. Knows no Rasa."""
