"""Passkeys (WebAuthn): registration, sign-in and removal.

A passkey counts as two factors, and a phishing site cannot use it, so it needs no password. Once an
account has a passkey, signing in with the password needs a second factor too. Otherwise the
password alone would still be enough.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.desk.identity.models import Challenge, Passkey, Person
from app.desk.identity.sign_ins import hash_of
from app.web.urls import site_address

if TYPE_CHECKING:
    from webauthn.helpers.structs import AuthenticationCredential, RegistrationCredential

MAX_TIME_TO_RESPOND = timedelta(minutes=5)
MAX_RESPONSE_CHARACTERS = 20_000


class PasskeyError(Exception):
    """The response is malformed, late, or from an unknown passkey."""

    def __init__(self, person: int | None = None) -> None:
        super().__init__()
        self.person = person
        """Id of the holder of the claimed passkey, if known."""


def origin_of(request: Request) -> str:
    """Return the origin that passkeys are bound to; "" where browsers support none.

    Passkeys need a host name instead of an IP address, and https unless the host is localhost.
    """
    parts = urlsplit(site_address(request))
    host = parts.hostname or ""
    is_address = ":" in host or host.replace(".", "").isdigit()
    is_safe = parts.scheme == "https" or host == "localhost"
    return f"{parts.scheme}://{parts.netloc}" if is_safe and not is_address else ""


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


# Registration -----------------------------------------------------------------------------------


def registration_options(db: Session, origin: str, person: Person) -> str:
    """Return the registration options for the browser, as JSON."""
    # Imported here: webauthn slows down the start of the site.
    import webauthn
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = webauthn.generate_registration_options(
        rp_id=_host(origin),
        rp_name="Sojourn",
        user_id=str(person.id).encode(),
        user_name=person.email,
        user_display_name=person.called,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each.credential) for each in passkeys_of(db, person)
        ],
    )
    _store_challenge(db, options.challenge, person)
    return webauthn.options_to_json(options)


def add(db: Session, origin: str, person: Person, answer: str, name: str) -> Passkey:
    """Verify a registration response and store the passkey's public key."""
    # Imported here: webauthn slows down the start of the site.
    import webauthn
    from webauthn.helpers import parse_registration_credential_json

    with _library_errors():
        credential = parse_registration_credential_json(answer[:MAX_RESPONSE_CHARACTERS])
    challenge = _consume_challenge(db, credential, person)
    with _library_errors():
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    passkey = Passkey(
        person=person.id,
        name=name,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        uses=made.sign_count,
    )
    db.add(passkey)
    db.flush()
    return passkey


# Signing in -------------------------------------------------------------------------------------


def authentication_options(db: Session, origin: str) -> str:
    """Return the authentication options for the browser, as JSON.

    The options name no person: the device chooses the passkey.
    """
    # Imported here: webauthn slows down the start of the site.
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=_host(origin), user_verification=UserVerificationRequirement.REQUIRED
    )
    _store_challenge(db, options.challenge, None)
    return webauthn.options_to_json(options)


def verify_response(db: Session, origin: str, answer: str) -> Person:
    """Verify an authentication response and return the holder of the passkey."""
    # Imported here: webauthn slows down the start of the site.
    import webauthn
    from webauthn.helpers import parse_authentication_credential_json

    with _library_errors():
        credential = parse_authentication_credential_json(answer[:MAX_RESPONSE_CHARACTERS])
    challenge = _consume_challenge(db, credential, None)
    passkey = db.scalar(
        select(Passkey).where(Passkey.credential == credential.raw_id).with_for_update()
    )
    if passkey is None:
        raise PasskeyError
    with _library_errors(passkey.person):
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    passkey.uses, passkey.used_at = verified.new_sign_count, func.now()
    return db.get_one(Person, passkey.person)


# Challenges -------------------------------------------------------------------------------------


def _store_challenge(db: Session, challenge: bytes, person: Person | None) -> None:
    db.execute(delete(Challenge).where(Challenge.made_at < func.now() - MAX_TIME_TO_RESPOND))
    db.add(Challenge(hash=hash_of(challenge), person=person.id if person else None))


def _consume_challenge(
    db: Session,
    answer: "RegistrationCredential | AuthenticationCredential",
    person: Person | None,
) -> bytes:
    """Delete and return the challenge of the response, so that no response works twice.

    Raises PasskeyError if the challenge was not issued to this person within MAX_TIME_TO_RESPOND.
    """
    # Imported here: webauthn slows down the start of the site.
    from webauthn.helpers import parse_client_data_json

    with _library_errors():
        challenge = parse_client_data_json(answer.response.client_data_json).challenge
    statement = delete(Challenge).where(
        Challenge.hash == hash_of(challenge),
        Challenge.person == person.id if person else Challenge.person.is_(None),
        Challenge.made_at >= func.now() - MAX_TIME_TO_RESPOND,
    )
    if db.scalar(statement.returning(Challenge.hash)) is None:
        raise PasskeyError
    return challenge


@contextmanager
def _library_errors(person: int | None = None) -> Iterator[None]:
    """Raise PasskeyError, with the holder's id, on any exception of the library.

    The library documents only WebAuthnException but also raises RecursionError (deeply nested
    JSON), ValueError (numbers with thousands of digits), TypeError (a list in place of text), and
    errors of CBOR and X.509.
    """
    try:
        yield
    except Exception as error:
        raise PasskeyError(person) from error


# Stored passkeys --------------------------------------------------------------------------------


def passkeys_of(db: Session, person: Person) -> Sequence[Passkey]:
    return db.scalars(select(Passkey).where(Passkey.person == person.id).order_by(Passkey.id)).all()


def holder_ids(db: Session) -> set[int]:
    """Return the ids of people who have a passkey."""
    return set(db.scalars(select(Passkey.person).distinct()))
