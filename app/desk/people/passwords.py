"""Hashing and checking passwords: argon2id, with the parameters that its library recommends."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

HASHER = PasswordHasher()

# Each takes 64 MB: a burst of sign-ins must not use up the machine's memory.
AT_ONCE = threading.BoundedSemaphore(4)


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
