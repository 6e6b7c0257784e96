"""Routes for admins: the extensible lists, adding and changing codes, and deciding on proposals."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved.draft_models import Significance
from app.desk.draft_form.catalogue import Catalogue
from app.desk.identity.permissions import Admin
from app.desk.ui.html_forms import FilledForm, fill
from app.desk.ui.page_frame import desk_page, see_other
from app.desk.vocabulary import commands
from app.desk.vocabulary.forms import (
    ChangedCode,
    ChangedConcept,
    ChangedType,
    LawMark,
    NewCode,
    NewConcept,
    NewType,
    RestoreCodeForm,
    RetireForm,
)
from app.desk.vocabulary.views import growing_lists, history, offered_codes, used_by
from app.i18n.formats import sentences
from app.i18n.translate import _
from app.kinds import CodeForm
from app.kinds.base import Form
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.vocabulary.events import Direction
from app.vocabulary.record import CONCEPT, LISTS
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()


@router.get("/desk/vocabulary", name="vocabulary")
def vocabulary(request: Request, db: Desk, _admin: Admin) -> Response:
    return desk_page(request, "desk/vocabulary/list.html", lists=growing_lists(db))


# New codes --------------------------------------------------------------------------------------


@router.get("/desk/vocabulary/new/{list}", name="new-code")
def new_code(request: Request, db: Desk, _admin: Admin, list: str) -> Response:
    return _new_page(request, db, FilledForm(_form_of_new(list)), list)


@router.post("/desk/vocabulary/new/{list}")
def add_code(request: Request, db: Desk, admin: Admin, list: str, posted: PostedForm) -> Response:
    filled = fill(_form_of_new(list), posted)
    if filled.form is None:
        return _new_page(request, db, filled, list, 422)
    form = CodeForm(list=list, **_field_values(filled.form))
    if commands.find(db, form.id):
        return _new_page(
            request,
            db,
            filled.but("code", _("This list already has that code. Enter another.")),
            list,
            422,
        )
    try:
        commands.add(db, form, admin)
    except PublishError as refused:
        return _new_page(request, db, filled, list, 422, refused=refused.reasons)
    notice = _("“{label}” was added to the codebook.").format(label=form.label)
    return see_other(request, url("code-of-list", id=form.id), notice)


def _form_of_new(list_: str) -> type[Form]:
    if list_ not in LISTS:
        raise HTTPException(404)
    forms: dict[str, type[Form]] = {"type": NewType, CONCEPT: NewConcept}
    return forms.get(list_, NewCode)


def _new_page(
    request: Request,
    db: Session,
    filled: FilledForm[Any],
    list_: str,
    status: int = 200,
    *,
    refused: Sequence[str] = (),
) -> Response:
    return desk_page(
        request,
        "desk/vocabulary/new.html",
        status=status,
        filled=filled,
        list=list_,
        title=_(LISTS[list_]),
        offered=offered_codes(db, list_),
        refused=refused,
    )


# Proposed codes ---------------------------------------------------------------------------------


@router.post("/desk/vocabulary/proposed/{id}", name="decide-on-code")
def decide_on_code(
    db: Desk, request: Request, admin: Admin, id: str, posted: PostedForm
) -> Response:
    """Add a proposed code to the vocabulary, or replace it by one that exists."""
    form = Catalogue(db, admin).proposed.get(id)
    draft = re.fullmatch(r"[0-9]{1,9}", posted.get("review", ""), re.ASCII)
    if form is None or draft is None:
        raise HTTPException(404)
    review = url("review", id=int(draft[0]))
    if posted.get("do") == "accept":
        try:
            commands.accept(db, form, admin)
        except PublishError as refused:
            return see_other(request, review, sentences(refused.reasons))
        return see_other(
            request, review, _("“{label}” was added to the codebook.").format(label=form.label)
        )
    instead = commands.find(db, f"{form.list}:{posted.get('instead', '')}")
    if instead is None or instead.successor:
        return see_other(request, review, _("Choose the code to use instead."))
    commands.use_instead(db, form, instead, admin)
    notice = _("“{code}” is used instead of “{proposed}”.")
    return see_other(request, review, notice.format(code=instead.label, proposed=form.label))


# Existing codes ---------------------------------------------------------------------------------


@router.get("/desk/vocabulary/{id}", name="code-of-list")
def one_code(request: Request, db: Desk, _admin: Admin, id: str) -> Response:
    return _code_page(request, db, _find_or_404(db, id))


@router.post("/desk/vocabulary/{id}")
def reword_code(request: Request, db: Desk, admin: Admin, id: str, posted: PostedForm) -> Response:
    form = _find_or_404(db, id)
    filled = fill(_form_of_change(form), posted)
    if filled.form is None:
        return _code_page(request, db, form, filled)
    texts = _field_values(filled.form)
    why, reason = Significance(texts.pop("why")).why, texts.pop("reason")
    try:
        edition = commands.reword(db, form.model_copy(update=texts), admin, why, reason)
    except PublishError as refused:
        return _code_page(request, db, form, filled, refused=refused.reasons)
    return see_other(request, url("code-of-list", id=id), _published_notice(edition))


@router.post("/desk/vocabulary/{id}/retire", name="retire-code")
def retire_code(request: Request, db: Desk, admin: Admin, id: str, posted: PostedForm) -> Response:
    form = _find_or_404(db, id)
    filled = fill(RetireForm, posted, "retire-")
    if filled.form is None:
        return _code_page(request, db, form, retiring=filled)
    successor = filled.form.successor
    if successor == form.code or not commands.is_in_use(db, form.list, successor):
        message = _("Enter another code of this list that is not retired.")
        return _code_page(request, db, form, retiring=filled.but("successor", message))
    try:
        edition = commands.retire(db, form, successor, admin, filled.form.reason)
    except PublishError as refused:
        return _code_page(request, db, form, retiring=filled, refused=refused.reasons)
    return see_other(request, url("code-of-list", id=id), _published_notice(edition))


@router.post("/desk/vocabulary/{id}/take-back", name="take-code-back")
def take_code_back(
    request: Request, db: Desk, admin: Admin, id: str, posted: PostedForm
) -> Response:
    form = _find_or_404(db, id)
    filled = fill(RestoreCodeForm, posted, "back-")
    if filled.form is None:
        return _code_page(request, db, form, taking_back=filled)
    try:
        edition = commands.take_back(db, form, admin, filled.form.reason)
    except PublishError as refused:
        return _code_page(request, db, form, taking_back=filled, refused=refused.reasons)
    return see_other(request, url("code-of-list", id=id), _published_notice(edition))


def _find_or_404(db: Session, id: str) -> CodeForm:
    form = commands.find(db, id)
    if form is None:
        raise HTTPException(404)
    return form


def _form_of_change(code: CodeForm) -> type[Form]:
    forms: dict[str, type[Form]] = {"type": ChangedType, CONCEPT: ChangedConcept}
    return forms.get(code.list, ChangedCode)


def _field_values(form: Form) -> dict[str, Any]:
    values = {name: getattr(form, name) for name in type(form).model_fields}
    stored = {LawMark.YES: True, LawMark.NO: False, Direction.NONE: None}
    return {
        name: stored[value] if isinstance(value, LawMark | Direction) and value in stored else value
        for name, value in values.items()
    }


def _published_notice(edition: Edition | None) -> str:
    if edition is None:
        return _("Nothing was changed: the published code is already the same.")
    return _("Published as edition {no}.").format(no=edition.no)


def _code_page(
    request: Request,
    db: Session,
    form: CodeForm,
    filled: FilledForm[Any] | None = None,
    *,
    retiring: FilledForm[RetireForm] | None = None,
    taking_back: FilledForm[RestoreCodeForm] | None = None,
    refused: Sequence[str] = (),
) -> Response:
    is_wrong = bool(filled or retiring or taking_back)
    change = _form_of_change(form)
    typed = {
        name: str(getattr(form, name) or "") for name in change.model_fields if hasattr(form, name)
    }
    if "is_law" in typed:
        typed["is_law"] = LawMark.YES if form.is_law else LawMark.NO
        typed["direction"] = form.direction or Direction.NONE
    return desk_page(
        request,
        "desk/vocabulary/code.html",
        status=422 if is_wrong else 200,
        code=form,
        list_title=_(LISTS[form.list]),
        uses=used_by(db, form.id),
        offered=offered_codes(db, form.list, but=form.code),
        filled=filled or FilledForm(change, typed),
        retiring=retiring or FilledForm(RetireForm, prefix="retire-"),
        taking_back=taking_back or FilledForm(RestoreCodeForm, prefix="back-"),
        refused=refused,
        history=history(db, form.id),
    )
