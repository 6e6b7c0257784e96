"""Lists of drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.desk.approved.models import KIND_LABELS, OPEN_STATES, Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.i18n.translate import _
from app.vocabulary.kinds import CITING_KINDS, RecordKind
from app.web.urls import url

DRAFTS_PER_PAGE = 100
"""Drafts per page. An import makes thousands, so the page also shows the total."""

T = TypeVar("T")


@dataclass(frozen=True)
class DraftQueue(Generic[T]):
    """The first rows of a list, and the total."""

    lines: Sequence[T]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def count_drafts(db: Session, found: Select[Draft]) -> int:
    return db.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0


@dataclass(frozen=True)
class DraftRow:
    """A draft as a list shows it."""

    title: str
    address: str
    kind: str
    record: str
    state: str
    state_code: str
    saved_at: datetime


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


def draft_row(draft: Draft, catalogue: Catalogue) -> DraftRow:
    return DraftRow(
        title=catalogue.title(draft.kind, draft.document),
        address=where_to_edit(draft),
        kind=_(KIND_LABELS[draft.kind]),
        record=draft.record,
        state=_(DraftState(draft.state).label),
        state_code=draft.state,
        saved_at=draft.saved_at,
    )
