"""What one change would make of each record, the drafts that are made of it, and taking them back.

Each record gets a revision of its own. What readers see is changed in a draft that is handed in, and goes the way of
every other change; what only is a draft stays one.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import WRITABLE, WRITTEN, Draft, Revision, Saved, State
from app.desk.approved.store import form_of as approved_form
from app.desk.approved.store import held_together
from app.desk.bulk.acts import Act, done
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.compare import errors_in_words
from app.desk.draft_form.documents import Document, document_of, fitting
from app.desk.drafts import commands as drafts
from app.desk.drafts.change_reasons import unexplained
from app.desk.drafts.trial_publish import refusals_of_each
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.merges.combining import fingerprint
from app.errors import NotNow
from app.forms import FORMS, Form, RecordForm
from app.i18n.translate import _
from app.record.publishing.validation import Refused


@dataclass(frozen=True)
class Planned:
    """What would become of one record."""

    id: str
    before: Document
    after: Document
    draft: Draft | None = None
    """The draft that it is as yet, where readers don't see it."""
    refusals: Sequence[str] = ()

    @property
    def seen(self) -> str:
        """By which a page that comes back knows whether the record is still as it showed it."""
        return fingerprint(self.before)


# Looking ahead ----------------------------------------------------------------------------------------------------


def plan(db: Session, catalogue: Catalogue, act: Act, ids: Iterable[str]) -> list[Planned]:
    """One for each record that there is, with the reasons why it can't be changed so."""
    named = list(dict.fromkeys(ids))
    with held_together(db, named):
        planned = [found for id in named if (found := _planned(db, catalogue, act, id))]
    open_ = [each for each in planned if not each.refusals and each.draft is None]
    forms: list[RecordForm] = [
        form
        for each in open_
        if (form := check_draft(FORMS[each.id[0]], each.after, catalogue).form) is not None
    ]
    refused = refusals_of_each(db, catalogue, forms)
    return [
        replace(each, refusals=refused[each.id]) if each.id in refused else each for each in planned
    ]


def _planned(db: Session, catalogue: Catalogue, act: Act, id: str) -> Planned | None:
    row, draft = db.get(models.MODELS[id[0]], id), drafts.open_draft(db, id)
    form = FORMS[id[0]]
    if row is not None:
        before = document_of(approved_form(row))
        why_not = _has_a_draft(db, catalogue.person, draft) if draft else ""
    elif draft is not None:
        before = fitting(form, draft.document)
        why_not = _is_not_ones_own(db, catalogue.person, draft)
    else:
        return None
    after = done(act, form, before)
    if not why_not and after == before:
        why_not = _("there is nothing to change in it")
    refusals = [why_not] if why_not else _made_wrong(catalogue, form, before, after)
    return Planned(id, before, after, draft if row is None else None, refusals)


def _has_a_draft(db: Session, person: Person, draft: Draft) -> str:
    if draft.owner == person.id:
        return _("you have an open draft of it: it must be published or deleted first")
    who = db.get_one(Person, draft.owner).called
    return _("{who} has an open draft of it: it must be published or deleted first").format(who=who)


def _is_not_ones_own(db: Session, person: Person, draft: Draft) -> str:
    if draft.owner != person.id:
        return _("{who} is writing it").format(who=db.get_one(Person, draft.owner).called)
    return "" if draft.state in WRITABLE else _("it is handed in: take it back first")


def _made_wrong(
    catalogue: Catalogue, form: type[Form], before: Document, after: Document
) -> list[str]:
    """What was right before; a draft may lack this and that."""
    known = check_draft(form, before, catalogue).errors
    wrong = check_draft(form, after, catalogue).errors
    return errors_in_words(
        form, {path: error for path, error in wrong.items() if path not in known}, after
    )


# Doing it ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """One change, of which records, and what readers are told of it. The records are named as they were seen."""

    act: Act
    seen: Mapping[str, str]
    why: str
    reason: str


def make(db: Session, catalogue: Catalogue, proposal: Proposal) -> str:
    """Makes a revision of each, all or none; gives the name by which they are found again.

    Refused where one of them can't be changed so, or not any more.
    """
    planned = plan(db, catalogue, proposal.act, proposal.seen)
    reasons = [f"{each.id}: {reason}" for each in planned for reason in each.refusals]
    reasons += [
        _("{id} was changed since this page was opened").format(id=each.id)
        for each in planned
        if each.seen != proposal.seen[each.id]
    ]
    if any(each.draft is None for each in planned):
        reasons += unexplained(proposal.why, proposal.reason)
    if not planned:
        reasons.append(_("no record is ticked"))
    if reasons:
        raise Refused(reasons)
    name, by = secrets.token_hex(8), catalogue.person
    drafts.wait_for(db, list(proposal.seen))
    with held_together(db, proposal.seen):
        for each in planned:
            _change(db, by, each, proposal, name)
    note(db, Action.CHANGED_TOGETHER, by, name, f"{proposal.act.words} ({len(planned)})")
    return name


def _change(db: Session, by: Person, planned: Planned, proposal: Proposal, name: str) -> None:
    if planned.draft is not None:
        number = planned.draft.number
        draft = drafts.find(db, planned.draft.id)
        is_as_seen = draft is not None and (draft.number, draft.owner) == (number, by.id)
    else:
        draft = drafts.begin_to_change(db, by, planned.id)
        is_as_seen = draft is not None and (draft.number, draft.owner) == (0, by.id)
    if draft is None or not is_as_seen:
        raise Refused([_("{id} was changed since this page was opened").format(id=planned.id)])
    draft.document = done(
        proposal.act, drafts.form_of(draft), fitting(drafts.form_of(draft), draft.document)
    )
    if planned.draft is None:
        draft.why, draft.reason = proposal.why, proposal.reason
    drafts.next_revision(db, draft, by, Saved.TOGETHER, sheet=name, words=proposal.act.words)
    if planned.draft is None:
        drafts.move(db, draft, by, drafts.SUBMIT, name)


# Afterwards -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """One of the revisions that were made together, and its draft as it is now."""

    revision: Revision
    draft: Draft
    before: Revision
    was_begun_for_it: bool
    can_be_taken_back: bool


def made_together(db: Session, name: str) -> list[Made]:
    found = (
        select(Revision)
        .where(Revision.saved == Saved.TOGETHER, Revision.sheet == name)
        .order_by(Revision.draft)
    )
    return [_made(db, revision) for revision in db.scalars(found).all()]


def _made(db: Session, revision: Revision) -> Made:
    draft = db.get_one(Draft, revision.draft)
    before = drafts.standing(db, draft, revision.number - 1)
    assert before is not None  # it was begun
    was_written_in = any(
        each.saved in WRITTEN for each in drafts.revisions(db, draft, after=revision.number)
    )
    was_begun_for_it = before.number == 0 and draft.base is not None
    open_for = WRITABLE | {State.IN_REVIEW} if was_begun_for_it else WRITABLE
    can_be_taken_back = draft.state in open_for and not was_written_in
    return Made(revision, draft, before, was_begun_for_it, can_be_taken_back)


@dataclass(frozen=True)
class Lately:
    """What was changed together not long ago, and in how many records."""

    name: str
    words: str
    by: int
    at: datetime
    count: int


def lately(db: Session) -> list[Lately]:
    columns = (Revision.sheet, Revision.words, Revision.by, func.min(Revision.at), func.count())
    found = select(*columns).where(Revision.saved == Saved.TOGETHER)
    grouped = found.group_by(Revision.sheet, Revision.words, Revision.by).order_by(
        func.min(Revision.at).desc()
    )
    return [
        Lately(name, words or "", by, at, count)
        for name, words, by, at, count in db.execute(grouped.limit(MOST_LATELY))
    ]


MOST_LATELY = 8


def take_back(db: Session, by: Person, name: str) -> tuple[int, int]:
    """Deletes the drafts that were begun for it, and brings others back to what they were; how many, and how many not.

    What somebody approved, published or wrote in since stays as it is. Raises NotNow, with nothing changed, where
    somebody does so at this moment.
    """
    made = made_together(db, name)
    taken = [each for each in made if each.can_be_taken_back]
    # All are locked, in the order in which others lock them, and found unchanged before the first is touched.
    for each in taken:
        number = each.draft.number
        draft = drafts.find(db, each.draft.id)
        if draft is None or draft.number != number:
            raise NotNow
    for each in taken:
        if not each.was_begun_for_it:
            drafts.restore(db, each.draft, each.before.number, by, name)
            continue
        if each.draft.state == State.IN_REVIEW:
            drafts.move(db, each.draft, by, drafts.TAKE_BACK, name)
        drafts.move(db, each.draft, by, drafts.DELETE, name)
    if taken:
        note(db, Action.TOOK_TOGETHER_BACK, by, name, f"{len(taken)}")
    return len(taken), len(made) - len(taken)
