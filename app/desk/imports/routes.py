"""`/desk/imports`: upload a table, its templates, and what became of its rows."""

import csv
import io
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.permissions import Editor
from app.desk.imports.reader import MAX_ROWS, UnreadableUploadError, read_upload
from app.desk.imports.rows import KINDS, PROBLEM, ImportResult, columns_of, import_table
from app.desk.ui.page_frame import desk_page
from app.i18n.translate import _
from app.web.csv_safety import escape_formula
from app.web.forms import MAX_UPLOAD_BYTES, PostedFiles
from app.web.sessions import Desk

router = APIRouter()


@router.get("/desk/imports", name="imports")
def imports(request: Request, _db: Desk, _editor: Editor) -> Response:
    return _page(request)


@router.get("/desk/imports/{table}.csv", name="import-template")
def template(_db: Desk, _editor: Editor, table: str) -> Response:
    """Download a file that has the names of the columns only."""
    if table not in KINDS:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="sojourn-{table}.csv"'}
    content = _csv([columns_of(KINDS[table])])
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/desk/imports")
def upload(request: Request, db: Desk, editor: Editor, sent: PostedFiles) -> Response:
    """Make drafts of the valid rows, and return the others with the reason of each."""
    if sent.is_too_large:
        words = _("The file is larger than {most} MB, the limit. Upload it in parts.")
        return _page(request, error=words.format(most=MAX_UPLOAD_BYTES // 1_000_000))
    if len(sent.files) != 1:
        return _page(request, error=_("Choose one file."))
    catalogue = Catalogue(db, editor)
    try:
        result = import_table(catalogue, read_upload(*sent.files[0]))
    except UnreadableUploadError as unreadable:
        return _page(request, error=str(unreadable))
    reports = [
        (source, catalogue.label(source), records) for source, records in result.reports.items()
    ]
    return _page(request, result=result, reports=reports, refused_file=_refused_csv(result))


def _page(
    request: Request, error: str = "", result: ImportResult | None = None, **values: Any
) -> Response:
    return desk_page(
        request,
        "desk/imports/page.html",
        tables=KINDS,
        most_rows=MAX_ROWS,
        error=error,
        result=result,
        status=422 if error else 200,
        **values,
    )


def _refused_csv(result: ImportResult) -> str:
    """Return the refused rows with their reasons as a file in base64."""
    rows = ([*cells, reason] for _line, cells, reason in result.refused)
    return b64encode(_csv([[*result.header, PROBLEM], *rows])).decode()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a file that spreadsheets open as UTF-8, without formulas."""
    stream = io.StringIO()
    csv.writer(stream).writerows([escape_formula(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")
