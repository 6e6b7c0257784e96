"""Drafts: every save is kept, concurrent saves do not overwrite each other, ids are unique."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.database.sessions import DeskSession
from app.desk.approved import store
from app.desk.approved.models import Draft, Revision
from app.desk.approved.store import save_all
from app.desk.drafts import commands
from app.desk.drafts.commands import ConflictError, PostedDraft
from app.desk.identity.models import Person
from app.documents import Document, blank_row
from app.kinds import Citation
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import a_small_world, make_event
from tests.support.desk_people import add_person, make_people, person


@pytest.fixture
def chidi(desk: DeskSession) -> Person:
    return add_person(desk, "Chidi")


@pytest.fixture
def basma(desk: DeskSession) -> Person:
    return add_person(desk, "Basma")


def begin(desk: DeskSession, by: Person, key: str = "page-1") -> Draft:
    return commands.begin(desk, by, key, "E")


def typed(draft: Draft, sheet: str = "page-1", **texts: str) -> PostedDraft:
    return PostedDraft({**draft.document, **texts}, draft.number, sheet)


def revisions(desk: DeskSession, draft: Draft) -> list[tuple[str, str]]:
    """Return what saved each revision, and its title."""
    return [(each.saved, each.document["title"]) for each in commands.revisions(desk, draft)]


def test_double_clicks_of_several_people_begin_one_draft(database: Settings) -> None:
    make_people(database, "Basma", "Chidi")
    chidi, basma = person(database, "Chidi"), person(database, "Basma")
    with desk_session(database) as desk:
        save_all(desk, [*a_small_world(), make_event()])

    def click(_: int) -> int:
        with desk_session(database) as desk:
            return begin(desk, chidi, key="one page").id

    def click_change(by: Person) -> int | None:
        with desk_session(database) as desk:
            draft = commands.begin_to_change(desk, by, "E1")
            return draft.id if draft else None

    with ThreadPoolExecutor(4) as clicks:
        assert len(set(clicks.map(click, range(4)))) == 1
        assert len(set(clicks.map(click_change, [chidi, basma]))) == 1


# Concurrent saves ---------------------------------------------------------------------------------


def test_of_concurrent_saves_one_succeeds_and_others_conflict(database: Settings) -> None:
    make_people(database, "Chidi")
    chidi = person(database, "Chidi")
    with desk_session(database) as desk:
        draft = begin(desk, chidi)
        id, document = draft.id, draft.document

    def saves(n: int) -> bool:
        posted = PostedDraft({**document, "title": f"Version {n}"}, 0, f"page {n}")
        with desk_session(database) as desk:
            found = commands.find(desk, id)
            assert found
            try:
                commands.save(desk, found, posted, chidi)
            except ConflictError:
                return False
        return True

    with ThreadPoolExecutor(8) as savers:
        assert sum(savers.map(saves, range(8))) == 1
    with desk_session(database) as desk:
        saved = [*desk.scalars(select(Revision.saved).order_by(Revision.number))]
    assert saved == ["begun", "saved", *["set-aside"] * 7], (
        "the history must keep the seven conflicting versions as set aside"
    )


# Ids ----------------------------------------------------------------------------------------------


def save_citations(desk: DeskSession, draft: Draft, by: Person, *rows: Document) -> list[str]:
    """Save these citations; return their ids."""
    posted = PostedDraft({**draft.document, "citations": [*rows]}, draft.number, "page")
    commands.save(desk, draft, posted, by)
    return [row["id"] for row in draft.document["citations"]]


def test_new_citation_gets_and_keeps_an_id(desk: DeskSession, chidi: Person) -> None:
    save_all(desk, [*a_small_world(), make_event()])
    draft = begin(desk, chidi)
    new = [blank_row(Citation), blank_row(Citation)]
    first, second = save_citations(desk, draft, chidi, *new)
    assert first != second
    turned = [*reversed(draft.document["citations"]), blank_row(Citation)]
    assert save_citations(desk, draft, chidi, *turned)[:2] == [second, first]
    # A draft can take no id of another record.
    taken = [blank_row(Citation, id="C1") for _ in range(2)]
    ids = save_citations(desk, begin(desk, chidi, "page-2"), chidi, *taken)
    assert "C1" not in ids and len(set(ids)) == 2


def test_posted_record_id_is_ignored(desk: DeskSession, chidi: Person) -> None:
    draft = begin(desk, chidi)
    issued = draft.record
    commands.save(desk, draft, typed(draft, id="E99", title="Mine"), chidi)
    assert draft.document["id"] == draft.record == issued != "E99"


def test_ids_of_imported_records_are_not_reused(desk: DeskSession, chidi: Person) -> None:
    save_all(desk, [*a_small_world(), make_event(70)])
    assert begin(desk, chidi).record == "E71"
    assert store.issue_id(desk, "C") == "C71"
    assert store.issue_id(desk, "S") == "S3"


def test_database_login_cannot_alter_revisions(desk: DeskSession, chidi: Person) -> None:
    begin(desk, chidi)
    for statement in ("UPDATE desk.revision SET document = '{}'", "DELETE FROM desk.revision"):
        with pytest.raises(ProgrammingError, match="permission denied"), desk.begin_nested():
            desk.execute(text(statement))
