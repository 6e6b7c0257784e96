"""`/desk/drafts` and `/desk/drafts/…`: begin and write a draft, and read dates while typing."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState, RevisionCause
from app.desk.draft_form.actions import article_of
from app.desk.draft_form.advice import check_draft, errors_of_entry
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands, comments, source_page
from app.desk.drafts.articles import new_document_from_article, new_draft_url
from app.desk.drafts.carry_over import TICKS_SHOWN, ticked
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
)
from app.desk.drafts.page_view import (
    changes_approved,
    draft_sheet,
    draft_view,
    proposals_sheet,
    unexplained_problems,
)
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

SUBMITTING = {"submit", "submit E", "submit M"}
"""Buttons that submit the draft; two also start the article's next event or estimate."""


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
        return _redirect_after_submit(request, db, person, draft, posted)
    do = _add_town(db, person, draft, posted.get("do", "save"))
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
        typed = replace(typed, document=sheet.with_sole_readings(typed.document))
    if do == "autosave" and _is_late(db, draft, typed):
        return _saved_fragment(request, db, person, draft, typed, is_late=True)
    try:
        commands.save(
            db,
            draft,
            typed,
            person,
            RevisionCause.SAVED if do in {"save", *SUBMITTING} else RevisionCause.BY_ITSELF,
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
    if posted.get(TICKS_SHOWN):
        draft.carry = sorted(ticked(posted))
    draft_url = url("draft", id=draft.id)
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
            return RedirectResponse(f"{draft_url}?focus=talks#talks", 303)
        case ["same", twin]:
            return RedirectResponse(url("draft-same", id=draft.id, twin=twin), 303)
        case ["make", path]:
            return _begin_named(request, db, person, draft, path)
        case ["save"]:
            return RedirectResponse(f"{draft_url}?check=1", 303)
        case ["submit"] | ["submit", RecordKind.EVENT | RecordKind.ESTIMATE]:
            align(db, draft, person)
            if _can_submit(db, person, draft):
                commands.move(db, draft, person, commands.SUBMIT, typed.sheet)
                return _redirect_after_submit(request, db, person, draft, posted)
            return RedirectResponse(f"{draft_url}?check=1", 303)
        case [ask] if ask in source_page.SOURCE_ACTIONS and draft.kind == RecordKind.SOURCE:
            # The draft stays locked meanwhile; the fetch timeout limits how long others wait.
            source_page.run_action(db, settings, draft, person, ask)
            focus = "page"
    return RedirectResponse(f"{draft_url}?focus={focus}#{focus}" if focus else draft_url, 303)


def _add_town(db: Session, person: Person, draft: Draft, do: str) -> str:
    """Make a place of the gazetteer's city that the button names, and submit it.

    Returns the button value that enters the place's code in the draft.
    """
    found = re.fullmatch(rf"town (\S+) ({NUMBER})", do, re.ASCII)
    code = begin_town(db, person, int(found[2]), draft.article or "") if found else ""
    return f"set {found[1]} {code}" if found and code else do


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
    if draft.carried or (draft.kind in CITING_KINDS and proposals_sheet(catalogue, draft).errors):
        return False
    is_explained = not (changes_approved(db, draft) and any(unexplained_problems(draft)))
    return form is not None and is_explained and not publish_errors(db, catalogue, form)


def _was_submitted(db: Session, draft: Draft, posted: Mapping[str, str]) -> bool:
    """Whether this page already submitted the draft. A double click gets the same answer."""
    if draft.state != DraftState.IN_REVIEW or posted.get("do") not in SUBMITTING:
        return False
    return commands.states(db, draft)[-1].sheet == clean(posted.get("sheet", "-"))


def _redirect_after_submit(
    request: Request, db: Session, person: Person, draft: Draft, posted: Mapping[str, str]
) -> Response:
    """Redirect to the draft that waits for this record, the next draft or the article."""
    article, kind = article_of(draft), posted.get("do", "").partition(" ")[2]
    waiting = commands.find(db, started_from(draft) or 0) if not kind else None
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
    if not article or not kind:
        return see_other(
            request,
            url("article", id=article) if article else url("desk"),
            _("Submitted for review."),
        )
    blocks = ticked(posted)
    document, carried = new_document_from_article(
        Catalogue(db, person), kind, article, draft.record, blocks
    )
    key = f"{clean(posted.get('sheet', ''))}-{kind}"
    following = commands.begin(
        db, person, key, kind, document=document, article=article, carried=carried, carry=blocks
    )
    notice = _("{record} was submitted.").format(record=draft.record)
    if carried:
        notice += " " + _("Carried-over values are marked. Check them here.")
    return see_other(request, new_draft_url(following), notice)


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
    document = fit_to_form(commands.form_of(draft), draft.document)
    try:
        set_text(document, path, posted.get(path, ""))
    except LookupError:
        # The row was removed meanwhile. An error page would interrupt the editor.
        return Response(status_code=204)
    box = draft_sheet(db, person, draft, reader, document=document).box_at(path)
    return page(request, "desk/drafts/date_reading.html", edition=None, box=box)
