"""Routes of `/desk/imports`: list, upload, steps, and report of imports."""

import re
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from sqlalchemy import event
from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from app.database.sessions import DeskSession
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.imports import background, commands, draft_batches
from app.desk.imports.commands import get_import
from app.desk.imports.file_reader import (
    MAX_ROWS,
    UnreadableUploadError,
    Upload,
    too_many_files_message,
)
from app.desk.imports.models import RUNNING_STAGES, Import, ImportStage
from app.desk.imports.views import import_view, list_imports, report_csv
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _, ngettext
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk, StreamingDesk
from app.web.state import app_state
from app.web.uploads import MAX_UPLOAD_BYTES, PostedFiles
from app.web.urls import url

router = APIRouter()


@router.get("/desk/imports", name="imports")
def imports(request: Request, db: Desk, _editor: Editor) -> Response:
    return _list_page(request, db)


@router.post("/desk/imports")
def upload(request: Request, db: Desk, editor: Editor, sent: PostedFiles) -> Response:
    """Store an upload: all files, or none if one can't be read."""
    if sent.is_too_large:
        message = _(
            "The files are larger than {most} MB, the limit. Upload them in parts, or as a ZIP."
        )
        return _list_page(request, db, message.format(most=MAX_UPLOAD_BYTES // 1_000_000))
    if sent.are_too_many:
        return _list_page(request, db, too_many_files_message())
    if not sent.files:
        return _list_page(request, db, _("Choose a file."))
    attempt = db.begin_nested()
    try:
        job = commands.create_import(
            db, editor, [Upload(clean(name), file) for name, file in sent.files]
        )
    except UnreadableUploadError as unreadable:
        attempt.rollback()
        return _list_page(request, db, str(unreadable))
    attempt.commit()
    return see_other(request, url("import", id=job.id))


def _list_page(request: Request, db: DeskSession, error: str = "") -> Response:
    limits = {"most_megabytes": MAX_UPLOAD_BYTES // 1_000_000, "most_rows": f"{MAX_ROWS:,}"}
    status = 422 if error else 200
    return desk_page(
        request,
        "desk/imports/list.html",
        imports=list_imports(db),
        error=error,
        status=status,
        **limits,
    )


@router.get("/desk/imports/{id:int}", name="import")
def import_page(request: Request, db: Desk, editor: Editor, id: int) -> Response:
    return _page(request, db, editor, get_import(db, id))


@router.post("/desk/imports/{id:int}")
def step(request: Request, db: Desk, editor: Editor, id: int, posted: PostedForm) -> Response:
    """Run one step of an import. Background work starts after the commit."""
    job = get_import(db, id, to_write=True)
    action = posted.get("do", "")
    if action not in STEPS:
        raise HTTPException(422)
    if not (commands.can_end if action in {"give-up", "take-back"} else commands.can_continue)(
        editor, job
    ):
        raise HTTPException(403)
    try:
        notice, problems = STEPS[action](db, job, editor, posted)
    except InvalidStateError:
        return see_other(
            request,
            url("import", id=id),
            _("The import has changed since you opened this page. Check it again."),
        )
    except PublishError as refused:
        notice, problems = "", refused.reasons
    if problems:
        return _page(request, db, editor, job, posted=posted, problems=problems)
    if job.stage in RUNNING_STAGES:
        engine = app_state(request).desk_engine
        event.listen(
            db,
            "after_commit",
            lambda _session: background.start_in_background(engine, id),
            once=True,
        )
    return see_other(request, url("import", id=id), notice)


@router.get("/desk/imports/{id:int}/report.csv", name="import-report")
def report_file(request: Request, db: StreamingDesk, _editor: Editor, id: int) -> Response:
    """Download every row and its fate as CSV; `fate=` restricts it to one fate."""
    get_import(db, id)
    fate = request.query_params.get("fate", "")
    name = f"import-{id}{f'-{fate}' if re.fullmatch('[a-z-]{1,20}', fate) else ''}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(
        report_csv(db, id, fate), media_type="text/csv; charset=utf-8", headers=headers
    )


# Steps ------------------------------------------------------------------------------------------

StepResult = tuple[str, Sequence[str]]
"""The notice to show, or the reasons why nothing was done."""


def _choose_tables(
    db: DeskSession, job: Import, _by: Person, posted: Mapping[str, str]
) -> StepResult:
    if job.stage != ImportStage.COLUMNS:
        raise InvalidStateError
    commands.choose_columns(commands.files_of(db, job), posted)
    return "", ()


def _check(db: DeskSession, job: Import, _by: Person, posted: Mapping[str, str]) -> StepResult:
    if job.stage == ImportStage.COLUMNS:
        files = commands.files_of(db, job)
        if commands.choose_columns(files, posted):
            return _("The type of a table has changed. Check its columns."), ()
        if errors := commands.column_errors(files):
            return "", errors
    commands.start_check(job)
    return "", ()


def _back_to_columns(
    _db: DeskSession, job: Import, _by: Person, _posted: Mapping[str, str]
) -> StepResult:
    commands.back_to_columns(job)
    return "", ()


def _make(db: DeskSession, job: Import, _by: Person, posted: Mapping[str, str]) -> StepResult:
    commands.start_drafts(
        db,
        job,
        with_twins="with_twins" in posted,
        hand_in="hand_in" in posted,
        why=posted.get("why", ""),
        reason=clean(posted.get("reason", "")).strip(),
    )
    return "", ()


def _go_on(_db: DeskSession, job: Import, _by: Person, _posted: Mapping[str, str]) -> StepResult:
    commands.resume(job)
    return "", ()


def _give_up(db: DeskSession, job: Import, _by: Person, _posted: Mapping[str, str]) -> StepResult:
    commands.abandon(db, job)
    return _("The import was cancelled, and the uploaded files were deleted."), ()


def _take_back(db: DeskSession, job: Import, by: Person, _posted: Mapping[str, str]) -> StepResult:
    count = draft_batches.undo_import(db, job, by)
    return ngettext("{count} draft was deleted.", "{count} drafts were deleted.", count), ()


STEPS = {
    "tables": _choose_tables,
    "check": _check,
    "columns": _back_to_columns,
    "make": _make,
    "go-on": _go_on,
    "give-up": _give_up,
    "take-back": _take_back,
}


def _page(
    request: Request,
    db: DeskSession,
    editor: Person,
    job: Import,
    *,
    posted: Mapping[str, str] | None = None,
    problems: Sequence[str] = (),
) -> Response:
    view = import_view(db, job, editor, request.query_params, posted=posted, problems=problems)
    return desk_page(request, "desk/imports/page.html", it=view, status=422 if problems else 200)
