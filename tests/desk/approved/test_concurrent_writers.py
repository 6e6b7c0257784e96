"""Concurrent changes of the approved state of one record, such as an import and a review."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, save, save_all
from app.desk.csv import export_folder, import_folder
from app.desk.purges import purge
from app.kinds import EventForm, RecordForm
from app.record.publishing.validation import PublishError
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import (
    a_small_world,
    make_actor,
    make_event,
    make_place,
    make_source,
)
from tests.support.desk_accounts import is_waited_for


def event_of(db: DeskSession) -> EventForm:
    form = db.get_one(models.Record, "E1").form
    assert isinstance(form, EventForm)
    return form


@pytest.fixture(autouse=True)
def begun(database: Settings) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_place(8), make_event(1)])


def start_second(
    database: Settings, act: Callable[[DeskSession], object]
) -> tuple[threading.Thread, list[str]]:
    """Start `act` in another thread, and return that with its errors once it waits."""
    refusals: list[str] = []

    def run() -> None:
        try:
            with desk_session(database) as second:
                event_of(second)
                act(second)
        except (IntegrityError, PublishError) as error:
            refusals.append(str(error))

    other = threading.Thread(target=run)
    other.start()
    wait_until(lambda: is_waited_for(database), "the second to wait")
    return other, refusals


def test_import_keeps_private_note_approved_concurrently(
    database: Settings, tmp_path: Path
) -> None:
    with desk_session(database) as db:
        export_folder(db, tmp_path)

    def import_again(second: DeskSession) -> None:
        assert import_folder(second, tmp_path).errors == []

    with desk_session(database) as first:
        save(first, make_event(1, note="Ask for the reporter by name"))
        first.flush()
        other, _refusals = start_second(database, import_again)
    other.join(60)
    with desk_session(database) as db:
        assert event_of(db).note == "Ask for the reporter by name"


def test_waiting_publish_uses_the_current_state(database: Settings) -> None:
    with desk_session(database) as first:
        lock_approved_state(first)
        other, _refusals = start_second(database, publish_approved)
        save(first, make_event(1, title="Newer"))
        publish_approved(first)
    other.join(60)
    with desk_session(database) as db:
        said = db.scalars(
            text("SELECT payload->'form'->>'title' FROM record.version WHERE id = 'E1'")
        ).all()
    assert said == ["Newer"]


TWO_WRITERS: dict[str, tuple[RecordForm, RecordForm, str]] = {
    "one slug": (make_event(2, slug="one"), make_event(3, slug="one"), "uq_record_slug"),
    "one address": (
        make_source(3, url="https://example.org/3"),
        make_source(4, url="http://www.example.org/3/"),
        "uq_record_address",
    ),
    "one code": (make_actor(1, code="one"), make_actor(2, code="one"), "pk_known"),
    "one citation": (
        make_event(2, citations="C9 S1"),
        make_event(3, citations="C9 S1"),
        "pk_known",
    ),
    "two halves of a circle": (
        make_actor(1, parent="actor-2"),
        make_actor(2, parent="actor-1"),
        "can’t contain or derive from itself",
    ),
}


@pytest.mark.parametrize("case", TWO_WRITERS)
def test_second_writer_is_refused(database: Settings, case: str) -> None:
    first_form, second_form, reason = TWO_WRITERS[case]
    with desk_session(database) as db:
        save_all(db, [make_actor(1), make_actor(2, code="two")])
        if case == "two halves of a circle":
            save_all(db, [make_actor(2)])
    with desk_session(database) as first:
        save(first, first_form)
        other, refusals = start_second(database, lambda second: save(second, second_form))
    other.join(60)
    assert len(refusals) == 1 and reason in refusals[0]


def test_nothing_can_refer_to_what_another_purges(database: Settings) -> None:
    naming = make_event(2, terms="place place-8")
    with desk_session(database) as first:
        lock_approved_state(first)
        purge(first, "P8", None)
        other, refusals = start_second(database, lambda second: save(second, naming))
    other.join(60)
    assert len(refusals) == 1 and "P:place-8" in refusals[0]
