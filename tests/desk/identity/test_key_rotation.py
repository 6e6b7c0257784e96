"""Rotation of the secrets of an installation. Keyed hashes do not depend on the database URL."""

import base64
import secrets
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app.cli.doctor import find_problems
from app.desk.identity.models import FailedAttempt, Person
from app.desk.identity.second_factor import (
    RotationUnderWayError,
    add_keys_to_files,
    drop_old_keys_from_files,
    is_readable,
    reencrypt_secrets,
)
from app.errors import CommandError
from app.main import create_app
from app.secret_key import FILE, HASH_FILE, read_keys
from app.settings import Settings
from app.web.client_network import keyed_hash
from tests.conftest import desk_session
from tests.support.database_server import HASH_SECRET, SECRET_KEY
from tests.support.desk_people import make_people

NEW_KEY = base64.b64encode(secrets.token_bytes(32)).decode()


def test_attempts_are_hashed_with_the_hash_secret(database: Settings) -> None:
    make_people(database, "Amal")
    with TestClient(
        create_app(database), follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
    ) as client:
        client.post(
            "/desk/sign-in", data={"email": "amal@example.org", "password": "wrong", "next": ""}
        )
    with desk_session(database) as db:
        keys = set(db.scalars(select(FailedAttempt.key)))
    of_address = "address|testclient"
    assert keyed_hash(HASH_SECRET, of_address) in keys
    assert keyed_hash(database.database_url or "", of_address) not in keys


def test_serving_without_hash_secret_fails_with_one_message(database: Settings) -> None:
    without = database.model_copy(update={"hash_secret": None})
    with pytest.raises(CommandError, match="SOJOURN_HASH_SECRET is not set"):
        create_app(without)
    assert any("SOJOURN_HASH_SECRET" in problem for problem in find_problems(without))


def test_rotation_reencrypts_old_secrets(database: Settings) -> None:
    id = make_people(database, "Amal")["Amal"]
    rotating = database.model_copy(update={"secret_key": NEW_KEY, "old_secret_keys": [SECRET_KEY]})
    finished = database.model_copy(update={"secret_key": NEW_KEY})
    with desk_session(database) as db:
        person = db.get_one(Person, id)
        assert (is_readable(rotating, person), is_readable(finished, person)) == (True, False)
        assert reencrypt_secrets(db, finished) == (0, ["amal@example.org"])
        assert reencrypt_secrets(db, rotating) == (1, [])
        assert (is_readable(finished, person), is_readable(database, person)) == (True, False)
        assert reencrypt_secrets(db, rotating) == (0, []), (
            "a second run must find no secret to encrypt again"
        )


def test_key_files_keep_old_keys_until_rotation_ends(tmp_path: Path) -> None:
    first, first_hash = read_keys(tmp_path), read_keys(tmp_path, HASH_FILE)
    add_keys_to_files(tmp_path)
    assert read_keys(tmp_path)[1:] == first and read_keys(tmp_path)[:1] != first
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    with pytest.raises(RotationUnderWayError):
        add_keys_to_files(tmp_path)
    drop_old_keys_from_files(tmp_path, hash_secrets_too=False)
    assert len(read_keys(tmp_path)) == 1 and read_keys(tmp_path) != first
    assert read_keys(tmp_path, HASH_FILE)[1:] == first_hash, (
        "the old hash secret must stay, so that codes of messages still work"
    )
    drop_old_keys_from_files(tmp_path, hash_secrets_too=True)
    assert len(read_keys(tmp_path, HASH_FILE)) == 1
