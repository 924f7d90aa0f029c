"""Rasa graph components: the same steps as :func:`bot.understanding.live.understand`, in Rasa's
graph.

Order in config.yml: LanguageDetector, SentenceEncoderFeaturizer, CharNgramFeaturizer,
IntentClassifier, MessageReader. Rasa wires components by real annotations: no `from __future__
import annotations` here.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import coo_matrix, csr_matrix, vstack

from bot.understanding.classifier import SAFE, Example, IntentModel
from bot.understanding.clauses import Clause, clauses
from bot.understanding.danger import support
from bot.understanding.encoder import Vectors
from bot.understanding.examples import NLU_FOLDER, labelled_texts
from bot.understanding.kernel import Floats
from bot.understanding.language import Language, LanguageModel
from bot.understanding.meaning import codes_of, ngram_rows, ngram_space, sentence_vectors
from bot.understanding.ngrams import NgramSpace
from bot.understanding.reader import Known, Understanding, compose

LANGUAGE = "haki_language"
SCORES = "haki_scores"
# A message's clauses as messages of their own: the same components read them beside it.
CLAUSES = "haki_clauses"
CLAUSE = "haki_clause"
# `rasa test` compares entities with those written into its stories, where a language and a danger
# have no place. With this variable set (`make evaluate` does) messages carry intents alone.
ONLY_INTENTS = "HAKI_ONLY_INTENTS"
_RANKING = 12  # intents that a message carries on; actions offer the first few


def texts_of(messages: list[Message]) -> list[str]:
    """The texts of messages, '' for those without (Rasa asks about actions too)."""
    return [str(message.get(TEXT) or "") for message in messages]


def languages_of(messages: list[Message]) -> list[Language | None]:
    """The languages noted for messages."""
    return [message.get(LANGUAGE) for message in messages]


def code_hash(component: type) -> str:
    """A hash of this package's code and tables: a change there trains again."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for path in sorted([*package.glob("*.py"), *package.glob("data/**/*.*")]):
        digest.update(path.read_bytes())
    return f"{component.__name__}-{digest.hexdigest()}"


class _Stored(GraphComponent):
    """A component whose learnt part is one model with `save(folder)` and `load(folder)`."""

    _storage: ModelStorage
    _resource: Resource

    @classmethod
    def _new(cls, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> "_Stored":
        component = cls()
        component._storage, component._resource = storage, resource
        return component

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        return cls._new(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return code_hash(cls)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class LanguageDetector(_Stored):
    """Notes the language of each message; learns from the folders of data/nlu."""

    model: LanguageModel

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the languages from `data/nlu/<language>/`, whatever part of it Rasa trains on."""
        self.model = LanguageModel.fit(labelled_texts(NLU_FOLDER))
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """Read the stored model."""
        component = cls._new(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.model = LanguageModel.load(folder)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Note the detected language, as it will be in use, not the folder's."""
        self._note(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Note the language of each message for the next components, and its clauses."""
        self._note(messages)
        for message, text in zip(messages, texts_of(messages), strict=True):
            found = clauses(text, message.get(LANGUAGE).code)
            message.set(CLAUSES, [_clause_message(message, clause) for clause in found])
        return messages

    def _note(self, messages: list[Message]) -> None:
        for message, text in zip(messages, texts_of(messages), strict=True):
            message.set(LANGUAGE, self.model.detect(text))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds the sentence vector of each message's meaning (`meaning.sentence_vectors`)."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Nothing to learn: the encoder comes with its weights."""
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the code or the tables change."""
        return code_hash(cls)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add vectors to all training messages, many at a time."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add one vector a message; messages without text (commands) get none."""
        spoken = spoken_in(messages)
        texts = texts_of(spoken)
        for message, vector in zip(
            spoken, sentence_vectors(texts, languages_of(spoken)), strict=False
        ):
            row = vector.reshape(1, -1)
            self.add_features_to_message(row, row, TEXT, message)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharNgramFeaturizer(SparseFeaturizer, _Stored):
    """Adds character n-grams and words, tf-idf weighted, of unit length."""

    space: NgramSpace

    @classmethod
    def _new(
        cls, config: dict[str, Any], storage: ModelStorage, resource: Resource
    ) -> "CharNgramFeaturizer":
        component = cls(resource.name, config)
        component._storage, component._resource = storage, resource
        return component

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the vocabulary of the intent examples."""
        examples = training_data.intent_examples
        self.space = ngram_space(texts_of(examples), languages_of(examples))
        with self._storage.write_to(self._resource) as folder:
            self.space.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """Read the stored vocabulary."""
        component = cls._new(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.space = NgramSpace.load(folder)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add n-grams to all training messages."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add one row of n-grams a message; messages without text get none."""
        spoken = spoken_in(messages)
        rows = ngram_rows(self.space, texts_of(spoken), languages_of(spoken))
        for number, message in enumerate(spoken):
            row = coo_matrix(rows[number])
            self.add_features_to_message(row, row, TEXT, message)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(_Stored):
    """Ranks the intents, and scores danger for the reader after it."""

    model: IntentModel

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intents and their `metadata` (`also`, `danger`, `stage`; data/nlu)."""
        messages = [m for m in training_data.intent_examples if m.get(TEXT)]
        vectors, ngrams = features_of(messages)
        examples = [example_of(message) for message in messages]

        def lists(numbers: Sequence[int]) -> Floats:
            return support_of([messages[number] for number in numbers])

        self.model = IntentModel.fit(vectors, ngrams, lists, examples)
        with self._storage.write_to(self._resource) as folder:
            self.model.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GraphComponent:
        """Read the stored models."""
        component = cls._new(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.model = IntentModel.load(folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `intent` and `intent_ranking`; keep all scores for the reader."""
        spoken = spoken_in(messages)
        if not spoken:
            return messages
        ranked = self.model.score(*features_of(spoken), support_of(spoken))
        for message, scores in zip(spoken, ranked, strict=True):
            message.set(SCORES, scores)
            set_intents(message, scores.intents)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageReader(GraphComponent):
    """Reads the whole message: adds country, stage, language and danger as entities, and
    corrects the intent where a table knows better (reserved words, danger)."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GraphComponent:
        """Nothing to learn."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the code or the tables change."""
        return code_hash(cls)

    def process(self, messages: list[Message]) -> list[Message]:
        """Compose what the steps before found."""
        for message in messages:
            if message.get(SCORES) is None:
                continue
            known = known_from(message.get("metadata") or {})
            language: Language = message.get(LANGUAGE)
            parts = [(part.get(CLAUSE), part.get(SCORES)) for part in message.get(CLAUSES) or ()]
            meant = compose(str(message.get(TEXT)), language, message.get(SCORES), known, parts)
            set_intents(message, meant.intents)
            told = [] if os.environ.get(ONLY_INTENTS) else entities_of(meant)
            entities = message.get(ENTITIES, []) + told
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


def spoken_in(messages: list[Message]) -> list[Message]:
    """The messages that have a text (commands have none), and the clauses of each."""
    spoken = [message for message in messages if message.get(TEXT)]
    return [*spoken, *(part for message in spoken for part in message.get(CLAUSES) or ())]


def _clause_message(message: Message, clause: Clause) -> Message:
    return Message({TEXT: clause.text, LANGUAGE: message.get(LANGUAGE), CLAUSE: clause})


def known_from(metadata: dict[str, Any]) -> Known:
    """What the channel says about the person, from a message's metadata."""
    return Known(
        country=str(metadata.get("country") or "") or None,
        stage=str(metadata.get("stage") or "") or None,
        language=str(metadata.get("language") or "") or None,
        channel=str(metadata.get("channel") or "") or None,
    )


def entities_of(meant: Understanding) -> list[dict[str, Any]]:
    """The entities that Rasa keeps in `tracker.latest_message` (see the package's docstring).

    What holds for the whole message spans it: Rasa's own tools take positions for granted.
    """
    whole = {"start": 0, "end": len(meant.text)}
    language = {"value": meant.language, "confidence_entity": meant.language_confidence}
    found: list[dict[str, Any]] = [{"entity": "language", **language, **whole}]
    found.extend(
        {
            "entity": "country",
            "value": place.country,
            "role": place.role,
            "start": place.start,
            "end": place.end,
            "confidence_entity": place.confidence,
        }
        for place in meant.places
    )
    if meant.stage:
        found.append({"entity": "stage", "value": meant.stage, **whole})
    if meant.second:
        place = {"start": meant.second.start, "end": meant.second.end}
        role = "apart" if meant.second.apart else ""
        found.append({"entity": "second", "value": meant.second.topic, "role": role, **place})
    if meant.danger:
        told = {"value": meant.danger.kind, "rule": meant.danger.rule}
        score = {"confidence_entity": meant.danger.score}
        found.append({"entity": "danger", **told, **score, **whole})
    return [{**entity, "extractor": "MessageReader"} for entity in found]


def set_intents(message: Message, ranked: Sequence[tuple[str, float]]) -> None:
    """Write Rasa's `intent` and `intent_ranking`."""
    ranking = [{"name": name, "confidence": share} for name, share in ranked[:_RANKING]]
    message.set(INTENT, ranking[0], add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)


def features_of(messages: list[Message]) -> tuple[Vectors, csr_matrix]:
    """The sentence vectors and the n-grams, left by the featurizers before."""
    dense, sparse = [], []
    for message in messages:
        vector = message.get_dense_features(TEXT)[1]
        row = message.get_sparse_features(TEXT)[1]
        dense.append(vector.features)
        sparse.append(row.features)
    return np.vstack(dense).astype(np.float32), csr_matrix(vstack(sparse))


def support_of(messages: list[Message]) -> Floats:
    """What the lists of danger add to the score of each message."""
    return support(texts_of(messages), codes_of(languages_of(messages)))


def example_of(message: Message) -> Example:
    """A training message's labels; `metadata` of data/nlu stands under "intent"."""
    told = (message.get("metadata") or {}).get("intent") or {}
    return Example(
        intent=str(message.get(INTENT)),
        also=tuple(str(topic) for topic in told.get("also", ())),
        danger=str(told.get("danger") or SAFE),
        stage=str(told.get("stage") or ""),
    )
