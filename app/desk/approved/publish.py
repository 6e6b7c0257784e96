"""Publishes the approved state through `app.record.publishing`."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.models import ReferenceRow, any_array
from app.kinds import KIND, EventForm, PlaceForm
from app.kinds.vocabulary import nationalities
from app.record.models import Edition, Version
from app.record.publishing.publish import Approved, Merge, Withdrawal, publish
from app.record.publishing.validation import refuse_private_outside_public
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.vocabulary.record import FORMER_LISTS, Why


def publish_approved(
    db: Session,
    message: str = "",
    only: Collection[str] | None = None,
    *,
    signature: str = "",
    withdrawn: Sequence[Withdrawal] = (),
    merged: Sequence[Merge] = (),
    parted: Collection[str] = (),
    again: Collection[tuple[str, str]] = (),
) -> Edition | None:
    """Publish all approved records that are pending, or those in `only`.

    `signature` is the signature of the edition. Returns None if readers would see no change. Raises
    PublishError. With `again`, forms that a migration changed are published as recalculated.
    """
    store.lock_approved_state(db)
    pending = store.pending_rows(db)
    if only is not None:
        used = select(ReferenceRow.target).where(ReferenceRow.record == any_array(only))
        only = {*only, *(nationalities().keys() & db.scalars(used))}
    rows = [row for row in pending if only is None or row.id in only]
    approved = [Approved(row.form, Why(row.why or Why.UPDATED), row.reason or "") for row in rows]
    if any(isinstance(item.form, EventForm) and item.form.exact_place for item in approved):
        places = {form.code: form for form in store.all_forms(db) if isinstance(form, PlaceForm)}
        for item in approved:
            if isinstance(item.form, EventForm):
                refuse_private_outside_public(item.form, places)
    pending_ids = {row.id for row in pending}
    approved += [
        Approved(form, Why.REINDEXED)
        for form in (store.all_forms(db) if again else ())
        if (KIND[type(form)], form.id) in again and form.id not in pending_ids
    ]
    former = _merges_of_former_codes(db, {item.form.id for item in approved})
    edition = publish(
        db,
        approved,
        message=message,
        by=signature,
        withdrawn=withdrawn,
        merged=[*merged, *former],
        parted=parted,
        again=again,
    )
    for row in rows:
        row.is_pending, row.why, row.reason = False, None, None
    return edition


def _merges_of_former_codes(db: Session, published: Collection[str]) -> list[Merge]:
    """Return the merges of codes of former lists into the records with their names.

    `published` are the ids of records that become public in the same edition.
    """
    found = []
    for list_, kind in FORMER_LISTS.items():
        still_open = select(Version.id).where(
            Version.kind == RecordKind.CODE,
            Version.id.startswith(f"{list_}:"),
            Version.closed.is_(None),
            Version.is_live,
        )
        for id in db.scalars(still_open).all():
            row = store.find_named(db, kind, id.partition(":")[2])
            if row is None:
                continue
            is_public = select(Version.id).where(
                Version.id == row.id, Version.closed.is_(None), Version.is_live
            )
            if row.id in published or db.scalars(is_public).first():
                reason = f"It is a {NOUN_OF_KIND[kind]} of its own now."
                found.append(Merge(id, row.id, reason, Why.REINDEXED))
    return found
