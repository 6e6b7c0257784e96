"""`/desk/sources/{id}`: the sheet of a report, its text, and how its fields are read."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved.draft_models import Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import comments
from app.desk.drafts.own_draft import NUMBER, name_of_person
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.sheets import actions, commands, marking
from app.desk.sheets import typed as typed_fields
from app.desk.sheets.actions import ActionOutcome
from app.desk.sheets.commands import SheetConflictError, SheetInvalidError
from app.desk.sheets.form import SheetForm, sheet_of
from app.desk.sheets.from_forms import drafts_seen
from app.desk.sheets.models import ReportSheet, SheetCause
from app.desk.sheets.offers import text_marks
from app.desk.sheets.stored_text import stored_text
from app.desk.sources.long_forms import enter
from app.desk.sources.posted_fields import place_of, with_pressed, with_sole_readings, with_town
from app.desk.sources.press_results import result_in_words
from app.desk.sources.relay_actions import answer_relay, set_relay
from app.desk.sources.response import check_source, sheet_page
from app.desk.sources.sheet_page import (
    begin_source_draft,
    closed_words,
    field_for_reading,
    save_source_fields,
    sheet_view,
)
from app.desk.sources.text_actions import (
    KEEP_TEXT,
    TEXT_ACTIONS,
    holds_new_text,
    run_text_action,
)
from app.desk.sources.version_routes import conflict_page
from app.desk.ui.page_frame import see_other
from app.documents import ROW, Document, blank, clean
from app.errors import InvalidStateError
from app.i18n.translate import _, ngettext
from app.vocabulary.citations import Derivation
from app.web.forms import PostedForm
from app.web.page import page
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()
OPEN = re.compile(r"[0-9a-f]{1,8}|shared", re.ASCII)
FOCUS = re.compile(r"[a-z0-9_.-]{1,100}", re.ASCII)


# The page ---------------------------------------------------------------------------------------


@router.get("/desk/sources/{id}", name="article")
def article_page(request: Request, db: Desk, person: Contributor, id: str) -> Response:
    """Show the sheet of a report, with what was written in its long forms meanwhile.

    Writes nothing: the next save takes it over.
    """
    check_source(db, person, id)
    query = request.query_params
    sheet = commands.find(db, id)
    if sheet is not None and commands.may_write(person, sheet):
        document, synced = commands.refreshed(db, sheet, person)
        db.expunge(sheet)
        sheet.document, sheet.synced = document, synced
    rows = sheet.document["rows"] if sheet else ()
    of_record = next((row[ROW] for row in rows if row["record"] == query.get("record", "-")), "")
    draft = None if of_record else Catalogue(db, person).draft_of(query.get("record", ""))
    if draft is not None and draft.article == id:
        return RedirectResponse(url("draft", id=draft.id), 303)  # written in a long form
    shown = sheet_view(
        db,
        person,
        id,
        page=secrets.token_hex(8),
        open_key=of_record or _matching(OPEN, query.get("open", "")),
        focus=_matching(FOCUS, query.get("focus", "")),
        sheet=sheet,
        is_check="check" in query,
        done=_matching(OPEN, query.get("done", "")),
    )
    if shown.text is None and not shown.is_closed:
        marking.warm_up(Catalogue(db, person))
    return sheet_page(request, db, person, shown, with_problems="check" in query)


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


# Writing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostedSheet:
    """A posted form: the document with what was typed, and the page that it was typed on."""

    document: Document
    number: int
    page: str
    open: str


@router.post("/desk/sources/{id}")
def write(
    request: Request,
    db: Desk,
    settings: SettingsDep,
    person: Contributor,
    id: str,
    *,
    posted: PostedForm,
) -> Response:
    """Save the sheet, then do what the button says; or start a record in its long form."""
    check_source(db, person, id)
    if "number" not in posted:
        return enter(request, db, person, id, posted)
    sheet = commands.begin(db, person, id)
    if closed := closed_words(db, person, Catalogue(db, person), sheet, id):
        return see_other(request, url("article", id=id), closed)
    if posted.get("do") != "autosave":
        posted = with_sole_readings(db, person, id, posted)
    do, posted = with_pressed(db, person, id, posted.get("do", "save"), posted)
    if do == "add-default":
        do = f"{do} {posted.get('new-default', '')}"
    shown = sheet.number
    commands.refresh(db, sheet, person)
    if posted["number"] == str(shown) and posted.get("seen") == drafts_seen(sheet.synced):
        # The page has shown already what the long forms hold.
        posted = {**posted, "number": str(sheet.number)}
    typed = _read_posted(db, sheet, posted)
    save_source_fields(db, person, id, posted, typed.page)
    outcome = _run(db, person, sheet, typed, do)
    cause = SheetCause.SAVED if do in {"save", "submit"} else SheetCause.BY_ITSELF
    try:
        commands.save(
            db, sheet, outcome.document, typed.number, page=typed.page, by=person, saved=cause
        )
    except SheetConflictError as conflict:
        if do == "autosave":
            other = name_of_person(db, conflict.by)
            return _saved_fragment(request, db, person, sheet, typed, other=other)
        return conflict_page(request, db, person, sheet, began=typed.number)
    except InvalidStateError:
        raise HTTPException(422) from None
    if do == "autosave":
        return _saved_fragment(request, db, person, sheet, typed)
    if do == "save" and holds_new_text(db, id, posted):
        do = KEEP_TEXT
    if do in TEXT_ACTIONS:
        return run_text_action(request, db, settings, person, sheet, do=do, posted=posted)
    is_marked = marking.mark_again_if_due(db, Catalogue(db, person), id)
    return _after_saving(
        request,
        db,
        person,
        sheet,
        typed=typed,
        outcome=outcome,
        do=do,
        posted=posted,
        news=_("The text was marked again.") if is_marked else "",
    )


def _read_posted(db: Session, sheet: ReportSheet, posted: Mapping[str, str]) -> PostedSheet:
    """Return the document with what was typed, on the state that the page was opened with.

    A page that has saved itself meanwhile goes on from the state it saved.
    """
    number, key = posted.get("number", ""), clean(posted.get("page", ""))
    if not re.fullmatch(NUMBER, number, re.ASCII):
        raise HTTPException(422)
    began = commands.state_at(db, sheet, int(number))
    if began is None:
        raise HTTPException(422)
    others = [each for each in commands.states(db, sheet, after=int(number)) if each.page != key]
    base = sheet_of(began.document) if others else sheet.document
    return PostedSheet(
        typed_fields.with_typed(base, posted),
        int(number),
        key,
        _matching(OPEN, posted.get("open", "")),
    )


def _run(
    db: Session, person: Person, sheet: ReportSheet, typed: PostedSheet, do: str
) -> ActionOutcome:
    """Return what a button makes of the document."""
    do = with_town(db, person, sheet.source, typed.document, do)
    if do == "open-shared":
        begin_source_draft(db, person, sheet.source)
    catalogue = Catalogue(db, person)
    text = stored_text(catalogue, sheet.source)
    marks = text_marks(catalogue, text) if text else []
    return actions.run_action(
        typed.document, do, typed.open, marks, partial(place_of, db, person, sheet.source)
    )


def _after_saving(
    request: Request,
    db: Session,
    person: Person,
    sheet: ReportSheet,
    *,
    typed: PostedSheet,
    outcome: ActionOutcome,
    do: str,
    posted: Mapping[str, str],
    news: str = "",
) -> Response:
    """Do what leaves the sheet's document alone, and show where the work goes on."""
    done = ""
    match do.split(" "):
        case ["submit"]:
            return _hand_in(request, db, person, sheet)
        case ["undo"]:
            commands.undo(db, sheet, person, typed.page)
            outcome = replace(outcome, open="", focus="current")
        case ["full", key]:
            return _open_long_form(request, db, person, sheet, key)
        case ["made", draft] if re.fullmatch(NUMBER, draft, re.ASCII):
            return see_other(request, url("draft", id=int(draft)))
        case ["full-source"]:
            source = begin_source_draft(db, person, sheet.source)
            return see_other(request, url("draft", id=source.id) if source else url("desk"))
        case ["comment", key]:
            _comment(db, person, sheet, key, posted.get("comment", ""))
        case ["relay", copied, how] if how in Derivation.by_code():
            return set_relay(request, db, person, sheet.source, copied=copied, how=how)
        case ["compare", copied]:
            return answer_relay(request, db, person, sheet, copied=copied, posted=posted)
        case ["done" | "save", *key]:
            commands.make_drafts(db, sheet, person)
            done = _matching(OPEN, key[0]) if key else ""
    if "hx-request" in request.headers:
        shown = sheet_view(
            db,
            person,
            sheet.source,
            page=typed.page,
            open_key=outcome.open,
            focus=outcome.focus,
            sheet=sheet,
            done=done,
        )
        shown = replace(
            shown,
            news=news,
            said=result_in_words(shown, do, done),
            typed_text=clean(posted.get("text", "")),
            typed_translation=clean(posted.get("translation", "")),
        )
        return sheet_page(request, db, person, shown)
    parts = [f"done={done}"] if done else []
    parts += [f"open={outcome.open}"] if outcome.open else []
    parts += [f"focus={outcome.focus}#{outcome.focus}"] if outcome.focus else []
    here = url("article", id=sheet.source)
    return see_other(request, f"{here}?{'&'.join(parts)}" if parts else here, news)


def _open_long_form(
    request: Request, db: Session, person: Person, sheet: ReportSheet, key: str
) -> Response:
    """Go to the page of the row's draft, which is made if there is none."""
    here = url("article", id=sheet.source)
    try:
        draft = commands.open_row(db, sheet, key, person)
    except (LookupError, InvalidStateError):
        words = _("This row can’t be opened in the long form now.")
        return see_other(request, here, words)
    return see_other(request, url("draft", id=draft.id))


def _hand_in(request: Request, db: Session, person: Person, sheet: ReportSheet) -> Response:
    here = url("article", id=sheet.source)
    try:
        handed_in = commands.hand_in(db, sheet, person)
    except SheetInvalidError:
        return see_other(request, f"{here}?check=1")
    notice = ngettext(
        "{count} record of this report was submitted for review.",
        "{count} records of this report were submitted for review.",
        len(handed_in),
    )
    return see_other(request, here, notice if handed_in else _("There is nothing to submit."))


def _comment(db: Session, person: Person, sheet: ReportSheet, key: str, words: str) -> None:
    row = next((row for row in sheet.document["rows"] if row["row"] == key), None)
    draft: Draft | None = Catalogue(db, person).draft_of(row["record"]) if row else None
    if draft is not None and draft.article == sheet.source:
        comments.comment(db, draft, person, clean(words))


def _saved_fragment(
    request: Request,
    db: Session,
    person: Person,
    sheet: ReportSheet,
    typed: PostedSheet,
    *,
    other: str = "",
) -> Response:
    """Return the parts that a page that saves itself takes over; its fields stay as they are."""
    shown = sheet_view(
        db,
        person,
        sheet.source,
        page=typed.page,
        open_key=typed.open,
        other=other,
        sheet=sheet,
        number=typed.number if other else None,
    )
    return page(request, "desk/sources/saved.html", edition=None, sheet=shown)


# While typing -----------------------------------------------------------------------------------


@router.post("/desk/sources/{id}/reading", name="article-reading")
def reading(
    request: Request, db: Desk, person: Contributor, id: str, posted: PostedForm
) -> Response:
    """Return how one field is read. Typed words come in the body, so that no log has them."""
    check_source(db, person, id)
    catalogue = Catalogue(db, person)
    source = catalogue.document(id)
    published = source["published"] if source else ""
    sheet = commands.find(db, id)
    document = sheet.document if sheet else blank(SheetForm)
    path = posted.get("path", "")
    field = field_for_reading(catalogue, path, posted, published, document)
    if field is None:
        return Response(status_code=204)
    return page(request, "desk/sources/reading.html", edition=None, field=field)
