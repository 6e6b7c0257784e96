"""The addresses of merging: choosing two, both side by side, the merge, and taking them apart again."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import Desk, DeskSession
from app.desk import models
from app.desk.drafts.catalogue import Catalogue
from app.desk.drafts.commands import NotNow
from app.desk.drafts.documents import clean
from app.desk.frame import desk_page, see_other
from app.desk.merging import commands
from app.desk.merging.combining import Taken
from app.desk.merging.commands import Proposal
from app.desk.merging.models import Merging
from app.desk.merging.views import Sent, choosing, seen, taken_of, two
from app.desk.people.permissions import Editor
from app.desk.review.commands import Unconfirmed
from app.language import _
from app.record.publish import Refused
from app.web import Posted, url

router = APIRouter()


@router.get("/desk/records/{record}/merge", name="merge")
def merge_page(request: Request, db: Desk, editor: Editor, record: str) -> Response:
    """With another record named: both side by side; without: what it may be merged with."""
    row = _approved(db, clean(record))
    asked = request.query_params
    other = _row(db, clean(asked.get("with", "")).strip().upper())
    catalogue = Catalogue(db, editor)
    if other is not None and other.id != row.id and other.id[0] == row.id[0]:
        return desk_page(request, "desk/merge.html", two=two(db, catalogue, *_in_order(row, other), Sent()))
    typed = clean(asked.get("q", "") or asked.get("with", "")).strip()
    return desk_page(request, "desk/merge_with.html", choosing=choosing(db, catalogue, row, typed))


@router.post("/desk/records/{record}/merge")
def merge(request: Request, db: Desk, editor: Editor, record: str, posted: Posted) -> Response:
    first, second = _in_order(_approved(db, clean(record)), _approved(db, clean(posted.get("with", ""))))
    if first.id == second.id or first.id[0] != second.id[0]:
        raise HTTPException(404)
    kept = second.id if posted.get("keep") == second.id else first.id
    gone = first.id if kept == second.id else second.id
    proposal = Proposal(
        gone,
        kept,
        Taken(first.id, frozenset(taken_of(posted))),
        clean(posted.get("reason", "")).strip(),
        frozenset(name.removeprefix("confirm.") for name in posted if name.startswith("confirm.")),
    )

    def again(problems: Sequence[str], doubts: Sequence[str] = ()) -> Response:
        view = two(db, Catalogue(db, editor), first, second, Sent(posted, problems, doubts))
        return desk_page(request, "desk/merge.html", two=view, status=422)

    if posted.get("seen") != seen(first, second):
        return again([_("one of the two was changed since this page was opened; look at both again")])
    try:
        edition = commands.merge(db, editor, proposal)
    except Refused as refused:
        return again(refused.reasons)
    except Unconfirmed:
        problem = _("these citations spoke of other words: look at each, and confirm it")
        return again([problem], commands.in_doubt(db, proposal))
    notice = _("Merged, in edition {edition}: {gone} leads to {kept}.").format(edition=edition.no, gone=gone, kept=kept)
    return see_other(request, url("desk-record", record=kept), notice)


@router.post("/desk/merges/{id}/undo", name="merge-undo")
def undo(request: Request, db: Desk, editor: Editor, id: int, posted: Posted) -> Response:
    merging = db.get(Merging, id, with_for_update=True) if id < 2**31 else None
    if merging is None:
        raise HTTPException(404)
    back = url("desk-record", record=merging.kept)
    try:
        edition = commands.undo(db, editor, merging, clean(posted.get("reason", "")).strip())
    except Refused as refused:
        return see_other(request, back, _("Nothing was changed: {reasons}.").format(reasons="; ".join(refused.reasons)))
    except NotNow:
        return see_other(request, back, _("It is so already."))
    return see_other(request, back, _("Two records again, since edition {edition}.").format(edition=edition.no))


def _in_order(row: models.Record, other: models.Record) -> tuple[models.Record, models.Record]:
    """The older one first: its id is the more likely to have been cited."""
    return (row, other) if int(row.id[1:]) <= int(other.id[1:]) else (other, row)


def _row(db: DeskSession, id: str) -> models.Record | None:
    return db.get(models.MODELS[id[0]], id) if id[:1] in set(commands.KINDS) else None


def _approved(db: DeskSession, id: str) -> models.Record:
    row = _row(db, id)
    if row is None:
        raise HTTPException(404)
    return row
