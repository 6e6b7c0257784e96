"""`/desk`: what waits for the person who opens it; and the routers of the desk's packages."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.desk import accounts, bulk, operations, quality, records, search, vocabulary
from app.desk.approved.models import OPEN_STATES, Draft, DraftState
from app.desk.captures import captures
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import conflicts
from app.desk.drafts import routes as drafts
from app.desk.drafts.queue import DRAFTS_PER_PAGE, count_drafts, draft_row, first_of
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.models import DeskRole
from app.desk.identity.permissions import Contributor
from app.desk.imports import rows as imports
from app.desk.intake import Lead, ReaderMessage
from app.desk.reports import routes as reports
from app.desk.review import routes as review
from app.desk.review.page import waiting
from app.desk.round import routes as desk_round
from app.desk.round.checks import recorded_checks
from app.desk.round.items import count_items, open_removals
from app.desk.ui import desk_page
from app.record.reads.coverage import find_page_gaps
from app.settings import Settings
from app.web.sessions import Desk
from app.web.state import SettingsDep

router = APIRouter()
for part in (
    accounts, reports,
    drafts, conflicts, review,
    records, bulk, imports, desk_round,
    captures, operations, quality, vocabulary, search,
):  # fmt: skip
    router.include_router(part.router)

MAX_DELETED = 10


@router.get("/desk", name="desk")
def my_desk(request: Request, db: Desk, settings: SettingsDep, person: Contributor) -> Response:
    catalogue = Catalogue(db, person)
    own = select(Draft).where(Draft.owner == person.id, Draft.number > 0)
    is_returned = Draft.state == DraftState.RETURNED
    deleted = own.where(Draft.state == DraftState.DELETED).order_by(Draft.saved_at.desc())
    return desk_page(
        request,
        "desk/home/page.html",
        returned=_queue(catalogue, own.where(is_returned)),
        mine=_queue(catalogue, own.where(Draft.state.in_(OPEN_STATES), ~is_returned)),
        deleted=[draft_row(each, catalogue) for each in db.scalars(deleted.limit(MAX_DELETED))],
        links=count_items(db, Lead, "open"),
        editor=_for_editors(db, catalogue, settings) if person.may(DeskRole.EDITOR) else None,
    )


def _queue(catalogue: Catalogue, found: Select[Draft]) -> dict[str, Any]:
    newest = found.order_by(Draft.saved_at.desc()).limit(DRAFTS_PER_PAGE)
    rows = [draft_row(draft, catalogue) for draft in catalogue.db.scalars(newest)]
    return first_of(catalogue.db, found, rows)


def _for_editors(db: Session, catalogue: Catalogue, settings: Settings) -> dict[str, Any]:
    checks = recorded_checks(db)
    return {
        "waiting": waiting(db, catalogue, settings),
        "ready": count_drafts(db, select(Draft).where(Draft.state == DraftState.APPROVED)),
        "removals": len(open_removals(db)),
        "to_confirm": count_waiting(db),
        "messages": count_items(db, ReaderMessage, "open"),
        "last_check": checks[0].last if checks else None,
        "faults": [each for each in quality.count_lists(db) if each[1] and each[0].is_fault],
        "page_gaps": find_page_gaps(db),
    }
