"""Passwords: argon2id, with a dummy verification so that unknown accounts take as long."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD_LENGTH = 10

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt and parameters."""
    return _hasher.hash(password)


@cache
def dummy_hash() -> str:
    """What an account that is not there is compared with. Made by the first comparison, not by
    each command that never compares."""
    return hash_password("nobody has this password")


def is_right_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` fits; takes the same time when there is no such account."""
    try:
        _hasher.verify(stored or dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """True when the parameters have been raised since this hash was made."""
    return _hasher.check_needs_rehash(stored)


# Syllables can be read out and typed on a phone; nine of them are about 51 bits.
CONSONANTS, VOWELS = "bdfghklmnpstw", "aeou"


def make_password() -> str:
    """A random one for somebody else, in three words."""
    return "-".join("".join(_syllable() for _ in range(3)) for _ in range(3))


def _syllable() -> str:
    return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)
