"""The code with which a sender looks up the state of a message. Only its hash is stored."""

import base64
import hmac
import re
from collections.abc import Sequence

from app.web.client_network import keyed_hash

CODE_BYTES = 10
CODE = re.compile(r"[a-z2-7]{16}")
LETTERS_FOR_DIGITS = str.maketrans("018", "olb")
"""Digits that occur in no code, and the letters that they look like."""


def message_code(secret: str, key: str) -> str:
    """Return the code for a message's idempotency key: a form that is sent twice gets one code."""
    digest = hmac.digest(secret.encode(), f"code|{key}".encode(), "sha256")[:CODE_BYTES]
    return in_groups(base64.b32encode(digest).decode().lower())


def cleaned_code(text: str) -> str:
    """Return typed text in the canonical form of a code, or "" if it can't be a code."""
    characters = re.sub(r"[\s\-‐-―−]", "", text[:100]).lower().translate(LETTERS_FOR_DIGITS)
    return in_groups(characters) if CODE.fullmatch(characters) else ""


def in_groups(characters: str) -> str:
    return "-".join(characters[at : at + 4] for at in range(0, len(characters), 4))


def hash_of_code(secret: str, code: str) -> str:
    return keyed_hash(secret, f"letter code|{code}")


def hashes_of_code(secrets: Sequence[str], code: str) -> list[str]:
    """Return the hash of a code with each secret, so that codes survive a rotation of secrets."""
    return [hash_of_code(secret, code) for secret in secrets]
