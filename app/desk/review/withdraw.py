"""Withdraw a record, with the records that refer to it, in one edition; and undo that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft, Saved
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import form_of, in_the_record, lock_approved_state, save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import check, document_of, fitting
from app.desk.drafts.commands import open_draft, revisions
from app.desk.drafts.references import name_of, naming
from app.desk.drafts.revisions import Act, keep
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.review.commands import all_or_nothing
from app.errors import NotNow
from app.forms import FORMS, RecordForm
from app.i18n.translate import _
from app.record.models import Edition, Version
from app.record.publishing.publish import Withdrawal
from app.record.publishing.validation import Refused, targets
from app.vocabulary.record import Why
from app.web.urls import url

GOES, STAYS = "goes", "stays"
"""Choices for a record that refers to the withdrawn one: withdraw it too, or drop the reference."""
NO_CHOICES: Mapping[str, str] = {}
MAX_REFERRING = 100


@dataclass(frozen=True)
class Naming:
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


def in_the_way(
    db: Session, catalogue: Catalogue, id: str, chosen: Mapping[str, str]
) -> list[Naming]:
    """Return records that refer to this one and, if chosen to go too, records that refer to those."""
    by_record: dict[str, Naming] = {}
    going = [id]
    for gone in going:
        for other in _published_references(db, gone):
            if other in by_record or other in going:
                continue
            form = form_of(_row(db, other))
            by_record[other] = Naming(
                id=other,
                title=catalogue.title(other[0], document_of(form)),
                names=gone,
                address=url("desk-record", record=other),
                can_stay=without(form, {_kind_and_name(db, gone)}) is not None,
                chosen=chosen.get(other, ""),
            )
            if by_record[other].chosen == GOES:
                going.append(other)
    return list(by_record.values())[:MAX_REFERRING]


def at_once(db: Session, catalogue: Catalogue, id: str) -> dict[str, str]:
    """Return default choices: each record stays if it can, and goes otherwise."""
    chosen: dict[str, str] = {}
    while True:
        choices = {
            each.id: STAYS if each.can_stay else GOES
            for each in in_the_way(db, catalogue, id, chosen)
        }
        if choices == chosen:
            return chosen
        chosen = choices


def without(form: RecordForm, gone: Collection[tuple[str, str]]) -> RecordForm | None:
    """Return the record without references to these; None if it needs them."""
    document, names = document_of(form), {name for _kind, name in gone}
    removed_links = {row["id"] for row in document.get("links", []) if row["to"] in names}
    if any(row["about"] in removed_links for row in document.get("citations", [])):
        return None
    if "links" in document:
        document["links"] = [row for row in document["links"] if row["id"] not in removed_links]
    if document.get("event") in names:
        document["event"] = ""
    changed = check(type(form), document).form
    return None if changed is None or targets(changed) & set(gone) else changed


def withdraw(
    db: Session, id: str, by: Person, reason: str, chosen: Mapping[str, str] = NO_CHOICES
) -> Edition:
    """Withdraw a record, with the chosen effects on others, as one edition.

    Its page stays as a tombstone with the reason. PublishError leaves everything unchanged; it
    names records without a choice.
    """
    reason = reason.strip()
    lock_approved_state(db)
    namings = in_the_way(db, Catalogue(db, by), id, chosen)
    going = [id, *(each.id for each in namings if each.chosen == GOES)]
    gone = {_kind_and_name(db, each) for each in going if namings}
    before = {each.id: form_of(_row(db, each.id)) for each in namings if each.chosen == STAYS}
    after = {
        other: changed
        for other, form in before.items()
        if (changed := without(form, gone)) is not None
    }
    if busy := [other for other in after if open_draft(db, other) or _row(db, other).is_pending]:
        raise Refused(
            [
                _("{id} is being changed at the desk: publish or delete that first").format(
                    id=other
                )
                for other in busy
            ]
        )
    with all_or_nothing(db):
        save_all(db, list(after.values()), Why.UPDATED, reason)
        message = _("Withdrawn: {ids}").format(ids=_(", ").join(going))
        withdrawn = [Withdrawal(each, reason) for each in going]
        edition = publish_approved(
            db, message, signature=by.signature, only=set(after), withdrawn=withdrawn
        )
    if edition is None:
        raise NotNow
    for each in going:
        note(db, Action.WITHDREW, by, each, reason)
    act = Act(_key_prefix(edition.no), by.id, Saved.TAKEN_OFF, edition.no, reason)
    for other, form in after.items():
        keep(db, act, before[other], form)
    return edition


# Publishing again ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class WentAlong:
    """Effects of a withdrawal on other records, as far as these have not changed since."""

    hidden: Sequence[str]
    """Ids of records that were withdrawn with it."""
    named: Sequence[RecordForm]
    """Records whose reference to it was removed, as they were before."""

    def __bool__(self) -> bool:
        return bool(self.hidden or self.named)

    @property
    def ids(self) -> list[str]:
        return [*self.hidden, *(form.id for form in self.named)]


def went_along(db: Session, id: str) -> WentAlong:
    current = in_the_record(db, id)
    if current is None or current.state != "withdrawn":
        return WentAlong([], [])
    also = (
        Version.opened == current.opened,
        Version.closed.is_(None),
        Version.state == "withdrawn",
    )
    hidden = db.scalars(
        select(Version.id).where(*also, Version.id != id).order_by(Version.id)
    ).all()
    effects = (
        select(Draft)
        .where(Draft.key.startswith(f"{_key_prefix(current.opened)} "))
        .order_by(Draft.id)
    )
    return WentAlong(
        hidden, [form for draft in db.scalars(effects) if (form := _before(db, draft)) is not None]
    )


def _before(db: Session, draft: Draft) -> RecordForm | None:
    """Return the record as it was; None if it has changed since or is being changed."""
    form = FORMS[draft.kind]
    before, after = (
        check(form, fitting(form, revision.document)).form for revision in revisions(db, draft)
    )
    row = db.get(models.MODELS[draft.kind], draft.record)
    is_free = open_draft(db, draft.record) is None and not (row and row.is_pending)
    return before if row is not None and is_free and form_of(row) == after else None


def put_back(
    db: Session, id: str, by: Person, reason: str, *, with_others: bool = False
) -> Edition:
    """Publish a withdrawn record again, as approved.

    `with_others` also undoes the effects on others. PublishError leaves everything unchanged.
    """
    lock_approved_state(db)
    current, reason = in_the_record(db, id), reason.strip()
    if current is None or current.state != "withdrawn" or db.get(models.MODELS[id[0]], id) is None:
        raise NotNow
    if not reason:
        raise Refused([_("{id} can’t be published again without a reason").format(id=id)])
    effects = went_along(db, id) if with_others else WentAlong([], [])
    shown = [id, *effects.hidden]
    after = {form.id: form_of(_row(db, form.id)) for form in effects.named}
    with all_or_nothing(db):
        save_all(db, effects.named, Why.UPDATED, reason)
        for each in shown:
            row = _row(db, each)
            row.is_pending, row.why, row.reason = True, Why.UPDATED, reason
        message = _("Published again: {id}").format(id=_(", ").join(shown))
        edition = publish_approved(db, message, signature=by.signature, only={*shown, *after})
    if edition is None:
        raise NotNow
    for each in shown:
        note(db, Action.PUBLISHED_AGAIN, by, each, reason)
    act = Act(f"put back {edition.no}", by.id, Saved.RESTORED, edition.no, reason)
    for form in effects.named:
        keep(db, act, after[form.id], form)
    return edition


def _key_prefix(edition: int) -> str:
    """Return the key prefix of the drafts that record effects on others."""
    return f"withdraw {edition}"


def _published_references(db: Session, id: str) -> list[str]:
    # Records that were never approved, or were merged, have no references.
    names = naming(db, *_kind_and_name(db, id)) if db.get(models.MODELS[id[0]], id) else []
    return [
        other
        for other in names
        if (row := in_the_record(db, other)) is not None and row.state == "live"
    ]


def _kind_and_name(db: Session, id: str) -> tuple[str, str]:
    return id[0], name_of(_row(db, id))


def _row(db: Session, id: str) -> models.Record:
    return db.get_one(models.MODELS[id[0]], id)
