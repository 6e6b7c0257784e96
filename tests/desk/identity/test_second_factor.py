"""The second factor: adding, requiring, losing and removing it."""

import base64
import hashlib

import pyotp
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from app.cli.doctor import find_problems
from app.desk.identity import second_factor
from app.desk.identity.models import Person
from app.desk.identity.second_factor import decrypt, encrypt
from app.desk.identity.throttle import MAX_PER_PERSON
from app.main import create_app
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.database_server import SECRET_KEY
from tests.support.desk_accounts import give_code
from tests.support.desk_people import (
    PASSWORD,
    give_password,
    is_in,
    make_people,
    person,
)

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
