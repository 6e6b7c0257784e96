"""Random actions at the desk, for tests of properties that must always hold."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.database.sessions import DeskSession
from app.desk.approved import models
from app.desk.approved.models import (
    WRITABLE_STATES,
    Draft,
    DraftState,
    Merging,
    RevisionCause,
)
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import save_all
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.drafts import commands as drafts
from app.desk.drafts.commands import ConflictError, PostedDraft
from app.desk.drafts.conflicts import approved_since, choose
from app.desk.identity.models import Person
from app.desk.purges import purge
from app.desk.records import drafts_of, restore, steps_of
from app.desk.removals import merge, plan, republish, undo, withdraw
from app.desk.review import commands
from app.documents import differences
from app.errors import InvalidStateError
from app.kinds import FORMS, RecordForm, public
from app.record.derivation.rows import public_fields
from app.record.models import Version
from app.record.publishing.validation import PublishError
from app.settings import Settings
from tests.conftest import desk_session
from tests.make import (
    a_small_world,
    make_estimate,
    make_event,
    make_place,
)
from tests.support.desk_people import make_people, person
from tests.support.draft_pages import approve, return_to_author

RECORDS = ["E1", "E2", "E3", "M1", "M2", "S1", "S2"]
MERGED = [*RECORDS, "P1", "P2", "P4", "O1", "O2"]
NEEDED = (
    "edits",
    "comes_second",
    "returns",
    "approves",
    "publishes",
    "withdraws",
    "publishes_again",
    "restores",
    "brings_back",
    "merges",
    "takes_apart",
    "purges",
)
"""Actions that must occur before a random sequence proves anything."""


@pytest.fixture
def people(database: Settings) -> tuple[Person, Person]:
    """Chidi, who writes, and Basma, who reviews, with a few published records."""
    make_people(database, "Basma", "Chidi")
    with desk_session(database) as db:
        others: list[RecordForm] = [
            make_place(4, parent="province-2"),
            make_event(3, citations="S2", terms="place; place place-4"),
            make_estimate(2, point=1_100, event="E3"),
        ]
        save_all(db, [*a_small_world(), make_event(), make_event(2), make_estimate(), *others])
        publish_approved(db, "The first")
    return person(database, "Chidi"), person(database, "Basma")


class Desk:
    """A desk where random actions happen; impossible ones are skipped."""

    def __init__(
        self, settings: Settings, people: tuple[Person, Person], chance: random.Random
    ) -> None:
        self.settings, self.chance = settings, chance
        self.chidi, self.basma = people
        self.done: Counter[str] = Counter()
        self.acts: list[Callable[[DeskSession], object]] = [
            *(self.edits, self.edits, self.edits, self.submits, self.submits),
            *(self.approves, self.approves, self.publishes, self.publishes),
            *(self.begins, self.comes_second, self.returns),
            *(self.withdraws, self.publishes_again, self.restores),
            *(self.deletes, self.brings_back, self.takes_back, self.updates),
            *(self.merges, self.merges, self.merges, self.takes_apart, self.takes_apart),
            self.purges,
        ]

    def act(self) -> None:
        # Missing actions are tried more often, so that a sequence stays short.
        missing = [
            act for act in self.acts if act.__name__ in NEEDED and not self.done[act.__name__]
        ]
        chosen = self.chance.choice(
            missing if missing and self.chance.random() < 0.5 else self.acts
        )
        with desk_session(self.settings) as db:
            attempt = db.begin_nested()
            try:
                chosen(db)
            except (InvalidStateError, PublishError) as error:
                attempt.rollback()
                self.done[f"{chosen.__name__}: {type(error).__name__}"] += 1
            else:
                attempt.commit()
                self.done[chosen.__name__] += 1

    def begins(self, db: DeskSession) -> None:
        if drafts.begin_to_change(db, self.chidi, self.chance.choice(RECORDS)) is None:
            raise InvalidStateError

    def edits(self, db: DeskSession) -> None:
        draft = self._one(db, WRITABLE_STATES)
        document = dict(draft.document)
        for field in ("title", "summary", "remark", "point", "note"):
            if field in document and self.chance.random() < 0.5:
                document[field] = str(self.chance.randrange(1_000, 1_010))
        if document.get("citations") and self.chance.random() < 0.5:
            first, *rest = document["citations"]
            document["citations"] = [
                {**first, "paraphrase": f"Said {self.chance.randrange(9)}."},
                *rest,
            ]
        drafts.save(
            db,
            draft,
            PostedDraft(document, draft.number, "page", "updated", "More is known."),
            self.chidi,
        )

    def comes_second(self, db: DeskSession) -> None:
        """Basma saves a page that she opened before the last save."""
        draft = self._one(db, WRITABLE_STATES)
        if not draft.number or "note" not in draft.document:
            raise InvalidStateError
        document_before, typed = (
            draft.document,
            {**draft.document, "note": f"Typed {self.chance.random()}."},
        )
        try:
            drafts.save(db, draft, PostedDraft(typed, draft.number - 1, "another page"), self.basma)
        except ConflictError:
            newest = drafts.revision(db, draft, draft.number)
            assert newest and (newest.saved, newest.document["note"]) == (
                RevisionCause.SET_ASIDE,
                typed["note"],
            )
            assert draft.document == document_before

    def submits(self, db: DeskSession) -> None:
        drafts.move(db, self._one(db, WRITABLE_STATES), self.chidi, drafts.SUBMIT)

    def takes_back(self, db: DeskSession) -> None:
        drafts.move(db, self._one(db, {DraftState.IN_REVIEW}), self.chidi, drafts.TAKE_BACK)

    def deletes(self, db: DeskSession) -> None:
        drafts.move(db, self._one(db, WRITABLE_STATES), self.chidi, drafts.DELETE)

    def brings_back(self, db: DeskSession) -> None:
        drafts.move(db, self._one(db, {DraftState.DELETED}), self.chidi, drafts.BRING_BACK)

    def returns(self, db: DeskSession) -> None:
        draft = self._one(db, models.WAITING_STATES)
        return_to_author(db, draft, self.basma, self.settings)

    def approves(self, db: DeskSession) -> None:
        draft = self._one(db, {DraftState.IN_REVIEW})
        confirmed = commands.citations_in_doubt(Catalogue(db, self.basma), draft)
        approve(db, draft, self.basma, self.settings, confirmed)

    def publishes(self, db: DeskSession) -> None:
        approved = list(db.scalars(select(Draft.id).where(Draft.state == DraftState.APPROVED)))
        if not approved:
            raise InvalidStateError
        some = self.chance.sample(approved, self.chance.randrange(1, len(approved) + 1))
        commands.publish_drafts(db, some, self.basma, "By chance")

    def withdraws(self, db: DeskSession) -> None:
        withdraw(db, [self.chance.choice(RECORDS)], self.basma, "It was not so.")

    def publishes_again(self, db: DeskSession) -> None:
        republish(db, self.chance.choice(RECORDS), self.basma, "It was so.")

    def restores(self, db: DeskSession) -> None:
        record = self.chance.choice(RECORDS)
        steps = steps_of(db, Catalogue(db, self.chidi), record, drafts_of(db, self.chidi, record))
        if not steps:
            raise InvalidStateError
        revision, _changes = self.chance.choice(steps)
        restore(db, self.chidi, record, f"{revision.draft}.{revision.number}")

    def updates(self, db: DeskSession) -> None:
        draft = self._one(db, WRITABLE_STATES)
        versions = approved_since(db, draft)
        if versions is None:
            raise InvalidStateError
        shown = versions.visible(db, self.chidi)
        chosen = {
            each.name: self.chance.choice(["mine", "theirs"])
            for each in differences(FORMS[draft.kind], shown.theirs, shown.mine)
        }
        choose(db, versions, self.chidi, chosen, "page")

    def merges(self, db: DeskSession) -> None:
        """Merge two records of a kind, with all citations confirmed."""
        kind = self.chance.choice("EEEMSOPP")
        gone, kept = self.chance.sample([id for id in MERGED if id[0] == kind], 2)
        if not all(db.get(models.Record, id) for id in (kept, gone)):
            raise InvalidStateError
        doubts = plan(db, gone, kept).doubts
        merge(db, self.basma, gone, kept, "One and the same.", confirmed=doubts)

    def takes_apart(self, db: DeskSession) -> None:
        merged = list(
            db.scalars(select(Merging).where(Merging.undone_in.is_(None)).order_by(Merging.id))
        )
        if not merged:
            raise InvalidStateError
        undo(db, self.basma, self.chance.choice(merged), "They were two.")

    def purges(self, db: DeskSession) -> None:
        """Rarely and last, so that something is left to do."""
        if self.done["purges"] > 1 or not all(self.done[act] for act in NEEDED if act != "purges"):
            raise InvalidStateError
        if purge(db, self.chance.choice(RECORDS), None) is None:
            raise InvalidStateError

    def _one(self, db: DeskSession, states: Any) -> Draft:
        found = db.scalars(select(Draft).where(Draft.state.in_(states)).order_by(Draft.id)).all()
        if not found:
            raise InvalidStateError
        return self.chance.choice(found)


def differences_from_approved(db: DeskSession) -> list[str]:
    """Return ids whose published state differs from the approved tables."""
    found = []
    open_rows = {row.id: row for row in db.scalars(select(Version).where(Version.closed.is_(None)))}
    for kind in THING_OF_KIND:
        for row in db.scalars(select(models.Record).where(models.Record.kind == kind)):
            shown = open_rows.pop(row.id, None)
            assert shown is not None and shown.state in {"live", "withdrawn"}
            if row.is_pending or (
                shown.state == "live" and shown.payload["form"] != public_fields(public(row.form))
            ):
                found.append(row.id)
    left = {row.state for row in open_rows.values() if row.kind in THING_OF_KIND}
    assert left <= {"merged", "purged"}, (
        "published versions without an approved row may only be merged or purged"
    )
    return found
