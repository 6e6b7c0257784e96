"""Work of editors on readers' messages."""

import re

import pytest
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from app.desk.draft_form.catalogue import Catalogue
from app.desk.intake import MessageCount, MessageSalt, ReaderMessage
from app.desk.round import items
from app.settings import Settings
from app.vocabulary.reader_message import Kind
from tests.conftest import desk_session, wait_until
from tests.desk.conftest import Visit
from tests.make import make_citation, make_event
from tests.support.desk_accounts import as_owner
from tests.support.desk_people import person
from tests.support.messages import send_message, stored_messages
from tests.support.worlds import publish_new

pytestmark = pytest.mark.usefixtures("quick_writers")


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
