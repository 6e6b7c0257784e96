"""The desk's own pages, and all that belong to it: its home, and the log of what was done."""

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from app.desk import audit
from app.desk.bulk import pages as bulk_pages
from app.desk.codes import pages as code_pages
from app.desk.confirmations import pages as confirmation_pages
from app.desk.confirmations.commands import waiting_total
from app.desk.coverage import pages as coverage_pages
from app.desk.drafts import article_pages, version_pages
from app.desk.drafts import pages as draft_pages
from app.desk.drafts.documents import clean
from app.desk.drafts.home import home
from app.desk.finding import find
from app.desk.frame import desk_page, parts_of_desk
from app.desk.imports import pages as import_pages
from app.desk.intake import capture_pages, feed_pages, inbox_pages, letter_pages
from app.desk.intake.letters import removals_waiting
from app.desk.merging import pages as merging_pages
from app.desk.people import account_pages, passkey_pages, people_pages
from app.desk.people import pages as sign_in_pages
from app.desk.people.models import Person, Role
from app.desk.people.permissions import Admin, Contributor
from app.desk.purging import pages as purging_pages
from app.desk.quality import pages as quality_pages
from app.desk.review import pages as review_pages
from app.desk.review import record_pages
from app.desk.review.queues import at_work
from app.i18n.translate import _
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
router.include_router(sign_in_pages.router)
router.include_router(passkey_pages.router)
router.include_router(account_pages.router)
router.include_router(people_pages.router)
router.include_router(article_pages.router)
router.include_router(draft_pages.router)
router.include_router(version_pages.router)
router.include_router(review_pages.router)
router.include_router(record_pages.router)
router.include_router(merging_pages.router)
router.include_router(bulk_pages.router)
router.include_router(import_pages.router)
router.include_router(inbox_pages.router)
router.include_router(feed_pages.router)
router.include_router(capture_pages.router)
router.include_router(letter_pages.router)
router.include_router(purging_pages.router)
router.include_router(confirmation_pages.router)
router.include_router(quality_pages.router)
router.include_router(coverage_pages.router)
router.include_router(code_pages.router)

ENTRIES_A_PAGE = 100


@router.get("/desk", name="desk")
def my_desk(request: Request, db: Desk, person: Contributor) -> Response:
    desk = at_work(db, person, request.app.state.settings)
    removals = removals_waiting(db) if person.may(Role.EDITOR) else 0
    to_confirm = waiting_total(db) if person.may(Role.EDITOR) else 0
    return desk_page(
        request,
        "desk/home.html",
        home=home(db, person),
        desk=desk,
        removals=removals,
        to_confirm=to_confirm,
        parts=parts_of_desk(person),
    )


@router.get("/desk/search", name="desk-search")
def search(request: Request, db: Desk, person: Contributor) -> Response:
    """Where a change of anything begins, whoever works on it and whether or not readers see it."""
    asked = clean(request.query_params.get("q", "")).strip()
    hits = find(db, person, asked)
    return desk_page(request, "desk/search.html", asked=asked, hits=hits)


@dataclass(frozen=True)
class Line:
    """An entry of the log as it is printed."""

    at: datetime
    by: str
    action: str
    about: str
    words: str


@router.get("/desk/audit", name="audit")
def audit_log(request: Request, db: Desk, _admin: Admin) -> Response:
    before = request.query_params.get("before", "")
    only_failures = request.query_params.get("only") == "failures"
    last = int(before) if re.fullmatch(r"\d{1,18}", before, re.ASCII) else None
    found = audit.entries(db, last, ENTRIES_A_PAGE, only_failures=only_failures)
    names = {f"person:{person.id}": person.called for person in db.scalars(select(Person))}
    actions = audit.Action.by_code()
    lines = [
        Line(
            entry.at,
            names[f"person:{entry.by}"] if entry.by else _nobody(entry.action),
            _(actions[entry.action].label),
            names.get(entry.about or "", entry.about or ""),
            entry.words or "",
        )
        for entry in found
    ]
    filtered = "only=failures&" if only_failures else ""
    older = f"{url('audit')}?{filtered}before={found[-1].id}" if len(found) == ENTRIES_A_PAGE else None
    return desk_page(
        request,
        "desk/audit.html",
        lines=lines,
        older=older,
        is_newest=not before,
        only_failures=only_failures,
        failures=audit.count_failures(db),
    )


def _nobody(action: str) -> str:
    return _("somebody") if action.startswith("failed-") else _("the command line")
