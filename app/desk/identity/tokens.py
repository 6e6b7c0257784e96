"""Random tokens of cookies and links, and the hashes stored in their place."""

import hashlib
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Token:
    """A new token. The text is given out once; the hash is stored."""

    text: str = field(repr=False)
    hash: str


def new_token() -> Token:
    text = secrets.token_urlsafe(32)
    return Token(text, hash_of(text))


def hash_of(text: str) -> str:
    # 256 random bits cannot be guessed, so the hash needs neither salt nor slowness.
    return hash_of_bytes(text.encode())


def hash_of_bytes(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()
