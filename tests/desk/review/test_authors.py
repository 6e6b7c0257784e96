"""Nobody approves words of their own, also those typed on the sheet of another person."""

from starlette.testclient import TestClient

from app.desk.approved.draft_models import Draft
from app.desk.review.authors import authors
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
    assert wrote == {key: {"Chidi", "Basma"}, other: {"Chidi"}}
