"""Replaces the two secrets of an installation while people stay signed in: `sojourn keys`."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.identity import sealing
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.secret_key import HASH_FILE, new_key, read_keys, write_keys
from app.settings import Settings


class RotationUnderWayError(Exception):
    """The keys from before the current keys are still in use."""


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
    """Encrypt every authenticator secret with the current key.

    Returns the number of encrypted secrets, and the addresses of people whose secret no key
    decrypts.
    """
    if settings.secret_key is None:
        raise sealing.MissingKeyError
    count, unreadable = 0, []
    people = (
        select(Person)
        .where(Person.factor_secret.is_not(None))
        .order_by(Person.id)
        .with_for_update()
    )
    for person in db.scalars(people):
        assert person.factor_secret is not None
        if sealing.is_sealed_with_present_key(settings, person.factor_secret, person.id):
            continue
        try:
            secret = sealing.decrypt(settings, person.factor_secret, person.id)
        except sealing.UnreadableSecretError:
            unreadable.append(person.email)
            continue
        person.factor_secret = sealing.encrypt(settings, secret, person.id)
        count += 1
    log_action(db, Action.ROTATED_KEYS, None)
    return count, unreadable
