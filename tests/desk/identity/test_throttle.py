"""Password guessing is limited, and responses do not reveal which accounts exist."""

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity import commands, passwords, throttle
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_people import PASSWORD, email, is_in, make_people, sign_in

# Guessing -----------------------------------------------------------------------------------------


def test_guessing_one_password_locks_out_only_the_guesser(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal", "Basma")
    guesser, amal = visit("203.0.113.9"), visit("198.51.100.1")
    answers = [sign_in(guesser, "Amal", f"guess number {n}").status_code for n in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert sign_in(guesser, "Amal").status_code == 429, (
        "a locked-out client must be refused even with the right password"
    )
    assert sign_in(amal, "Amal").status_code == 303
    assert sign_in(visit("203.0.113.9"), "Basma").status_code == 303, (
        "another account must be able to sign in from the guesser's address"
    )


def test_guessing_for_many_people_is_limited(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MAX_TRIES_PER_ADDRESS", 4)
    guesser = visit("2001:db8:1:2::1")
    answers = [sign_in(guesser, f"Person{n}").status_code for n in range(6)]
    assert answers == [422] * 4 + [429] * 2
    # An IPv6 /64 is one household with countless addresses.
    assert sign_in(visit("2001:db8:1:2:ffff::9"), "Another").status_code == 429
    assert sign_in(visit("2001:db8:1:3::1"), "Another").status_code == 422


def test_further_attempts_do_not_prolong_the_wait(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal")
    client = visit()
    for _ in range(9):
        sign_in(client, "Amal", "a slip of the finger")
    with desk_session(database) as db:
        assert (
            db.scalar(text("SELECT count(*) FROM desk.attempt"))
            == 2 * throttle.MAX_TRIES_PER_NAME_AND_ADDRESS
        )
    age_attempts(database, "16 minutes")
    assert sign_in(client, "Amal").status_code == 303


def age_attempts(settings: Settings, age: str) -> None:
    """Make attempts older, as the owner of the table: other roles can't change attempts."""
    from app.database.engines import migration_engine

    engine = migration_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE desk.attempt SET at = at - interval '{age}'"))
    engine.dispose()


def test_success_removes_its_attempt(database: Settings, visit: Visit) -> None:
    make_people(database, "Amal")
    for _ in range(7):
        assert sign_in(visit(), "Amal").status_code == 303
    with desk_session(database) as db:
        assert db.scalar(text("SELECT count(*) FROM desk.attempt")) == 0


def test_concurrent_guesses_are_limited(database: Settings, app: FastAPI) -> None:
    from concurrent.futures import ThreadPoolExecutor

    make_people(database, "Amal")

    def guess(number: int) -> int:
        client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
        return sign_in(client, "Amal", f"guess number {number}").status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count(422) <= throttle.MAX_TRIES_PER_NAME_AND_ADDRESS
    assert set(answers) == {422, 429}


def test_attempt_stores_neither_name_nor_address(database: Settings, visit: Visit) -> None:
    sign_in(visit("203.0.113.9"), "Amal", "wrong")
    with desk_session(database) as db:
        kept = str(db.execute(text("SELECT * FROM desk.attempt")).all())
    assert "203.0.113" not in kept and "amal" not in kept


# Revealing accounts -------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_hashes")
@pytest.mark.parametrize("who", ["Amal", "Nobody", "disabled", "invited"])
def test_response_takes_one_password_check(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    """A missing check would reveal unknown addresses by a shorter response time."""
    make_people(database, "Amal")
    with desk_session(database) as db:
        if who == "disabled":
            db.execute(text("UPDATE desk.person SET disabled_at = now()"))
        if who == "invited":
            db.execute(text("UPDATE desk.person SET password_hash = NULL"))
    checked: list[str] = []

    class Counting:
        def verify(self, hash: str, password: str) -> bool:
            checked.append(hash)
            return real.verify(hash, password)

    passwords._dummy_hash()
    real = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    answer = sign_in(visit(), "Amal" if who != "Nobody" else who, "not the password")
    assert answer.status_code == 422
    assert len(checked) == 1
    assert checked[0].startswith("$argon2id$") and checked[0].split("$")[3] == "m=65536,t=3,p=4"


def test_dummy_hash_signs_in_nobody(database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_dummy_hash", lambda: passwords.hash_password(PASSWORD))
    assert not passwords.is_correct(PASSWORD, None)


def test_password_changed_during_the_check_is_rejected(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_people(database, "Amal")
    real = passwords.is_correct

    def slowly(password: str, password_hash: str | None) -> bool:
        """Right; but by the time that this is known, Amal has another."""
        answer = real(password, password_hash)
        with desk_session(database) as db:
            amal = commands.find_by_email(db, email("Amal"))
            assert amal is not None
            commands.change_password(db, amal, "another horse with five words")
        return answer

    monkeypatch.setattr(passwords, "is_correct", slowly)
    client = visit()
    assert sign_in(client, "Amal").status_code == 422
    assert not is_in(client)
