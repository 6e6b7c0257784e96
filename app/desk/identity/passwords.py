"""Hashing and checking passwords: argon2id, with the parameters that its library recommends."""

import re
import secrets
import threading
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from zxcvbn import zxcvbn

HASHER = PasswordHasher()

# Each takes 64 MB: a burst of sign-ins must not use up the machine's memory.
AT_ONCE = threading.BoundedSemaphore(4)


# zxcvbn refuses longer texts, and rates them slowly.
MAX_RATED_CHARACTERS = 72
MIN_SCORE = 4
"""More than ten thousand million guesses by whoever knows the usual words, names, dates and keyboard patterns."""

# zxcvbn puts the words of one call into a table that all threads share.
RATING = threading.Lock()


def is_easy_to_guess(password: str, known_words: Iterable[str]) -> bool:
    """Whether few guesses would find it. `known_words` are those that somebody would try first with this person."""
    words = [part for each in known_words for part in (each, *re.split(r"\W+", each)) if part]
    with RATING:
        rated = zxcvbn(password[:MAX_RATED_CHARACTERS], user_inputs=["sojourn", *words])
    return rated["score"] < MIN_SCORE


def hash_password(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether this is the password. Takes as long where there is none to compare with, which would tell who exists."""
    with AT_ONCE:
        try:
            HASHER.verify(password_hash or _hash_of_nobody(), password)
        except VerifyMismatchError:
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
