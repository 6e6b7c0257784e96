"""Making one record of two, and two of one again: each as an edition of its own, with a reason.

All that names the one that goes names the other after that, its own page leads there, and past editions stay as they
were. Every record that is touched gets a revision, so that the merge can be undone by them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft, Saved
from app.desk.approved.merge_models import Merging
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import form_of, in_the_record, lock_approved_state, save_all
from app.desk.draft_form.compare import errors_in_words
from app.desk.draft_form.documents import Document, check, document_of, fitting
from app.desk.drafts import commands as drafts
from app.desk.drafts.references import THINGS, led_on, name_of, naming, tidy
from app.desk.drafts.revisions import Act, keep
from app.desk.drafts.row_ids import LETTERS
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.merges.combining import Taken, combined, without
from app.desk.review.commands import Unconfirmed, all_or_nothing
from app.errors import NotNow
from app.forms import FORMS, EventForm, Form, RecordForm
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.publish import Merge
from app.record.publishing.validation import Refused
from app.record.rules.disputes import to_reconfirm
from app.vocabulary.record import Why

KINDS = "EMSOP"


@dataclass(frozen=True)
class Proposal:
    """Which record goes into which, what is taken of either, and why."""

    gone: str
    kept: str
    taken: Taken
    reason: str
    confirmed: frozenset[str] = frozenset()
    """Citations of which somebody says that they stand by, or against, the merged event too."""


def merge(db: Session, by: Person, proposal: Proposal) -> Edition:
    """Refused says why it can't be; Unconfirmed that `in_doubt` has citations to be looked at first (rule 13)."""
    gone, kept, reason = proposal.gone, proposal.kept, proposal.reason
    lock_approved_state(db)
    _refuse(_why_not(db, gone, kept, reason))
    before = {id: form_of(_approved(db, id)) for id in (gone, kept)}
    names = {id: name_of(_approved(db, id)) for id in before}
    after = {kept: _merged(before, names, proposal)}
    if not set(_doubts(before[gone], before[kept], after[kept])) <= proposal.confirmed:
        raise Unconfirmed
    for id in naming(db, gone[0], names[gone]):
        if id not in before:
            before[id] = form_of(_approved(db, id))
            other = led_on(
                type(before[id]), document_of(before[id]), THINGS[gone[0]], names[gone], names[kept]
            )
            after[id] = _understood(id, type(before[id]), other)
    _refuse(_waiting(db, before))

    with all_or_nothing(db):
        # What only one may have, such as an address, is free before the other takes it.
        db.delete(_approved(db, gone))
        db.flush()
        save_all(db, [after[kept]], Why.UPDATED, reason)
        save_all(db, [after[id] for id in after if id != kept], Why.CLARIFIED, reason)
        message = _("Merged: {gone} into {kept}").format(gone=gone, kept=kept)
        edition = publish_approved(
            db,
            message,
            signature=by.signature,
            only=_shown(db, after),
            merged=[Merge(gone, kept, reason)],
        )
    assert edition is not None  # a row was closed
    merging = Merging(
        gone=gone, kept=kept, gone_name=names[gone], kept_name=names[kept], reason=reason
    )
    merging.by, merging.edition = by.id, edition.no
    db.add(merging)
    db.flush()
    act = Act(f"merge {merging.id}", by.id, Saved.COMBINED, edition.no, reason)
    for id, form in before.items():
        keep(db, act, form, after.get(id, form))
    note(db, Action.COMBINED, by, gone, _("into {id}: {reason}").format(id=kept, reason=reason))
    return edition


def result(db: Session, proposal: Proposal) -> tuple[RecordForm, RecordForm]:
    """The record that stays, as it is and as it would be."""
    before = {id: form_of(_approved(db, id)) for id in (proposal.gone, proposal.kept)}
    names = {id: name_of(_approved(db, id)) for id in before}
    return before[proposal.kept], _merged(before, names, proposal)


def in_doubt(db: Session, proposal: Proposal) -> list[str]:
    """The citations of either that stood by, or against, other words than the merged event would have."""
    before = {id: form_of(_approved(db, id)) for id in (proposal.gone, proposal.kept)}
    names = {id: name_of(_approved(db, id)) for id in before}
    return _doubts(before[proposal.gone], before[proposal.kept], _merged(before, names, proposal))


def _merged(
    before: Mapping[str, RecordForm], names: Mapping[str, str], proposal: Proposal
) -> RecordForm:
    gone, kept, taken = proposal.gone, proposal.kept, proposal.taken
    form, second = type(before[kept]), kept if taken.first == gone else gone
    first_document, second_document = document_of(before[taken.first]), document_of(before[second])
    document = combined(
        form, first_document, second_document, document_of(before[kept]), taken.places
    )
    return _understood(
        kept, form, led_on(form, document, THINGS[kept[0]], names[gone], names[kept])
    )


def undo(db: Session, by: Person, merging: Merging, reason: str) -> Edition:
    """Both records again. What was written in the one since stays there, but the other's citations go back to it."""
    lock_approved_state(db)
    db.refresh(merging)
    if merging.undone_in is not None:
        raise NotNow
    _refuse(_why_not_apart(db, merging, reason))
    before: dict[str, RecordForm] = {}
    after: dict[str, RecordForm] = {}
    for record, form, was, became in _steps(db, merging):
        row = _row(db, record)
        if record == merging.gone:
            document = _with_present_rows(was, document_of(form_of(_approved(db, merging.kept))))
        elif row is not None:
            before[record] = form_of(row)
            document = without(form, was, became, document_of(before[record]))
        else:
            continue  # it was merged or removed itself since
        after[record] = _understood(
            record, form, _led_on_since(db, form, tidy(form, document), merging)
        )
    _refuse(_waiting(db, before))

    with all_or_nothing(db):
        save_all(db, list(after.values()), Why.UPDATED, reason)
        message = _("Taken apart: {gone} and {kept}").format(gone=merging.gone, kept=merging.kept)
        others = _shown(db, after.keys() - {merging.gone})
        edition = publish_approved(
            db, message, signature=by.signature, only={*others, merging.gone}, parted={merging.gone}
        )
    assert edition is not None  # the row that was merged is open again
    merging.undone_by, merging.undone_in = by.id, edition.no
    act = Act(f"part {merging.id}", by.id, Saved.TAKEN_APART, edition.no, reason)
    for id, form_after in after.items():
        keep(db, act, before.get(id, form_after), form_after)
    note(
        db,
        Action.TOOK_APART,
        by,
        merging.gone,
        _("from {id}: {reason}").format(id=merging.kept, reason=reason),
    )
    return edition


def _doubts(gone: RecordForm, kept: RecordForm, after: RecordForm) -> list[str]:
    if not (
        isinstance(gone, EventForm) and isinstance(kept, EventForm) and isinstance(after, EventForm)
    ):
        return []
    return [*to_reconfirm(kept, after), *to_reconfirm(gone, after)]


# What stands in the way -------------------------------------------------------------------------------------------


def _why_not(db: Session, gone: str, kept: str, reason: str) -> Iterable[str]:
    if gone == kept or gone[0] != kept[0]:
        yield _("{gone} and {kept} are not two of a kind").format(gone=gone, kept=kept)
    if not reason.strip():
        yield _("a merge needs a reason: readers will see it")
    for id in (gone, kept):
        standing = in_the_record(db, id)
        if standing is None or standing.state != "live":
            yield _("readers don’t see {id}: only what they see is merged").format(id=id)
    if draft := drafts.open_draft(db, gone):
        yield _("{who} has an open draft of {id}: it must be published or deleted first").format(
            who=db.get_one(Person, draft.owner).called, id=gone
        )


def _why_not_apart(db: Session, merging: Merging, reason: str) -> Iterable[str]:
    if not reason.strip():
        yield _("undoing a merge needs a reason: readers will see it")
    gone, kept = (in_the_record(db, id) for id in (merging.gone, merging.kept))
    if gone is None or gone.state != "merged" or gone.payload["into"] != merging.kept:
        yield _("{id} is not merged into {other} any more").format(
            id=merging.gone, other=merging.kept
        )
    match kept.state if kept else "":
        case "merged":
            yield _("{id} was itself merged since: undo that first").format(id=merging.kept)
        case "withdrawn":
            yield _("{id} was withdrawn since: publish it again first").format(id=merging.kept)
        case "purged":
            yield _("{id} was removed for good since").format(id=merging.kept)


def _waiting(db: Session, ids: Iterable[str]) -> Iterable[str]:
    """A merge publishes nothing that was approved by another way and waits."""
    for id in ids:
        if (row := _row(db, id)) is not None and row.is_pending:
            yield _("{id} was approved anew and is not published yet: publish it first").format(
                id=id
            )


def _refuse(reasons: Iterable[str]) -> None:
    if found := list(reasons):
        raise Refused(found)


# The records ------------------------------------------------------------------------------------------------------


def _row(db: Session, id: str) -> models.Record | None:
    return (
        db.get(models.MODELS[id[0]], id, populate_existing=True) if id[:1] in set(KINDS) else None
    )


def _approved(db: Session, id: str) -> models.Record:
    row = _row(db, id)
    if row is None:
        raise Refused([_("there is no record {id}").format(id=id)])
    return row


def _understood(id: str, form: type[Form], document: Document) -> RecordForm:
    checked = check(form, document)
    if checked.form is None:
        raise Refused([f"{id}: {said}" for said in errors_in_words(form, checked.errors, document)])
    return cast(RecordForm, checked.form)


def _shown(db: Session, ids: Iterable[str]) -> set[str]:
    """Those that readers see. What is withdrawn names the other one too, but is not brought back by that."""
    found = set()
    for id in ids:
        standing, row = in_the_record(db, id), _approved(db, id)
        if standing is not None and standing.state == "live":
            found.add(id)
        else:
            row.is_pending, row.why, row.reason = False, None, None
    return found


def _with_present_rows(was: Document, kept: Document) -> Document:
    """What went, with what was written in its citations and links since."""
    document = dict(was)
    for name in LETTERS:
        present = {row["id"]: row for row in kept.get(name, [])}
        if name in document:
            document[name] = [
                {**present.get(row["id"], row), "row": row["row"]} for row in document[name]
            ]
    return document


def _led_on_since(db: Session, form: type[Form], document: Document, but: Merging) -> Document:
    """Names of what was merged meanwhile lead on to what they are called now."""
    others = select(Merging).where(Merging.undone_in.is_(None), Merging.id != but.id)
    for merging in db.scalars(others.order_by(Merging.id)):
        document = led_on(
            form, document, THINGS[merging.gone[0]], merging.gone_name, merging.kept_name
        )
    return document


def _steps(
    db: Session, merging: Merging
) -> Iterator[tuple[str, type[RecordForm], Document, Document]]:
    """The records that a merge touched, with what each said before and after."""
    touched = select(Draft).where(Draft.key.startswith(f"merge {merging.id} ")).order_by(Draft.id)
    for draft in db.scalars(touched):
        form = FORMS[draft.kind]
        was, became = (fitting(form, revision.document) for revision in drafts.revisions(db, draft))
        yield draft.record, form, was, became
