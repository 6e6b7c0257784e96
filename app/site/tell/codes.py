"""The code that the sender of a letter is given, to see its state: derived from its key, stored only as a hash."""

import base64
import hmac
import re
from collections.abc import Sequence

from app.web.client_network import keyed_hash

CODE_BYTES = 10
CODE = re.compile(r"[a-z2-7]{16}")
MISREAD = str.maketrans("018", "olb")
"""Digits that no code has, and the letters that they look like."""


def code_of_letter(secret: str, key: str) -> str:
    """Return the code for a letter's key: sending the same letter twice gives the same code."""
    digest = hmac.digest(secret.encode(), f"code|{key}".encode(), "sha256")[:CODE_BYTES]
    return in_groups(base64.b32encode(digest).decode().lower())


def cleaned_code(text: str) -> str:
    """Return what was typed as a code is written, or "" if it can't be one."""
    signs = re.sub(r"[\s\-‐-―−]", "", text[:100]).lower().translate(MISREAD)
    return in_groups(signs) if CODE.fullmatch(signs) else ""


def in_groups(signs: str) -> str:
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def hash_of_code(secret: str, code: str) -> str:
    return keyed_hash(secret, f"letter code|{code}")


def hashes_of_code(secrets: Sequence[str], code: str) -> list[str]:
    """Return its hash under each secret of the installation: letters stay known after a rotation."""
    return [hash_of_code(secret, code) for secret in secrets]
