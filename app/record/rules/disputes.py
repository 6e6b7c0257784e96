"""Rules 5 and 13: what is disputed about a record, and which citations an edit leaves to be confirmed."""

from collections.abc import Sequence

from app.forms import Citation, EventForm
from app.record.rules.independence import standing
from app.vocabulary.citations import Stance
from app.vocabulary.support import DISPUTED_BY, Disputed


def disputed(citations: Sequence[Citation]) -> dict[Disputed, list[str]]:
    """The disputed fields, each with the citations that dispute it. "Could not verify" is a mention."""
    found: dict[Disputed, list[str]] = {}
    for citation in standing(citations):
        if citation.stance is Stance.DISPUTES:
            found.setdefault(citation.field or DISPUTED_BY[citation.kind], []).append(citation.id)
    return {field: found[field] for field in Disputed if field in found}


def to_reconfirm(before: EventForm, after: EventForm) -> list[str]:
    """Citations whose stance was towards words that have changed since: date, type, scope or title."""

    def said(event: EventForm) -> tuple[object, ...]:
        return event.happened, event.deadline, event.type, event.title, event.terms

    if said(before) == said(after):
        return []
    kept = {citation.id for citation in after.citations}
    return [citation.id for citation in before.citations if citation.id in kept]
