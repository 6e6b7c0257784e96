"""Drafts at their addresses: the one that a request names, and lists of them."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.desk.approved.models import KIND_LABELS, OPEN_STATES, Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.identity.permissions import Contributor
from app.i18n.translate import _
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.sessions import Desk
from app.web.urls import url

DRAFTS_PER_PAGE = 100
"""Drafts per page. An import makes thousands, so the page also shows the total."""

NUMBER = r"[0-9]{1,9}"


def draft_of(request: Request, db: Desk, person: Contributor, id: int) -> Draft:
    """Return the draft if this person may write it; locked on POST. Responds 404 otherwise."""
    draft = commands.find(db, id, to_write=request.method == "POST") if id < 2**31 else None
    if draft is None or not commands.may_write(person, draft):
        raise HTTPException(404)
    return draft


OwnDraft = Annotated[Draft, Depends(draft_of)]


def count_drafts(db: Session, found: Select[Any]) -> int:
    return db.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0


def first_of(db: Session, found: Select[Any], lines: Sequence[Any]) -> dict[str, Any]:
    """Return the first rows of a list of drafts, with the total."""
    total = count_drafts(db, found)
    return {"lines": lines, "total": total, "more": total - len(lines)}


def where_to_edit(draft: Draft) -> str:
    """Return the page of a report, or of another draft; what was returned is open in its report."""
    is_report = draft.kind == RecordKind.SOURCE
    report = draft.record if is_report else draft.article
    if report and draft.kind in {*CITING_KINDS, RecordKind.SOURCE}:
        if draft.state == DraftState.RETURNED:
            return f"{url('article', id=report)}?open={draft.id}#entry-{draft.id}"
        if is_report and draft.state in OPEN_STATES:
            return url("article", id=report)
    return url("draft", id=draft.id)


def draft_row(draft: Draft, catalogue: Catalogue) -> dict[str, Any]:
    """Return a draft as a list shows it."""
    return {
        "row": draft,
        "title": catalogue.title(draft.kind, draft.document),
        "address": where_to_edit(draft),
        "kind": _(KIND_LABELS[draft.kind]),
        "state": _(DraftState(draft.state).label),
    }
