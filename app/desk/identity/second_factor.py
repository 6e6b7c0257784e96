"""The second factor: codes of an authenticator app (TOTP), and recovery codes."""

import base64
import hmac
import secrets
import time

import pyotp
import segno
from sqlalchemy.orm import Session

from app.desk.identity import passkeys, passwords, sealing
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.identity.tokens import hash_of
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


def is_readable(settings: Settings, person: Person) -> bool:
    """Return whether the app's secret can be decrypted, so that its codes can be checked.

    False if the secret was encrypted with a key that the installation no longer has.
    """
    try:
        return person.factor_secret is None or bool(
            _unseal_secret(settings, person.factor_secret, person)
        )
    except sealing.UnreadableSecretError:
        return False


def _unseal_secret(settings: Settings, sealed: str, person: Person) -> str:
    return sealing.decrypt(settings, sealed, person.id)


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
    if person.factor_secret and is_readable(settings, person):
        step = matching_step(
            _unseal_secret(settings, person.factor_secret, person), code, person.factor_step
        )
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
