"""The review queue: order, own drafts, and the number of drafts beyond the page."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.sql import text

from app.database.sessions import DeskSession
from app.desk.approved.models import Draft, RevisionCause
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.identity.models import Person
from app.desk.review.commands import may_decide
from app.desk.review.page import waiting
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.desk_people import person


def handed_in(
    db: DeskSession, by: Person, key: str, *, hours_ago: int, also_by: Person | None = None
) -> Draft:
    draft = drafts.begin(db, by, key, "E")
    if also_by:
        drafts.next_revision(db, draft, also_by, RevisionCause.SAVED, sheet="another")
    drafts.move(db, draft, by, drafts.SUBMIT)
    ago = text("now() - :ago").bindparams(ago=timedelta(hours=hours_ago))
    db.execute(update(Draft).where(Draft.id == draft.id).values(saved_at=ago))
    return draft


@pytest.fixture
def handed(desk_world: Settings) -> dict[str, str]:
    """Record ids of submitted drafts: Basma's, one of Chidi's that she edited, two of Chidi's."""
    basma, chidi = person(desk_world, "Basma"), person(desk_world, "Chidi")
    with desk_session(desk_world) as db:
        made = {
            "hers": handed_in(db, basma, "hers", hours_ago=100),
            "both": handed_in(db, chidi, "both", hours_ago=50, also_by=basma),
            "late": handed_in(db, chidi, "late", hours_ago=5),
            "early": handed_in(db, chidi, "early", hours_ago=30),
        }
        return {name: draft.record for name, draft in made.items()}


def test_queue_lists_own_drafts_last_and_longest_wait_first(
    desk_world: Settings, handed: dict[str, str]
) -> None:
    """Everybody who wrote in a draft counts as its author, as when deciding."""
    for name, order, own in (
        ("Basma", ["early", "late", "hers", "both"], ["hers", "both"]),
        ("Amal", ["hers", "both", "early", "late"], []),
    ):
        with desk_session(desk_world) as db:
            by = person(desk_world, name)
            lines = waiting(db, Catalogue(db, by), desk_world)["lines"]
            assert [line["record"] for line in lines] == [handed[each] for each in order], name
            assert [line["record"] for line in lines if line["is_own"]] == [
                handed[each] for each in own
            ], name
            for line in lines:
                draft = drafts.open_draft(db, line["record"])
                assert draft is not None and may_decide(db, by, draft, desk_world) != line["is_own"]
