"""Withdraw a record, with the records that refer to it, in one edition; and undo that."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import Draft, Record, RevisionCause
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, published_version, save_all
from app.desk.drafts.commands import RevisionDetails, open_draft, revisions, save_revisions
from app.desk.drafts.references import referring_ids
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.review.commands import all_or_nothing
from app.documents import document_of, fit_to_form, validate
from app.errors import InvalidStateError
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.kinds import FORMS, RecordForm
from app.record.models import Edition, RecordState, Version
from app.record.publishing.publish import Withdrawal
from app.record.publishing.validation import PublishError, referenced_records
from app.vocabulary.record import Why

GOES, STAYS = "goes", "stays"
"""What becomes of a record that refers to a withdrawn one: withdrawn, or without the reference."""
NO_EFFECTS: Mapping[str, str] = {}


def effects_of(db: Session, ids: Sequence[str]) -> dict[str, RecordForm | None]:
    """Return what becomes of each published record that refers to these, by its id.

    It stays without the references if it is valid so, as an estimate is without its event; None if
    it needs them, as a citation needs its source. That has its own effects.
    """
    effects: dict[str, RecordForm | None] = {}
    going = [*ids]
    for gone in going:
        for other in _published_references(db, gone):
            if other in going:
                continue
            withdrawn = {_kind_and_name(db, each) for each in going}
            effects[other] = without_references(_row(db, other).form, withdrawn)
            if effects[other] is None:
                going.append(other)
    return effects


def in_short(effects: Mapping[str, RecordForm | None]) -> dict[str, str]:
    """Return the effects as a page shows them, by which a request proves that they are the same."""
    return {id: STAYS if form else GOES for id, form in effects.items()}


def without_references(form: RecordForm, gone: Collection[tuple[str, str]]) -> RecordForm | None:
    """Return the record without its references to withdrawn records; None if it needs them."""
    document, names = document_of(form), {name for _kind, name in gone}
    removed_links = {row["id"] for row in document.get("links", []) if row["to"] in names}
    if any(row["about"] in removed_links for row in document.get("citations", [])):
        return None
    if "links" in document:
        document["links"] = [row for row in document["links"] if row["id"] not in removed_links]
    if document.get("event") in names:
        document["event"] = ""
    changed = validate(type(form), document).form
    return None if changed is None or referenced_records(changed) & set(gone) else changed


def withdraw(
    db: Session, ids: Sequence[str], by: Person, reason: str, shown: Mapping[str, str] = NO_EFFECTS
) -> Edition:
    """Withdraw records, with the effects on those that refer to them, as one edition.

    Each page stays as a tombstone with the reason. PublishError leaves everything unchanged, also
    if the effects are others than those that were shown.
    """
    reason = reason.strip()
    lock_approved_state(db)
    effects = effects_of(db, ids)
    if in_short(effects) != shown:
        raise PublishError([_("other records refer to it: check first what becomes of them")])
    after = {id: form for id, form in effects.items() if form}
    going = [*ids, *(id for id in effects if id not in after)]
    before = {id: _row(db, id).form for id in after}
    if busy := [other for other in after if open_draft(db, other) or _row(db, other).is_pending]:
        words = _("{id} has an open draft: publish or delete the draft first")
        raise PublishError([words.format(id=other) for other in busy])
    with all_or_nothing(db):
        save_all(db, list(after.values()), Why.UPDATED, reason)
        message = _("Withdrawn: {ids}").format(ids=enumerate_words(going))
        withdrawn = [Withdrawal(each, reason) for each in going]
        edition = publish_approved(
            db, message, signature=by.signature, only=set(after), withdrawn=withdrawn
        )
    if edition is None:
        raise InvalidStateError
    for each in going:
        log_action(db, "withdrew", by, each, reason)
    act = RevisionDetails(
        f"withdraw {edition.no}", by.id, RevisionCause.TAKEN_OFF, edition.no, reason
    )
    for other, form in after.items():
        save_revisions(db, act, before[other], form)
    return edition


# Publishing again -------------------------------------------------------------------------------


def withdrawal_effects(db: Session, id: str) -> tuple[Sequence[str], list[RecordForm]]:
    """Return the effects of a withdrawal on other records, as far as these have not changed since.

    They are the ids of records that were withdrawn in the same edition, and the records whose
    reference to the withdrawn record was removed, as they were before.
    """
    current = published_version(db, id)
    if current is None or current.state != RecordState.WITHDRAWN:
        return [], []
    also = (
        Version.opened == current.opened,
        Version.closed.is_(None),
        Version.state == RecordState.WITHDRAWN,
    )
    hidden = db.scalars(
        select(Version.id).where(*also, Version.id != id).order_by(Version.id)
    ).all()
    effects = (
        select(Draft).where(Draft.key.startswith(f"withdraw {current.opened} ")).order_by(Draft.id)
    )
    return hidden, [form for draft in db.scalars(effects) if (form := _before(db, draft))]


def _before(db: Session, draft: Draft) -> RecordForm | None:
    """Return the record before the withdrawal; None if it was edited since or has an open draft."""
    form = FORMS[draft.kind]
    before, after = (
        validate(form, fit_to_form(form, revision.document)).form
        for revision in revisions(db, draft)
    )
    row = db.get(Record, draft.record)
    is_free = open_draft(db, draft.record) is None and not (row and row.is_pending)
    return before if row is not None and is_free and row.form == after else None


def republish(db: Session, id: str, by: Person, reason: str) -> Edition:
    """Publish a withdrawn record again, as approved, and undo the effects on others.

    PublishError leaves everything unchanged.
    """
    lock_approved_state(db)
    current, reason = published_version(db, id), reason.strip()
    if current is None or current.state != RecordState.WITHDRAWN or db.get(Record, id) is None:
        raise InvalidStateError
    if not reason:
        raise PublishError([_("enter a reason for publishing {id} again").format(id=id)])
    hidden, named = withdrawal_effects(db, id)
    shown = [id, *hidden]
    after = {form.id: _row(db, form.id).form for form in named}
    with all_or_nothing(db):
        save_all(db, named, Why.UPDATED, reason)
        for each in shown:
            row = _row(db, each)
            row.is_pending, row.why, row.reason = True, Why.UPDATED, reason
        message = _("Published again: {id}").format(id=enumerate_words(shown))
        edition = publish_approved(db, message, signature=by.signature, only={*shown, *after})
    if edition is None:
        raise InvalidStateError
    for each in shown:
        log_action(db, "published-again", by, each, reason)
    act = RevisionDetails(
        f"put back {edition.no}", by.id, RevisionCause.RESTORED, edition.no, reason
    )
    for form in named:
        save_revisions(db, act, after[form.id], form)
    return edition


def _published_references(db: Session, id: str) -> list[str]:
    # Records that were never approved, or were merged, have no references.
    names = referring_ids(db, *_kind_and_name(db, id)) if db.get(Record, id) else []
    return [
        other
        for other in names
        if (row := published_version(db, other)) is not None and row.is_live
    ]


def _kind_and_name(db: Session, id: str) -> tuple[str, str]:
    return id[0], _row(db, id).name


def _row(db: Session, id: str) -> Record:
    return db.get_one(Record, id)
