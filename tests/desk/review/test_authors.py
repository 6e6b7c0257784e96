"""Nobody approves words of their own, also those typed in the draft of another person."""

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from app.desk.approved.models import Draft
from app.desk.identity.models import Person
from app.desk.review.commands import authors, has_written
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.articles import report
from tests.support.desk_people import person
from tests.support.report_pages import ReportEditor

__all__ = ["report"]


def test_editor_who_wrote_in_an_entry_or_its_speaker_is_an_author(
    chidi: TestClient, basma: TestClient, report: str, desk_world: Settings
) -> None:
    hers, his = (ReportEditor(client, desk_world, report) for client in (basma, chidi))
    his.press("add speakers")
    typed = {"card.statement": "Firms were told", "type": "stay-limit"}
    for letter in ("A", "O", "O"):
        his.add("E", **typed, **{"card.says": letter})
    spoken, own, changed = (draft.id for draft in his.drafts())
    hers.press("save", **{"speakers.0.words": "a trader"})
    hers.on_card(basma.get(f"{report}?open={changed}"), "done", type="removal")
    names = {person(desk_world, name).id: name for name in ("Chidi", "Basma")}
    with desk_session(desk_world) as db:
        wrote = {
            id: {names[by] for by in authors(db, db.get_one(Draft, id))}
            for id in (spoken, own, changed)
        }
        offered = {
            id: {name for by, name in names.items() if _may_be_offered(db, id, by)} for id in wrote
        }
    both = {"Chidi", "Basma"}
    assert wrote == {spoken: both, own: {"Chidi"}, changed: both}
    assert offered == {id: both - people for id, people in wrote.items()}


def _may_be_offered(db: Session, draft: int, person: int) -> bool:
    """Whether the queue offers a draft to a person for approval."""
    of_others = db.query(Draft).where(~has_written(db.get_one(Person, person)))
    return of_others.where(Draft.id == draft).count() == 1
