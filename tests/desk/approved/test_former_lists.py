"""Codes of a former list go into the records that have taken their place, without news."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save, save_all
from app.record.models import RecordState, Version
from app.record.publishing.publish import Approved, publish
from app.vocabulary.record import Why
from tests.make import a_small_world, make_code, make_event, make_law

LEGAL = [{"instrument": "act", "relation": "based-on", "reading": "source"}]


def code_row(db: Session) -> Version:
    return db.scalars(
        select(Version).where(Version.id == "instrument:act", Version.closed.is_(None))
    ).one()


def test_code_is_merged_into_the_law_with_its_name(desk: Session) -> None:
    publish(desk, [Approved(make_code("act", "instrument"), Why.ADDED)])
    save_all(desk, a_small_world())
    publish_approved(desk, "Without the law")
    assert code_row(desk).is_live, "nothing has taken its place yet"
    save(desk, make_law(1, "act"), Why.REINDEXED)
    save(desk, make_event(legal=LEGAL))
    publish_approved(desk, "With the law")
    row = code_row(desk)
    assert (row.state, row.payload["into"], row.why) == (RecordState.MERGED, "N1", "reindexed")
