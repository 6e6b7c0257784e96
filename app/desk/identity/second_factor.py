"""The second factor: codes of an authenticator app (TOTP), and recovery codes.

The secret of an app must be readable again, so it is encrypted (AES-GCM) with the key of the
installation; `sojourn keys` replaces that key while people stay signed in.
"""

import base64
import hmac
import secrets
import time
from pathlib import Path

import pyotp
import segno
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.identity import passkeys, passwords
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import DeskRole, Person
from app.desk.identity.sign_ins import hash_of
from app.secret_key import HASH_FILE, decode_key, new_key, read_keys, write_keys
from app.settings import Settings

STEP_SECONDS = 30
# A device's clock may be one step early or late.
ALLOWED_STEP_OFFSETS = (-1, 0, 1)
RECOVERY_CODE_COUNT = 10
RECOVERY_CODE_LENGTH = 16
SELECTOR_LENGTH = 4


def is_enrolled(db: Session, person: Person) -> bool:
    """Return whether this person has a second factor."""
    return person.factor_secret is not None or bool(passkeys.passkeys_of(db, person))


def is_required(settings: Settings, person: Person) -> bool:
    """Return whether this person's role needs a second factor."""
    return person.may(DeskRole.EDITOR) or settings.contributor_second_factor


def is_missing(db: Session, settings: Settings, person: Person) -> bool:
    return is_required(settings, person) and not is_enrolled(db, person)


def new_secret() -> str:
    return pyotp.random_base32()


def provisioning_uri(secret: str, email: str) -> str:
    """Return the `otpauth:` URI that an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Sojourn")


def qr_code(text: str) -> str:
    """Return a QR code as inline SVG.

    Dark on white in both colour schemes, because many cameras read nothing else.
    """
    return segno.make(text, error="m").svg_inline(scale=4, light="#fff", dark="#000")


def matching_step(secret: str, code: str, after: int = 0) -> int | None:
    """Return the time step that the code belongs to.

    None if the code is wrong, too old, or from step `after` or earlier.
    """
    now = int(time.time()) // STEP_SECONDS
    for step in (now + offset for offset in ALLOWED_STEP_OFFSETS):
        if step > after and hmac.compare_digest(
            pyotp.TOTP(secret).at(step * STEP_SECONDS).encode(), code.encode()
        ):
            return step
    return None


def consume_code(settings: Settings, person: Person, code: str) -> str | None:
    """Consume a code if it is right; return its kind, `app` or `recovery`.

    The caller must have locked the person's row.
    """
    code = code.replace(" ", "").replace("-", "").lower()
    secret = decrypt(settings, person)
    step = matching_step(secret, code, person.factor_step) if secret else None
    if step is not None:
        person.factor_step = step
        return "app"
    if len(code) != RECOVERY_CODE_LENGTH or (used := _find_recovery_code(person, code)) is None:
        return None
    person.recovery_hashes = [each for each in person.recovery_hashes if each != used]
    return "recovery"


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """Return new codes as shown to the person, and their hashes."""
    codes = [
        base64.b32encode(secrets.token_bytes(10)).decode().lower()
        for _ in range(RECOVERY_CODE_COUNT)
    ]
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes], [
        hash_recovery_code(code) for code in codes
    ]


def hash_recovery_code(code: str) -> str:
    """Return a selector and the argon2id hash of the code's SHA-256.

    The selector avoids comparing a code with all ten hashes. The SHA-256 is hashed because older
    codes were stored as SHA-256 only.
    """
    digest = hash_of(code)
    return f"{digest[:SELECTOR_LENGTH]}:{passwords.hash_password(digest)}"


def _find_recovery_code(person: Person, code: str) -> str | None:
    """Return the stored hash of this code, or None.

    Computes at least one hash, so that timing does not reveal whether a selector matches.
    """
    digest = hash_of(code)
    candidates = [
        each for each in person.recovery_hashes if each.startswith(f"{digest[:SELECTOR_LENGTH]}:")
    ]
    if not candidates:
        passwords.is_correct(digest, None)
    return next(
        (each for each in candidates if passwords.is_correct(digest, each.partition(":")[2])), None
    )


# Encryption of the app's secret -----------------------------------------------------------------

PREFIX = "aes-gcm:"
NONCE_BYTES = 12


class MissingKeyError(Exception):
    """The installation has no key to encrypt with."""


class RotationUnderWayError(Exception):
    """The keys from before the current keys are still in use."""


def encrypt(settings: Settings, secret: str, person: int) -> str:
    # Imported here: cryptography slows down the start of the site.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if settings.secret_key is None:
        raise MissingKeyError
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(decode_key(settings.secret_key))
    sealed = cipher.encrypt(nonce, secret.encode(), _associated_data(person))
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def decrypt(settings: Settings, person: Person) -> str | None:
    """Return the secret of the person's app; None if there is none or no key decrypts it.

    During a key rotation, older keys do so, too.
    """
    keys = (settings.secret_key, *settings.old_secret_keys)
    return next((secret for key in keys if key and (secret := _decrypt(key, person))), None)


def is_readable(settings: Settings, person: Person) -> bool:
    """Return whether the app's codes can be checked.

    False if the secret was encrypted with a key that the installation no longer has.
    """
    return person.factor_secret is None or decrypt(settings, person) is not None


def _decrypt(key: str, person: Person) -> str | None:
    # Imported here: cryptography slows down the start of the site.
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    both = base64.b64decode((person.factor_secret or "").removeprefix(PREFIX))
    nonce, rest = both[:NONCE_BYTES], both[NONCE_BYTES:]
    try:
        return AESGCM(decode_key(key)).decrypt(nonce, rest, _associated_data(person.id)).decode()
    except (InvalidTag, ValueError):
        return None


def _associated_data(person: int) -> bytes:
    # Associated data: a secret copied to another person's row does not decrypt there.
    return f"person:{person}".encode()


def add_keys_to_files(folder: Path) -> None:
    """Add a new key and a new hash secret. The existing keys stay readable."""
    keys = read_keys(folder)
    if len(keys) > 1:
        raise RotationUnderWayError
    write_keys(folder, [new_key(), *keys])
    write_keys(folder, [new_key(), *read_keys(folder, HASH_FILE)], HASH_FILE)


def drop_old_keys_from_files(folder: Path, *, hash_secrets_too: bool) -> None:
    write_keys(folder, read_keys(folder)[:1])
    if hash_secrets_too:
        write_keys(folder, read_keys(folder, HASH_FILE)[:1], HASH_FILE)


def reencrypt_secrets(db: Session, settings: Settings) -> tuple[int, list[str]]:
    """Encrypt every secret that an older key encrypted with the current key.

    Returns how many, and the addresses of people whose secret no key decrypts.
    """
    if settings.secret_key is None:
        raise MissingKeyError
    with_app = select(Person).where(Person.factor_secret.is_not(None)).order_by(Person.id)
    people = db.scalars(with_app.with_for_update()).all()
    old = [person for person in people if _decrypt(settings.secret_key, person) is None]
    unreadable = []
    for person in old:
        if (secret := decrypt(settings, person)) is None:
            unreadable.append(person.email)
        else:
            person.factor_secret = encrypt(settings, secret, person.id)
    log_action(db, "rotated-keys", None)
    return len(old) - len(unreadable), unreadable
