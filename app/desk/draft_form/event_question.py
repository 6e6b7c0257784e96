"""The question of each citation about a field: does it also report the event itself (rule 4)?"""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from app.desk.approved.models import Record
from app.desk.draft_form.documents import Document, document_of
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


def is_undecided_row(citation: Any) -> ColumnElement[bool]:
    """Condition: an approved citation that was not answered, because it is older than this."""
    return and_(
        ~citation.has_key("about"),
        citation["stance"].astext == Stance.SUPPORTS,
        or_(
            citation["kind"].astext.in_(FIELD_KINDS),
            and_(
                citation["differs"].astext == Difference.OTHER_READING,
                citation["field"].astext.in_(READINGS),
            ),
        ),
        ~citation.has_key("reports_event"),
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
    row = db.get(Record, document["id"]) if paths else None
    approved = {
        citation.id
        for citation in (row.form.citations if row and isinstance(row.form, EventForm) else ())
        if is_asked(document_of(citation)) and not citation.reports_event
    }
    message = _(
        "Choose “Yes” if the source also reports the event in the title. Choose “No” "
        "if it reports only this field, or mentions the event in passing."
    )
    return {path: message for path, id in paths.items() if id not in approved}
