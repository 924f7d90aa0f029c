"""Languages that the encoder cannot read reach it in rough English."""

from pathlib import Path

import pytest
import yaml

from bot.understanding import glossary
from bot.understanding.normalise import match_key

FOLDER = Path(glossary.__file__).parent / "data" / "glossary"


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ne", "मालिकले मेरो राहदानी लियो", ["boss", "passport", "took"]),
        ("ne", "malik le talab diyena", ["boss", "didn't pay"]),
        ("am", "አሰሪዬ ፓስፖርቴን ወሰደ", ["boss", "passport", "took"]),
        ("am", "aseriye paspoerten wesede", ["boss", "passport", "took"]),
        ("ht", "patwon an pran paspò m", ["boss", "took", "passport"]),
        ("ar", "sa7eb el shoghl akhad gawazi", ["boss", "took", "passport"]),
        ("ar", "الشرطة اخدت زوجي", ["police", "took", "husband"]),
        ("ar", "والراتب بالشركة", ["wages", "company"]),
        ("ar", "مابيدفعش الراتب", ["not pay", "salary"]),
        ("zh", "lao ban na le wo de hu zhao", ["boss", "passport"]),
        ("en", "boss tk my pasport wat 2 do", ["boss", "took", "passport", "what to do"]),
        ("fr", "jsuis sans papiers g perdu mn récépissé", ["undocumented", "asylum receipt"]),
    ],
)
def test_the_words_that_matter_arrive_in_order(language: str, text: str, words: list[str]) -> None:
    rough = glossary.gloss(text, language)
    positions = [rough.find(word) for word in words]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_a_language_without_a_glossary_is_left_as_it_is() -> None:
    text = "O gerente ficou com o meu documento"
    assert not (FOLDER / "pt.yml").exists()
    assert glossary.gloss(text, "pt") == text.lower()


def test_chinese_characters_are_left_to_the_encoder() -> None:
    assert glossary.gloss("老板拿了我的护照", "zh") == "老板拿了我的护照"


def test_latin_words_without_an_entry_stay_and_other_scripts_go() -> None:
    assert "kuala" in glossary.gloss("malik kuala ma", "ne")
    assert glossary.gloss("झ्याप्प", "ne") == ""


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yml")), ids=lambda path: path.stem)
def test_every_form_of_a_glossary_can_be_found(path: Path) -> None:
    for english, forms in yaml.safe_load(path.read_text("utf-8")).items():
        assert forms or english == ""
        for form in forms:
            assert match_key(str(form)), f"{english}: {form!r} has no letters"
            assert glossary.gloss(str(form), path.stem)
