"""Readers send messages: form, errors, database rights, and logs."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from app.database.engines import reader_engine
from app.database.sessions import LetterboxSession
from app.desk.draft_form.catalogue import Catalogue
from app.desk.intake import MessageCount, MessageSalt, ReaderMessage
from app.desk.round import items
from app.main import create_app
from app.secret_key import new_key
from app.settings import Settings
from app.site import tell as telling
from app.site.tell import hash_of_code
from app.vocabulary.reader_message import Kind
from tests.conftest import desk_session, reader_session, wait_until
from tests.desk.conftest import Visit
from tests.make import make_citation, make_event
from tests.support.database_server import HASH_SECRET
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import person
from tests.support.html import first_match
from tests.support.messages import WORDS, form_key, send_message, stored_messages
from tests.support.worlds import give_cookies, publish_new

SEND = "SELECT letterbox.send('{key}', '{kind}', '', 'x', '', ARRAY['n'], NULL)"
CODE_ADDRESS = re.compile(r"/tell/[a-z2-7]{4}(-[a-z2-7]{4}){3}")


pytestmark = pytest.mark.usefixtures("quick_writers")


# Sending ------------------------------------------------------------------------------------------


def test_message_is_stored_as_written(visit: Visit, desk_world: Settings) -> None:
    reader, basma = visit("198.51.100.9"), give_cookies(visit(), "Basma")
    assert CODE_ADDRESS.fullmatch(send_message(reader, reach="me@example.org").headers["location"])
    (letter,) = stored_messages(desk_world)
    assert (letter.kind, letter.about, letter.words) == ("removal", "/events/E7", WORDS)
    assert (letter.reach, letter.state, letter.owner) == ("me@example.org", "new", None)
    assert not reader.cookies
    assert "Basma" not in basma.get("/tell").text and send_message(basma).status_code == 303


def test_form_is_prefilled_and_not_cached(visit: Visit, in_the_record: Settings) -> None:
    reader = visit()
    answer = reader.get("/tell?about=/events/E7&kind=removal")
    assert 'value="/events/E7"' in answer.text and 'value="removal" checked' in answer.text
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
    assert answer.headers["referrer-policy"] == "same-origin", (
        "the referrer policy must let browsers send the origin of the form"
    )
    assert form_key(reader) != form_key(reader)
    assert "Enter the code that was shown" in reader.get("/tell/sent").text
    assert (
        'href="/tell?about=/events/E7"' in reader.get("/events/E7").text
        and 'href="/tell"' in reader.get("/").text
    )


WRONG: list[tuple[dict[str, str], str]] = [
    ({"words": ""}, "Enter a message"),
    ({"words": " \n\x00"}, "Enter a message"),
    ({"words": "x" * 5_001}, "too long"),
    ({"kind": ""}, "Choose one"),
    ({"kind": "praise"}, "Choose one"),
    ({"about": "x" * 501}, "too long"),
    ({"website": "http://spam.example"}, "Leave the last field empty"),
    ({"key": "x"}, "Check your message and send it again"),
    ({"key": "6925e0a1.0123456789abcdef." + "0" * 32}, "Check your message and send it again"),
]


def test_invalid_message_shows_error_and_keeps_text(visit: Visit, desk_world: Settings) -> None:
    reader = visit()
    for typed, why in WRONG:
        answer = send_message(reader, **{"reach": "me@example.org", **typed})
        assert (
            answer.status_code == 422 and why in answer.text and "me@example.org" in answer.text
        ), typed
        assert typed.get("words", WORDS).strip("\x00 \n") in answer.text
    assert stored_messages(desk_world) == []


def test_form_sent_too_fast_or_too_late_is_refused(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = visit()
    monkeypatch.setattr(telling, "MIN_FORM_SECONDS", 60)
    key = form_key(reader)
    assert "sent too quickly" in send_message(reader, key).text
    monkeypatch.setattr(telling, "MIN_FORM_SECONDS", 0)
    monkeypatch.setattr(telling, "MAX_FORM_SECONDS", -1)
    late = send_message(reader, key)
    assert "open for a long time" in late.text and WORDS in late.text
    monkeypatch.setattr(telling, "MAX_FORM_SECONDS", 60)
    assert send_message(reader, key).status_code == 303


def test_changed_message_of_same_form_is_stored(visit: Visit, desk_world: Settings) -> None:
    reader = visit("198.51.100.9")
    key = form_key(reader)
    first = send_message(reader, key).headers["location"]
    # The reader goes back, changes a field, and sends the form again.
    later = send_message(reader, key, words="It names a person too.").headers["location"]
    assert later != first
    assert send_message(reader, key).headers["location"] == first
    assert [each.words for each in stored_messages(desk_world)] == [WORDS, "It names a person too."]
    assert all("Received" in reader.get(address).text for address in (first, later))


def test_reader_role_can_send_but_not_read(desk_world: Settings, visit: Visit) -> None:
    send_message(visit())
    with reader_session(desk_world) as reading:
        for statement in ("SELECT * FROM desk.letter", SEND.format(key="k", kind="other")):
            with (
                pytest.raises(DBAPIError, match=r"permission denied|read-only"),
                reading.begin_nested(),
            ):
                reading.execute(text(statement))
    engine = reader_engine(desk_world).execution_options(postgresql_readonly=False)
    with LetterboxSession(engine) as writing, writing.begin():
        assert writing.scalar(text(SEND.format(key="k", kind="other"))) == "kept"
        for statement in (
            "SELECT * FROM desk.letter",
            "UPDATE desk.letter SET words = ''",
            "DELETE FROM desk.letter_count",
            "INSERT INTO record.edition (no, message, release) VALUES (99, '', '')",
            "SELECT * FROM desk.letter_salt",
            "SELECT letterbox.hash_networks('guess', ARRAY['n'])",
            SEND.format(key="k2", kind="praise"),
        ):
            with (
                pytest.raises(DBAPIError, match=r"permission denied|ck_letter_kind"),
                writing.begin_nested(),
            ):
                writing.execute(text(statement))
    engine.dispose()


def test_public_only_site_accepts_messages(desk_world: Settings) -> None:
    app = create_app(desk_world.model_copy(update={"public_only": True, "database_url": None}))
    client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
    assert send_message(client).status_code == 303 and len(stored_messages(desk_world)) == 1
    assert client.get("/desk/round").status_code == 404


def test_logs_hold_neither_message_nor_address(
    visit: Visit,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(f"{WORDS} from 198.51.100.9")

    reader = visit("198.51.100.9")
    key = form_key(reader)
    with caplog.at_level("DEBUG"):
        send_message(reader, key)
        monkeypatch.setattr(telling, "_send", fail)
        assert send_message(reader).status_code == 500
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    )
    assert "RuntimeError at app/site/tell.py" in ours
    assert "dormitory" not in ours and "198.51" not in ours


# Codes that show senders the state of their message, stored only as hashes ------------------------


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


# Rate limits of messages by network: a flood never blocks requests for removal --------------------


def test_network_over_its_limit_sends_only_removals(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All requests are in one hour, because counts are deleted after an hour.
    monkeypatch.setattr("app.site.tell.time.time", lambda: 1_800_000_000)
    reader = visit("2001:db8:1:2::1")
    assert [send_message(reader, kind="mistake").status_code for _ in range(7)] == [303] * 5 + [
        429
    ] * 2
    again = send_message(visit("2001:db8:1:2:ffff::9"), kind="mistake")
    assert again.status_code == 429 and WORDS in again.text and "in an hour" in again.text
    assert again.headers["retry-after"] == "3600"
    assert send_message(visit("203.0.113.77"), kind="mistake").status_code == 303
    assert [send_message(reader).status_code for _ in range(7)] == [303] * 7
    assert [
        letter.rushed for letter in stored_messages(desk_world) if letter.kind == "removal"
    ] == [False] * 5 + [True] * 2
    with desk_session(desk_world) as db:
        counted = str(
            [*db.scalars(select(MessageCount.key)), *db.scalars(select(MessageSalt.salt))]
        )
    assert "2001:db8" not in counted and "203.0" not in counted


def test_wide_ipv6_networks_have_their_own_limits(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.site.tell.time.time", lambda: 1_800_000_000)

    def sent(address: str) -> int:
        return int(send_message(visit(address), kind="mistake").status_code)

    assert [sent(f"2001:db8:1:{number:x}::1") for number in range(12)] == [303] * 10 + [429] * 2, (
        "one IPv6 /56 network must be limited to ten messages"
    )
    assert [sent(f"2001:db8:1:{number:x}00::1") for number in range(1, 13)] == [303] * 10 + [
        429
    ] * 2, "one IPv6 /48 network must be limited to ten messages"
    assert sent("2001:db8:2::1") == 303
    assert [sent(f"::ffff:192.0.2.{number}") for number in range(1, 8)] == [303] * 7, (
        "IPv4 addresses in IPv6 notation must be limited separately"
    )


def test_flood_from_many_networks_refuses_no_removal(visit: Visit, desk_world: Settings) -> None:
    for network in range(9):
        reader = visit(f"198.51.100.{network}")
        assert [send_message(reader).status_code for _ in range(5)] == [303] * 5
    assert send_message(visit("203.0.113.9")).status_code == 303
    assert [letter.rushed for letter in stored_messages(desk_world)] == [False] * 46


def test_removals_of_one_network_end_before_disk_is_full(
    visit: Visit, desk_world: Settings
) -> None:
    reader = visit("198.51.100.9")
    assert send_message(reader).status_code == 303
    with desk_session(desk_world) as db:
        (key,) = db.scalars(select(MessageCount.key))
    as_owner(
        desk_world,
        f"INSERT INTO desk.letter_count (key) SELECT '{key}' FROM generate_series(1, 99)",
    )
    refused = send_message(reader)
    assert refused.status_code == 429 and WORDS in refused.text


def test_flood_of_other_messages_admits_removals(desk_world: Settings, visit: Visit) -> None:
    with desk_session(desk_world) as db:
        for number in range(40):
            db.add(ReaderMessage(key=str(number), kind="other", about="", words="Flood", reach=""))
    slowed = send_message(visit("198.51.100.9"), kind="mistake")
    assert slowed.status_code == 429 and "are accepted now" in slowed.text
    assert send_message(visit("198.51.100.10"), kind="removal").status_code == 303


# Work of editors on readers' messages -------------------------------------------------------------


def test_removals_come_first_and_are_for_editors_only(
    visit: Visit, in_the_record: Settings, basma: TestClient, chidi: TestClient
) -> None:
    send_message(visit("198.51.100.9"), kind="mistake", words="The number is of 2018.")
    send_message(visit("198.51.100.9"), reach="me@example.org")
    page = basma.get("/desk/round").text
    assert page.index("This names a dormitory") < page.index("The number is of 2018")
    assert "One message requests a removal" in basma.get("/desk").text
    assert "requests a removal" not in chidi.get("/desk").text
    for id in (1, 2):
        assert chidi.get(f"/desk/round/messages/{id}").status_code == 403
    assert "This names a dormitory" not in chidi.get("/desk/round").text
    assert "me@example.org" in basma.get("/desk/round/messages/2").text


def test_pages_of_open_messages_reach_all(desk_world: Settings, basma: TestClient) -> None:
    with desk_session(desk_world) as db:
        for number in range(70):
            kind, rushed = ("other", False) if number < 5 else ("removal", number < 60)
            about = {"about": f"L{number}.", "words": "x", "reach": ""}
            db.add(ReaderMessage(key=str(number), kind=kind, rushed=rushed, **about))
    address, seen = "/desk/round", []
    while address:
        page = basma.get(address).text
        seen += [int(each) for each in re.findall(r">L(\d+)\.</a>", page)]
        more = re.search(r'href="(/desk/round\?view=open&amp;letters=\d+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == [*range(60, 70), *range(5, 60), *range(5)]


@pytest.mark.usefixtures("one_person_desk")
def test_hidden_record_is_withdrawn_at_once_with_what_refers_to_it(
    visit: Visit, in_the_record: Settings, basma: TestClient
) -> None:
    about = make_citation(9, about="L2")
    publish_new(
        in_the_record,
        make_event(8, links="E7 follows"),
        make_event(9, links="L2 E7 follows", citations=[make_citation(10), about]),
    )
    reader = visit("198.51.100.9")
    send_message(reader)
    page = basma.get("/desk/round/messages/1").text
    assert "Will no longer refer to it: E8" in page and "will be hidden, too: E9" in page
    hidden = {"record": "E7", "reason": "Under review"}

    def hide(**changes: str) -> int:
        answer = basma.post("/desk/round/messages/1/hide", data=hidden | changes)
        return answer.status_code

    # Only a record that the message names is hidden, with a reason, and once.
    assert [hide(reason=""), hide(record="E1"), hide()] == [422, 404, 303]
    wait_until(
        lambda: "This record was withdrawn" in reader.get("/events/E7").text,
        "the edition without it",
    )
    assert "Under review" in reader.get("/events/E7").text
    assert "dormitory</" not in reader.get("/events").text
    assert "It is hidden from readers" in basma.get("/desk/round/messages/1").text
    assert hide() == 422
    assert "/events/E7" not in reader.get("/events/E8").text
    assert "This record was withdrawn" in reader.get("/events/E9").text
    history = basma.get("/desk/records/E7").text
    assert "lost a reference, and are restored with it: E9, E8" in history
    back = {"reason": "Nothing was wrong."}
    assert basma.post("/desk/records/E7/publish", data=back).status_code == 303
    wait_until(
        lambda: "/events/E7" in reader.get("/events/E8").text, "the edition that has it again"
    )
    assert (
        "This record was withdrawn"
        not in reader.get("/events/E7").text + reader.get("/events/E9").text
    )
    assert "/events/E7" in reader.get("/events/E9").text


NAMED = [
    ("E7", "", ["E7"]),
    ("https://sojourn.example/events/E7?edition=3", "and also S1, M9, E7.", ["E7", "S1"]),
    ("/cities/place-1", "of /outlets/outlet-2", ["P1", "O2"]),
    ("", "nothing that we know: E99, X1, e7x", []),
]


def test_records_named_in_message_are_found(in_the_record: Settings) -> None:
    basma = person(in_the_record, "Basma")
    with desk_session(in_the_record) as db:
        for about, words, ids in NAMED:
            letter = ReaderMessage(
                key="k", kind=Kind.OTHER, about=about, words=words or "-", reach=""
            )
            assert [
                each["id"] for each in items.affected_records(db, Catalogue(db, basma), letter)
            ] == ids, about


def test_contact_is_deleted_month_after_closing(
    desk_world: Settings,
) -> None:
    with desk_session(desk_world) as db:
        for number, (state, age) in enumerate([("done", 31), ("set-aside", 29), ("taken", 99)]):
            letter = ReaderMessage(
                key=str(number),
                kind="other",
                about="",
                words="x",
                reach="me@example.org",
                state=state,
            )
            db.add(letter)
            db.flush()
            db.execute(
                update(ReaderMessage)
                .where(ReaderMessage.id == letter.id)
                .values(since=func.now() - text(f"interval '{age} days'"))
            )
        assert items.delete_expired(db) == 1
        assert items.delete_expired(db) == 0
    assert [letter.reach for letter in stored_messages(desk_world)] == [
        "",
        "me@example.org",
        "me@example.org",
    ]


def test_network_counts_are_deleted_after_an_hour(visit: Visit, desk_world: Settings) -> None:
    send_message(visit())
    as_owner(desk_world, "UPDATE desk.letter_salt SET since = since - interval '61 minutes'")
    with desk_session(desk_world) as db:
        assert len(db.scalars(select(MessageCount)).all()) == 1
        items.delete_expired(db)
        assert [*db.scalars(select(MessageSalt)), *db.scalars(select(MessageCount))] == []
