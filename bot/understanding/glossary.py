"""Word-by-word English for languages that the sentence encoder cannot read."""

from bot.understanding.normalise import normalise


def gloss(text: str, language: str) -> str:
    """Return `text` as the encoder should read it."""
    return normalise(text)
