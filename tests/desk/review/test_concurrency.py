"""Concurrent decisions of several people."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from app.desk.approved.models import Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import ConflictError, PostedDraft
from app.desk.identity.models import Person
from app.desk.review import commands
from app.desk.review.withdraw import withdraw
from app.errors import InvalidStateError
from app.record.models import Edition, Version
from app.record.publishing.integrity import find_problems
from app.record.publishing.validation import PublishError
from app.settings import Settings
from tests.conftest import desk_session
from tests.support.random_desk import differences_from_approved, people
from tests.support.review import approve, return_to_author

__all__ = ["people"]


def approve_change(
    settings: Settings, people: tuple[Person, Person], record: str = "E1", **texts: str
) -> int:
    """Approve a change and return its draft's id."""
    chidi, basma = people
    with desk_session(settings) as db:
        draft = drafts.begin_to_change(db, chidi, record)
        assert draft is not None
        document = {**draft.document, **(texts or {"title": "Another title"})}
        drafts.save(
            db, draft, PostedDraft(document, draft.number, "page", "corrected", "It was so."), chidi
        )
        drafts.move(db, draft, chidi, drafts.SUBMIT)
        doubts = commands.citations_in_doubt(Catalogue(db, basma), draft)
        approve(db, draft, basma, settings, doubts)
        return draft.id


def run_concurrently(*acts: Callable[[], str]) -> list[str]:
    """Run these functions at the same moment in threads, and return their results."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], str]) -> str:
        gate.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def publish_result(settings: Settings, basma: Person, ids: list[int]) -> str:
    try:
        with desk_session(settings) as db:
            edition = commands.publish_drafts(db, ids, basma, "At once")
            return f"edition {edition.no}" if edition else "nothing"
    except InvalidStateError:
        return "not now"


def test_same_drafts_are_published_only_once(
    database: Settings, people: tuple[Person, Person]
) -> None:
    ids = [approve_change(database, people), approve_change(database, people, "E2")]
    found = run_concurrently(*[lambda: publish_result(database, people[1], ids)] * 3)
    assert sorted(found) == ["edition 2", "not now", "not now"]


def test_different_drafts_published_at_once_make_two_editions(
    database: Settings, people: tuple[Person, Person]
) -> None:
    first, second = approve_change(database, people), approve_change(database, people, "E2")
    found = run_concurrently(
        lambda: publish_result(database, people[1], [first]),
        lambda: publish_result(database, people[1], [second]),
    )
    assert sorted(found) == ["edition 2", "edition 3"]
    with desk_session(database) as db:
        assert find_problems(db) == [] and differences_from_approved(db) == []


def test_draft_is_either_returned_or_published(
    database: Settings, people: tuple[Person, Person]
) -> None:
    id = approve_change(database, people)

    def returning() -> str:
        try:
            with desk_session(database) as db:
                draft = drafts.find(db, id)
                assert draft is not None
                return_to_author(db, draft, people[1], database)
                return "returned"
        except PublishError:
            return "not now"

    found = run_concurrently(lambda: publish_result(database, people[1], [id]), returning)
    assert sorted(found) in (["edition 2", "not now"], ["not now", "returned"])
    with desk_session(database) as db:
        state = db.get_one(Draft, id).state
        assert state == (DraftState.RETURNED if "returned" in found else DraftState.PUBLISHED)
        assert len(list(db.scalars(select(Edition)))) == (1 if "returned" in found else 2)


def test_save_during_publishing_fails(database: Settings, people: tuple[Person, Person]) -> None:
    """An approved draft is locked: the published text is the approved one."""
    id = approve_change(database, people)

    def saving() -> str:
        try:
            with desk_session(database) as db:
                draft = drafts.find(db, id)
                assert draft is not None
                drafts.save(
                    db,
                    draft,
                    PostedDraft({**draft.document, "title": "Slipped in"}, draft.number, "x"),
                    people[0],
                )
                return "saved"
        except (InvalidStateError, ConflictError) as error:
            return type(error).__name__

    assert run_concurrently(lambda: publish_result(database, people[1], [id]), saving) == [
        "edition 2",
        InvalidStateError.__name__,
    ]
    with desk_session(database) as db:
        row = db.scalars(select(Version).where(Version.id == "E1", Version.closed.is_(None))).one()
        assert row.payload["form"]["title"] == "Another title"


def test_record_is_withdrawn_only_once(database: Settings, people: tuple[Person, Person]) -> None:
    def withdrawing() -> str:
        try:
            with desk_session(database) as db:
                return f"edition {withdraw(db, ['E1'], people[1], 'It was not so.').no}"
        except InvalidStateError:
            return "not now"

    assert sorted(run_concurrently(withdrawing, withdrawing, withdrawing)) == [
        "edition 2",
        "not now",
        "not now",
    ]
