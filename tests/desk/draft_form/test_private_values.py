"""Private values are shown only to editors and to those who entered them, and are never lost."""

import re

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from app.desk.approved.models import Record
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save
from app.desk.identity.models import Person
from app.desk.removals import merge
from app.kinds import EventForm, PlaceForm, RecordForm
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.conftest import Visit
from tests.make import make_citation
from tests.support.desk_accounts import logged
from tests.support.draft_pages import begin, decide, fields, post, stored
from tests.support.html import first_match
from tests.support.private_values import (
    CHANGES,
    EXACT_DAY,
    WHY,
    every_page,
    markers,
    secret_event,
    secrets_kept,
    shown_to,
)

__all__ = ["secrets_kept"]


def approved_form(settings: Settings, record: str) -> RecordForm:
    with desk_session(settings) as db:
        return db.get_one(Record, record).form


@pytest.mark.parametrize("record", CHANGES)
def test_contributor_sees_no_private_value_on_any_page(
    chidi: TestClient, secrets_kept: Settings, record: str
) -> None:
    at = begin(chidi, record=record)
    field, value = CHANGES[record]
    post(chidi, at, "save", **{field: value}, **WHY)
    draft = int(at.rsplit("/", 1)[1])
    found = {
        address: matches
        for address in every_page(draft, record)
        if (matches := markers(shown_to(chidi, address)))
    }
    if record == "E9":
        # The place itself is public; only its link to the event is private.
        found = {address: matches for address, matches in found.items() if "MARK" not in address}
    assert not found
    assert "Hidden from you, and left unchanged." in chidi.get(at).text
    assert stored(secrets_kept, at).document == {**stored(secrets_kept, at).document, field: value}


def test_contributor_sees_no_private_value_in_answers(
    chidi: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9", article="S9")
    sent = fields(chidi.get(at).text)
    assert not markers(str(sent))
    for do in (
        *("autosave", "save", "add citations"),
        *("make place terms.0.code exact_place", "same E1"),
        *("set exact_place place-1", "set note mine", "submit", "submit E", "submit M"),
    ):
        sent = fields(page) if 'id="draft"' in (page := chidi.get(at).text) else sent
        assert not markers(shown_to(chidi, at, **{**sent, **WHY, "do": do})), do
        chidi.post(f"{at}/take-back")
    version = f"{at.rsplit('/', 1)[1]}.0"
    for body in (
        shown_to(chidi, "/desk/records/E9/restore", version=version),
        shown_to(chidi, "/desk/sources/S9", key="k", kind="E", like="E9"),
        shown_to(chidi, "/desk/sources/S9", key="l", kind="M", like="E9"),
        shown_to(chidi, "/desk/sources/S9", key="m", record="E9"),
        chidi.get(at).text,
        str(fields(chidi.get(at).text)),
    ):
        assert not markers(body)


def test_hidden_values_survive_a_contributors_change(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    for record, (field, value) in CHANGES.items():
        before = approved_form(secrets_kept, record)
        at = begin(chidi, record=record)
        post(chidi, at, "autosave", **{field: value})
        assert "check" not in post(chidi, at, "submit", **WHY).headers["location"]
        assert decide(basma, at, "publish").status_code == 303
        assert approved_form(secrets_kept, record) == before.model_copy(update={field: value}), (
            record
        )


def test_public_date_gives_no_hint_of_the_exact_one(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    """Errors for public dates would otherwise reveal the exact date by trial."""
    at = begin(chidi, record="E9")
    answer = post(chidi, at, "submit", happened="2019-05", **WHY)
    assert answer.headers["location"] == "/desk"
    answer = decide(basma, at, "approve", **{"confirm.C90": "yes", "confirm.C91": "yes"})
    assert answer.status_code == 422
    assert "exact date must be within the public one" in answer.text


def test_conflict_page_hides_and_keeps_private_values(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    hers, his = fields(basma.get(at).text), fields(chidi.get(at).text)
    hers |= {"title": "Her title", "note": "MARKER by Basma", "citations.1.note": "MARKER too"}
    assert basma.post(at, data={**hers, "do": "save"}).status_code == 303
    refused = chidi.post(at, data={**his, "title": "His title", "do": "save"})
    conflict = chidi.get(refused.headers["location"])
    assert "Two versions of E9" in conflict.text and not markers(conflict.text)
    sent = fields(conflict.text, "choices")
    chosen = {**sent, "take.title": "mine"}
    assert chidi.post(conflict.url, data=chosen).status_code == 303
    document = stored(secrets_kept, at).document
    assert document["title"] == "His title" and document["note"] == "MARKER by Basma"
    assert [row["note"] for row in document["citations"]] == [
        "MARKER of the citation",
        "MARKER too",
    ]
    assert document["exact_happened"] == EXACT_DAY


def test_update_hides_and_keeps_private_values(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    post(chidi, at, "save", title="His title", **WHY)
    with desk_session(secrets_kept) as db:
        new = make_citation(92, 9, paraphrase="It was said again.", note="MARKER of a new one")
        old = secret_event()
        save(
            db,
            secret_event(
                note="MARKER that is newer", summary="A summary", citations=[*old.citations, new]
            ),
        )
        publish_approved(db, "The second")
    page = chidi.get(f"{at}/update").text
    assert "It was said again." in page and not markers(page)
    names = re.findall(r'name="take\.([^"]+)"', page)
    assert "note" not in names
    chosen = {f"take.{name}": "mine" if name == "title" else "theirs" for name in names}
    number = first_match(r'name="number" value="(\d+)"', page)
    assert not markers(shown_to(chidi, f"{at}/update", number=number))
    assert not markers(shown_to(chidi, f"{at}/update", number=number, **chosen))
    post(chidi, at, "submit")
    decide(basma, at, "publish")
    event = approved_form(secrets_kept, "E9")
    assert isinstance(event, EventForm)
    assert (event.title, event.note, event.exact_happened) == (
        "His title",
        "MARKER that is newer",
        EXACT_DAY,
    )
    notes = ["MARKER of the citation", "MARKER of another citation", "MARKER of a new one"]
    assert [each.note for each in event.citations] == notes


def test_notes_in_a_contributors_new_row_are_hidden_and_kept(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    post(chidi, at, "add citations")
    assert "Hidden from you" in chidi.get(at).text
    post(basma, at, "save", **{"citations.2.note": "MARKER of the editor"})
    assert not markers(chidi.get(at).text)
    post(chidi, at, "save", title="Another title")
    assert stored(secrets_kept, at).document["citations"][2]["note"] == "MARKER of the editor"


def test_update_names_rows_without_their_private_values(
    chidi: TestClient, secrets_kept: Settings
) -> None:
    """Names made from private values would let a reader guess them."""
    at = begin(chidi, record="E9")
    keys = []
    for note in ("MARKER of a new one", "MARKER of another"):
        with desk_session(secrets_kept) as db:
            new = make_citation(92, 9, paraphrase="It was said again.", note=note)
            save(db, secret_event(citations=[*secret_event().citations, new]))
            publish_approved(db, "Published")
        keys += re.findall(
            r'name="take\.citations\.([0-9a-f]{1,8})"', chidi.get(f"{at}/update").text
        )
    assert len(keys) >= 2 and len(set(keys)) == 1


def test_comment_on_hidden_field_is_hidden_from_its_author(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    at = begin(chidi, record="E9")
    post(chidi, at, "submit", title="Another title", **WHY)
    decide(basma, at, "save", comment="Look again.")
    decide(basma, at, "return", comment="Not so: MARKER of the event", field="note")
    page = chidi.get(at).text
    assert "Look again." in page and "About a private field that is hidden from you." in page
    assert not markers(page)
    assert "MARKER of the event" in basma.get(at).text


def test_own_record_and_opened_record_are_shown(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings, visit: Visit
) -> None:
    at = begin(chidi, record="E9")
    person = first_match(r'<option value="(\d+)">Chidi', basma.get("/desk/records/E9").text)
    early = fields(chidi.get(at).text)
    opening = {"person": person, "do": "open"}
    for client, status in ((chidi, 403), (basma, 303)):
        answer = client.post("/desk/records/E9/private", data=opening)
        assert answer.status_code == status
    # The page was made without private fields, so it must not empty them.
    assert chidi.post(at, data={**early, "title": "Another title", "do": "save"}).status_code == 303
    assert "MARKER of the event" in chidi.get(at).text
    post(chidi, at, "save", note="written by Chidi")
    assert stored(secrets_kept, at).document["note"] == "written by Chidi"
    assert stored(secrets_kept, at).document["exact_happened"] == EXACT_DAY
    basma.post("/desk/records/E9/private", data={"person": person, "do": "close"})
    assert not markers(chidi.get(at).text) and not markers(chidi.get("/desk/records/E9").text)
    by_basma = [("Basma", f"{act}-private", "E9") for act in ("opened", "closed")]
    assert logged(secrets_kept, "opened-private", "closed-private") == by_basma


def test_author_of_a_record_sees_its_private_values(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    """But not those that are merged into it."""
    at = begin(chidi, "P")
    own = {"code": "mine", "kind": "city", "names.0.text": "Mine"}
    post(chidi, at, "submit", **own)
    decide(basma, at, "publish")
    kept = stored(secrets_kept, at).record
    change = begin(chidi, record=kept)
    post(basma, change, note="her note")
    page = chidi.get(change).text
    assert "her note" in page and "Hidden from you" not in page
    chidi.post(f"{change}/delete")
    with desk_session(secrets_kept) as db:
        by = db.scalars(select(Person).where(Person.name == "Basma")).one()
        merge(db, by, "P9", kept, "Entered twice.")
    merged = approved_form(secrets_kept, kept)
    assert isinstance(merged, PlaceForm) and merged.note == "MARKER of the place"
    change = begin(chidi, record=kept, key="again")
    assert not markers(chidi.get(change).text) and "MARKER" in basma.get(change).text
    assert not markers(chidi.get(f"/desk/records/{kept}").text)


def test_reading_private_values_is_logged_once_a_day(
    chidi: TestClient, basma: TestClient, secrets_kept: Settings
) -> None:
    def readings() -> list[tuple[str, str]]:
        found = logged(secrets_kept, "read-private")
        return sorted((name, record) for name, _action, record in found)

    at = begin(chidi, record="E9")
    chidi.get(at), chidi.get("/desk/records/E9")
    assert readings() == [], "pages that hide private values must log no reading of them"
    basma.get(at), basma.get(at), basma.get("/desk/records/E9")
    assert readings() == [("Basma", "E9")]
    post(chidi, at, "submit", title="Another title", **WHY)
    basma.get(at.replace("drafts", "review"))
    basma.get("/desk/records/S9/merge?with=S1"), basma.get("/desk/records/E1/merge?with=E9")
    assert readings() == [("Basma", "E9"), ("Basma", "S9")]
    with desk_session(secrets_kept) as db:
        opened = (
            "INSERT INTO desk.opened_record (record, person, by) "
            "SELECT 'M9', id, id FROM desk.person"
        )
        db.execute(text(f"{opened} WHERE name = 'Chidi'"))
    chidi.get(begin(chidi, record="M9"))
    assert readings() == [("Basma", "E9"), ("Basma", "S9"), ("Chidi", "M9")]


# Entries in the audit log -------------------------------------------------------------------------


def has_read(settings: Settings, record: str) -> bool:
    return record in {about for _name, _action, about in logged(settings, "read-private")}


def test_bulk_edit_of_a_private_note_is_logged(basma: TestClient, secrets_kept: Settings) -> None:
    page = basma.post("/desk/bulk", data={"old": "MARKER", "new": "marker", "take.E9": "yes"})
    assert page.status_code == 200 and markers(page.text)
    assert has_read(secrets_kept, "E9")
