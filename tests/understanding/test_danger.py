# ruff: noqa: E501 (tables of messages read better one case a cell)
"""The lists find danger now and leave past, supposed and legal questions alone."""

from pathlib import Path

import pytest
import yaml

from bot.understanding import danger
from bot.understanding.classifier import SAFE
from bot.understanding.language import LANGUAGES
from bot.understanding.normalise import match_key

NOW = {
    "en": [("he is hitting me right now", "violence"), ("he locks the door at night", "captivity"), ("they took my father an hour ago", "arrest"), ("i want to die", "self_harm"), ("my daughter is missing", "missing_child"), ("she is bleeding a lot", "medical"), ("they sold me to a man", "trafficking"), ("police just took my husband", "arrest"), ("cant leave the house guards at gate", "captivity")],
    "fr": [("je suis enfermée à clé", "captivity"), ("la police vient d'emmener mon mari", "arrest"), ("je veux mourir", "self_harm"), ("elle saigne beaucoup", "medical")],
    "es": [("estoy encerrada no me dejan salir", "captivity"), ("se acaban de llevar a mi papá", "arrest"), ("se me perdió mi hija", "missing_child"), ("ya no quiero vivir", "self_harm")],
    "pt": [("ele tá me batendo agora", "violence"), ("tranquei? não, me trancaram no quarto", "captivity"), ("quero morrer", "self_harm"), ("a polícia levou meu marido", "arrest")],
    "ar": [("بيضربني دلوقتي", "violence"), ("قافلين علي الباب ما اقدر اطلع", "captivity"), ("ana ma7bousa fel beit", "captivity"), ("ابني مو قادر يتنفس", "medical")],
    "zh": [("我被锁在房间里", "captivity"), ("他正在打我", "violence"), ("我不想活了", "self_harm"), ("警察刚把我老公带走", "arrest")],
    "ht": [("yo fèmen m nan kay la", "captivity"), ("lapolis fenk pran mari m", "arrest"), ("l ap bat mwen kounye a", "violence"), ("m vle mouri", "self_harm")],
    "am": [("ቤት ውስጥ ቆልፈውብኛል", "captivity"), ("አሁን እየመታኝ ነው", "violence"), ("ራሴን አጠፋለሁ", "self_harm"), ("ፖሊስ አሁን ባሌን ወሰደው", "arrest")],
    "ne": [("मलाई कोठामा थुनेको छ", "captivity"), ("malai kutdai cha ahile", "violence"), ("पुलिसले अहिले श्रीमानलाई लग्यो", "arrest"), ("मर्न मन छ", "self_harm")],
}  # fmt: skip
CALM = [
    ("en", "is it legal to lock workers in"), ("en", "what happens if police arrest me"), ("en", "last year my boss beat me can i complain"), ("en", "years ago i was locked in a house"),
    ("en", "boss took my passport"), ("en", "i was locked up before, now i am safe"), ("es", "estuve encerrada, ahora estoy a salvo"), ("fr", "et si la police m'arrête"), ("es", "qué pasa si me agarra la migra"), ("pt", "e se a polícia me prender"), ("zh", "如果警察抓我怎么办"), ("zh", "去年老板打过我还能告吗"),
    ("ar", "السنة الماضية ضربني المدير هل اقدر اشتكي"), ("ne", "पुलिसले समात्यो भने के हुन्छ"), ("am", "ፖሊስ ቢይዘኝ ምን ይሆናል"), ("ht", "si polis arete m sa k ap pase"),
]  # fmt: skip
_FOLDER = Path(danger.__file__).parent / "data" / "danger"


def _scores(likely: float, kind: str = "violence") -> list[tuple[str, float]]:
    rest = [(name, 0.0) for name in danger.KINDS if name != kind]
    return sorted([(SAFE, 1 - likely), (kind, likely), *rest], key=lambda pair: -pair[1])


@pytest.mark.parametrize(
    ("language", "text", "kind"), [(c, t, k) for c, rows in NOW.items() for t, k in rows]
)
def test_a_list_names_the_danger_of_now(language: str, text: str, kind: str) -> None:
    reading = danger.read(text, language)
    assert kind in dict(reading.cues)
    found = danger.detect(text, language, _scores(0.55, kind))
    assert found is not None
    assert found.kind == kind
    assert found.rule != "classifier"


@pytest.mark.parametrize(("language", "text"), CALM)
def test_past_supposed_and_legal_questions_raise_no_alarm_by_the_list_alone(
    language: str, text: str
) -> None:
    assert danger.detect(text, language, _scores(0.27)) is None


def test_without_a_cue_the_classifier_must_be_fairly_sure() -> None:
    assert danger.detect("something else entirely", "en", _scores(0.25)) is None
    found = danger.detect("something else entirely", "en", _scores(0.9, "medical"))
    assert found is not None
    assert (found.kind, found.rule) == ("medical", "classifier")


@pytest.mark.parametrize("code", [*LANGUAGES, "gloss"])
def test_every_language_has_a_list_for_every_kind(code: str) -> None:
    told = yaml.safe_load((_FOLDER / f"{code}.yml").read_text("utf-8"))
    assert set(told["cues"]) == set(danger.KINDS)
    for part in ("now", "past", "hypothetical", "law"):
        assert told[part]
    for rules in told["cues"].values():
        assert all(match_key(str(rule).replace("~", "").replace("|", " ")) for rule in rules)
