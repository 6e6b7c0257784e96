"""Routes of `/desk/feeds`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.captures.fetched import FetchError
from app.desk.feeds import feeds
from app.desk.feeds.feeds import FeedExistsError
from app.desk.identity.permissions import Editor
from app.desk.intake.models import WatchedFeed
from app.desk.leads import states
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.i18n.translate import _, ngettext
from app.settings import Settings
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()


@dataclass(frozen=True)
class FeedRow:
    """A feed in the list."""

    id: int
    title: str
    url: str
    owner: str
    brought: int
    checked_at: datetime | None
    problem: str
    is_stopped: bool


@router.get("/desk/feeds", name="feeds")
def feeds_page(request: Request, db: Desk, _editor: Editor) -> Response:
    return _feeds_page(request, db)


@router.post("/desk/feeds")
def watch_feed(
    request: Request, db: Desk, settings: SettingsDep, editor: Editor, posted: PostedForm
) -> Response:
    address = clean(posted.get("url", "")).strip()
    owner = editor.id if posted.get("mine") else None
    try:
        count = feeds.add_feed(db, settings, address, editor, owner)
    except FetchError as error:
        return _feeds_page(request, db, address, str(error))
    except FeedExistsError:
        return _feeds_page(request, db, address, _("This feed is already watched."))
    brought = ngettext(
        "The feed is now watched. %(num)s link is new.",
        "The feed is now watched. %(num)s links are new.",
        count,
    )
    return see_other(request, url("feeds"), brought % {"num": count})


@router.post("/desk/feeds/{id:int}", name="feed")
def change_feed(
    request: Request,
    db: Desk,
    editor: Editor,
    id: int,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Check a feed now, stop it or start it again."""
    feed = db.get(WatchedFeed, id, with_for_update=True) if id < 2**31 else None
    if feed is None:
        raise HTTPException(404)
    match posted.get("do", ""):
        case "look":
            notice = _check_feed(db, settings, feed)
        case "stop":
            feeds.stop_feed(db, feed, editor)
            notice = _("The feed is no longer watched.")
        case "start":
            feeds.restart_feed(db, feed, editor)
            notice = _("The feed is watched again.")
        case _do:
            raise HTTPException(422)
    return see_other(request, url("feeds"), notice)


def _check_feed(db: Session, settings: Settings, feed: WatchedFeed) -> str:
    count = feeds.store_check(db, feed, feeds.check_feed(feed.url, settings))
    if feed.problem:
        return _("The feed could not be read. {why}").format(why=feed.problem)
    return ngettext("%(num)s link is new.", "%(num)s links are new.", count) % {"num": count}


def _feeds_page(request: Request, db: Session, typed: str = "", error: str = "") -> Response:
    names = states.names_of_people(db)
    lines: Sequence[FeedRow] = [
        FeedRow(
            feed.id,
            feed.title,
            feed.url,
            names[feed.owner] if feed.owner else "",
            count,
            feed.checked_at,
            feed.problem,
            feed.stopped_at is not None,
        )
        for feed, count in feeds.list_feeds(db)
    ]
    return desk_page(
        request,
        "desk/feeds/page.html",
        status=422 if error else 200,
        watched=lines,
        typed=typed,
        error=error,
    )
