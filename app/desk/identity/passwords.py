"""Password hashing (argon2id with the library's recommended parameters) and strength checks."""

import re
import secrets
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

HASHER = PasswordHasher()

# Each hash takes 64 MB: a burst of sign-ins must not exhaust the machine's memory.
HASHING_SLOTS = threading.BoundedSemaphore(4)


# zxcvbn rejects longer texts, and is slow on long ones.
MAX_RATED_CHARACTERS = 72
PASS_PHRASES = Path(__file__).with_name("pass_phrases.txt")
MIN_SCORE = 4
"""zxcvbn's highest score: more than 10^10 guesses."""

# zxcvbn stores the words of a call in a table shared by all threads.
RATING_LOCK = threading.Lock()


def is_easy_to_guess(password: str, known_words: Iterable[str]) -> bool:
    """Return whether the password is found with few guesses.

    Well-known phrases count for nothing: what is left without them is rated.
    `known_words` are words that an attacker would try first, such as the person's name.
    """
    # Imported here: the word lists of zxcvbn take 12 MB.
    from zxcvbn import zxcvbn

    words = [part for each in known_words for part in (each, *re.split(r"\W+", each)) if part]
    with RATING_LOCK:
        own = _pass_phrases().sub("", password) or "a"  # zxcvbn fails on an empty text
        rated = zxcvbn(own[:MAX_RATED_CHARACTERS], user_inputs=["sojourn", *words])
    return rated["score"] < MIN_SCORE


@cache
def _pass_phrases() -> re.Pattern[str]:
    """Return a pattern for all phrases, with any characters or none between their words."""
    lines = PASS_PHRASES.read_text().splitlines()
    phrases = [re.findall(r"\w+", line) for line in lines if not line.startswith("#")]
    phrases.sort(key=lambda words: -len("".join(words)))  # the longest first
    return re.compile("|".join(r"[\W_]*".join(words) for words in phrases), re.IGNORECASE)


def hash_password(password: str) -> str:
    with HASHING_SLOTS:
        return HASHER.hash(password)


def is_correct(password: str, password_hash: str | None) -> bool:
    """Return whether the password matches the hash.

    Takes equally long without a hash, so that timing does not reveal which accounts exist.
    """
    with HASHING_SLOTS:
        try:
            HASHER.verify(password_hash or _dummy_hash(), password)
        except VerifyMismatchError:
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Return whether the hash was made with weaker parameters than the current ones."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _dummy_hash() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))
