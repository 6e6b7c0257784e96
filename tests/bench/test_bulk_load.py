"""Bulk load of an empty record: rows and refusals equal those of publish()."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database.sessions import DeskSession, ReaderSession
from app.desk.approved import store
from app.desk.csv.reader import import_folder
from app.kinds import RecordForm
from app.record.models import Edition, FilterTerm, Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.publish import Approved, publish
from app.record.publishing.validation import PublishError
from bench import made_up
from bench.made_up.bulk_load import fill_record
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_citation,
    make_event,
    make_link,
    make_source,
    make_stage,
    make_term,
)
from tests.support.database_server import SMALL_RECORD, Server

MADE_UP = 60


@pytest.fixture
def another(server: Server, template: str) -> Iterator[DeskSession]:
    """A second empty database."""
    name = server.create(template)
    with desk_session(server.settings(name)) as session:
        yield session
    server.drop(name)


def test_bulk_load_of_files_equals_publish(desk: DeskSession, reader: ReaderSession) -> None:
    assert not import_folder(desk, SMALL_RECORD).errors
    edition = fill_record(desk, store.all_forms(desk), message="The first reports")
    assert edition is not None and edition.no == 1
    assert _record(desk) == _record(reader)


def test_bulk_load_of_made_up_forms_equals_publish(desk: DeskSession, another: DeskSession) -> None:
    publish(another, [Approved(form) for form in made_up.made_up_forms(MADE_UP)])
    for workers in (1, 2):
        with desk.begin_nested() as course:
            fill_record(desk, made_up.made_up_forms(MADE_UP), workers=workers)
            assert _record(desk) == _record(another), workers
            assert find_problems(desk) == []
            course.rollback()
        desk.expire_all()


def test_bulk_load_drops_private_values(desk: DeskSession) -> None:
    citation = make_citation(note="Met at the market.")
    fill_record(desk, [*a_small_world(), make_event(note="From a friend.", citations=[citation])])
    assert find_problems(desk) == []
    payload = desk.scalars(select(Version.payload).where(Version.id == "E1")).one()
    assert "market" not in json.dumps(payload) and "friend" not in json.dumps(payload)


WRONG: dict[str, list[RecordForm]] = {
    "a place that is not there": [make_event(terms=[make_term(code="nowhere")])],
    "a source that is not there": [make_event(citations=[make_citation(1, 99)])],
    "a link to nothing": [make_event(links=[make_link("E9", "follows")])],
    "a citation without an id": [
        make_event(citations=[make_citation().model_copy(update={"id": ""})])
    ],
    "no id": [make_source().model_copy(update={"id": ""})],
    "a stage of what is no measure": [
        make_event(type="repatriation", stages=[make_stage("announced", "2019-06")])
    ],
    "a stage that rests on nothing": [
        make_event(stages=[make_stage("announced", "2019-06", "C77")])
    ],
}


def test_bulk_load_refuses_invalid_forms(desk: DeskSession) -> None:
    for wrong, added in WRONG.items():
        forms = [*a_small_world(), *added]
        with pytest.raises(PublishError) as at_the_door, desk.begin_nested():
            publish(desk, [Approved(form) for form in forms])
        desk.expire_all()
        with pytest.raises(PublishError) as refused, desk.begin_nested():
            fill_record(desk, forms)
        assert refused.value.reasons == at_the_door.value.reasons, wrong


def test_bulk_load_refuses_duplicate_ids(desk: DeskSession) -> None:
    for again in (make_event(), *a_small_world()):
        with pytest.raises(PublishError, match="twice"):
            fill_record(desk, [*a_small_world(), make_event(), again])


def test_bulk_load_refuses_nonempty_record(desk: DeskSession) -> None:
    assert fill_record(desk, []) is None
    publish(desk, [Approved(form) for form in a_small_world()])
    with pytest.raises(PublishError, match="only an empty one"):
        fill_record(desk, [make_event()])


def _record(db: Session) -> dict[str, dict[str, object]]:
    """Return every row with its terms by name, without `seq` and time of writing."""
    names = {
        no: (key, code)
        for no, key, code in db.execute(select(FilterTerm.no, FilterTerm.key, FilterTerm.code))
    }
    columns = [column for column in Version.__table__.columns if column.name != "seq"]
    rows = db.execute(select(*columns).order_by(Version.id)).mappings()
    found = {row["id"]: {**row, "terms": sorted(names[no] for no in row["terms"])} for row in rows}
    assert found and db.scalars(select(Edition.no)).all() == [1]
    return found
