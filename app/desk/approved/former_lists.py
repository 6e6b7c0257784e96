"""Codes of former lists that the record still has, once records have taken their place."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved.store import find_named
from app.record.models import Version
from app.record.publishing.publish import Merge
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.vocabulary.record import FORMER_LISTS, Why


def merges_of_former_codes(db: Session, published: Collection[str]) -> list[Merge]:
    """Return the merges of such codes into the records with their names.

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
            row = find_named(db, kind, id.partition(":")[2])
            if row is None:
                continue
            is_public = select(Version.id).where(
                Version.id == row.id, Version.closed.is_(None), Version.is_live
            )
            if row.id in published or db.scalars(is_public).first():
                reason = f"It is a {NOUN_OF_KIND[kind]} of its own now."
                found.append(Merge(id, row.id, reason, Why.REINDEXED))
    return found
