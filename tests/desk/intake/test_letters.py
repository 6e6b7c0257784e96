"""Requests from outside: sent without scripts or an address kept, few at a time, read by editors alone, acted on."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.database.engines import reader_engine
from app.database.sessions import LetterboxSession
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.intake.models import Letter, LetterCount, LetterSalt
from app.desk.messages import messages
from app.forms.reader_message import Kind
from app.main import create_app
from app.settings import Settings
from app.site.tell import routes as telling
from tests.browser import grave_faults
from tests.conftest import desk_session, reader_session, serving, wait_until
from tests.desk.cast import person, sign_in
from tests.desk.conftest import Visit
from tests.desk.intake.sending import WORDS, kept, key_of, send
from tests.make import make_citation, make_event, make_link
from tests.support.desk_accounts import as_owner
from tests.support.desk_browser import comes_in, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEND = "SELECT letterbox.send('{key}', '{kind}', '', 'x', '', ARRAY['n'], NULL)"
CODE_ADDRESS = re.compile(r"/tell/[a-z2-7]{4}(-[a-z2-7]{4}){3}")


@pytest.fixture(autouse=True)
def quick_writers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "SECONDS_TO_WRITE", 0)


@pytest.fixture
def in_the_record(desk_world: Settings) -> Iterator[Settings]:
    with desk_session(desk_world) as db:
        save_all(db, [make_event(7, title="Seen at the dormitory")])
        publish_approved(db, "The first")
    yield desk_world


# Sending ----------------------------------------------------------------------------------------------------------


def test_a_letter_reaches_the_desk_as_it_was_written(visit: Visit, desk_world: Settings) -> None:
    reader = visit("198.51.100.9")
    assert CODE_ADDRESS.fullmatch(send(reader, reach="me@example.org").headers["location"])
    (letter,) = kept(desk_world)
    assert (letter.kind, letter.about, letter.words) == ("removal", "/events/E7", WORDS)
    assert (letter.reach, letter.state, letter.owner) == ("me@example.org", "new", None)
    assert not reader.cookies


def test_the_form_keeps_what_was_typed_and_is_not_kept_by_anybody(
    visit: Visit, in_the_record: Settings
) -> None:
    reader = visit()
    answer = reader.get("/tell?about=/events/E7&kind=removal")
    assert 'value="/events/E7"' in answer.text and 'value="removal" checked' in answer.text
    assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
    assert answer.headers["referrer-policy"] == "same-origin", (
        "or a browser would not say whence the form comes"
    )
    assert key_of(reader) != key_of(reader)
    assert "Type the code" in reader.get("/tell/sent").text
    assert (
        'href="/tell?about=/events/E7"' in reader.get("/events/E7").text
        and 'href="/tell"' in reader.get("/").text
    )


WRONG: list[tuple[dict[str, str], str]] = [
    ({"words": ""}, "Write what the editors should know"),
    ({"words": " \n\x00"}, "Write what the editors should know"),
    ({"words": "x" * 5_001}, "too long"),
    ({"kind": ""}, "Choose one"),
    ({"kind": "praise"}, "Choose one"),
    ({"about": "x" * 501}, "too long"),
    ({"website": "http://spam.example"}, "meant for programs"),
    ({"key": "x"}, "Look it over and send it again"),
    ({"key": "6925e0a1.0123456789abcdef." + "0" * 32}, "Look it over and send it again"),
]


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    visit: Visit, desk_world: Settings
) -> None:
    reader = visit()
    for typed, why in WRONG:
        answer = send(reader, **{"reach": "me@example.org", **typed})
        assert (
            answer.status_code == 422 and why in answer.text and "me@example.org" in answer.text
        ), typed
        assert typed.get("words", WORDS).strip("\x00 \n") in answer.text
    assert kept(desk_world) == []


def test_a_form_is_filled_in_by_somebody_who_takes_their_time_but_not_a_day(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = visit()
    monkeypatch.setattr(telling, "SECONDS_TO_WRITE", 60)
    key = key_of(reader)
    assert "That was quick" in send(reader, key).text
    monkeypatch.setattr(telling, "SECONDS_TO_WRITE", 0)
    monkeypatch.setattr(telling, "SECONDS_IT_IS_GOOD", -1)
    late = send(reader, key)
    assert "open for long" in late.text and WORDS in late.text
    monkeypatch.setattr(telling, "SECONDS_IT_IS_GOOD", 60)
    assert send(reader, key).status_code == 303
    assert send(reader, key).status_code == 303, "sent twice"
    assert len(kept(desk_world)) == 1


def test_second_letter_of_one_form_is_kept_too(visit: Visit, desk_world: Settings) -> None:
    reader = visit("198.51.100.9")
    key = key_of(reader)
    first = send(reader, key).headers["location"]
    # Back, one more thing, and sent again.
    changes = [
        {"words": "It names a person too."},
        {"about": "/events/E8"},
        {"reach": "a@b.example"},
        {"kind": "other"},
    ]
    later = [send(reader, key, **typed).headers["location"] for typed in changes]
    assert len({first, *later}) == 5
    assert [letter.words for letter in kept(desk_world)] == [
        WORDS,
        "It names a person too.",
        *[WORDS] * 3,
    ]
    assert send(reader, key).headers["location"] == first and len(kept(desk_world)) == 5
    assert all("Received" in reader.get(address).text for address in (first, *later))


def test_the_readers_login_can_send_and_see_nothing(desk_world: Settings, visit: Visit) -> None:
    send(visit())
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


def test_where_nothing_can_be_written_the_page_says_come_back(
    visit: Visit, desk_world: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a replica: there PostgreSQL refuses what it refuses in a transaction that only reads."""
    real = LetterboxSession.scalar

    def only_reading(session: Session, *asked: Any, **more: Any) -> Any:
        session.execute(text("SET TRANSACTION READ ONLY"))
        return real(session, *asked, **more)

    reader = visit()
    key = key_of(reader)
    monkeypatch.setattr(LetterboxSession, "scalar", only_reading)
    assert send(reader, key).status_code == 503


def test_the_public_site_alone_takes_letters_too(desk_world: Settings) -> None:
    app = create_app(desk_world.model_copy(update={"public_only": True, "database_url": None}))
    client = TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})
    assert send(client).status_code == 303 and len(kept(desk_world)) == 1
    assert client.get("/desk/requests").status_code == 404


# At the desk ------------------------------------------------------------------------------------------------------


def test_removals_come_first_and_only_editors_see_any(
    visit: Visit, in_the_record: Settings, basma: TestClient, chidi: TestClient
) -> None:
    send(visit("198.51.100.9"), kind="mistake", words="The number is of 2018.")
    send(visit("198.51.100.9"), reach="me@example.org")
    page = basma.get("/desk/requests").text
    assert page.index("This names a dormitory") < page.index("The number is of 2018")
    assert "Somebody asks that something be removed" in basma.get("/desk").text
    assert "asks that something be removed" not in chidi.get("/desk").text
    for address in ("/desk/requests", "/desk/requests/1", "/desk/requests/2"):
        assert chidi.get(address).status_code == 403
    assert "me@example.org" in basma.get("/desk/requests/2").text


def test_open_letters_are_all_reached_page_by_page(desk_world: Settings, basma: TestClient) -> None:
    with desk_session(desk_world) as db:
        for number in range(70):
            kind, rushed = ("other", False) if number < 5 else ("removal", number < 60)
            db.add(
                Letter(
                    key=str(number),
                    kind=kind,
                    about=f"L{number}.",
                    words="x",
                    reach="",
                    rushed=rushed,
                )
            )
    address, seen = "/desk/requests", []
    while address:
        page = basma.get(address).text
        seen += [int(each) for each in re.findall(r">L(\d+)\.</a>", page)]
        more = re.search(r'href="(/desk/requests\?view=open&amp;after=\d+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert seen == [*range(60, 70), *range(5, 60), *range(5)]


@pytest.mark.usefixtures("one_person_desk")
def test_a_record_is_hidden_at_once_while_it_is_looked_into(
    visit: Visit, in_the_record: Settings, basma: TestClient
) -> None:
    reader = visit("198.51.100.9")
    send(reader)
    page = basma.get("/desk/requests/1").text
    assert "Seen at the dormitory" in page and "Hide it from readers now" in page
    hidden = {"record": "E7", "reason": "Looked into at the moment."}
    assert basma.post("/desk/requests/1/hide", data={**hidden, "reason": ""}).status_code == 422
    assert (
        basma.post("/desk/requests/1/hide", data={**hidden, "record": "E1"}).status_code == 404
    ), "not what it names"
    assert basma.post("/desk/requests/1/hide", data=hidden).status_code == 303
    wait_until(lambda: reader.get("/events.json").json()["total"] == 1, "the edition without it")
    gone = reader.get("/events/E7")
    assert gone.status_code == 410 or "This was withdrawn" in gone.text
    assert (
        "Looked into at the moment." in gone.text
        and "dormitory</" not in reader.get("/events").text
    )
    assert "Readers don’t see it at present" in basma.get("/desk/requests/1").text
    assert basma.post("/desk/requests/1/hide", data=hidden).status_code == 422, "it is so already"
    assert (
        basma.post("/desk/records/E7/publish", data={"reason": "Nothing was wrong."}).status_code
        == 303
    )
    wait_until(
        lambda: reader.get("/events.json").json()["total"] == 2, "the edition that has it again"
    )


@pytest.mark.usefixtures("one_person_desk")
def test_what_others_name_is_hidden_with_a_second_press(
    visit: Visit, in_the_record: Settings, basma: TestClient
) -> None:
    """Somebody may be in danger: an editor is not sent to say of each of nine others what becomes of it."""
    with desk_session(in_the_record) as db:
        about = make_citation(9, about="L2")
        save_all(
            db,
            [
                make_event(8, links=[make_link("E7", "follows", 1)], citations=[make_citation(8)]),
                make_event(
                    9, links=[make_link("E7", "follows", 2)], citations=[make_citation(10), about]
                ),
            ],
        )
        publish_approved(db, "Two that follow it, and a citation of one says so")
    reader = visit("198.51.100.9")
    send(reader)
    hidden = {"record": "E7", "reason": "Looked into at the moment."}
    answer = basma.post("/desk/requests/1/hide", data=hidden)
    assert answer.status_code == 422 and "E8 still names E7" in answer.text
    assert "Would name it no more: E8" in answer.text and "would be hidden too: E9" in answer.text
    assert (
        basma.post("/desk/requests/1/hide", data={**hidden, "others": "at-once"}).status_code == 303
    )
    wait_until(
        lambda: "This was withdrawn" in reader.get("/events/E7").text, "the edition without it"
    )
    assert "/events/E7" not in reader.get("/events/E8").text
    assert "This was withdrawn" in reader.get("/events/E9").text
    history = basma.get("/desk/records/E7").text
    assert "With all that withdrawing it did to others" in history and "since: E9, E8" in history
    back = {"reason": "Nothing was wrong.", "along": "yes"}
    assert basma.post("/desk/records/E7/publish", data=back).status_code == 303
    wait_until(
        lambda: "/events/E7" in reader.get("/events/E8").text, "the edition that has it again"
    )
    assert "This was withdrawn" not in reader.get("/events/E7").text + reader.get("/events/E9").text
    assert "/events/E7" in reader.get("/events/E9").text


def test_a_letter_is_taken_answered_closed_and_undone(
    visit: Visit, desk_world: Settings, basma: TestClient
) -> None:
    send(visit("198.51.100.9"))
    basmas = person(desk_world, "Basma").id
    basma.post("/desk/requests/1", data={"do": "take"})
    assert (kept(desk_world)[0].state, kept(desk_world)[0].owner) == ("taken", basmas)
    basma.post(
        "/desk/requests/1",
        data={"do": "note", "note": "Answered: it is hidden.", "owner": str(basmas)},
    )
    basma.post("/desk/requests/1", data={"do": "done"})
    assert "None." in basma.get("/desk/requests").text
    assert "Answered: it is hidden." in basma.get("/desk/requests/1").text
    assert "dormitory" in basma.get("/desk/requests?view=closed").text
    basma.post("/desk/requests/1", data={"do": "undo"})
    assert kept(desk_world)[0].state == "taken"
    for _ in range(3):
        basma.post("/desk/requests/1", data={"do": "undo"})
    for bad in (
        {"do": "nonsense"},
        {"do": "note", "owner": "99"},
        {"do": "note", "note": "x" * 2_001},
    ):
        assert basma.post("/desk/requests/1", data=bad).status_code == 422
    assert (
        basma.get("/desk/requests/99").status_code
        == basma.get("/desk/requests/9999999999").status_code
        == 404
    )


def test_the_first_step_of_a_letter_can_be_undone(
    visit: Visit, desk_world: Settings, basma: TestClient
) -> None:
    send(visit("198.51.100.9"))
    basma.post("/desk/requests/1", data={"do": "set-aside"})
    basma.post("/desk/requests/1", data={"do": "undo"})
    assert kept(desk_world)[0].state == "new"


def test_a_request_that_came_by_mail_is_entered(desk_world: Settings, basma: TestClient) -> None:
    typed = {
        "kind": "removal",
        "about": "E1",
        "words": "By mail: please remove it.",
        "reach": "them@example.org",
    }
    assert basma.post("/desk/requests", data={**typed, "words": ""}).status_code == 422
    assert basma.post("/desk/requests", data=typed).headers["location"] == "/desk/requests/1"
    assert (kept(desk_world)[0].state, kept(desk_world)[0].owner) == (
        "taken",
        person(desk_world, "Basma").id,
    )


NAMED = [
    ("E7", "", ["E7"]),
    ("https://sojourn.example/events/E7?edition=3", "and also S1, M9, E7.", ["E7", "S1"]),
    ("/cities/place-1", "of /outlets/outlet-2", ["P1", "O2"]),
    ("", "nothing that we know: E99, X1, e7x", []),
]


def test_what_a_letter_names_is_found(in_the_record: Settings) -> None:
    basma = person(in_the_record, "Basma")
    with desk_session(in_the_record) as db:
        for about, words, ids in NAMED:
            letter = Letter(key="k", kind=Kind.OTHER, about=about, words=words or "-", reach="")
            assert [
                each.id for each in messages.affected(db, Catalogue(db, basma), letter)
            ] == ids, about


def test_how_to_reach_somebody_is_forgotten_a_month_after_it_is_closed(
    desk_world: Settings,
) -> None:
    with desk_session(desk_world) as db:
        for number, (state, age) in enumerate([("done", 31), ("set-aside", 29), ("taken", 99)]):
            letter = Letter(
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
                update(Letter)
                .where(Letter.id == letter.id)
                .values(since=func.now() - text(f"interval '{age} days'"))
            )
        assert messages.forget(db) == 1
        assert messages.forget(db) == 0
    assert [letter.reach for letter in kept(desk_world)] == ["", "me@example.org", "me@example.org"]


def test_after_an_hour_nothing_is_left_of_who_sent_how_many(
    visit: Visit, desk_world: Settings
) -> None:
    send(visit())
    as_owner(desk_world, "UPDATE desk.letter_salt SET since = since - interval '61 minutes'")
    with desk_session(desk_world) as db:
        assert len(db.scalars(select(LetterCount)).all()) == 1
        messages.forget(db)
        assert [*db.scalars(select(LetterSalt)), *db.scalars(select(LetterCount))] == []


def test_no_log_holds_what_was_sent_or_from_where(
    visit: Visit,
    desk_world: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError(f"{WORDS} from 198.51.100.9")

    reader = visit("198.51.100.9")
    key = key_of(reader)
    with caplog.at_level("DEBUG"):
        send(reader, key)
        monkeypatch.setattr(telling, "_send", fail)
        assert send(reader).status_code == 500
    ours = "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("http")
    )
    assert re.search("RuntimeError at [^ ]+ > app/site/tell/routes.py", ours)
    assert "dormitory" not in ours and "198.51" not in ours


def test_signed_in_or_not_the_form_is_the_same(visit: Visit, desk_world: Settings) -> None:
    client = visit()
    sign_in(client, "Basma")
    assert "Basma" not in client.get("/tell").text and send(client).status_code == 303


# In a browser -----------------------------------------------------------------------------------------------------


def test_a_reader_without_scripts_tells_and_an_editor_hides_it(
    in_the_record: Settings, browser: "Browser"
) -> None:
    with serving(in_the_record) as site:
        with opened(browser, site, java_script_enabled=False) as page:
            page.goto("/events/E7")
            page.get_by_role("link", name="Something wrong here").click()
            expect(page.get_by_label("What it is about")).to_have_value("/events/E7")
            page.get_by_label("Remove something").check()
            page.get_by_label("What the editors should know").fill(WORDS)
            page.get_by_role("button", name="Send").click()
            expect(page.get_by_role("heading", name="Your letter: Received")).to_be_visible()
            code = page.locator("strong.code").inner_text()
            assert page.context.cookies() == []
            page.set_viewport_size({"width": 390, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            page.get_by_role("link", name="Type a code").click()
            page.get_by_label("Code").fill("abcd")
            page.get_by_role("button", name="Show its state").click()
            expect(page.get_by_role("alert")).to_contain_text("No letter has this code")
            page.get_by_label("Code").fill(code)
            page.get_by_role("button", name="Show its state").click()
            expect(page.get_by_role("heading", name="Your letter: Received")).to_be_visible()
        with opened(browser, site) as page:
            comes_in(page, "Basma")
            page.get_by_role("link", name="Read it now").click()
            page.get_by_role("link", name="/events/E7").click()
            assert grave_faults(page) == []
            page.get_by_role("button", name="Hide it from readers now").click()
            expect(page.get_by_role("status")).to_contain_text("out of readers’ sight")
            page.goto("/events/E7")
            expect(page.get_by_role("heading", name="This was withdrawn")).to_be_visible()
