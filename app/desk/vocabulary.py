"""`/desk/vocabulary`: admins add, rename and retire codes, each change as an edition of its own."""

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.desk.approved import store
from app.desk.approved.models import Record, Significance
from app.desk.approved.publish import publish_approved
from app.desk.identity.audit_log import log_action
from app.desk.identity.models import Person
from app.desk.identity.permissions import Admin
from app.desk.review.commands import all_or_nothing
from app.desk.ui import FilledForm, FormFieldView, desk_page, fill, see_other
from app.i18n.formats import sentences
from app.i18n.translate import N_, _
from app.kinds import CodeForm
from app.kinds.base import Form, Needed
from app.record.publishing.validation import PublishError
from app.vocabulary.events import Direction, TypeHeading
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import CONCEPT, LISTS, Why
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.urls import url

router = APIRouter()
OF_TYPES = ("nature", "direction", "is_law")


class ChangeForm(Form):
    """Why a published code changes."""

    why: Significance = Field(title=N_("Type of change"))
    reason: Needed = Field(title=N_("Reason"), description=N_("Shown to readers with the change."))


@router.get("/desk/vocabulary", name="vocabulary")
def vocabulary(request: Request, db: Desk, _admin: Admin) -> Response:
    codes = _codes(db)
    lists = [(key, _(LISTS[key]), [code for code in codes if code.list == key]) for key in LISTS]
    return desk_page(request, "desk/vocabulary/list.html", lists=lists)


@router.get("/desk/vocabulary/new/{list}", name="new-code")
@router.get("/desk/vocabulary/{id}", name="code-of-list")
def show_code(request: Request, db: Desk, _admin: Admin, list: str = "", id: str = "") -> Response:
    return _page(request, db, *_list_and_code(db, list, id))


@router.post("/desk/vocabulary/new/{list}")
@router.post("/desk/vocabulary/{id}")
def save_code(
    request: Request, db: Desk, admin: Admin, posted: PostedForm, *, list: str = "", id: str = ""
) -> Response:
    """Add or change a code. Filters with a code that has a successor match the successor's."""
    list_, code = _list_and_code(db, list, id)
    known = {"list": list_} | ({"code": code.code} if code else {})
    # What was left empty has its default.
    filled = fill(CodeForm, {name: text for name, text in posted.items() if text} | known)
    change = fill(ChangeForm, posted) if code else None
    if filled.form and code is None and _find(db, filled.form.id):
        filled = filled.but("code", _("This list already has that code. Enter another."))
    if filled.form and code and (successor := filled.form.successor) not in {"", code.successor}:
        other = _find(db, f"{list_}:{successor}")
        if other is None or other.successor or other == code:
            message = _("Enter another code of this list that is not retired.")
            filled = filled.but("successor", message)
    if filled.form and filled.form == code:
        return see_other(request, url("code-of-list", id=id), _("Nothing was changed."))
    if filled.form and (change is None or change.form):
        filled = _save(db, admin, filled, code, change.form if change else None)
    if filled.form is None or (change and change.form is None):
        return _page(request, db, list_, code, filled=filled, change=change)
    notice = _("“{label}” was published in the codebook.").format(label=filled.form.label)
    return see_other(request, url("code-of-list", id=filled.form.id), notice)


def _save(
    db: Session,
    by: Person,
    filled: FilledForm[CodeForm],
    before: CodeForm | None = None,
    change: ChangeForm | None = None,
) -> FilledForm[CodeForm]:
    """Save and publish a code; return the form, with an error if that was refused."""
    form = filled.form
    assert form
    action, message = "added-code", _("Added to the codebook: {label}")
    if before:
        action, message = "changed-code", _("Codebook: {label}")
        if form.successor and not before.successor:
            action, message = "retired-code", _("Retired from the codebook: {label}")
    why, reason = (Why(change.why), change.reason) if change else (Why.ADDED, "")
    try:
        with all_or_nothing(db):
            store.save(db, form, why, reason)
            publish_approved(db, message.format(label=form.label), only={form.id})
    except PublishError as refused:
        return filled.but("", sentences(refused.reasons))
    log_action(db, action, by, form.id, reason)
    return filled


def _page(
    request: Request,
    db: Session,
    list_: str,
    code: CodeForm | None,
    *,
    filled: FilledForm[CodeForm] | None = None,
    change: FilledForm[ChangeForm] | None = None,
) -> Response:
    others = [each for each in _codes(db) if each.list == list_ and each != code]
    return desk_page(
        request,
        "desk/vocabulary/code.html",
        status=422 if filled else 200,
        code=code,
        list=list_,
        list_title=_(LISTS[list_]),
        filled=filled or FilledForm(CodeForm, _typed(code)),
        fields=_fields(filled or FilledForm(CodeForm, _typed(code)), list_, is_new=code is None),
        change=change or FilledForm(ChangeForm),
        others=[each for each in others if not each.successor],
    )


def _typed(code: CodeForm | None) -> dict[str, str]:
    values: dict[str, Any] = code.model_dump(mode="json") if code else {}
    return {
        name: {True: "yes", False: ""}.get(value, value or "") for name, value in values.items()
    }


def _fields(filled: FilledForm[CodeForm], list_: str, *, is_new: bool) -> list[FormFieldView]:
    """Return the fields that codes of this list have."""
    names = ["code"] if is_new else []
    names += ["label", "definition", "example", *(["group"] if list_ != CONCEPT else [])]
    names += [*(OF_TYPES if list_ == "type" else ()), *([] if is_new else ["successor"])]
    fields = {name: filled[name] for name in names}
    for name in {"group", "successor"} & fields.keys():
        fields[name] = replace(fields[name], offers="codes")
    if list_ == "type":
        headings = [(each.value, _(each.label), _(each.definition)) for each in TypeHeading]
        fields["group"] = replace(fields["group"], kind="choice", choices=headings)
        stored = [each for each in fields["direction"].choices if each[0] != Direction.NONE]
        fields["direction"] = replace(fields["direction"], choices=stored)
    return [*fields.values()]


def _codes(db: Session) -> list[CodeForm]:
    codes = [form for form in store.all_forms(db, RecordKind.CODE) if isinstance(form, CodeForm)]
    return sorted(codes, key=lambda code: code.label)


def _find(db: Session, id: str) -> CodeForm | None:
    row = db.get(Record, id) if ":" in id else None
    form = row.form if row else None
    return form if isinstance(form, CodeForm) else None


def _list_and_code(db: Session, list_: str, id: str) -> tuple[str, CodeForm | None]:
    """Return the list of a code and the code, or the list of a new one; 404 without them."""
    code = _find(db, id)
    if code is None and (id or list_ not in LISTS):
        raise HTTPException(404)
    return code.list if code else list_, code
