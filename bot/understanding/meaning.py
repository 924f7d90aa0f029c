"""Sentence vectors of what messages mean, whatever they are written in.

Languages that the sentence encoder does not know are first put word by word into English through a
glossary (`glossary.gloss`): rough, but enough for a vector near that of the same thing said in English.
"""

from collections.abc import Sequence

import numpy as np

from bot.understanding.encoder import Vectors, encode
from bot.understanding.glossary import gloss
from bot.understanding.language import Language


def sentence_vectors(texts: Sequence[str], languages: Sequence[Language | None]) -> Vectors:
    """Return one vector of unit length per text (zeros for an empty one)."""
    codes = [language.code if language else "en" for language in languages]
    return encode([gloss(text, code) for text, code in zip(texts, codes, strict=True)])


def card_vectors(texts: Sequence[str]) -> Vectors:
    """Vectors for `bot.library`'s search, whose texts come without a language.

    The script tells the language where the encoder needs help; Latin letters are taken as they are.
    """
    from bot.understanding.language import by_script

    return np.asarray(sentence_vectors(texts, [by_script(text) for text in texts]))
