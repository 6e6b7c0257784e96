"""Passkeys: keys that a device or a password manager keeps, and opens with a finger, a face or a PIN.

One is two factors at once, what somebody has and what they are or know, and no false site can ask for it: so it lets
in alone. Whoever has one needs it, an app's code or a recovery code after a password, too: else adding one would have
closed no door.
"""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import webauthn
from fastapi import Request
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.desk.identity.models import Challenge, Passkey, Person
from app.desk.identity.tokens import hash_of_bytes
from app.web.urls import site_address

T = TypeVar("T")

TIME_TO_ANSWER = timedelta(minutes=5)
LONGEST_ANSWER = 20_000
VERIFIED = UserVerificationRequirement.REQUIRED


class Wrong(Exception):
    """The answer is none, is too late, or comes from no passkey that is known here."""

    def __init__(self, person: int | None = None) -> None:
        super().__init__()
        self.person = person
        """Whose passkey it claims to be, if that is known."""


@dataclass(frozen=True)
class Site:
    """The name under which devices know this desk. A passkey of one name opens no other."""

    host: str
    origin: str


def site(request: Request) -> Site | None:
    """None where browsers make no passkeys: at an address without a name, and over plain http except on one's own."""
    address = site_address(request)
    parts = urlsplit(address)
    host = parts.hostname or ""
    if _is_number(host) or (parts.scheme != "https" and host != "localhost"):
        return None
    return Site(host, f"{parts.scheme}://{parts.netloc}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


# Adding one -------------------------------------------------------------------------------------------------------


def to_add(db: Session, site: Site, person: Person) -> str:
    """What the browser asks the device for, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Sojourn",
        user_id=str(person.id).encode(),
        user_name=person.email,
        user_display_name=person.called,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=each.credential) for each in of(db, person)
        ],
    )
    _keep(db, options.challenge, person)
    return webauthn.options_to_json(options)


def add(db: Session, site: Site, person: Person, answer: str, name: str) -> Passkey:
    """Keeps the public half of what the device has made; the other half never leaves it."""
    credential = _checked(lambda: parse_registration_credential_json(_not_too_long(answer)))
    challenge = _used_up(db, credential, person)
    made = _checked(
        lambda: webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
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


# Signing in -------------------------------------------------------------------------------------------------------


def to_sign_in(db: Session, site: Site) -> str:
    """What the browser asks any device for: who it is, the device says."""
    options = webauthn.generate_authentication_options(rp_id=site.host, user_verification=VERIFIED)
    _keep(db, options.challenge, None)
    return webauthn.options_to_json(options)


def whose(db: Session, site: Site, answer: str) -> Person:
    """Who holds the passkey that answered."""
    credential = _checked(lambda: parse_authentication_credential_json(_not_too_long(answer)))
    challenge = _used_up(db, credential, None)
    passkey = db.scalar(
        select(Passkey).where(Passkey.credential == credential.raw_id).with_for_update()
    )
    if passkey is None:
        raise Wrong
    try:
        verified = _checked(
            lambda: webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.uses,
                require_user_verification=True,
            )
        )
    except Wrong as wrong:
        raise Wrong(passkey.person) from wrong
    passkey.uses, passkey.used_at = verified.new_sign_count, func.now()
    return db.get_one(Person, passkey.person)


# What was asked ---------------------------------------------------------------------------------------------------


def _keep(db: Session, challenge: bytes, person: Person | None) -> None:
    db.execute(delete(Challenge).where(Challenge.made_at < func.now() - TIME_TO_ANSWER))
    db.add(Challenge(hash=hash_of_bytes(challenge), person=person.id if person else None))


def _used_up(
    db: Session, answer: RegistrationCredential | AuthenticationCredential, person: Person | None
) -> bytes:
    """The challenge that was answered, if we asked it of this person a moment ago: no answer works twice."""
    challenge = _checked(lambda: parse_client_data_json(answer.response.client_data_json)).challenge
    asked = delete(Challenge).where(
        Challenge.hash == hash_of_bytes(challenge),
        Challenge.person == person.id if person else Challenge.person.is_(None),
        Challenge.made_at >= func.now() - TIME_TO_ANSWER,
    )
    if db.scalar(asked.returning(Challenge.hash)) is None:
        raise Wrong
    return challenge


def _checked(read: Callable[[], T]) -> T:
    """Return what the library reads of a credential; raise Wrong where it can't, whatever stopped it.

    The library documents WebAuthnException alone, but lets others through: RecursionError for deeply nested JSON,
    ValueError for a number of thousands of digits, TypeError for a list where text belongs, errors of CBOR and X.509.
    """
    try:
        return read()
    except Exception as error:
        raise Wrong from error


def _not_too_long(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        raise Wrong
    return answer


# Those there are --------------------------------------------------------------------------------------------------


def of(db: Session, person: Person) -> Sequence[Passkey]:
    return db.scalars(select(Passkey).where(Passkey.person == person.id).order_by(Passkey.id)).all()


def holders(db: Session) -> set[int]:
    """Who has any."""
    return set(db.scalars(select(Passkey.person).distinct()))


def remove(db: Session, person: Person, id: int) -> str | None:
    """Removes one of this person's, and nobody else's; its name, if there was one."""
    return db.scalar(
        delete(Passkey).where(Passkey.id == id, Passkey.person == person.id).returning(Passkey.name)
    )


def remove_all(db: Session, person: Person) -> None:
    db.execute(delete(Passkey).where(Passkey.person == person.id))
