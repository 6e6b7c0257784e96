"""Issues ids of records, citations and links. Each number is issued once.

A record gets its id when a draft is started, so that other drafts can refer to it. A draft that is
never published leaves a gap.
"""

import re
from collections.abc import Iterable

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.desk.approved.models import DeskBase
from app.kinds import EstimateForm, EventForm, RecordForm
from app.vocabulary.kinds import LISTED_KINDS, NAMED_KINDS

NUMBERED = re.compile(r"([A-Z])([1-9][0-9]{0,8})", re.ASCII)
RECORD_ID = re.compile(rf"[{''.join((*NAMED_KINDS, *LISTED_KINDS))}][1-9][0-9]{{0,8}}", re.ASCII)
"""Ids of the records that editors write; codes of the vocabulary have other ids."""


class IdCounter(DeskBase):
    """Last number issued under a letter. The row is locked until the issuing transaction ends."""

    __tablename__ = "number"

    letter: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def issue_id(db: Session, letter: str) -> str:
    """Return a new id."""
    first = insert(IdCounter).values(letter=letter, last=1)
    taken = first.on_conflict_do_update(
        index_elements=[IdCounter.letter], set_={"last": IdCounter.last + 1}
    )
    return f"{letter}{db.scalars(taken.returning(IdCounter.last)).one()}"


def reserve_ids(db: Session, forms: Iterable[RecordForm]) -> None:
    """Mark the ids in these forms as issued, so that imported ids are not issued again."""
    highest: dict[str, int] = {}
    for form in forms:
        ids = [form.id]
        if isinstance(form, EventForm | EstimateForm):
            ids += [row.id for row in (*form.citations, *form.links)]
        for id in ids:
            if found := NUMBERED.fullmatch(id):
                highest[found[1]] = max(highest.get(found[1], 0), int(found[2]))
    if highest:
        given = insert(IdCounter).values(
            [{"letter": letter, "last": last} for letter, last in sorted(highest.items())]
        )
        last = func.greatest(IdCounter.last, given.excluded.last)
        db.execute(
            given.on_conflict_do_update(index_elements=[IdCounter.letter], set_={"last": last})
        )
