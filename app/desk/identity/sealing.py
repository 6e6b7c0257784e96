"""Encryption (AES-GCM) of secrets that must be readable again and so can't be hashed.

The key belongs to the installation. The callers are the second factor and the key rotation.
"""

import base64
import secrets

from app.secret_key import decode_key
from app.settings import Settings

PREFIX = "aes-gcm:"
NONCE_BYTES = 12


class MissingKeyError(Exception):
    """The installation has no key to encrypt with."""


class UnreadableSecretError(Exception):
    """None of the installation's keys decrypts this text."""


def has_key(settings: Settings) -> bool:
    return settings.secret_key is not None


def encrypt(settings: Settings, text: str, whose: int) -> str:
    # Imported here: cryptography slows down the start of the site.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if settings.secret_key is None:
        raise MissingKeyError
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(decode_key(settings.secret_key)).encrypt(
        nonce, text.encode(), _associated_data(whose)
    )
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def decrypt(settings: Settings, sealed: str, whose: int) -> str:
    """Decrypt with the current key or, during a key rotation, with an older key."""
    for key in (settings.secret_key, *settings.old_secret_keys):
        if key is not None and (text := _decrypt(key, sealed, whose)) is not None:
            return text
    raise UnreadableSecretError


def is_sealed_with_present_key(settings: Settings, sealed: str, whose: int) -> bool:
    return (
        settings.secret_key is not None and _decrypt(settings.secret_key, sealed, whose) is not None
    )


def _decrypt(key: str, sealed: str, whose: int) -> str | None:
    # Imported here: cryptography slows down the start of the site.
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    both = base64.b64decode(sealed.removeprefix(PREFIX))
    nonce, rest = both[:NONCE_BYTES], both[NONCE_BYTES:]
    try:
        return AESGCM(decode_key(key)).decrypt(nonce, rest, _associated_data(whose)).decode()
    except InvalidTag:
        return None


def _associated_data(whose: int) -> bytes:
    # Associated data: a secret copied to another person's row does not decrypt there.
    return f"person:{whose}".encode()
