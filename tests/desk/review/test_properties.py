"""After any sequence of actions the record equals the approved state, and nothing is lost."""

import random
from typing import Any

import pytest
from sqlalchemy import func, select

from app.database.sessions import DeskSession
from app.desk.approved.models import Draft, Merging, Revision
from app.desk.identity.models import Person
from app.desk.purges import purged_ids
from app.record.editions import select_edition
from app.record.models import Version
from app.record.names.directory import read_directory
from app.record.publishing.integrity import find_problems
from app.settings import Settings
from tests.conftest import desk_session, newest_edition_number
from tests.support.random_desk import NEEDED, RECORDS, Desk, differences_from_approved, people

__all__ = ["people"]

LEAST_TURNS, MOST_TURNS = 60, 400


@pytest.mark.parametrize("seed", [0, 2])
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
