"""Choose a passphrase; it is stored as a hash."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type

from learn.account import passphrases
from tests.learn.registration import (
    ANOTHER,
    PASSPHRASE,
    SIGN_IN,
    register,
    sign_in,
    sign_ins,
    try_to_keep,
)

ODD = (
    "8 signs!",
    "🐢🐢🐌🐌🌱🌱🌙🌙",
    "пароль на ночь",
    "' OR 1=1; --",
    "x1y-" * 256,
    "null\x00null",
)


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", "Choose a passphrase"),
        ("        ", "Choose a passphrase"),
        ("seven77", "too short"),
        ("  seven77  ", "too short"),
        ("x1" * 2048, "too long"),
        ("password1", "easy to guess"),
        ("Pass Word 123", "easy to guess"),
        ("aaaaaaaaaaaa", "easy to guess"),
        ("12345678", "easy to guess"),
        ("hgfedcba", "easy to guess"),
        ("anastasia!", "much like your nickname"),
    ],
)
def test_an_invalid_passphrase_is_rejected_with_a_reason(ana, passphrase, said, connection):
    try_to_keep(ana, "Anastasia", passphrase)

    assert ana.page.status_code == 422
    assert said in ana.text
    assert 'href="#passphrase"' in ana.html
    assert 'value="Anastasia"' in ana.html
    assert sign_ins(connection) == []


def test_a_megabyte_passphrase_gets_the_too_large_page(ana):
    assert try_to_keep(ana, "Ana", "x" * 1_000_000).status_code == 413
    assert "too long to send" in ana.text


def test_common_passphrases_are_rejected():
    """As many as OWASP's standard asks for, of those that are long enough to be chosen."""
    common = [w for w in passphrases._COMMON if len(w) >= passphrases.MIN_LENGTH]  # noqa: SLF001

    assert len(common) > 3000
    for word in common:
        assert passphrases.find_error(word.upper(), "Ana") == "common"


@pytest.mark.parametrize("passphrase", ODD)
def test_any_other_text_is_a_valid_passphrase(ana, ben, passphrase):
    register(ana, "Ana", passphrase)

    assert sign_in(ben, "Ana", passphrase).status_code == 303


def test_a_passphrase_is_normalized_across_keyboards(ana, ben):
    register(ana, "Ana", "Café\u00a0au lait ")

    assert sign_in(ben, "Ana", " Cafe\u0301 au lait").status_code == 303


def test_passphrases_are_hashed_with_the_configured_parameters():
    assert isinstance(passphrases.HASHER, PasswordHasher)
    assert passphrases.HASHER.type is Type.ID
    assert passphrases.HASHER.memory_cost == 19 * 1024  # KiB
    assert passphrases.HASHER.time_cost == 2
    kept = passphrases.HASHER.hash(PASSPHRASE)
    assert len(kept) <= SIGN_IN.c.passphrase.type.length
    assert passphrases.verify(passphrases.HASHER, kept, PASSPHRASE)
    assert not passphrases.verify(passphrases.HASHER, kept, ANOTHER)
    assert not passphrases.verify(passphrases.HASHER, None, PASSPHRASE)
    assert not passphrases.verify(passphrases.HASHER, "not a hash", PASSPHRASE)


def test_an_unknown_nickname_costs_as_much_as_a_known_one():
    made = passphrases._dummy_hash(passphrases.HASHER)  # noqa: SLF001

    assert not passphrases.HASHER.check_needs_rehash(made)
    assert len(made) == len(passphrases.HASHER.hash(PASSPHRASE))
