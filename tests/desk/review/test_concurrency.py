"""Concurrent decisions of several people."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from app.database.sessions import DeskSession
from app.desk.approved.models import Draft, DraftState, Merging, Revision
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import ConflictError, PostedDraft
from app.desk.identity.models import Person
from app.desk.purges import purged_ids
from app.desk.removals import withdraw
from app.desk.review import commands
from app.errors import InvalidStateError
from app.record.editions import select_edition
from app.record.models import Version
from app.record.names.directory import read_directory
from app.record.publishing.integrity import find_problems
from app.record.publishing.validation import PublishError
from app.settings import Settings
from tests.conftest import desk_session, newest_edition_number
from tests.support.draft_pages import approve, return_to_author
from tests.support.random_desk import NEEDED, RECORDS, Desk, differences_from_approved, people

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


def run_concurrently(settings: Settings, *acts: Callable[[DeskSession], str]) -> list[str]:
    """Run these at the same moment, each in a session of its own; return what became of each."""
    gate = Barrier(len(acts))

    def run(act: Callable[[DeskSession], str]) -> str:
        gate.wait()
        try:
            with desk_session(settings) as db:
                return act(db)
        except (InvalidStateError, ConflictError, PublishError):
            return "not now"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def publishing(by: Person, *ids: int) -> Callable[[DeskSession], str]:
    def act(db: DeskSession) -> str:
        edition = commands.publish_drafts(db, ids, by, "At once")
        return f"edition {edition.no}" if edition else "nothing"

    return act


def found(db: DeskSession, id: int) -> Draft:
    draft = drafts.find(db, id)
    assert draft is not None
    return draft


def test_same_drafts_are_published_only_once(
    database: Settings, people: tuple[Person, Person]
) -> None:
    ids = [approve_change(database, people), approve_change(database, people, "E2")]
    results = run_concurrently(database, *[publishing(people[1], *ids)] * 3)
    assert sorted(results) == ["edition 2", "not now", "not now"]


def test_different_drafts_published_at_once_make_two_editions(
    database: Settings, people: tuple[Person, Person]
) -> None:
    ids = approve_change(database, people), approve_change(database, people, "E2")
    results = run_concurrently(database, *(publishing(people[1], id) for id in ids))
    assert sorted(results) == ["edition 2", "edition 3"]
    with desk_session(database) as db:
        assert find_problems(db) == [] and differences_from_approved(db) == []


def test_draft_is_either_returned_or_published(
    database: Settings, people: tuple[Person, Person]
) -> None:
    id = approve_change(database, people)

    def returning(db: DeskSession) -> str:
        return_to_author(db, found(db, id), people[1], database)
        return "returned"

    results = run_concurrently(database, publishing(people[1], id), returning)
    assert sorted(results) in (["edition 2", "not now"], ["not now", "returned"])
    with desk_session(database) as db:
        is_returned = "returned" in results
        state = DraftState.RETURNED if is_returned else DraftState.PUBLISHED
        assert db.get_one(Draft, id).state == state
        assert newest_edition_number(db) == (1 if is_returned else 2)


def test_save_during_publishing_fails(database: Settings, people: tuple[Person, Person]) -> None:
    """An approved draft is locked: the published text is the approved one."""
    id = approve_change(database, people)

    def saving(db: DeskSession) -> str:
        draft = found(db, id)
        typed = PostedDraft({**draft.document, "title": "Slipped in"}, draft.number, "x")
        drafts.save(db, draft, typed, people[0])
        return "saved"

    results = run_concurrently(database, publishing(people[1], id), saving)
    assert results == ["edition 2", "not now"]
    with desk_session(database) as db:
        row = db.scalars(select(Version).where(Version.id == "E1", Version.closed.is_(None))).one()
        assert row.payload["form"]["title"] == "Another title"


def test_record_is_withdrawn_only_once(database: Settings, people: tuple[Person, Person]) -> None:
    def withdrawing(db: DeskSession) -> str:
        return f"edition {withdraw(db, ['E1'], people[1], 'It was not so.').no}"

    results = run_concurrently(database, *[withdrawing] * 3)
    assert sorted(results) == ["edition 2", "not now", "not now"]


# After any sequence of actions the record equals the approved state, and nothing is lost ----------


LEAST_TURNS, MOST_TURNS = 60, 400


@pytest.mark.parametrize("seed", [0, 3])
def test_record_equals_approved_state_after_random_actions(
    database: Settings, people: tuple[Person, Person], seed: int
) -> None:
    at_work = Desk(database, people, random.Random(f"review {seed}"))
    kept: dict[tuple[int, int], Any] = {}
    shown: dict[tuple[str, int], Any] = {}
    last, gone_before = 0, set[str]()
    given: dict[str, str] = {}
    for turn in range(MOST_TURNS):
        if turn > LEAST_TURNS and all(at_work.done[act] for act in NEEDED):
            break
        at_work.act()
        with desk_session(database) as db:
            gone = set(purged_ids(db))
            revisions = select(Revision, Draft.record).join(Draft, Draft.id == Revision.draft)
            now = {
                (r.draft, r.number): (r.document, r.by, r.saved, id)
                for r, id in db.execute(revisions)
            }
            lost = [
                name
                for name, before in kept.items()
                if now.get(name) != before and before[3] not in gone
            ]
            assert not lost, "only a purge may remove or alter revisions"
            kept = now
            # No row of a past edition is altered, or closed before the newest edition.
            rows = select(
                Version.id,
                Version.opened,
                Version.closed,
                Version.state,
                Version.payload,
                Version.terms,
            )
            versions = {(id, opened): row for id, opened, *row in db.execute(rows)}
            for name, (closed, *said_then, terms) in shown.items():
                closed_now, *said_now, terms_now = versions[name]
                assert closed_now == closed or (closed is None and closed_now > last)
                assert said_now == said_then or name[0] in gone
                # A purged record is not found through others either.
                assert terms_now == terms or gone != gone_before
            assert all(
                row[1:] == ["purged", {}, []]
                for (id, _opened), row in versions.items()
                if id in gone
            )
            shown, last, gone_before = versions, newest_edition_number(db), gone
            _check_names_resolve(db)
            _check_revision_numbers(db)
            _check_ids_are_unique(db, given)
            assert differences_from_approved(db) == []
    with desk_session(database) as db:
        assert find_problems(db) == []
    assert all(at_work.done[act] for act in NEEDED), at_work.done


def _check_revision_numbers(db: DeskSession) -> None:
    for draft, count, last in db.execute(
        select(Revision.draft, func.count(), func.max(Revision.number)).group_by(Revision.draft)
    ):
        assert count == last + 1 and db.get_one(Draft, draft).number == last


def _check_names_resolve(db: DeskSession) -> None:
    """Each code of the first edition leads to its record or to the one it was merged into."""
    now = read_directory(db, select_edition(db))
    first = read_directory(db, select_edition(db, "1"))
    assert {now.now("place", code) for code in first.places} == set(now.places)
    assert {now.now("outlet", code) for code in first.outlets} == set(now.outlets)


def _check_ids_are_unique(db: DeskSession, given: dict[str, str]) -> None:
    """A new record has an unused id; a citation's id stays with its record, also after merges."""
    first: dict[str, str] = {}
    for merging in db.scalars(select(Merging).order_by(Merging.id)):
        old, new = first.get(merging.gone, merging.gone), first.get(merging.kept, merging.kept)
        first |= {
            id: new
            for id in [*first, merging.gone, merging.kept]
            if first.get(id, id) in {old, new}
        }
    for draft in db.scalars(select(Draft)):
        for row in draft.document.get("citations", []):
            owner = given.setdefault(row["id"], draft.record)
            assert first.get(owner, owner) == first.get(draft.record, draft.record)
    begun = list(db.scalars(select(Draft.record).where(Draft.base.is_(None))))
    assert len(begun) == len(set(begun)) and not set(begun) & set(RECORDS)
