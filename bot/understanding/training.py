"""Learning all models from data/nlu without Rasa: for evaluation, benchmarks and comparisons."""

from collections.abc import Sequence

from bot.understanding.archive import Models
from bot.understanding.classifier import IntentModel
from bot.understanding.danger import support
from bot.understanding.examples import Labelled
from bot.understanding.kernel import Floats
from bot.understanding.language import LanguageModel
from bot.understanding.meaning import codes_of, ngram_rows, ngram_space, sentence_vectors


def train(examples: Sequence[Labelled]) -> Models:
    """Return the models that Rasa's graph would learn from the same `examples`."""
    texts = [item.text for item in examples]
    language = LanguageModel.fit((item.text, item.language) for item in examples)
    detected = [language.detect(text) for text in texts]
    space = ngram_space(texts, detected)
    ngrams = ngram_rows(space, texts, detected)
    vectors = sentence_vectors(texts, detected)
    codes = codes_of(detected)

    def lists(numbers: Sequence[int]) -> Floats:
        return support([texts[i] for i in numbers], [codes[i] for i in numbers])

    labels = [item.example for item in examples]
    return Models(language, space, IntentModel.fit(vectors, ngrams, lists, labels))
