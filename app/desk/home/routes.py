"""`/desk`."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.desk.home.my_drafts import home
from app.desk.home.others_work import others_work
from app.desk.identity.confirmations import count_waiting
from app.desk.identity.permissions import Contributor
from app.desk.identity.roles import DeskRole
from app.desk.messages.messages import count_open_removals
from app.desk.ui.page_frame import desk_page
from app.record.reads.page_gaps import find_page_gaps
from app.web.sessions import Desk
from app.web.state import SettingsDep

router = APIRouter()


@router.get("/desk", name="desk")
def my_desk(request: Request, db: Desk, settings: SettingsDep, person: Contributor) -> Response:
    desk = others_work(db, person, settings)
    removals = count_open_removals(db) if person.may(DeskRole.EDITOR) else 0
    to_confirm = count_waiting(db) if person.may(DeskRole.EDITOR) else 0
    return desk_page(
        request,
        "desk/home/page.html",
        home=home(db, person),
        desk=desk,
        removals=removals,
        to_confirm=to_confirm,
        page_gaps=find_page_gaps(db) if person.may(DeskRole.EDITOR) else (),
    )
