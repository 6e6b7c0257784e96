"""`/desk/notices`, and the choice of notices on `/desk/account`."""

import re

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.desk.identity.permissions import Contributor
from app.desk.identity.work_notices import (
    CHANNELS,
    choose,
    kinds_for,
    label,
    mark_read,
    notices_of,
)
from app.desk.ui.page_frame import desk_page, see_other
from app.i18n.translate import _
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()

READ = re.compile(r"read\.([0-9]{1,9})", re.ASCII)


@router.get("/desk/notices", name="notices")
def notices_page(request: Request, db: Desk, person: Contributor) -> Response:
    found = [(notice, label(notice)) for notice in notices_of(db, person)]
    unread = [notice.id for notice, _words in found if notice.read_at is None]
    return desk_page(request, "desk/notices/page.html", notices=found, unread=unread)


@router.post("/desk/notices")
def read(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    """Mark one notice or all shown ones as read; `open` leads to the page of that one."""
    shown = {int(found[1]) for name in posted if (found := READ.fullmatch(name))}
    typed = posted.get("one", "")
    one = int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else None
    if one is not None:
        shown = {one}
    addresses = {notice.id: notice.address for notice in notices_of(db, person)}
    mark_read(db, person, shown)
    if posted.get("open") and one is not None:
        return see_other(request, addresses.get(one, url("notices")))
    return see_other(request, url("notices"), _("Marked as read."))


@router.post("/desk/account/notices/choices", name="choose-notices")
def choose_notices(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    wanted = {
        (kind.value, channel)
        for kind in kinds_for(person)
        for channel in CHANNELS
        if posted.get(f"{kind.value}.{channel}") == "yes"
    }
    choose(db, person, wanted)
    return see_other(request, f"{url('account')}#work-notices", _("Your choice was saved."))
