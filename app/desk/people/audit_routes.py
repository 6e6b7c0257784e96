"""`/desk/audit`: the audit log."""

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.responses import Response

from app.desk.identity import audit_log as audit
from app.desk.identity.models import Person
from app.desk.identity.permissions import Admin
from app.desk.ui.page_frame import desk_page
from app.i18n.translate import _
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()

ENTRIES_PER_PAGE = 100


@dataclass(frozen=True)
class AuditLine:
    """A line of the audit log."""

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
    found = audit.entries(db, last, ENTRIES_PER_PAGE, only_failures=only_failures)
    names = {f"person:{person.id}": person.called for person in db.scalars(select(Person))}
    actions = audit.Action.by_code()
    lines = [
        AuditLine(
            entry.at,
            names[f"person:{entry.by}"] if entry.by else _unknown_actor(entry.action),
            _(actions[entry.action].label),
            names.get(entry.about or "", entry.about or ""),
            entry.words or "",
        )
        for entry in found
    ]
    filtered = "only=failures&" if only_failures else ""
    older = (
        f"{url('audit')}?{filtered}before={found[-1].id}"
        if len(found) == ENTRIES_PER_PAGE
        else None
    )
    return desk_page(
        request,
        "desk/people/audit.html",
        lines=lines,
        older=older,
        is_newest=not before,
        only_failures=only_failures,
        failures=audit.count_failures(db),
    )


def _unknown_actor(action: str) -> str:
    return _("someone") if action.startswith("failed-") else _("the command line")
