"""Disputed fields of a record (rule 5), and citations to confirm again after an edit (rule 13)."""

from collections.abc import Sequence

from app.kinds import Citation, EventForm
from app.record.rules.independence import citations_in_force
from app.vocabulary.citations import Stance
from app.vocabulary.support import DISPUTED_BY, Disputed


def disputed_fields(citations: Sequence[Citation]) -> dict[Disputed, list[str]]:
    """Map each disputed field to the ids of the citations that dispute it.

    "Could not verify" is a mention, so it disputes nothing.
    """
    found: dict[Disputed, list[str]] = {}
    for citation in citations_in_force(citations):
        if citation.stance is Stance.DISPUTES:
            found.setdefault(citation.field or DISPUTED_BY[citation.kind], []).append(citation.id)
    return {field: found[field] for field in Disputed if field in found}


def citations_to_reconfirm(before: EventForm, after: EventForm) -> list[str]:
    """Return the ids of citations to confirm if date, type, scope or title of an event changed."""

    def cited_fields(event: EventForm) -> tuple[object, ...]:
        return event.when, event.deadline, event.type, event.title, event.terms

    if cited_fields(before) == cited_fields(after):
        return []
    remaining = {citation.id for citation in after.citations}
    return [citation.id for citation in before.citations if citation.id in remaining]
