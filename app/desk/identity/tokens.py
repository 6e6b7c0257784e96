"""Random keys that a browser or a link holds, and the hashes by which we know them again."""

import hashlib
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Token:
    """A new key: its text is given out once, its hash is kept."""

    text: str = field(repr=False)
    hash: str


def new_token() -> Token:
    text = secrets.token_urlsafe(32)
    return Token(text, hash_of(text))


def hash_of(text: str) -> str:
    # 256 random bits cannot be guessed from their hash, so it needs neither salt nor slowness.
    return hash_of_bytes(text.encode())


def hash_of_bytes(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()
