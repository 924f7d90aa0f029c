"""The whole path from a text to what it means, on models learnt from data/nlu."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from bot.understanding.archive import ModelMissing, read_models
from bot.understanding.command import main
from bot.understanding.live import Reader
from bot.understanding.reader import ASK, Known
from bot.understanding.topics import TOPICS


@pytest.fixture(scope="session")
def archive(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models packed the way Rasa packs its components."""
    folder = tmp_path_factory.mktemp("trained")
    models = reader._models
    path = folder / "haki.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, model in (("l", models.language), ("n", models.ngrams), ("i", models.intents)):
            part = folder / f"train_{name}"
            part.mkdir()
            model.save(part)
            for file in part.iterdir():
                tar.add(file, f"components/{part.name}/{file.name}")
    return path


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("boss tk my pasport wat 2 do", "en", "documents"),
        ("mon patron veu pa payé", "fr", "wages"),
        ("patwon an pa vle peye m", "ht", "wages"),
        ("मालिकले राहदानी दिँदैन", "ne", "documents"),
        ("malik le talab diyena", "ne", "wages"),
        ("አሰሪዬ ፓስፖርቴን ወሰደ", "am", "documents"),
        ("se me venció el permiso de trabajo", "es", "regularisation"),
        ("صاحب الشغل مش بيدفع الراتب", "ar", "wages"),
    ],
)
def test_a_question_is_asked_about_its_topic(
    reader: Reader, text: str, language: str, topic: str
) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.language == language
    assert meant.act == ASK
    assert meant.topics[0][0] == topic
    assert {name for name, _ in meant.topics} == set(TOPICS)
    assert sum(share for _, share in meant.topics) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("can i join a union and also they keep my passport", {"union", "documents"}),
        ("el patron no me paga, y también me quitó el pasaporte", {"wages", "documents"}),
        ("老板三个月没发工资，还有护照也被他扣了", {"wages", "documents"}),
    ],
)
def test_two_questions_in_one_message_are_both_found(
    reader: Reader, text: str, topics: set[str]
) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.second is not None
    assert {meant.topics[0][0], meant.second.topic} == topics
    assert meant.second.apart
    assert sum(share for _, share in meant.topics) == pytest.approx(1, abs=1e-3)
    assert sum(share for _, share in meant.intents) == pytest.approx(1, abs=1e-3)


def test_one_matter_told_in_two_sentences_is_one_question(reader: Reader) -> None:
    (meant,) = reader.read(["My boss took my passport. He keeps it in his office."], [Known()])
    assert meant.second is None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("stop", "stop"),
        ("talk to a person", "human"),
        ("who won the match yesterday", "out_of_scope"),
        ("thank you so much", "thanks"),
        ("सुरु", "start"),
    ],
)
def test_what_is_no_question_has_another_act(reader: Reader, text: str, act: str) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.act == act
    assert meant.danger is None


@pytest.mark.parametrize("text", ["goodbye", "Adieu.", "adios", "bye bye", "no", "good night"])
def test_words_of_small_talk_alone_are_no_alarm(reader: Reader, text: str) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.danger is None
    (told,) = reader.read(["goodbye my children, i took the pills"], [Known()])
    assert told.danger is not None
    assert told.danger.kind == "self_harm"


@pytest.mark.parametrize(
    "text", ["he locks the door at night", "انا محبوس", "yo fèmen m nan kay la"]
)
def test_danger_leads_to_a_topic_never_to_small_talk(reader: Reader, text: str) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.danger is not None
    assert meant.danger.kind == "captivity"
    assert meant.act == ASK
    assert meant.intents[0][0] in TOPICS


@pytest.mark.parametrize("text", ["", " ", "?", "🙂🙂🙂", "\x00", "a" * 5000, "தமிழ்"])
def test_anything_can_be_read(reader: Reader, text: str) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.intents


def test_a_batch_means_what_its_messages_mean_alone(reader: Reader) -> None:
    texts = ["boss took my passport", "hola", "मालिकले कुट्छ", "", "kote konsila a ye"]
    together = reader.read(texts, [Known()] * len(texts))
    alone = [reader.read([text], [Known()])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert (one.language, one.act, one.topics[0][0]) == (
            other.language,
            other.act,
            other.topics[0][0],
        )


def test_models_are_read_from_an_archive(archive: Path, reader: Reader) -> None:
    again = Reader(read_models(archive))
    (stored,) = again.read(["boss took my passport"], [Known()])
    (learnt,) = reader.read(["boss took my passport"], [Known()])
    assert dict(stored.intents) == pytest.approx(dict(learnt.intents), abs=0.001)


def test_a_missing_or_foreign_archive_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="No trained model"):
        read_models(tmp_path / "none.tar.gz")
    foreign = tmp_path / "foreign.tar.gz"
    with tarfile.open(foreign, "w:gz"):
        pass
    with pytest.raises(ModelMissing, match="not trained by Haki"):
        read_models(foreign)


def test_haki_understand_answers_line_by_line(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAKI_STATE_DIR", str(tmp_path))
    lines = [{"text": "boss took my passport in penang", "country": "MYS"}, {"text": "stop"}]
    out = io.StringIO()
    source = io.StringIO("\n".join(json.dumps(line) for line in lines))
    content = _small_library(tmp_path)
    assert main(["--model", str(archive), "--content", str(content)], source, out) == 0
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["act"] == "ask"
    assert first["topics"][0]["topic"] == "documents"
    assert first["danger"] is False
    assert first["places"][0]["country"] == "MYS"
    assert first["cards"][0]["card"] == "mys/passport-kept"
    assert second["act"] == "stop"
    assert second["cards"] == []


@pytest.mark.parametrize("line", ["no json", '{"no": "text"}', "[1]"])
def test_a_bad_line_is_named_by_its_number(
    archive: Path,
    tmp_path: Path,
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HAKI_STATE_DIR", str(tmp_path))
    arguments = ["--model", str(archive), "--content", str(_small_library(tmp_path))]
    assert main(arguments, io.StringIO(line), io.StringIO()) == 1
    assert "Line 1" in capsys.readouterr().err


def _small_library(folder: Path) -> Path:
    """The real library's Malaysian shelf for passports, so that encoding it stays short."""
    import shutil

    content = Path(__file__).resolve().parents[2] / "content"
    small = folder / "content"
    small.mkdir()
    for name in ("topics.yml", "countries.yml"):
        shutil.copy(content / name, small / name)
    for name in ("strings", "treaties", "treaties.yml"):
        if (content / name).is_dir():
            shutil.copytree(content / name, small / name)
        elif (content / name).exists():
            shutil.copy(content / name, small / name)
    for card in ("mys/passport-kept", "mys/unpaid-wages"):
        shutil.copytree(content / "cards" / card, small / "cards" / card)
    return small


@pytest.mark.parametrize("text", ["no nepal", "no, malaysia", "yes qatar", "hello jordan"])
def test_a_place_behind_yes_or_no_is_still_the_answer(reader: Reader, text: str) -> None:
    (meant,) = reader.read([text], [Known()])
    assert meant.act == "inform"
