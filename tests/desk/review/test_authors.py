"""Nobody approves words of their own, also those typed on the sheet of another person."""

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft
from app.desk.identity.models import Person
from app.desk.review.authors import authors, has_written
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.articles import report
from tests.support.desk_people import person
from tests.support.sheet_pages import add_event, key_of_open_row, press, sheet

__all__ = ["report"]


def test_editor_who_wrote_in_a_row_before_it_was_accepted_is_an_author(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    page = press(chidi, report, "add event")
    key = key_of_open_row(page)
    typed = {f"rows.{key}.statement": "Firms were told", f"rows.{key}.type": "stay-limit"}
    press(basma, f"{report}?open={key}", "autosave", **typed)
    press(chidi, f"{report}?open={key}", f"accept {key}", **{f"rows.{key}.where": "place-1"})
    other, _page = add_event(chidi, report, "The other")
    records = {row["row"]: row["record"] for row in sheet(desk_world)["rows"]}
    names = {person(desk_world, name).id: name for name in ("Chidi", "Basma")}
    with desk_session(desk_world) as db:
        # The draft itself has only revisions of Chidi.
        wrote = {
            row: {
                names[id] for id in authors(db, db.query(Draft).where(Draft.record == record).one())
            }
            for row, record in records.items()
        }
        offered = {
            row: {name for id, name in names.items() if _may_be_offered(db, record, id)}
            for row, record in records.items()
        }
    assert offered == {row: {"Chidi", "Basma"} - people for row, people in wrote.items()}
    assert wrote == {key: {"Chidi", "Basma"}, other: {"Chidi"}}


def _may_be_offered(db: Session, record: str, person: int) -> bool:
    """Whether the queue offers the draft of a record to a person for approval."""
    of_others = db.query(Draft).where(~has_written(db.get_one(Person, person)))
    return of_others.where(Draft.record == record).count() == 1


def test_who_typed_a_citation_of_a_row_is_an_author_of_its_record(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    add_event(chidi, report, "Firms were told")
    page = press(basma, report, "add citation")
    cited = key_of_open_row(page)
    press(basma, f"{report}?open={cited}", "autosave", **{f"rows.{cited}.record": "1"})
    with desk_session(desk_world) as db:
        draft = db.query(Draft).where(Draft.record == sheet(desk_world)["rows"][0]["record"]).one()
        assert len(authors(db, draft)) == 2
