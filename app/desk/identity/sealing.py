"""Seals secrets that must be read again and so can't be hashed: AES-GCM, under the key of the installation."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.secret_key import decoded
from app.settings import Settings

MARK = "aes-gcm:"
NONCE_BYTES = 12


class NoKey(Exception):
    """The installation has no key: nothing can be sealed."""


class Unreadable(Exception):
    """The installation has none of the keys that this could have been sealed with."""


def has_key(settings: Settings) -> bool:
    return settings.secret_key is not None


def seal(settings: Settings, text: str, whose: int) -> str:
    if settings.secret_key is None:
        raise NoKey
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(decoded(settings.secret_key)).encrypt(nonce, text.encode(), _bound_to(whose))
    return MARK + base64.b64encode(nonce + sealed).decode()


def unseal(settings: Settings, sealed: str, whose: int) -> str:
    """Open with the present key or, while keys are rotated, with an older one."""
    for key in (settings.secret_key, *settings.old_secret_keys):
        if key is not None and (text := _opened(key, sealed, whose)) is not None:
            return text
    raise Unreadable


def is_sealed_with_present_key(settings: Settings, sealed: str, whose: int) -> bool:
    return (
        settings.secret_key is not None and _opened(settings.secret_key, sealed, whose) is not None
    )


def _opened(key: str, sealed: str, whose: int) -> str | None:
    both = base64.b64decode(sealed.removeprefix(MARK))
    nonce, rest = both[:NONCE_BYTES], both[NONCE_BYTES:]
    try:
        return AESGCM(decoded(key)).decrypt(nonce, rest, _bound_to(whose)).decode()
    except InvalidTag:
        return None


def _bound_to(whose: int) -> bytes:
    # Who can write to the table can't put their own secret into somebody else's row.
    return f"person:{whose}".encode()
