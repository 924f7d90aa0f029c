"""Rasa's graph and the live function say the same of a message."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding.components import (
    CharNgramFeaturizer,
    IntentClassifier,
    LanguageDetector,
    MessageReader,
    SentenceEncoderFeaturizer,
)
from bot.understanding.examples import NLU_FOLDER, read_examples
from bot.understanding.importer import MessageImporter
from bot.understanding.live import Reader
from bot.understanding.reader import Known
from bot.understanding.training import train

TRAINED = (LanguageDetector, CharNgramFeaturizer, IntentClassifier)
PART = 5  # every fifth message: both learn the same in seconds
TWO = "can i join a union? and also my boss took my passport"
MESSAGES = [
    "boss took my passport in penang",
    "yo fèmen m nan kay la",
    "hola",
    "stop",
    "मलेसिया",
    TWO,
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """The five components, trained on a part of data/nlu and loaded again from storage."""
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("storage"))
    context = ExecutionContext(GraphSchema({}), node_name="node")
    data = _training_data()
    encoder = SentenceEncoderFeaturizer.create({"alias": None}, storage, Resource("e"), context)
    loaded: list[object] = []
    for kind in (
        LanguageDetector,
        SentenceEncoderFeaturizer,
        CharNgramFeaturizer,
        IntentClassifier,
    ):
        if kind is SentenceEncoderFeaturizer:
            component = encoder
        else:
            resource = Resource(kind.__name__)
            kind.create({"alias": None}, storage, resource, context).train(data)
            component = kind.load({"alias": None}, storage, resource, context)
        if kind is not IntentClassifier:
            data = component.process_training_data(data)
        loaded.append(component)
    return [*loaded, MessageReader.create({}, storage, Resource("r"), context)]


@pytest.fixture(scope="module")
def live() -> Reader:
    """The live function, learnt from the same part."""
    return Reader(train(list(read_examples())[::PART]))


def _training_data() -> TrainingData:
    read = MessageImporter(training_data_paths=[str(NLU_FOLDER.parent)]).get_nlu_data()
    return TrainingData(read.training_examples[::PART])


def _parse(graph: list[object], text: str, **metadata: str) -> Message:
    messages = [Message(data={"text": text, "metadata": metadata})]
    for component in graph:
        messages = component.process(messages)  # type: ignore[attr-defined]
    return messages[0]


@pytest.mark.parametrize("text", MESSAGES)
def test_the_graph_and_the_live_function_agree(
    graph: list[object], live: Reader, text: str
) -> None:
    message = _parse(graph, text)
    (meant,) = live.read([text], [Known()])
    assert message.get("intent")["name"] == meant.intents[0][0]
    assert message.get("intent")["confidence"] == pytest.approx(meant.intents[0][1], abs=0.08)
    entities = message.get("entities")
    assert [e["value"] for e in entities if e["entity"] == "language"] == [meant.language]
    assert [e["value"] for e in entities if e["entity"] == "country"] == [
        place.country for place in meant.places
    ]
    second = [(e["value"], e["start"], e["role"]) for e in entities if e["entity"] == "second"]
    told = meant.second
    assert second == ([(told.topic, told.start, "apart" if told.apart else "")] if told else [])
    kinds = [e["value"] for e in entities if e["entity"] == "danger"]
    assert kinds == ([meant.danger.kind] if meant.danger else [])


def test_what_a_message_keeps_can_be_stored_as_json(graph: list[object]) -> None:
    import json

    message = _parse(graph, "he locks the door at night in amman")
    json.dumps([message.get("intent"), message.get("intent_ranking"), message.get("entities")])
    assert all(entity["extractor"] == "MessageReader" for entity in message.get("entities"))


def test_a_message_without_text_passes_through(graph: list[object]) -> None:
    messages = [Message(data={"action_name": "action_listen"})]
    for component in graph:
        messages = component.process(messages)  # type: ignore[attr-defined]
    assert messages[0].get("intent") is None


@pytest.mark.parametrize("kind", TRAINED)
def test_a_change_of_code_or_tables_trains_again(kind: type, tmp_path: Path) -> None:
    before = kind.fingerprint_addon({})  # type: ignore[attr-defined]
    assert before.startswith(kind.__name__)
    assert len(before) > 64
