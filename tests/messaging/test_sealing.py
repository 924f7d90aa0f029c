"""Sealing, rotation, and the keyed hash of an address."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.messaging.sealing import Sealer, SealError, lookup_hash

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_opens_again_and_does_not_show(text: str) -> None:
    sealed = Sealer((NEW,)).seal(text)

    assert Sealer((NEW,)).open(sealed) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_after_a_new_key_was_put_first_old_texts_still_open_and_can_be_moved() -> None:
    sealed = Sealer((OLD,)).seal("text")
    both = Sealer((NEW, OLD))

    moved = both.reseal(sealed)

    assert both.open(sealed) == "text"
    assert Sealer((NEW,)).open(moved) == "text"
    with pytest.raises(SealError):
        Sealer((OLD,)).open(moved)


@pytest.mark.parametrize("token", [b"", b"x", b"\xff"])
def test_a_broken_token_is_an_error_never_a_text(token: bytes) -> None:
    with pytest.raises(SealError):
        Sealer((NEW,)).open(token)


def test_a_key_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(SealError, match="HAKI_SEALING_KEYS"):
        Sealer(("not a key",))


@given(st.text(max_size=30), st.text(max_size=30))
def test_channels_and_addresses_never_share_a_hash(one: str, other: str) -> None:
    same = lookup_hash("sms", one, "key") == lookup_hash("sms", other, "key")

    assert same == (one == other)
    assert lookup_hash("sms", one, "key") != lookup_hash("whatsapp", one, "key")
    assert lookup_hash("sms", one, "key") != lookup_hash("sms", one, "another key")
