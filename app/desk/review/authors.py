"""Who wrote what is to be approved: nobody approves their own words."""

from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITING_CAUSES, Draft, Revision
from app.desk.identity.models import Person


def authors(db: Session, draft: Draft) -> set[int]:
    """Return everybody who wrote in the draft."""
    return set(db.scalars(_writings(draft.id)))


def has_written(person: Person) -> ColumnElement[bool]:
    """Return the condition that this person is an author of the draft of a query's row."""
    return _writings(Draft.id).where(Revision.by == person.id).exists()


def _writings(draft: Any) -> Select[int]:
    """Select who saved words of a draft, given by its id or by a column."""
    return select(Revision.by).where(Revision.draft == draft, Revision.saved.in_(WRITING_CAUSES))
