"""The second factor: adding, requiring, losing and removing it."""

import base64
import hashlib
import re
import secrets
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.cli.doctor import find_problems
from app.desk.identity import second_factor
from app.desk.identity.models import Person
from app.desk.identity.permissions import signed_in
from app.desk.identity.second_factor import (
    RotationUnderWayError,
    add_keys_to_files,
    decrypt,
    drop_old_keys_from_files,
    encrypt,
    is_readable,
    reencrypt_secrets,
)
from app.desk.identity.throttle import MAX_PER_PERSON
from app.desk.routes import router
from app.errors import CommandError
from app.main import create_app
from app.secret_key import FILE, HASH_FILE, read_keys
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.database_server import SECRET_KEY
from tests.support.desk_accounts import give_code
from tests.support.desk_people import (
    PASSWORD,
    add_factor,
    forget_used_codes,
    give_password,
    is_in,
    make_people,
    person,
    sign_in,
)
from tests.support.routes import dependencies_of, routes_of

SETTINGS = Settings(secret_key=SECRET_KEY)
ANOTHER_KEY = base64.b64encode(b"another key for the installation"[:32]).decode()


def test_password_and_code_are_both_needed_and_a_code_works_once(
    visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    client, second = visit(), visit()
    assert client.get("/desk/sign-in/code").headers["location"] == "/desk/sign-in"
    answer = give_password(client, "Basma", next="/desk/account")
    assert answer.headers["location"] == "/desk/sign-in/code?next=%2Fdesk%2Faccount"
    for address in ("/desk", "/desk/account"):
        assert client.get(address).headers["location"].startswith("/desk/sign-in"), address
    half = client.cookies["sojourn"]
    assert "Password accepted" in client.get("/desk/sign-in/code").text
    assert give_code(client, "000000") == 422
    give_password(second, "Basma")
    code = pyotp.TOTP(secret_and_codes[0]).now()
    assert [give_code(client, code), give_code(second, code)] == [303, 422]
    assert is_in(client)
    assert client.cookies["sojourn"] != half, (
        "the second factor must replace the token of the cookie"
    )


def test_recovery_code_works_once_and_is_hashed(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    codes = secret_and_codes[1]
    kept = person(database, "Basma").recovery_hashes
    assert all(each.split(":")[1].startswith("$argon2id$") for each in kept)
    for plain in (code.replace("-", "") for code in codes):
        assert plain not in str(kept)
        assert hashlib.sha256(plain.encode()).hexdigest() not in str(kept)
    typed_later = codes[1].upper().replace("-", " ")
    for code, status in ((codes[0], 303), (codes[0], 422), (typed_later, 303)):
        client = visit()
        give_password(client, "Basma")
        assert give_code(client, code) == status
    assert "8 recovery codes are left" in client.get("/desk/account").text


def test_code_attempts_are_limited_across_addresses(
    visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    answers, most = [], MAX_PER_PERSON
    for number in range(most + 2):
        client = visit(f"203.0.113.{number}")
        give_password(client, "Basma")
        answers.append(give_code(client, f"{number:06}"))
    assert answers == [422] * most + [429] * 2
    assert give_code(client, pyotp.TOTP(secret_and_codes[0]).now()) == 429


def test_incomplete_sign_in_expires(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    client = visit()
    give_password(client, "Basma")
    with desk_session(database) as db:
        db.execute(
            text(
                "UPDATE desk.sign_in SET began_at = began_at - interval '11 minutes' "
                "WHERE waits_for_code"
            )
        )
    assert client.get("/desk/sign-in/code").headers["location"] == "/desk/sign-in"
    assert give_code(client, pyotp.TOTP(secret_and_codes[0]).now()) == 303
    assert not is_in(client)


def test_adding_an_app_needs_password_and_matching_code(database: Settings, visit: Visit) -> None:
    make_people(database, "Basma", with_factor=False)
    client, secret = visit(), second_factor.new_secret()
    give_password(client, "Basma")
    for changes in ({"own_password": "not hers at all"}, {"code": "123456"}, {"code": "12345"}):
        form = {"secret": secret, "code": pyotp.TOTP(secret).now(), "own_password": PASSWORD}
        answer = client.post("/desk/account/second-factor", data=form | changes)
        assert answer.status_code == 422 and secret in answer.text, changes
        assert f'id="app-{next(iter(changes))}-error"' in answer.text, changes
        assert person(database, "Basma").factor_secret is None
    weak = {"secret": "A" * 24, "code": pyotp.TOTP("A" * 24).now(), "own_password": PASSWORD}
    answer = client.post("/desk/account/second-factor", data=weak)
    assert answer.headers["location"] == "/desk/account"
    assert person(database, "Basma").factor_secret is None


# Key of the installation --------------------------------------------------------------------------


def test_stored_secret_is_encrypted_for_one_person(
    database: Settings, secret_and_codes: tuple[str, list[str]]
) -> None:
    with desk_session(database) as db:
        everything = str(db.execute(text("SELECT * FROM desk.person")).all())
    assert secret_and_codes[0] not in everything and "aes-gcm:" in everything
    basma = person(database, "Basma")
    assert decrypt(database, basma) == secret_and_codes[0]
    somebody = Person(id=basma.id + 1, factor_secret=basma.factor_secret)
    assert decrypt(database, somebody) is None
    assert encrypt(SETTINGS, "the same", 1) != encrypt(SETTINGS, "the same", 1)


def test_lost_key_leaves_recovery_codes_and_is_reported(
    database: Settings, secret_and_codes: tuple[str, list[str]]
) -> None:
    secret, codes = secret_and_codes
    assert find_problems(database) == []
    headers = {"sec-fetch-site": "same-origin"}
    for used, key in enumerate((None, ANOTHER_KEY)):
        changed = database.model_copy(update={"secret_key": key})
        assert ["basma@example.org" in said for said in find_problems(changed)] == [True]
        with TestClient(create_app(changed), follow_redirects=False, headers=headers) as client:
            give_password(client, "Basma")
            code = {"code": pyotp.TOTP(secret).now(), "next": ""}
            answer = client.post("/desk/sign-in/code", data=code)
            assert answer.status_code == 422
            assert "installation’s key has changed" in answer.text
            assert give_code(client, codes[used]) == 303
            page = client.get("/desk/account").text
            assert f"{9 - used} recovery codes are left" in page
            assert ("Replace the app" in page) is (key is not None)


def test_code_is_accepted_by_clocks_half_a_minute_off_and_never_malformed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret, now = second_factor.new_secret(), 1_800_000_015
    monkeypatch.setattr("app.desk.identity.second_factor.time.time", lambda: now)
    codes: dict[str, str | None] = {
        pyotp.TOTP(secret).at(now + steps * second_factor.STEP_SECONDS): kind
        for steps, kind in ((-2, None), (-1, "app"), (0, "app"), (1, "app"), (2, None))
    }
    codes |= dict.fromkeys(["", "é", "０００００００", "1" * 40, "abcd-efgh-ijkl-mnop"])
    for code, kind in codes.items():
        sealed = encrypt(SETTINGS, secret, 1)
        somebody = Person(id=1, factor_secret=sealed, factor_step=0, recovery_hashes=[])
        assert second_factor.consume_code(SETTINGS, somebody, code) == kind, code


# Enrolment of second factors: required ones, replacing and removing them


@pytest.mark.parametrize(("name", "setting"), [("Amal", False), ("Basma", False), ("Chidi", True)])
def test_role_needing_factor_is_locked_out_without_one(
    database: Settings, name: str, setting: bool
) -> None:
    make_people(database, name, with_factor=False)
    settings = database.model_copy(update={"contributor_second_factor": setting})
    headers = {"sec-fetch-site": "same-origin"}
    with TestClient(create_app(settings), follow_redirects=False, headers=headers) as client:
        give_password(client, name)
        closed = set()
        for route in routes_of(router):
            path = re.sub(r"{\w+(:int)?}", "1", route.path)
            for method in route.methods or ():
                location = client.request(method, path).headers.get("location", "")
                if location.startswith("/desk/account"):
                    closed.add((method, route.path))
            if "sojourn" not in client.cookies:
                give_password(client, name)
        asking = {
            (method, route.path)
            for route in routes_of(router)
            for method in route.methods or ()
            if signed_in in dependencies_of(route)
        }
        assert closed >= asking and len(asking) > 70
        assert client.get("/desk/round?page=2").headers["location"] == (
            "/desk/account?next=%2Fdesk%2Fround%3Fpage%3D2"
        )
        page = client.get("/desk/account").text
        assert "Add a second factor to continue" in page and "<nav" not in page
        before = client.cookies["sojourn"]
        add_factor(client)
        assert client.cookies["sojourn"] != before
        assert is_in(client)


def test_app_is_replaced_with_password_and_new_code(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    client = visit()
    give_password(client, "Basma")
    give_code(client, pyotp.TOTP(secret_and_codes[0]).now())
    other = second_factor.new_secret()
    elsewhere = visit()
    give_password(elsewhere, "Basma")
    assert give_code(elsewhere, secret_and_codes[1][0]) == 303
    form = {"secret": other, "code": pyotp.TOTP(other).now(), "own_password": PASSWORD}
    assert (
        client.post(
            "/desk/account/second-factor", data=form | {"own_password": "wrong"}
        ).status_code
        == 422
    )
    assert client.post("/desk/account/second-factor", data=form).status_code == 200
    kept = person(database, "Basma")
    assert second_factor.decrypt(database, kept) == other
    assert is_in(client) and not is_in(elsewhere)
    with desk_session(database) as db:
        forget_used_codes(db)
    for code, status in (
        (pyotp.TOTP(secret_and_codes[0]).now(), 422),
        (secret_and_codes[1][1], 422),
        (pyotp.TOTP(other).now(), 303),
    ):
        give_password(elsewhere, "Basma")
        assert give_code(elsewhere, code) == status


def test_recovery_codes_are_renewed_with_the_password(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    client = visit()
    give_password(client, "Basma")
    give_code(client, pyotp.TOTP(secret_and_codes[0]).now())
    before = person(database, "Basma").recovery_hashes
    for password, status in (("not hers at all", 422), (PASSWORD, 200)):
        assert person(database, "Basma").recovery_hashes == before
        answer = client.post("/desk/account/recovery-codes", data={"own_password": password})
        assert answer.status_code == status
    assert not set(person(database, "Basma").recovery_hashes) & set(before)


def test_admin_removes_all_factors_of_a_person(
    database: Settings, visit: Visit, secret_and_codes: tuple[str, list[str]]
) -> None:
    admin = visit()
    sign_in(admin, "Amal")
    basma = person(database, "Basma").id
    assert "Remove the second factor" in admin.get(f"/desk/people/{basma}").text
    signed_in = visit()
    give_password(signed_in, "Basma")
    assert give_code(signed_in, secret_and_codes[1][0]) == 303 and is_in(signed_in)
    admin.post(f"/desk/people/{basma}/second-factor/remove")
    assert not is_in(signed_in), "removing the factors of a person must end all their sign-ins"
    client = visit()
    assert give_password(client, "Basma").headers["location"] == "/desk"
    assert client.get("/desk").headers["location"] == "/desk/account"
    add_factor(client)
    assert is_in(client)


# Rotation of the secrets of an installation


NEW_KEY = base64.b64encode(secrets.token_bytes(32)).decode()


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
