"""The language of a message, with a confidence that little evidence keeps low."""

import pytest

from bot.understanding.examples import labelled_texts
from bot.understanding.language import LanguageModel, by_script


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel.fit(labelled_texts())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("मेरो passport मालिकसँग छ", "ne"),
        ("ፓስፖርቴን ወሰዱት", "am"),
        ("أين السفارة", "ar"),
        ("我的护照 passport", "zh"),
    ],
)
def test_the_script_decides_also_among_latin_words(text: str, code: str) -> None:
    found = by_script(text)
    assert found is not None
    assert found.code == code
    assert found.confidence > 0.7


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("they took our phones and the door stays shut", "en"),
        ("on nous a laissés sans salaire depuis trois mois", "fr"),
        ("el dueño nos debe dos quincenas", "es"),
        ("o dono da oficina não deixa a gente descansar", "pt"),
        ("yo pa ban mwen jou repo nan kay sa a", "ht"),
        ("mero saathi lai company le nikalyo", "ne"),
        ("el modir mesh rady yedfa3 el floos", "ar"),
        ("aleka demoz alkefelegnim", "am"),
    ],
)
def test_latin_letters_are_told_apart(model: LanguageModel, text: str, code: str) -> None:
    found = model.detect(text)
    assert found.code == code
    assert found.confidence > 0.6


@pytest.mark.parametrize("text", ["", "123", "!!!", "ok", "KL", "a"])
def test_almost_no_evidence_gives_low_confidence(model: LanguageModel, text: str) -> None:
    assert model.detect(text).confidence < 0.75


def test_what_is_saved_is_what_is_loaded(model: LanguageModel, tmp_path_factory: object) -> None:
    folder = tmp_path_factory.mktemp("language")  # type: ignore[attr-defined]
    model.save(folder)
    again = LanguageModel.load(folder)
    text = "mon patron garde mes papiers"
    assert again.detect(text) == model.detect(text)


@pytest.mark.parametrize(
    "text", ["police", "visa", "malaysia", "nepal", "my passport", "hotel", "salaryo", "no nepal"]
)
def test_one_or_two_latin_words_never_choose_a_language(model: LanguageModel, text: str) -> None:
    assert model.detect(text).confidence <= 0.5


@pytest.mark.parametrize(
    ("text", "code"),
    [("hola", "es"), ("bonjour", "fr"), ("namaste", "ne"), ("hola ayuda", "es"), ("bonswa", "ht")],
)
def test_a_greeting_or_command_of_one_language_chooses_it(
    model: LanguageModel, text: str, code: str
) -> None:
    found = model.detect(text)
    assert (found.code, found.confidence) == (code, 0.9)
