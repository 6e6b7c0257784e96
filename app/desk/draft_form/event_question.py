"""The question of each citation about a field: does it also report the event itself (rule 4)?"""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.desk.approved.models import CitationRow
from app.documents import Document
from app.i18n.translate import _
from app.kinds import EventForm, Form
from app.kinds.citations import READINGS
from app.vocabulary.citations import Difference, Stance
from app.vocabulary.support import FIELD_KINDS


def is_asked(citation: Document) -> bool:
    """Whether a citation as typed supports one field of an event, or allows another reading."""
    reads_otherwise = (
        citation["differs"] == Difference.OTHER_READING and citation["field"] in READINGS
    )
    return (
        citation["stance"] == Stance.SUPPORTS
        and (citation["kind"] in FIELD_KINDS or reads_otherwise)
        and not citation["about"].strip()
    )


def is_undecided_row() -> ColumnElement[bool]:
    """Condition: an approved citation that was not answered, because it is older than this."""
    return and_(
        CitationRow.event.is_not(None),
        CitationRow.about.is_(None),
        CitationRow.stance == Stance.SUPPORTS,
        or_(
            CitationRow.kind.in_(FIELD_KINDS),
            and_(CitationRow.differs == Difference.OTHER_READING, CitationRow.field.in_(READINGS)),
        ),
        CitationRow.reports_event.is_(None),
    )


def unanswered_citations(db: Session, form: type[Form], document: Document) -> dict[str, str]:
    """Return an error by path for each new citation without an answer.

    Approved ones may stay undecided, so that an old event can be changed without reading them all.
    """
    if form is not EventForm:
        return {}
    paths = {
        f"citations.{index}.reports_event": citation["id"]
        for index, citation in enumerate(document["citations"])
        if is_asked(citation) and not citation["reports_event"].strip()
    }
    approved = set(
        db.scalars(
            select(CitationRow.id).where(CitationRow.id.in_(paths.values()), is_undecided_row())
        )
        if paths
        else ()
    )
    message = _(
        "Choose “Yes” if the source also reports the event in the title. Choose “No” "
        "if it reports only this field, or mentions the event in passing."
    )
    return {path: message for path, id in paths.items() if id not in approved}
