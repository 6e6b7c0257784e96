"""Creation of many drafts at once, for imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState, Revision, RevisionCause
from app.desk.drafts.commands import start
from app.desk.identity.models import Person
from app.documents import Document
from app.kinds import FORMS


@dataclass(frozen=True)
class NewDraft:
    """One of many drafts to create, under an id that was reserved for it.

    `base` is the approved state.
    """

    record: str
    document: Document
    base: Document | None = None


def begin_drafts(
    db: Session,
    person: Person,
    new_drafts: Sequence[NewDraft],
    *,
    name: str,
    why: str | None,
    reason: str | None,
    hand_in: bool,
) -> dict[str, int]:
    """Create, write and submit many drafts, with the revisions that each would have by hand.

    Returns draft ids by record. The caller writes one log entry for all. New records get no reason.
    """
    if not new_drafts:
        return {}
    last = 2 if hand_in else 1
    state = DraftState.IN_REVIEW if hand_in else DraftState.DRAFT
    rows = [
        {
            "kind": each.record[0],
            "record": each.record,
            "key": f"{name} {each.record}",
            "state": state,
            "owner": person.id,
            "number": last,
            "document": each.document,
            "base": each.base,
            **_reason_of(each, why, reason),
        }
        for each in new_drafts
    ]
    ids_by_record: dict[str, int] = dict(
        db.execute(insert(Draft).returning(Draft.record, Draft.id), rows).all()
    )
    revisions: list[dict[str, Any]] = []
    for each in new_drafts:
        columns = {
            "draft": ids_by_record[each.record],
            "by": person.id,
            "sheet": name,
            "words": None,
        }
        empty = {**start(FORMS[each.record[0]]), "id": each.record}
        revisions.append(
            {
                **columns,
                "number": 0,
                "saved": RevisionCause.BEGUN,
                "document": each.base or empty,
                "why": None,
                "reason": None,
            }
        )
        content_columns = {**columns, "document": each.document, **_reason_of(each, why, reason)}
        revisions.append(
            {**content_columns, "number": 1, "saved": RevisionCause.IMPORTED, "words": name}
        )
        if hand_in:
            revisions.append({**content_columns, "number": 2, "saved": RevisionCause.SUBMITTED})
    db.execute(insert(Revision), revisions)
    return ids_by_record


def _reason_of(each: NewDraft, why: str | None, reason: str | None) -> dict[str, str | None]:
    return {"why": why, "reason": reason} if each.base else {"why": None, "reason": None}
