"""Gathers what the page of a report's sheet shows: its document, text, source and drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import KIND_LABELS, WRITABLE_STATES, Draft, DraftState
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import access_to
from app.desk.drafts import commands as drafts
from app.desk.drafts import comments
from app.desk.drafts.commands import PostedDraft
from app.desk.drafts.comments import CommentView
from app.desk.drafts.own_draft import name_of_person
from app.desk.identity.models import Person
from app.desk.identity.roles import DeskRole
from app.desk.sheets import commands
from app.desk.sheets.actions import SHARED
from app.desk.sheets.fields import DATE_FIELDS, FieldMaker, FieldView
from app.desk.sheets.form import StatementKind
from app.desk.sheets.from_forms import drafts_seen, report_of
from app.desk.sheets.models import ReportSheet
from app.desk.sheets.page_model import RowRecord, SheetNextStep, SheetView
from app.desk.sheets.stored_text import stored_text
from app.desk.sheets.submitting import SOURCE
from app.desk.sheets.support import RowSupport, support_of
from app.desk.sheets.typed import SHOWN
from app.desk.sheets.view import SheetPage
from app.desk.sources.relay_view import relay_notices
from app.desk.sources.source_offers import source_offers
from app.documents import ROW, Document, clean, fit_to_form
from app.i18n.translate import _
from app.kinds import Copy, SourceForm
from app.kinds.locale_names import code_of_language
from app.vocabulary.kinds import RecordKind
from app.vocabulary.sources import TitleBasis
from app.web.urls import url

SOURCE_FIELDS = (
    *("outlet", "title", "title_basis", "title_en", "language", "published", "published_basis"),
)
USUAL_TITLE_BASIS = TitleBasis.PRINTED
"""What the page shows until somebody chooses: who enters a report has its text."""
COPY_FIELDS = ("extent", "read_on")


def sheet_view(
    db: Session,
    person: Person,
    source: str,
    *,
    page: str,
    open_key: str = "",
    focus: str = "",
    other: str = "",
    sheet: ReportSheet | None = None,
    number: int | None = None,
    is_check: bool = False,
    done: str = "",
) -> SheetView:
    """Return the page of a sheet; of a report without one, with an empty document.

    `is_check` also finds what only the submission finds, which takes a trial publication. If the
    row that was just `done` has an error, it stays open at that field.
    """
    catalogue = Catalogue(db, person)
    sheet = sheet or commands.find(db, source) or commands.unsaved(db, person, source)
    document = sheet.document
    draft = catalogue.draft_of(source)
    source_document = catalogue.visible(draft) if draft else catalogue.document(source)
    assert source_document is not None
    closed = closed_words(db, person, catalogue, sheet, source)
    errors = commands.row_errors(db, sheet, person)
    if is_check and not closed:
        errors += commands.errors_beside_rows(db, sheet, person)
    if is_check and not closed and all(error.is_waiting for error in errors):
        errors += commands.errors_of_submission(db, sheet, person)
    to_fix = [each for each in errors if each.key == done and not each.is_waiting]
    if done and to_fix and not closed:
        field = to_fix[0].field
        open_key, focus = done, f"rows.{done}.{field}" if field else f"row-{done}"
    shown = SheetPage(
        catalogue,
        source,
        document,
        fit_to_form(SourceForm, source_document),
        text=stored_text(catalogue, source),
        open="" if closed else open_key,
        focus=focus,
        errors=errors,
        records=row_records(db, catalogue, document),
        support=row_support(catalogue, document),
        relays=() if closed else relay_notices(db, catalogue, source, document),
        page=page,
        number=sheet.number if number is None else number,
        saved_at=sheet.saved_at,
        is_closed=bool(closed),
    )
    if open_key == SHARED and not closed:
        shown.source_fields, shown.source_note = source_fields(catalogue, draft, person)
    return replace(
        shown.view(),
        is_closed=bool(closed),
        closed_words=closed,
        next_steps=_next_steps(person, source) if closed else (),
        other=other,
        is_saved=not other,
        can_undo=sheet.number > 0,
        seen=drafts_seen(sheet.synced),
        waiting=_waiting(catalogue, sheet),
        has_versions=sheet.number > 0,
    )


def closed_words(
    db: Session, person: Person, catalogue: Catalogue, sheet: ReportSheet | None, source: str
) -> str:
    """Return why a sheet can't be written now; "" if it can."""
    if sheet is None:
        return ""
    if not commands.may_write(person, sheet):
        who = name_of_person(db, sheet.owner)
        return _("{who} is entering this report. You can only read it.").format(who=who)
    written = catalogue.drafts_from(source)
    if written and all(draft.state == DraftState.IN_REVIEW for draft in written):
        return _("This report is in review. You can edit it again if it is returned.")
    return ""


def _waiting(catalogue: Catalogue, sheet: ReportSheet) -> list[str]:
    """Return which places, outlets and others are submitted by whom, and not with the report.

    Contributors read the names of what they may see: their own drafts, and submitted ones.
    """
    words = _("{name} ({id}) is not submitted with this report: {who} has to submit it.")
    return [
        words.format(
            name=catalogue.title(draft.kind, catalogue.visible(draft))
            if catalogue.person.may(DeskRole.EDITOR)
            else _(KIND_LABELS[draft.kind]),
            id=draft.record,
            who=name_of_person(catalogue.db, draft.owner),
        )
        for draft in commands.unsubmitted_of_others(catalogue.db, sheet, catalogue.person)
    ]


def _next_steps(person: Person, source: str) -> list[SheetNextStep]:
    """Return where an editor goes on from a sheet that can't be written now."""
    if not person.may(DeskRole.EDITOR):
        return []
    return [SheetNextStep(url("report-review", id=source), _("Review this report"))]


def row_records(db: Session, catalogue: Catalogue, document: Document) -> Mapping[str, RowRecord]:
    """Return the drafts of rows with their comments, by record."""
    records = {}
    for record in dict.fromkeys(row["record"] for row in document["rows"] if row["record"]):
        draft = catalogue.draft_of(record)
        if draft is None or draft.article != document["source"]:
            continue
        is_writable = draft.state in WRITABLE_STATES
        address = url("draft" if is_writable else "draft-history", id=draft.id)
        records[record] = RowRecord(address, _talks(db, catalogue, draft))
    return records


def _talks(db: Session, catalogue: Catalogue, draft: Draft) -> Sequence[CommentView]:
    """Return the comments on a draft; those on fields that are hidden from the person masked."""
    if not comments.comments(db, draft):
        return ()
    return comments.talks(db, draft, access_to(db, catalogue.person, draft))


def row_support(catalogue: Catalogue, document: Document) -> Mapping[str, RowSupport]:
    """Return what each row counts for, by its key."""
    report = report_of(catalogue, document)
    return {row[ROW]: support_of(catalogue, row, report) for row in document["rows"]}


# The source's own fields ------------------------------------------------------------------------


def source_fields(
    catalogue: Catalogue, draft: Draft | None, person: Person
) -> tuple[Sequence[FieldView], str]:
    """Return the fields of the source that the shared block shows, or why there are none."""
    if draft is None:
        return (), ""
    if draft.state not in WRITABLE_STATES:
        return (), _("The source is in review, so its fields can’t be edited now.")
    if not drafts.may_write(person, draft):
        return (), _("Another person is editing the source, so its fields can’t be edited here.")
    document = fit_to_form(SourceForm, catalogue.visible(draft))
    make = FieldMaker(catalogue, "", offered=source_offers(catalogue, draft))
    titles = {name: _(SourceForm.model_fields[name].title or "") for name in SOURCE_FIELDS}

    def text(name: str) -> FieldView:
        return make.text(f"{SOURCE}{name}", titles[name], document[name], was=document[name])

    fields = [
        make.name(
            f"{SOURCE}outlet",
            titles["outlet"],
            document["outlet"],
            "outlet",
            was=document["outlet"],
        ),
        make.date(
            f"{SOURCE}published",
            titles["published"],
            document["published"],
            was=document["published"],
        ),
        make.code(
            f"{SOURCE}published_basis",
            titles["published_basis"],
            document["published_basis"],
            SourceForm,
            "published_basis",
            row=document,
            was=document["published_basis"],
        ),
        text("language"),
        text("title"),
        make.code(
            f"{SOURCE}title_basis",
            titles["title_basis"],
            document["title_basis"] or USUAL_TITLE_BASIS,
            SourceForm,
            "title_basis",
            row=document,
            was=document["title_basis"],
        ),
        text("title_en"),
    ]
    if document["copies"]:
        copy = document["copies"][0]
        extent = _(Copy.model_fields["extent"].title or "")
        read_on = _(Copy.model_fields["read_on"].title or "")
        fields += [
            make.code(
                f"{SOURCE}extent",
                extent,
                copy["extent"],
                Copy,
                "extent",
                row=copy,
                was=copy["extent"],
            ),
            make.date(f"{SOURCE}read_on", read_on, copy["read_on"], was=copy["read_on"]),
        ]
    return fields, ""


def save_source_fields(
    db: Session, person: Person, source: str, posted: Mapping[str, str], page: str
) -> None:
    """Save the fields of the source that were changed on the page, in the source's own draft."""
    changed = {
        name.removeprefix(SOURCE): clean(text)
        for name, text in posted.items()
        if name.startswith(SOURCE) and clean(text) != posted.get(f"{SHOWN}{name}", "")
    }
    if "language" in changed:
        # Marks and the page's `lang` need the code of a language that is typed by its name.
        changed["language"] = code_of_language(changed["language"])
    draft = drafts.open_draft(db, source) if changed else None
    if draft is None or draft.state not in WRITABLE_STATES or not drafts.may_write(person, draft):
        return
    locked = drafts.find(db, draft.id)
    assert locked is not None
    document = {**locked.document}
    for name in SOURCE_FIELDS:
        document[name] = changed.get(name, document[name])
    if document["copies"]:
        first, *others = document["copies"]
        copy = {name: changed[name] for name in COPY_FIELDS if name in changed}
        document["copies"] = [{**first, **copy}, *others]
    drafts.save(db, locked, PostedDraft(document, locked.number, page), person)


def begin_source_draft(db: Session, person: Person, source: str) -> Draft | None:
    """Return the draft of the source, so that its fields can be written."""
    return drafts.begin_to_change(db, person, source, "")


def field_for_reading(
    catalogue: Catalogue, path: str, posted: Mapping[str, str], published: str, sheet: Document
) -> FieldView | None:
    """Return one field as it is read while somebody types in it; `sheet` is the saved document."""
    text, name = clean(posted.get(path, "")), path.rpartition(".")[2]
    make = FieldMaker(catalogue, published)
    match name:
        case "where" | "places":
            return make.names(path, "", text)
        case "laws":
            return make.names(path, "", text, "law")
        case "outlet" | "through":
            return make.name(path, "", text, "outlet")
        case "record" | "to" if text.strip().isdecimal():
            return make.row_number(path, "", text.strip())
        case "to":
            kinds = {f"rows.{row[ROW]}.links": row["kind"] for row in sheet["rows"]}
            kind = kinds.get(path.rsplit(".", 2)[0], "")
            return make.name(
                path, "", text, "estimate" if kind == StatementKind.ESTIMATE else "event"
            )
        case "record":
            kind = "estimate" if text.strip()[:1].upper() == RecordKind.ESTIMATE else "event"
            return make.name(path, "", text, kind)
        case "code":
            return make.name(path, "", text, "actor")
        case name if name in DATE_FIELDS:
            return make.date(path, "", text)
    return None
