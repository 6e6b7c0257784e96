"""Password guessing is limited, and responses do not reveal which accounts exist."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient

from app.desk.identity import commands, passwords, throttle
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import PASSWORD, email, is_in, make_people, sign_in

# Guessing -----------------------------------------------------------------------------------------


def test_guessing_one_password_locks_out_only_the_guesser(
    desk_world: Settings, visit: Visit
) -> None:
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
    monkeypatch.setitem(throttle.MAX_PER_ADDRESS, "address", 4)
    guesser = visit("2001:db8:1:2::1")
    answers = [sign_in(guesser, f"Person{n}").status_code for n in range(6)]
    assert answers == [422] * 4 + [429] * 2
    # An IPv6 /64 is one household with countless addresses.
    assert sign_in(visit("2001:db8:1:2:ffff::9"), "Another").status_code == 429
    assert sign_in(visit("2001:db8:1:3::1"), "Another").status_code == 422


def test_further_attempts_do_not_prolong_the_wait(desk_world: Settings, visit: Visit) -> None:
    client = visit("203.0.113.9")
    for _ in range(9):
        sign_in(client, "Amal", "a slip of the finger")
    with desk_session(desk_world) as db:
        kept = db.execute(text("SELECT * FROM desk.attempt")).all()
    assert len(kept) == 2 * throttle.MAX_TRIES_PER_NAME_AND_ADDRESS
    assert "203.0.113" not in str(kept) and "amal" not in str(kept)
    as_owner(desk_world, "UPDATE desk.attempt SET at = at - interval '16 minutes'")
    for _ in range(7):
        assert sign_in(client, "Amal").status_code == 303, "a success removes its attempt"


def test_concurrent_guesses_are_limited(desk_world: Settings, app: FastAPI) -> None:
    def guess(number: int) -> int:
        client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
        return sign_in(client, "Amal", f"guess number {number}").status_code

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert answers.count(422) <= throttle.MAX_TRIES_PER_NAME_AND_ADDRESS
    assert set(answers) == {422, 429}


# Revealing accounts -------------------------------------------------------------------------------


@pytest.mark.usefixtures("real_hashes")
def test_response_takes_one_password_check(
    database: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing check would reveal unknown addresses by a shorter response time."""
    make_people(database, "Amal", "Basma", "Chidi")
    with desk_session(database) as db:
        db.execute(text("UPDATE desk.person SET disabled_at = now() WHERE name = 'Basma'"))
        db.execute(text("UPDATE desk.person SET password_hash = NULL WHERE name = 'Chidi'"))
    checked: list[str] = []

    class Counting:
        def verify(self, hash: str, password: str) -> bool:
            checked.append(hash)
            return real.verify(hash, password)

    passwords._dummy_hash()
    real = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    for name in ("Amal", "Nobody", "Basma", "Chidi"):
        checked.clear()
        assert sign_in(visit(), name, "not the password").status_code == 422
        (hash,) = checked
        assert hash.startswith("$argon2id$") and hash.split("$")[3] == "m=65536,t=3,p=4", name


def test_dummy_hash_signs_in_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_dummy_hash", lambda: passwords.hash_password(PASSWORD))
    assert not passwords.is_correct(PASSWORD, None)


def test_password_changed_during_the_check_is_rejected(
    desk_world: Settings, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = passwords.is_correct

    def slowly(password: str, password_hash: str | None) -> bool:
        """Right; but by the time that this is known, Amal has another."""
        answer = real(password, password_hash)
        with desk_session(desk_world) as db:
            amal = commands.find_by_email(db, email("Amal"))
            assert amal is not None
            commands.change_password(db, amal, "another horse with five words")
        return answer

    monkeypatch.setattr(passwords, "is_correct", slowly)
    client = visit()
    assert sign_in(client, "Amal").status_code == 422
    assert not is_in(client)
