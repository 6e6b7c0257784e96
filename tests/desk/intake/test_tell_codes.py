"""Codes that show senders the state of their message, stored only as hashes."""

import pytest
from sqlalchemy import text, update
from starlette.testclient import TestClient

from app.database.engines import reader_engine
from app.database.sessions import LetterboxSession
from app.desk.intake import ReaderMessage
from app.desk.round import items
from app.main import create_app
from app.secret_key import new_key
from app.settings import Settings
from app.site.tell import hash_of_code
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.support.database_server import HASH_SECRET
from tests.support.html import first_match
from tests.support.messages import WORDS, form_key, send_message

pytestmark = pytest.mark.usefixtures("quick_writers")


def test_code_shows_state_that_editor_sets(
    visit: Visit, desk_world: Settings, basma: TestClient
) -> None:
    reader = visit("198.51.100.9")
    address = send_message(reader).headers["location"]

    def state(query: str = "") -> str:
        answer = visit("203.0.113.5").get(address + query)
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"] and "etag" not in answer.headers
        assert (
            address.removeprefix("/tell/") in answer.text
            and WORDS.splitlines()[0] not in answer.text
        )
        return first_match(r"<h1>Your message: ([^<]+)</h1>", answer.text)

    assert state() == "Received"
    assert "the sender sees: Received" in basma.get("/desk/round/messages/1").text
    seen = []
    for do in ("take", "done", "take", "set-aside"):
        basma.post("/desk/round/messages/1", data={"do": do})
        seen.append(state("?edition=1"))
    assert seen == ["In progress", "Done", "In progress", "Declined"]


def test_states_of_database_are_those_of_desk(visit: Visit, desk_world: Settings) -> None:
    code_hash = "h" * 64
    with desk_session(desk_world) as db:
        db.add(
            ReaderMessage(key="k", kind="other", about="", words="x", reach="", code_hash=code_hash)
        )
    engine = reader_engine(desk_world).execution_options(postgresql_readonly=False)
    for standing, state in items.STATE_FOR_SENDER.items():
        with desk_session(desk_world) as db:
            db.execute(update(ReaderMessage).values(state=standing.value))
        with LetterboxSession(engine) as writing, writing.begin():
            asked = text("SELECT letterbox.state_of(ARRAY[:hash], ARRAY['n'])")
            assert writing.scalar(asked, {"hash": code_hash}) == state
    engine.dispose()


def test_code_typed_in_any_way_stays_out_of_url(visit: Visit, desk_world: Settings) -> None:
    reader = visit("198.51.100.9")
    code = send_message(reader).headers["location"].removeprefix("/tell/")
    for typed in (
        code,
        code.upper(),
        code.replace("-", ""),
        f"  {code.replace('-', ' – ')} ",
        code.replace("o", "0"),
    ):
        answer = reader.post("/tell/sent", data={"code": typed})
        assert answer.status_code == 200 and "Your message: Received" in answer.text, typed
    assert reader.get(f"/tell/{code.upper()}").status_code == 200


def test_code_is_stored_only_as_keyed_hash(visit: Visit, desk_world: Settings) -> None:
    reader = visit("198.51.100.9")
    code = send_message(reader).headers["location"].removeprefix("/tell/")
    with desk_session(desk_world) as db:
        everything = str(db.execute(text("SELECT * FROM desk.letter")).all())
    assert code not in everything and code.replace("-", "") not in everything
    assert hash_of_code(HASH_SECRET, code) in everything


def test_wrong_codes_look_alike_and_are_limited_by_network(
    visit: Visit, desk_world: Settings
) -> None:
    code = send_message(visit("203.0.113.5")).headers["location"].removeprefix("/tell/")
    guesser = visit("198.51.100.9")

    def answer(guess: str) -> str:
        page = guesser.get(f"/tell/{guess}")
        assert page.status_code == 404 and page.headers["cache-control"] == "no-store"
        return page.text.replace(guess, "CODE")

    wrong = [
        f"aaaa-aaaa-aaaa-aa{number:02}".translate(str.maketrans("0189", "abcd"))
        for number in range(20)
    ]
    pages = {answer(guess) for guess in [*wrong, "nonsense", "x" * 90]}
    assert len(pages) == 1
    limited = guesser.get(f"/tell/{code}")
    assert (
        limited.status_code == 429
        and "Received" not in limited.text
        and limited.headers["retry-after"]
    )
    assert visit("203.0.113.6").get(f"/tell/{code}").status_code == 200, (
        "the limit must not block other networks"
    )


def test_code_and_form_work_after_hash_secret_was_replaced(
    desk_world: Settings, visit: Visit
) -> None:
    reader = visit("198.51.100.9")
    key, code = form_key(reader), send_message(reader).headers["location"]
    rotated = desk_world.model_copy(
        update={"hash_secret": new_key(), "old_hash_secrets": [HASH_SECRET]}
    )
    with TestClient(
        create_app(rotated), follow_redirects=False, headers={"sec-fetch-site": "same-origin"}
    ) as later:
        assert "Your message: Received" in later.get(code).text
        address = send_message(later, key).headers["location"]
        assert "Your message: Received" in later.get(address).text
        assert send_message(later, key).headers["location"] == address
