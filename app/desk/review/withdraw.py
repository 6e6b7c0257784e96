"""Withdraw a record, with the records that refer to it, in one edition; and undo that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.models import Draft, Record, RevisionCause
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import lock_approved_state, published_version, save_all
from app.desk.draft_form.catalogue import Catalogue
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
from app.web.urls import url

GOES, STAYS = "goes", "stays"
"""Choices for a record that refers to the withdrawn one: withdraw it too, or drop the reference."""
NO_CHOICES: Mapping[str, str] = {}
MAX_REFERRING = 100


@dataclass(frozen=True)
class ReferringRecord:
    """A published record that refers to the withdrawn one."""

    id: str
    title: str
    names: str
    address: str
    can_stay: bool
    """Whether it is valid without the reference.

    An estimate is, without its event; a citation without its source is not.
    """
    chosen: str


def referring_records(
    db: Session, catalogue: Catalogue, ids: Sequence[str], chosen: Mapping[str, str]
) -> list[ReferringRecord]:
    """Return the records that refer to these.

    Includes records that refer to those, where the editor chose to withdraw those too.
    """
    by_record: dict[str, ReferringRecord] = {}
    going = [*ids]
    for gone in going:
        for other in _published_references(db, gone):
            if other in by_record or other in going:
                continue
            form = _row(db, other).form
            by_record[other] = ReferringRecord(
                id=other,
                title=catalogue.title(other[0], document_of(form)),
                names=gone,
                address=url("desk-record", record=other),
                can_stay=without_references(form, {_kind_and_name(db, gone)}) is not None,
                chosen=chosen.get(other, ""),
            )
            if by_record[other].chosen == GOES:
                going.append(other)
    return list(by_record.values())[:MAX_REFERRING]


def default_choices(db: Session, catalogue: Catalogue, ids: Sequence[str]) -> dict[str, str]:
    """Return default choices: each record stays if it can, and goes otherwise."""
    chosen: dict[str, str] = {}
    while True:
        choices = {
            each.id: STAYS if each.can_stay else GOES
            for each in referring_records(db, catalogue, ids, chosen)
        }
        if choices == chosen:
            return chosen
        chosen = choices


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
    db: Session,
    ids: Sequence[str],
    by: Person,
    reason: str,
    chosen: Mapping[str, str] = NO_CHOICES,
) -> Edition:
    """Withdraw records, with the chosen effects on those that refer to them, as one edition.

    Each page stays as a tombstone with the reason. PublishError leaves everything unchanged; it
    names records without a choice.
    """
    reason = reason.strip()
    lock_approved_state(db)
    namings = referring_records(db, Catalogue(db, by), ids, chosen)
    going = [*ids, *(each.id for each in namings if each.chosen == GOES)]
    gone = {_kind_and_name(db, each) for each in going if namings}
    before = {each.id: _row(db, each.id).form for each in namings if each.chosen == STAYS}
    after = {
        other: changed
        for other, form in before.items()
        if (changed := without_references(form, gone)) is not None
    }
    if busy := [other for other in after if open_draft(db, other) or _row(db, other).is_pending]:
        raise PublishError(
            [
                _("{id} has an open draft: publish or delete the draft first").format(id=other)
                for other in busy
            ]
        )
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


def republish(
    db: Session, id: str, by: Person, reason: str, *, with_others: bool = False
) -> Edition:
    """Publish a withdrawn record again, as approved.

    `with_others` also undoes the effects on others. PublishError leaves everything unchanged.
    """
    lock_approved_state(db)
    current, reason = published_version(db, id), reason.strip()
    if current is None or current.state != RecordState.WITHDRAWN or db.get(Record, id) is None:
        raise InvalidStateError
    if not reason:
        raise PublishError([_("enter a reason for publishing {id} again").format(id=id)])
    hidden, named = withdrawal_effects(db, id) if with_others else ([], [])
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
