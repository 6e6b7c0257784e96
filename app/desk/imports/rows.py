"""Rows of an uploaded table as drafts: one event or estimate a row, with its source.

The columns are the fields of the forms under their names in our CSV files. Those of the source, its
copy, the citation and the speaker have a prefix.
"""

import csv
import hashlib
import io
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved import store
from app.desk.approved.models import Draft
from app.desk.draft_form.advice import check_draft, errors_of_entry
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands as drafts
from app.desk.identity.audit_log import log_action
from app.desk.identity.permissions import Editor
from app.desk.imports.reader import MAX_ROWS, UnreadableUploadError, UploadedTable, read_upload
from app.desk.ui import desk_page
from app.documents import Document, blank, blank_row, code_list, errors_in_words, fields_of
from app.files import escape_formula
from app.i18n.formats import sentences
from app.i18n.translate import _
from app.kinds import (
    FORMS,
    ChainStep,
    Citation,
    Copy,
    Form,
    SourceForm,
    Stage,
    Term,
    is_private,
)
from app.kinds.base import notes, rows_of
from app.vocabulary.citations import Attribution, CitationKind, Stance
from app.vocabulary.events import Role, TermKey
from app.vocabulary.kinds import RecordKind, RowKind
from app.vocabulary.sources import HostKind, SourceKind
from app.web.forms import MAX_UPLOAD_BYTES, PostedFiles
from app.web.sessions import Desk

KINDS = {"events": RecordKind.EVENT, "estimates": RecordKind.ESTIMATE}
"""The kinds of records that a table may have, by the name of their template."""
PROBLEM = "problem"
"""The column that the file of refused rows adds. It is ignored when the file is uploaded again."""
SOURCE = "source"
"""The column with the id of a source; without one, its address names it."""
ROLES = "roles"
TERM_COLUMNS = {
    "places": (TermKey.PLACE, Role.AT),
    "nationalities": (TermKey.NATIONALITY, Role.TARGET),
    "groups": (TermKey.GROUP, Role.TARGET),
    "papers": (TermKey.PAPER, Role.TARGET),
    "sectors": (TermKey.SECTOR, Role.TARGET),
}
"""Columns with the codes of one kind, in the usual role. `ROLES` has all others."""
STEPS = "steps"
IDS = {"id", "about", "source"}
"""Fields that the desk fills in."""
NEW_SOURCE, NEW_CITATION = "S999999999", "C999999999"
"""Ids for the check of a row that has no ids yet."""


# Columns ----------------------------------------------------------------------------------------


def _fields(form: type[Form], prefix: str = "") -> dict[str, str]:
    """Return the fields of a form that a table may have, by the names of their columns."""
    return {
        prefix + (notes(field_info).column or name): name
        for name, field_info in form.model_fields.items()
        if not is_private(field_info) and not rows_of(field_info) and name not in IDS
    }


OF_SOURCE, OF_COPY = _fields(SourceForm, "source_"), _fields(Copy, "copy_")
OF_CITATION, OF_SPEAKER = _fields(Citation, "citation_"), _fields(ChainStep, "speaker_")


def columns_of(kind: str) -> list[str]:
    steps = [STEPS] if kind == RecordKind.EVENT else []
    own = [*_fields(FORMS[kind]), *TERM_COLUMNS, ROLES, *steps]
    return [*own, SOURCE, *OF_SOURCE, *OF_COPY, *OF_CITATION, *OF_SPEAKER]


def kind_of(header: Sequence[str]) -> str:
    """Return the kind of the rows. Raises UnreadableUploadError for a column that is not ours."""
    names = [name for name in header if name != PROBLEM]
    kind = RecordKind.ESTIMATE if "counts" in names else RecordKind.EVENT
    unknown = [name for name in names if name not in columns_of(kind)]
    if unknown:
        words = _("There is no column “{name}”. Use the columns of the template.")
        raise UnreadableUploadError(words.format(name=unknown[0][:80]))
    if len({*names}) < len(names):
        raise UnreadableUploadError(_("Two columns have the same name. Remove one of them."))
    return kind


# Documents --------------------------------------------------------------------------------------


class RefusedRowError(ValueError):
    """Why a row is refused."""


Cells = Mapping[str, str]


def _texts(fields: Mapping[str, str], cells: Cells) -> dict[str, str]:
    return {name: cells[column] for column, name in fields.items() if cells.get(column)}


def _source(cells: Cells) -> Document:
    texts = {"kind": SourceKind.NEWS.value, **_texts(OF_SOURCE, cells), "id": NEW_SOURCE}
    copy = _texts(OF_COPY, cells)
    own = {"url": texts.get("url", ""), "host_kind": HostKind.OWN.value}
    return blank(SourceForm, **texts, copies=[blank_row(Copy, **own | copy)] if copy else [])


def _entry(kind: str, cells: Cells, source: str, citation: str) -> Document:
    """Return the document of a row under the ids of its source and its citation."""
    about = CitationKind.OCCURRENCE if kind == RecordKind.EVENT else CitationKind.NUMBER
    texts = {"stance": Stance.SUPPORTS.value, "kind": about.value, **_texts(OF_CITATION, cells)}
    speaker = {"attribution": Attribution.OWN_VOICE.value, **_texts(OF_SPEAKER, cells)}
    cited = blank_row(Citation, **texts, chain=[blank_row(ChainStep, **speaker)])
    rows = {
        "terms": list(_terms(cells)),
        "citations": [{**cited, "id": citation, "source": source}],
    }
    if kind == RecordKind.EVENT:
        rows["stages"] = [
            blank_row(Stage, step=step, date=date.strip(), citation=citation)
            for step, _colon, date in (each.partition(":") for each in _list(cells, STEPS))
        ]
    return blank(FORMS[kind], **_texts(_fields(FORMS[kind]), cells), **rows)


def _list(cells: Cells, column: str) -> list[str]:
    return [part.strip() for part in cells.get(column, "").split(";") if part.strip()]


def _terms(cells: Cells) -> Iterator[Document]:
    for column, (key, role) in TERM_COLUMNS.items():
        for code in _list(cells, column):
            yield blank_row(Term, key=key.value, role=role.value, code=code)
    for text in _list(cells, ROLES):
        match text.split(":", 2):
            case [named, part, code]:
                yield blank_row(Term, key=named, role=part, code=code)
            case _:
                raise RefusedRowError(
                    _("In “roles”, write “{text}” as key:role:code").format(text=text)
                )


# Drafts -----------------------------------------------------------------------------------------


@dataclass
class ImportResult:
    """What became of the rows of a table."""

    header: Sequence[str]
    reports: dict[str, list[str]] = field(default_factory=dict)
    """The records that were started, by the id of their source."""
    refused: list[tuple[int, Sequence[str], str]] = field(default_factory=list)
    """Line, cells and reason of each row that became no draft."""

    @property
    def count(self) -> int:
        return sum(map(len, self.reports.values()))


def import_table(catalogue: Catalogue, table: UploadedTable) -> ImportResult:
    """Check all rows and make a draft of each that is valid.

    Raises UnreadableUploadError if the columns are not ours.
    """
    kind, header = kind_of(table.header), [name for name in table.header if name != PROBLEM]
    result = ImportResult(header)
    for number, row in table.lines:
        texts = dict(zip(table.header, row, strict=False))
        try:
            if len(row) > len(table.header):
                raise RefusedRowError(_("The row has more cells than the header"))
            source, record = _make_drafts(catalogue, kind, texts)
            result.reports.setdefault(source, []).append(record)
        except RefusedRowError as error:
            result.refused.append((number, [texts.get(name, "") for name in header], str(error)))
    if result.count:
        log_action(catalogue.db, "imported", catalogue.person, words=str(result.count))
    return result


def _make_drafts(catalogue: Catalogue, kind: str, texts: Cells) -> tuple[str, str]:
    """Make the draft of a row and, if it is new, of its source; return the ids of both."""
    cells = {name: text.strip() for name, text in texts.items() if name != PROBLEM and text.strip()}
    # The same row again is the same draft: a repeated upload makes no duplicates.
    key = f"import {hashlib.sha256(json.dumps([kind, cells], sort_keys=True).encode()).hexdigest()}"
    made = select(Draft.record).where(Draft.key == f"{catalogue.person.id} {key}")
    if known := catalogue.db.scalar(made):
        raise RefusedRowError(_("The row was imported before, as {id}").format(id=known))
    source = catalogue.meant("source", cells.get(SOURCE) or cells.get("source_url", ""))
    document = None if source else _source(cells)
    problems = [_("No source has this id")] if not source and SOURCE in cells else []
    if document is not None:
        problems += _problems(catalogue, SourceForm, document)
        catalogue.assume({NEW_SOURCE: document})
    entry = _entry(kind, cells, source or NEW_SOURCE, NEW_CITATION)
    problems += _problems(catalogue, FORMS[kind], entry)
    if problems:
        raise RefusedRowError(sentences(problems))
    if document is not None:
        draft = drafts.begin(
            catalogue.db, catalogue.person, f"{key} {SOURCE}", RecordKind.SOURCE, document=document
        )
        source = draft.record
        catalogue.assume({source: draft.document})
    citation = store.issue_id(catalogue.db, RowKind.CITATION)
    document = _entry(kind, cells, source, citation)
    draft = drafts.begin(
        catalogue.db, catalogue.person, key, kind, document=document, article=source
    )
    return source, draft.record


def _problems(catalogue: Catalogue, form: type[Form], document: Document) -> list[str]:
    errors = {
        **check_draft(form, document, catalogue).errors,
        **errors_of_entry(catalogue, form, document),
    }
    for each in fields_of(form, document):
        list_, code = code_list(each.form, each.name, each.row), each.text.strip()
        if list_ and code and not catalogue.code(list_, code):
            errors.setdefault(each.path, _("There is no code “{code}”.").format(code=code))
    return errors_in_words(form, errors, document)


# The page -----------------------------------------------------------------------------------------


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
