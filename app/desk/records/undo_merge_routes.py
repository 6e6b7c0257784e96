"""`/desk/merges/…/undo`: undo a merge, from the page of one of its records."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.merge_models import Merging
from app.desk.identity.confirmations import (
    GuardedAct,
    confirmation_notice,
    needs_second_person,
    request_confirmation,
)
from app.desk.identity.permissions import Editor
from app.desk.merges import commands
from app.desk.records.history import history
from app.desk.records.record_page import PostedReason, record_page
from app.desk.ui.form_problems import FormProblem, FormProblems, reason_problems
from app.desk.ui.page_frame import see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()


@router.post("/desk/merges/{id}/undo", name="merge-undo")
def undo(
    request: Request,
    db: Desk,
    editor: Editor,
    id: int,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Undo a merge. Errors are shown on the page of the record that stayed, with what was typed."""
    merging = db.get(Merging, id, with_for_update=True) if id < 2**31 else None
    if merging is None:
        raise HTTPException(404)
    record, reason = merging.kept, clean(posted.get("reason", "")).strip()
    back = url("desk-record", record=record)
    typed = PostedReason(merging.id, reason)

    def page_with_problems(problems: FormProblems) -> Response:
        view = history(db, editor, record)
        if view is None:
            raise HTTPException(404)
        return record_page(request, db, editor, view, problems=problems, undo=typed)

    missing = _("Enter a reason for undoing the merge. Readers will see it.")
    if found := reason_problems(reason, missing):
        problems = (FormProblem(each.words, typed.field) for each in found)
        return page_with_problems(FormProblems(tuple(problems)))
    savepoint = db.begin_nested()
    try:
        edition = commands.undo(db, editor, merging, reason)
        pair = {merging.kept, merging.gone}
        if needs_second_person(db, editor, GuardedAct.UNDO_MERGE, pair, settings):
            savepoint.rollback()
            request_confirmation(
                db, editor, GuardedAct.UNDO_MERGE, record, reason=reason, arguments={"merging": id}
            )
            return see_other(request, back, confirmation_notice())
    except PublishError as refused:
        if savepoint.is_active:
            savepoint.rollback()
        return page_with_problems(FormProblems.of_reasons(refused.reasons))
    except InvalidStateError:
        savepoint.rollback()
        return see_other(request, back, _("Nothing was changed: this was already done."))
    savepoint.commit()
    return see_other(
        request, back, _("The merge was undone in edition {edition}.").format(edition=edition.no)
    )
