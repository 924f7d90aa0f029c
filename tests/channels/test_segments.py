"""Segment arithmetic, held against the vectors of Twilio's own calculator."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.segments import (
    GSM7_BASIC,
    GSM7_EXTENSION,
    GSM7_LANGUAGES,
    MAX_BODY_UNITS,
    graphemes,
    is_gsm7,
    measure,
    outside_gsm7,
    reduce_to_gsm7,
    segments_of,
    split_for_sms,
)

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"

GSM_TEXT = st.text(st.sampled_from(sorted(GSM7_BASIC | GSM7_EXTENSION)), max_size=700)
ANY_TEXT = st.one_of(
    GSM_TEXT,
    st.text(max_size=400),
    st.lists(
        st.sampled_from(["a", "€", "ó", "😀", FAMILY, "न", "मा", "ሰ", " ", ". "]), max_size=300
    ).map("".join),
)


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("€" * 153, "GSM-7", 3),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),
        ("ó" * 70, "UCS-2", 1),
        ("ó" * 71, "UCS-2", 2),
        ("ó" * 134, "UCS-2", 2),
        ("ó" * 135, "UCS-2", 3),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
        ("😀" * 67, "UCS-2", 3),
        ("ó" * 66 + "😀" + "ó" * 66, "UCS-2", 3),
        (FAMILY * 8, "UCS-2", 1),
        (FAMILY * 9, "UCS-2", 2),
        ("`", "UCS-2", 1),
        ("", "GSM-7", 1),
    ],
)
def test_counts_as_twilios_calculator_does(text: str, encoding: str, segments: int) -> None:
    found = measure(text)
    assert (found.encoding, found.segments) == (encoding, segments)


@pytest.mark.parametrize(
    ("language", "inside", "outside"),
    [
        ("es", "éüñÉÜÑ¿¡", "áíóúÁÍÓÚ«»ªº"),
        ("pt", "àéüÇÉ", "áâãçêíóôõúÀÁÂÃÊÍÓÔÕÚ"),
        ("fr", "àæéèùüÆÇÉÜ", "âçêëîïôœûÿÀÂÈÊËÎÏÔŒÙÛ«»’\u202f"),
        ("ht", "èòàù", "ÈÒÀ’"),
        ("none", "@£$¥_^{}\\[~]|€\n\r\f", "`\t“”‘–—…\u00a0ªº°😀"),
    ],
)
def test_alphabet_is_the_letter_of_the_standard(language: str, inside: str, outside: str) -> None:
    assert is_gsm7(inside), language
    assert outside_gsm7(outside) == list(dict.fromkeys(outside))


def test_the_basic_table_and_its_extension_have_their_sizes() -> None:
    assert len(GSM7_BASIC) == 127  # 128 places less the escape
    assert len(GSM7_EXTENSION) == 10
    assert not GSM7_BASIC & GSM7_EXTENSION


def test_a_decomposed_letter_costs_ucs2_until_it_is_composed() -> None:
    decomposed = "cafe\u0301"
    assert measure(decomposed).encoding == "UCS-2"
    assert measure(unicodedata.normalize("NFC", decomposed)).encoding == "GSM-7"


@given(ANY_TEXT)
def test_segments_join_to_the_text_and_hold_what_a_part_can(text: str) -> None:
    found = measure(text)
    parts = segments_of(text)
    assert "".join(parts) == text
    assert len(parts) == found.segments
    limit = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[found.encoding][len(parts) > 1]
    for part in parts:
        if found.encoding == "GSM-7":
            assert sum(2 if char in GSM7_EXTENSION else 1 for char in part) <= limit
        else:
            assert len(part.encode("utf-16-le", "surrogatepass")) // 2 <= limit


@given(ANY_TEXT)
def test_no_border_cuts_a_grapheme(text: str) -> None:
    if measure(text).encoding == "UCS-2":
        whole = graphemes(text)
        if all(measure(cluster).units <= 67 for cluster in whole):
            assert [c for part in segments_of(text) for c in graphemes(part)] == whole


@given(ANY_TEXT)
def test_greedy_is_never_below_the_naive_count(text: str) -> None:
    found = measure(text)
    alone, part = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[found.encoding]
    assert (found.segments == 1) == (found.units <= alone)
    assert found.units <= alone or found.segments >= -(-found.units // part)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Don’t pay – “ask” first…", 'Don\'t pay - "ask" first...'),
        ("fr", "Reçu : l’œuvre n° 3 coûte « cher »", 'Recu : l\'oeuvre no 3 coute "cher"'),
        ("es", "¿Está el niño aquí? 1º y 2ª", "¿Esta el niño aqui? 1o y 2a"),
        ("pt", "Não é à toa: ações, pães, Ígor", "Nao é à toa: açoes, paes, Igor"),
        ("ht", "Èske ou konnen? À demen, Ò!", "Eske ou konnen? A demen, O!"),
        ("en", "e\u0301te\u0301 A\u0308", "été Ä"),
        ("en", "zero\u200bwidth soft\u00adhyphen no\u00a0break", "zerowidth softhyphen no break"),
        ("en", "Łukasz Đorđe ŋ x\u0302", "Lukasz Dorde ng x"),
    ],
)
def test_reduction_keeps_every_letter(language: str, text: str, expected: str) -> None:
    reduced = reduce_to_gsm7(text, language)
    assert reduced == expected.replace("ç", "c")
    assert is_gsm7(reduced)


@pytest.mark.parametrize("text", ["पासपोर्ट – “राख्नु”", "ፓስፖርት…", "护照「被扣」", "جواز «السفر»"])
@pytest.mark.parametrize("language", sorted(GSM7_LANGUAGES))
def test_reduction_never_touches_another_script(text: str, language: str) -> None:
    assert reduce_to_gsm7(text, language) == text


@pytest.mark.parametrize("language", ["ar", "zh", "am", "ne", "sw", ""])
def test_reduction_is_only_for_languages_that_are_read_without_accents(language: str) -> None:
    assert reduce_to_gsm7("Não – “sim”", language) == "Não – “sim”"


def test_accents_stay_when_an_emoji_makes_the_message_ucs2_anyway() -> None:
    assert reduce_to_gsm7("Não 😀", "pt") == "Não 😀"


@given(st.text(st.characters(max_codepoint=0x24F), max_size=200))
def test_reduction_drops_no_letter_and_is_idempotent(text: str) -> None:
    reduced = reduce_to_gsm7(text, "pt")
    assert reduce_to_gsm7(reduced, "pt") == reduced
    before = unicodedata.normalize("NFC", text)
    letters = [char for char in before if char.isalpha()]
    assert sum(char.isalpha() for char in reduced) >= len(letters)
    assert reduced == text or is_gsm7(reduced)


def _bare(text: str) -> str:
    return "".join(text.split())


@given(ANY_TEXT, st.integers(1, 4))
def test_splitting_loses_nothing_but_white_space(text: str, most: int) -> None:
    pieces = split_for_sms(text, most)
    assert _bare("".join(pieces)) == _bare(text)
    for piece in pieces:
        assert piece == piece.strip() != ""
        assert measure(piece).segments <= most
        assert len(piece.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_BODY_UNITS


def test_splitting_prefers_the_end_of_a_sentence() -> None:
    first = "The law protects you. " * 7
    second = "Keep a copy of the contract."
    pieces = split_for_sms(first + second, 1)
    assert len(pieces) == 2
    assert all(piece.endswith(".") for piece in pieces)


@pytest.mark.parametrize("end", ["।", "።", "。", "؟", "?", "!"])
def test_sentence_ends_of_every_script_are_known(end: str) -> None:
    sentence = "ሰ" * 30 + end
    assert split_for_sms((sentence + " ") * 3, 1) == [f"{sentence} {sentence}", sentence]


def test_an_address_of_a_page_stays_whole() -> None:
    address = "https://example.org/" + "a" * 60
    for start in range(60, 140, 7):
        pieces = split_for_sms("w " * (start // 2) + address + " end", 1)
        assert sum(address in piece for piece in pieces) == 1


def test_a_word_longer_than_a_message_is_cut_between_graphemes() -> None:
    pieces = split_for_sms(FAMILY * 20, 1)
    assert all(set(graphemes(piece)) == {FAMILY} for piece in pieces)


def test_a_message_of_no_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        split_for_sms("text", 0)
