"""What waits for whom: the order of what was handed in, whose it is, and how many more there are than are listed."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.sql import text
from starlette.testclient import TestClient

from app.database.sessions import DeskSession
from app.desk.approved.draft_models import Draft, Saved
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.home.my_drafts import home
from app.desk.identity.models import Person
from app.desk.review.commands import RETURN, may_decide
from app.desk.review.queues import waiting
from app.settings import Settings
from tests.conftest import desk_session
from tests.desk.cast import person
from tests.desk.importing import told


def handed_in(
    db: DeskSession, by: Person, key: str, *, hours_ago: int, also_by: Person | None = None
) -> Draft:
    draft = drafts.begin(db, by, key, "E")
    if also_by:
        drafts.next_revision(db, draft, also_by, Saved.SAVED, sheet="another")
    drafts.move(db, draft, by, drafts.SUBMIT)
    ago = text("now() - :ago").bindparams(ago=timedelta(hours=hours_ago))
    db.execute(update(Draft).where(Draft.id == draft.id).values(saved_at=ago))
    return draft


@pytest.fixture
def handed(desk_world: Settings) -> dict[str, str]:
    """Basma's own is the oldest; into the next she wrote a line, which Chidi handed in. Ids of records."""
    basma, chidi = person(desk_world, "Basma"), person(desk_world, "Chidi")
    with desk_session(desk_world) as db:
        made = {
            "hers": handed_in(db, basma, "hers", hours_ago=100),
            "both": handed_in(db, chidi, "both", hours_ago=50, also_by=basma),
            "late": handed_in(db, chidi, "late", hours_ago=5),
            "early": handed_in(db, chidi, "early", hours_ago=30),
        }
        return {name: draft.record for name, draft in made.items()}


def test_what_somebody_may_decide_stands_first_the_longest_wait_before_all(
    desk_world: Settings, handed: dict[str, str]
) -> None:
    """Who wrote in it can't, whoever began it: what is said of it and where it stands agree with the decision."""
    for name, order, own in (
        ("Basma", ["early", "late", "hers", "both"], ["hers", "both"]),
        ("Amal", ["hers", "both", "early", "late"], []),
    ):
        with desk_session(desk_world) as db:
            by = person(desk_world, name)
            lines = waiting(db, Catalogue(db, by), desk_world).lines
            assert [line.record for line in lines] == [handed[each] for each in order], name
            assert [line.record for line in lines if line.is_own] == [
                handed[each] for each in own
            ], name
            for line in lines:
                draft = drafts.open_draft(db, line.record)
                assert draft is not None and may_decide(db, by, draft, desk_world) != line.is_own


def test_nothing_is_ones_own_where_one_person_runs_the_desk(
    desk_world: Settings, handed: dict[str, str]
) -> None:
    alone = desk_world.model_copy(update={"one_person_desk": True})
    with desk_session(desk_world) as db:
        lines = waiting(db, Catalogue(db, person(desk_world, "Basma")), alone).lines
        assert [line.record for line in lines] == [
            handed[each] for each in ("hers", "both", "early", "late")
        ]
        assert not any(line.is_own for line in lines)


def test_the_oldest_is_the_oldest_of_all(
    basma: TestClient, handed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It need not be the first in the list, nor in the list at all."""
    for listed in (100, 1):
        monkeypatch.setattr("app.desk.drafts.queue.MOST_LISTED", listed)
        for address in ("/desk", "/desk/review"):
            page = told(basma.get(address).text)
            assert "Waiting for review 4, oldest 4 days" in page, (listed, address)
            assert ("and 3 more" in page) == (listed == 1)


def test_what_was_returned_says_how_many_more_there_are(
    desk_world: Settings, chidi: TestClient, handed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    amal = person(desk_world, "Amal")
    with desk_session(desk_world) as db:
        for name in ("both", "late", "early"):
            draft = drafts.open_draft(db, handed[name])
            assert draft is not None
            drafts.move(db, draft, amal, RETURN)
    monkeypatch.setattr("app.desk.drafts.queue.MOST_LISTED", 2)
    with desk_session(desk_world) as db:
        returned = home(db, person(desk_world, "Chidi")).returned
        assert (len(returned.lines), returned.total, returned.more) == (2, 3, 1)
    page = told(chidi.get("/desk").text)
    assert "Returned to me 3" in page and "and 1 more" in page
