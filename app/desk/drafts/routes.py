"""`/desk/drafts` and `/desk/drafts/…`: begin and write a draft, and read dates while typing."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved.models import (
    WRITABLE_STATES,
    Draft,
    RevisionCause,
    Significance,
)
from app.desk.approved.store import published_version
from app.desk.draft_form import card
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.draft_form.fields import CARD, DraftSheet, run_action
from app.desk.drafts import commands, comments
from app.desk.drafts.articles import (
    asked_at,
    begin_named,
    capture_page,
    make_in_place,
    new_draft_url,
    page_of_source,
)
from app.desk.drafts.commands import ConflictError, PostedDraft, article_of
from app.desk.drafts.conflicts import align
from app.desk.drafts.duplicates import attach
from app.desk.drafts.page import advice_of, draft_sheet, draft_view, problems_of
from app.desk.drafts.queue import NUMBER, OwnDraft
from app.desk.drafts.report_settings import CitingError, report_of, row_factory
from app.desk.drafts.trial_publish import publish_on_trial
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui import desk_page, see_other
from app.documents import (
    YES,
    Document,
    clean,
    fit_to_form,
    has_fields_of,
    read_document,
    set_text,
)
from app.errors import InvalidStateError
from app.i18n.translate import N_, _
from app.kinds import EventForm
from app.record.names.directory import read_directory
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import WRITTEN_KINDS, RecordKind
from app.web.forms import PostedForm
from app.web.page import page
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()
BUTTONS_OF_REPORT = {"new", "cite", "send", "keep-text", "read-text", "delete-text"}
HIDES_PRIVATE = "hides-private"
"""The form field that marks a page without private fields of others."""

# Beginning --------------------------------------------------------------------------------------


@router.post("/desk/drafts", name="drafts")
def begin(request: Request, db: Desk, person: Contributor, posted: PostedForm) -> Response:
    """Start a draft of a new record or, with `record`, of a change to an approved one."""
    key, kind, record, article = (
        clean(posted.get(name, "")) for name in ("key", "kind", "record", "article")
    )
    if not record and (kind not in WRITTEN_KINDS or not key):
        raise HTTPException(422)
    draft = (
        commands.begin_to_change(db, person, record, article)
        if record
        else commands.begin(db, person, key, kind, article=article)
    )
    if draft is None:
        raise HTTPException(404)
    if not commands.may_write(person, draft):
        return see_other(
            request, url("desk"), _("Another person is editing that record. Try again later.")
        )
    return RedirectResponse(url("draft", id=draft.id) if record else new_draft_url(draft), 303)


# Writing ----------------------------------------------------------------------------------------


@router.get("/desk/drafts/{id:int}", name="draft")
def draft_page(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    if draft.state not in WRITABLE_STATES:
        return RedirectResponse(f"{url('desk-record', record=draft.record)}#versions", 303)
    return _draft_page(request, db, person, draft, with_problems="check" in request.query_params)


@router.post("/desk/drafts/{id:int}")
def write(
    request: Request,
    db: Desk,
    person: Contributor,
    draft: OwnDraft,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Save the posted form, then do what the button says."""
    do = make_in_place(db, person, article_of(draft), posted)
    catalogue = Catalogue(db, person)
    typed, focus = _read_posted(catalogue, draft, posted, do)
    if do != "autosave":
        sheet = draft_sheet(db, person, draft, document=typed.document)
        typed = replace(typed, document=_with_words_read(sheet, typed.document, posted))
    if do == "autosave" and _is_late(db, draft, typed):
        return _saved_fragment(request, db, person, draft, typed, is_late=True)
    try:
        commands.save(
            db,
            draft,
            typed,
            person,
            RevisionCause.SAVED if do in {"save", "submit"} else RevisionCause.BY_ITSELF,
        )
    except ConflictError as conflict:
        if do == "autosave":
            return _saved_fragment(
                request, db, person, draft, typed, other=db.get_one(Person, conflict.by).called
            )
        both = f"{url('draft-update', id=draft.id)}?typed={conflict.number}"
        return see_other(request, both)
    except InvalidStateError:
        if do == "autosave":
            return _saved_fragment(request, db, person, draft, typed, is_late=True)
        return invalid_state_response(request, draft)
    report = posted.get("report", "") if posted.get("report") == article_of(draft) else ""
    here = partial(where_it_is_open, draft, report)
    match do.split():
        case ["autosave"]:
            return _saved_fragment(request, db, person, draft, typed)
        case ["settle", id]:
            if not comments.settle(db, draft, id, person):
                raise HTTPException(404)
            return RedirectResponse(here("focus=talks", "talks"), 303)
        case ["same", record]:
            return _attach(request, db, person, draft, record=record, report=report)
        case ["make", thing, path, *words] if words and thing in THING_OF_KIND.values():
            field, text = f"{draft.id}-{path}", " ".join(words)
            new = begin_named(db, person, field, article_of(draft), thing=thing, text=text)
            notice = _("{record} was saved. Go back to it when this record is entered.")
            return see_other(request, new_draft_url(new), notice.format(record=draft.record))
        case ["back"] if asked := asked_at(draft):
            if problems_of(db, catalogue, draft):
                return RedirectResponse(here("check=1"), 303)
            asking = commands.find(db, asked[0], to_write=False)
            if asking is None or not commands.may_write(person, asking):
                raise HTTPException(404)
            entry = where_it_is_open(asking, article_of(asking), f"focus={asked[1]}", asked[1])
            return see_other(request, entry)
        case ["done"] if report and problems_of(db, catalogue, draft):
            return RedirectResponse(here("check=1", f"entry-{draft.id}"), 303)
        case ["done" | "new" | "send", *_kind] if report and _has_new_advice(
            db, catalogue, draft, posted
        ):
            return RedirectResponse(here(anchor="similar"), 303)
        case ["done"] if report:
            return see_other(request, f"{url('article', id=report)}#entry-{draft.id}")
        case ["preview"]:
            return see_other(request, url("draft-preview", id=draft.id))
        case ["open", id] if report and re.fullmatch(NUMBER, id):
            return see_other(request, entry_address(report, int(id)))
        case [do, *_rest] if report and do in BUTTONS_OF_REPORT:
            # Buttons of the report that were pressed while a card is open, which is saved now.
            return RedirectResponse(f"{url('article', id=report)}?open={draft.id}", 307)
        case ["delete"]:
            commands.move(db, draft, person, commands.DELETE)
            notice = _("The entry was deleted. It can be restored from its earlier versions.")
            return see_other(request, url("article", id=report) if report else url("desk"), notice)
        case ["save"]:
            return RedirectResponse(here("check=1"), 303)
        case ["submit"]:
            align(db, draft, person)
            if not problems_of(db, Catalogue(db, person), draft, with_trial=True):
                commands.move(db, draft, person, commands.SUBMIT, typed.sheet)
                article = article_of(draft)
                to = url("article", id=article) if article else url("desk")
                return see_other(request, to, _("Submitted for review."))
            return RedirectResponse(here("check=1"), 303)
        case ["capture"] if draft.kind == RecordKind.SOURCE:
            # The draft stays locked meanwhile; the fetch timeout limits how long others wait.
            outcome = capture_page(db, settings, draft, person)
            return see_other(request, here("focus=page", "page"), outcome)
    return RedirectResponse(here(f"focus={focus}", focus) if focus else here(), 303)


def _has_new_advice(
    db: Session, catalogue: Catalogue, draft: Draft, posted: Mapping[str, str]
) -> bool:
    """Whether something may be wrong that the page did not show yet."""
    fields = draft_sheet(db, catalogue.person, draft)
    found = advice_of(db, catalogue, draft, fields)["advice"]
    return bool(found) and found != posted.get("advice", "")


def invalid_state_response(request: Request, draft: Draft) -> Response:
    words = _("This is not possible in the draft’s current state. Nothing was changed.")
    return see_other(request, url("draft", id=draft.id), words)


def entry_address(report: str, id: int, field: str = "") -> str:
    """Return the page of a report with one of its entries open, at a field of its card."""
    return f"{url('article', id=report)}?open={id}#{field or f'entry-{id}'}"


def where_it_is_open(draft: Draft, report: str, query: str = "", anchor: str = "") -> str:
    """Return the page on which a draft is open: its report, or a page of its own."""
    parts = [f"open={draft.id}"] if report else []
    parts += [query] if query else []
    page_url = url("article", id=report) if report else url("draft", id=draft.id)
    end = f"#{anchor}" if anchor else ""
    return f"{page_url}?{'&'.join(parts)}{end}" if parts else f"{page_url}{end}"


def _attach(
    request: Request, db: Session, person: Person, draft: Draft, *, record: str, report: str
) -> Response:
    """Add the draft's citations to a record that it enters twice, and delete the draft."""
    try:
        with db.begin_nested():
            other, place = attach(db, draft, record, person)
    except (InvalidStateError, CitingError):
        notice = _("Another person is editing {record} or has submitted it. Nothing was changed.")
        return see_other(request, where_it_is_open(draft, report), notice.format(record=record))
    at = f"citations.{place}.paraphrase"
    notice = _(
        "Your citations were added to “{record}”, those of an event with its date and status, and "
        "{draft} was deleted. Choose what each supports; the rest is in {draft}’s earlier versions."
    ).format(record=Catalogue(db, person).label(other.record), draft=draft.record)
    return see_other(request, where_it_is_open(other, report, f"focus={at}", at), notice)


def _read_posted(
    catalogue: Catalogue, draft: Draft, posted: Mapping[str, str], do: str
) -> tuple[PostedDraft, str]:
    number = posted.get("number", "")
    if not re.fullmatch(NUMBER, number, re.ASCII):
        raise HTTPException(422)
    form = commands.form_of(draft)
    if do.startswith(f"set {CARD}"):
        _set, path, text = [*do.split(" ", 2), ""][:3]
        posted, do = {**posted, path: text}, f"wrote {path}"
    if not has_fields_of(form, posted):
        # Disabled boxes are not sent: their absence does not mean that they are empty.
        raise HTTPException(422)
    document = read_document(form, posted)
    document, focus = run_action(
        form, document, do, row_factory(catalogue, draft.article, draft.kind, document)
    )
    if do.startswith("wrote "):
        focus = do.removeprefix("wrote ")
    elif draft.article and do.strip() == "add citations":
        # The card has it.
        focus = focus.replace(".source", ".paraphrase")
    # After the buttons, which name rows by their positions on the page.
    document = card.write(form, document, posted, report_of(catalogue.db, draft))
    why = posted.get("change.why", "")
    change = (
        why if why in Significance.by_code() else "",
        clean(posted.get("change.reason", "")).strip(),
    )
    sheet, hides_private = clean(posted.get("sheet", "")), posted.get(HIDES_PRIVATE) == YES
    return PostedDraft(document, int(number), sheet, *change, hides_private), focus


def _with_words_read(sheet: DraftSheet, document: Document, posted: Mapping[str, str]) -> Document:
    """Return a document whose words for dates and numbers are those, where only one is meant."""
    document = sheet.with_sole_readings(document)
    if edtf := sheet.sole_reading_of_card:
        now = {f"{CARD}mode": posted.get(f"{CARD}mode", ""), f"{CARD}when": edtf}
        document = card.write(sheet.form, document, now, card.CardReport())
    if sheet.form is EventForm:
        return card.with_actor_read(sheet.catalogue, document)
    return document


def _is_late(db: Session, draft: Draft, typed: PostedDraft) -> bool:
    """Whether the page saved itself after this was sent: later typing must not be undone."""
    later = commands.states(db, draft, after=typed.number)
    return bool(later) and all(revision.sheet == typed.sheet for revision in later)


def _saved_fragment(
    request: Request,
    db: Session,
    person: Person,
    draft: Draft,
    typed: PostedDraft,
    *,
    other: str = "",
    is_late: bool = False,
) -> Response:
    """Return the fragment that an autosaving page takes over; its boxes stay as they are."""
    number = typed.number if other else None
    shown = draft_view(
        db, person, draft, sheet=typed.sheet, other=other, is_late=is_late, number=number
    )
    return page(request, "desk/drafts/saved.html", edition=None, draft=shown)


def _draft_page(
    request: Request, db: Session, person: Person, draft: Draft, *, with_problems: bool = False
) -> Response:
    web_page = None
    if draft.kind == RecordKind.SOURCE:
        source = draft.document
        web_page = page_of_source(
            db,
            draft.record,
            source["url"],
            person,
            takes_hash=bool(source["copies"]),
        )
    shown = draft_view(
        db,
        person,
        draft,
        sheet=secrets.token_hex(8),
        focus=request.query_params.get("focus", ""),
        with_problems=with_problems,
        web_page=web_page,
    )
    return desk_page(request, "desk/drafts/page.html", draft=shown)


# Dates ------------------------------------------------------------------------------------------


@router.post("/desk/drafts/{id:int}/reading", name="draft-reading")
def reading(
    request: Request, db: Desk, person: Contributor, draft: OwnDraft, posted: PostedForm
) -> Response:
    """Return the reading of one box, with the value that was typed since the last save.

    Typed words come in the body: an exact day or place is private, and addresses are logged.
    """
    path = posted.get("path", "")
    form, document = commands.form_of(draft), fit_to_form(commands.form_of(draft), draft.document)
    try:
        if path.startswith(CARD):
            now = {"card.mode": posted.get("card.mode", ""), path: posted.get(path, "")}
            document = card.write(form, document, now, report_of(db, draft))
        else:
            set_text(document, path, posted.get(path, ""))
        box = draft_sheet(db, person, draft, document=document).box_at(path)
    except LookupError:
        # The row was removed meanwhile. An error page would interrupt the editor.
        return Response(status_code=204)
    return page(request, "desk/drafts/date_reading.html", edition=None, box=box)


# Preview ----------------------------------------------------------------------------------------


@router.get("/desk/drafts/{id:int}/preview", name="draft-preview")
def preview(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    """Show the public page of the saved draft, or redirect if it can't be published yet."""
    draft_url = url("draft", id=draft.id)
    catalogue = Catalogue(db, person)
    form = check_draft(commands.form_of(draft), catalogue.visible(draft), catalogue).form
    if form is None:
        return RedirectResponse(f"{draft_url}?check=1", 303)
    try:
        with publish_on_trial(db, catalogue, [form]) as edition:
            row, names = published_version(db, form.id), read_directory(db, edition)
            return app_state(request).show(
                request, db, edition, row, names, back_to_draft=draft_url
            )
    except PublishError:
        return RedirectResponse(f"{draft_url}?check=1", 303)


# Deleting, taking back ---------------------------------------------------------------------------


MOVES = {
    "delete": (
        commands.DELETE,
        N_("The draft was deleted. You can restore it from the list below."),
    ),
    "take-back": (
        commands.TAKE_BACK,
        N_("The submission was cancelled. You can edit the draft again."),
    ),
    "bring-back": (commands.BRING_BACK, N_("The draft was restored.")),
}


@router.post("/desk/drafts/{id:int}/delete", name="draft-delete")
@router.post("/desk/drafts/{id:int}/take-back", name="draft-take-back")
@router.post("/desk/drafts/{id:int}/bring-back", name="draft-bring-back")
def move(request: Request, db: Desk, person: Contributor, draft: OwnDraft) -> Response:
    step, notice = MOVES[request.url.path.rpartition("/")[2]]
    try:
        commands.move(db, draft, person, step)
    except InvalidStateError:
        return invalid_state_response(request, draft)
    to = url("desk") if step is commands.DELETE else url("draft", id=draft.id)
    return see_other(request, to, _(notice))
