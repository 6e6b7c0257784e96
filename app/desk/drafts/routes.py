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

from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState, RevisionCause
from app.desk.draft_form import card
from app.desk.draft_form.actions import article_of
from app.desk.draft_form.advice import check_draft, errors_of_entry
from app.desk.draft_form.card import split_names
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import DraftReader
from app.desk.draft_form.views import CARD
from app.desk.drafts import commands, comments, source_page
from app.desk.drafts.articles import new_draft_url
from app.desk.drafts.commands import ConflictError, PostedDraft
from app.desk.drafts.conflict_routes import conflict_page
from app.desk.drafts.new_from_name import (
    key_of,
    name_with_new_record,
    new_record_named_in,
    started_from,
)
from app.desk.drafts.own_draft import (
    NUMBER,
    OwnDraft,
    invalid_state_response,
    name_of_person,
    read_posted_draft,
    with_dates_read,
)
from app.desk.drafts.page_view import (
    changes_approved,
    draft_sheet,
    draft_view,
    proposals_sheet,
    unexplained_problems,
)
from app.desk.drafts.report_settings import card_report
from app.desk.drafts.towns import begin_town
from app.desk.drafts.trial_publish import publish_errors
from app.desk.drafts.update import align
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean, fit_to_form, set_text
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.vocabulary.kinds import CITING_KINDS, WRITTEN_KINDS, RecordKind
from app.web.forms import PostedForm
from app.web.page import page
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

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
        return RedirectResponse(url("draft-history", id=draft.id), 303)
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
    if _was_submitted(db, draft, posted):
        return _redirect_after_submit(request, db, person, draft)
    do = _add_town(db, person, draft, posted)
    catalogue = Catalogue(db, person)
    typed, focus = read_posted_draft(catalogue, draft, posted, do)
    if do == "take-all" and draft.kind == RecordKind.SOURCE:
        typed = replace(
            typed, document=source_page.fill_from_proposals(db, catalogue, draft, typed.document)
        )
        focus = "page"
    if do != "autosave":
        sheet = draft_sheet(
            db, person, draft, DraftReader(db, person, draft), document=typed.document
        )
        typed = replace(typed, document=with_dates_read(sheet, typed.document, posted))
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
                request, db, person, draft, typed, other=name_of_person(db, conflict.by)
            )
        return conflict_page(request, Catalogue(db, person), draft, typed, began=typed.number)
    except InvalidStateError:
        if do == "autosave":
            return _saved_fragment(request, db, person, draft, typed, is_late=True)
        return invalid_state_response(request, draft)
    report = posted.get("report", "") if posted.get("report") == article_of(draft) else ""
    here = partial(where_it_is_open, draft, report)
    match do.split():
        case ["autosave"]:
            return _saved_fragment(request, db, person, draft, typed)
        case ["settle" | "answer" as how, id]:
            talk = comments.comment_of(db, draft, id)
            if talk is None:
                raise HTTPException(404)
            if how == "settle":
                comments.settle(db, draft, talk, person)
            else:
                words = clean(posted.get(f"answer.{id}", ""))
                comments.comment(db, draft, person, words, answers=talk)
            return RedirectResponse(here("focus=talks", "talks"), 303)
        case ["same", twin]:
            return RedirectResponse(url("draft-same", id=draft.id, twin=twin), 303)
        case ["make", path]:
            return _begin_named(request, db, person, draft, path)
        case ["done"] if report:
            return see_other(request, f"{url('article', id=report)}#entry-{draft.id}")
        case ["open", id] if report and re.fullmatch(NUMBER, id):
            return see_other(request, entry_address(report, int(id)))
        case ["new" | "cite" | "send", *_rest] if report:
            # Buttons of the report that were pressed while a card is open, which is saved now.
            return RedirectResponse(url("article", id=report), 307)
        case ["delete"]:
            commands.move(db, draft, person, commands.DELETE)
            notice = _("The entry was deleted. It can be restored from its earlier versions.")
            return see_other(request, url("article", id=report) if report else url("desk"), notice)
        case ["save"]:
            return RedirectResponse(here("check=1"), 303)
        case ["submit"]:
            align(db, draft, person)
            if _can_submit(db, person, draft):
                commands.move(db, draft, person, commands.SUBMIT, typed.sheet)
                return _redirect_after_submit(request, db, person, draft)
            return RedirectResponse(here("check=1"), 303)
        case [ask] if ask in source_page.SOURCE_ACTIONS and draft.kind == RecordKind.SOURCE:
            # The draft stays locked meanwhile; the fetch timeout limits how long others wait.
            source_page.run_action(db, settings, draft, person, ask)
            focus = "page"
    return RedirectResponse(here(f"focus={focus}", focus) if focus else here(), 303)


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


def _add_town(db: Session, person: Person, draft: Draft, posted: Mapping[str, str]) -> str:
    """Make a place of the gazetteer's city that the button names, and keep the typed name with it.

    Returns the button value that enters the place's code in the draft.
    """
    do = posted.get("do", "save")
    found = re.fullmatch(rf"town (\S+) ({NUMBER})(?: (.{{1,200}}))?", do)
    if found is None:
        return do
    path, number, name = found[1], int(found[2]), found[3] or ""
    typed = clean(posted.get(path, ""))
    code = begin_town(db, person, number, draft.article or "", name=name or typed)
    names = [code if part == name else part for part in split_names(typed)] if name else [code]
    return f"set {path} {', '.join(names)}" if code else do


def _is_late(db: Session, draft: Draft, typed: PostedDraft) -> bool:
    """Whether the page saved itself after this was sent: later typing must not be undone."""
    later = commands.states(db, draft, after=typed.number)
    return bool(later) and all(revision.sheet == typed.sheet for revision in later)


def _begin_named(
    request: Request, db: Session, person: Person, draft: Draft, path: str
) -> Response:
    """Start a draft of the record that a box names; submitting it returns here."""
    new_record = new_record_named_in(
        draft_sheet(db, person, draft, DraftReader(db, person, draft)), path
    )
    if new_record is None:
        return RedirectResponse(url("draft", id=draft.id), 303)
    kind, document = new_record
    new = commands.begin(db, person, key_of(draft, document), kind, document=document)
    notice = _("{record} was saved. Submit this record to return to it.").format(
        record=draft.record
    )
    return see_other(request, new_draft_url(new), notice)


def _can_submit(db: Session, person: Person, draft: Draft) -> bool:
    catalogue = Catalogue(db, person)
    form_class, document = commands.form_of(draft), catalogue.visible(draft)
    form = check_draft(form_class, document, catalogue).form
    if errors_of_entry(catalogue, form_class, document):
        return False
    if draft.kind in CITING_KINDS and proposals_sheet(catalogue, draft).errors:
        return False
    is_explained = not (changes_approved(db, draft) and any(unexplained_problems(draft)))
    return form is not None and is_explained and not publish_errors(db, catalogue, form)


def _was_submitted(db: Session, draft: Draft, posted: Mapping[str, str]) -> bool:
    """Whether this page already submitted the draft. A double click gets the same answer."""
    if draft.state != DraftState.IN_REVIEW or posted.get("do") != "submit":
        return False
    return commands.states(db, draft)[-1].sheet == clean(posted.get("sheet", "-"))


def _redirect_after_submit(request: Request, db: Session, person: Person, draft: Draft) -> Response:
    """Redirect to the draft that waits for this record, or to the report."""
    article, waiting = article_of(draft), commands.find(db, started_from(draft) or 0)
    if (
        waiting is not None
        and waiting.state in WRITABLE_STATES
        and commands.may_write(person, waiting)
    ):
        name_with_new_record(db, Catalogue(db, person), waiting, draft, person)
        notice = _("{record} was submitted. {other} can now refer to it.").format(
            record=draft.record, other=waiting.record
        )
        return see_other(request, url("draft", id=waiting.id), notice)
    here = url("article", id=article) if article else url("desk")
    return see_other(request, here, _("Submitted for review."))


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
    shown = draft_view(
        db, person, draft, sheet=typed.sheet, other=other, number=typed.number if other else None
    )
    shown = replace(shown, is_saved=shown.is_saved and not is_late)
    return page(request, "desk/drafts/saved.html", edition=None, draft=shown)


def _draft_page(
    request: Request, db: Session, person: Person, draft: Draft, *, with_problems: bool = False
) -> Response:
    focus = request.query_params.get("focus", "")
    shown = draft_view(
        db, person, draft, sheet=secrets.token_hex(8), focus=focus, with_problems=with_problems
    )
    if draft.kind == RecordKind.SOURCE:
        settings = app_state(request).settings
        shown = replace(shown, page=source_page.page_of_draft(db, settings, draft, person))
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
    reader = DraftReader(db, person, draft)
    form, document = commands.form_of(draft), fit_to_form(commands.form_of(draft), draft.document)
    try:
        if path.startswith(CARD):
            now = {"card.mode": posted.get("card.mode", ""), path: posted.get(path, "")}
            document = card.write(form, document, now, card_report(db, draft.article or ""))
        else:
            set_text(document, path, posted.get(path, ""))
        box = draft_sheet(db, person, draft, reader, document=document).box_at(path)
    except LookupError:
        # The row was removed meanwhile. An error page would interrupt the editor.
        return Response(status_code=204)
    return page(request, "desk/drafts/date_reading.html", edition=None, box=box)
