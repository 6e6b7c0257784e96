"""Concurrent changes of the approved state of one record, such as an import and a review."""

import threading
from pathlib import Path

from sqlalchemy import text

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, save, save_all
from app.desk.csv.reader import import_folder
from app.desk.csv.writer import export_folder
from app.kinds import EventForm
from app.settings import Settings
from tests.conftest import desk_session, wait_until
from tests.make import a_small_world, make_event
from tests.support.desk_accounts import is_waited_for


def event_of(db: DeskSession) -> EventForm:
    form = db.get_one(models.Record, "E1").form
    assert isinstance(form, EventForm)
    return form


def test_concurrent_writers_leave_the_rows_of_one(database: Settings) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1)])

    def write_second() -> None:
        with desk_session(database) as second:
            assert event_of(second).title == make_event(1).title
            has_read.set()
            may_write.wait(60)
            save(second, make_event(1, title="By the second"))

    has_read, may_write = threading.Event(), threading.Event()
    other = threading.Thread(target=write_second)
    with desk_session(database) as first:
        event_of(first)
        other.start()
        assert has_read.wait(60)
        save(first, make_event(1, title="By the first"))
        first.flush()
        may_write.set()
        wait_until(lambda: is_waited_for(database), "the second to wait")
    other.join(60)
    with desk_session(database) as db:
        assert event_of(db) == make_event(1, title="By the second")


def test_import_keeps_private_note_approved_concurrently(
    database: Settings, tmp_path: Path
) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1)])
        export_folder(db, tmp_path)

    def import_again() -> None:
        with desk_session(database) as second:
            event_of(second)
            assert import_folder(second, tmp_path).errors == []

    other = threading.Thread(target=import_again)
    with desk_session(database) as first:
        save(first, make_event(1, note="Ask for the reporter by name"))
        first.flush()
        other.start()
        wait_until(lambda: is_waited_for(database), "the import to wait")
    other.join(60)
    with desk_session(database) as db:
        assert event_of(db).note == "Ask for the reporter by name"


def test_waiting_publish_uses_the_current_state(database: Settings) -> None:
    with desk_session(database) as db:
        save_all(db, [*a_small_world(), make_event(1)])

    def publish_second() -> None:
        with desk_session(database) as second:
            event_of(second)
            publish_approved(second)

    other = threading.Thread(target=publish_second)
    with desk_session(database) as first:
        lock_approved_state(first)
        other.start()
        wait_until(lambda: is_waited_for(database), "the second to wait")
        save(first, make_event(1, title="Newer"))
        publish_approved(first)
    other.join(60)
    with desk_session(database) as db:
        said = db.scalars(
            text("SELECT payload->'form'->>'title' FROM record.version WHERE id = 'E1'")
        ).all()
    assert said == ["Newer"]
