"""`/desk/records/…`: history and restoring; withdrawing, publishing again, undoing a merge."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.merge_models import Merging
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import close_record, open_record, readers_of
from app.desk.identity.confirmations import (
    GuardedAct,
    act_alone,
    confirmation_notice,
    tell_editors,
    waiting_for,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor, Editor
from app.desk.identity.roles import DeskRole
from app.desk.merges import commands as merges
from app.desk.merges.views import merges_of
from app.desk.records.history import RecordHistory, compare, history, restore
from app.desk.review.withdraw import (
    GOES,
    STAYS,
    ReferringRecord,
    referring_records,
    republish,
    withdrawal_effects,
)
from app.desk.review.withdraw import withdraw as withdraw_with_others
from app.desk.ui.form_problems import NO_PROBLEMS, FormProblem, FormProblems, reason_problems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()


# The page --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostedReason:
    """The form for undoing a merge as it was sent: the merge, and what was typed."""

    merging: int = 0
    reason: str = ""

    @property
    def field(self) -> str:
        """The id of its field."""
        return undo_field(self.merging)


def undo_field(merging: int) -> str:
    """Return the id of the field for the reason of undoing a merge."""
    return f"undo-{merging}"


def suggested_reason(view: RecordHistory) -> str:
    """Return the reason to begin with: a withdrawal is undone in one press."""
    return _("The withdrawal was undone.") if view.can_publish_again else ""


def record_page(
    request: Request,
    db: DeskSession,
    person: Person,
    view: RecordHistory,
    *,
    problems: FormProblems = NO_PROBLEMS,
    reason: str = "",
    namings: Sequence[ReferringRecord] = (),
    undo: PostedReason | None = None,
) -> Response:
    """Return the page; with problems, what was typed, and the status of a refused form.

    `reason` is that of withdrawing or publishing again, `undo` the form for undoing a merge.
    """
    return desk_page(
        request,
        "desk/records/page.html",
        status=422 if problems else 200,
        history=view,
        merges=merges_of(db, person, view.record),
        along=withdrawal_effects(db, view.record).ids,
        namings=namings,
        problems=problems,
        reason=reason or suggested_reason(view),
        undo=undo or PostedReason(),
        # For editors: the contributors who may see the record's private values.
        readers=readers_of(db, view.record) if person.may(DeskRole.EDITOR) else None,
        waiting=[
            (each, db.get_one(Person, each.asked_by).called)
            for each in waiting_for(db, view.record)
            if person.may(DeskRole.EDITOR)
        ],
    )


@router.get("/desk/records/{record}", name="desk-record")
def show_record(request: Request, db: Desk, person: Contributor, record: str) -> Response:
    view = history(db, person, clean(record))
    if view is None:
        raise HTTPException(404)
    return record_page(request, db, person, view)


@router.post("/desk/records/{record}/private", name="record-private")
def open_private_values(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Let one contributor see a record's private values, or stop that."""
    id, to = clean(record), posted.get("person", "")
    person = db.get(Person, int(to)) if re.fullmatch(r"[0-9]{1,9}", to, re.ASCII) else None
    if history(db, editor, id) is None or person is None or person.may(DeskRole.EDITOR):
        raise HTTPException(404)
    if posted.get("do") == "close":
        close_record(db, editor, id, person)
        done = _("{who} can no longer see the private fields of {record}.").format(
            who=person.called, record=id
        )
    else:
        open_record(db, editor, id, person)
        done = _("{who} can now see the private fields of {record}.").format(
            who=person.called, record=id
        )
    return see_other(request, f"{url('desk-record', record=id)}#private", done)


@router.get("/desk/records/{record}/compare", name="compare")
def compare_page(request: Request, db: Desk, person: Contributor, record: str) -> Response:
    query = request.query_params
    view = compare(
        db, person, clean(record), clean(query.get("before", "")), clean(query.get("after", ""))
    )
    if view is None:
        return see_other(
            request, url("desk-record", record=clean(record)), _("Choose two versions to compare.")
        )
    return desk_page(request, "desk/records/compare.html", comparison=view)


@router.post("/desk/records/{record}/restore", name="record-restore")
def restore_version(
    request: Request, db: Desk, person: Contributor, record: str, posted: PostedForm
) -> Response:
    """Restore an earlier state in the open draft, or in a new one."""
    try:
        draft = restore(
            db, person, clean(record), clean(posted.get("version", "")), sheet=secrets.token_hex(8)
        )
    except LookupError:
        raise HTTPException(404) from None
    except InvalidStateError:
        return see_other(
            request,
            url("desk-record", record=clean(record)),
            _("Another person is editing it. Nothing was restored."),
        )
    return see_other(
        request,
        url("draft", id=draft.id),
        _("The version was restored in a draft. It is not published yet."),
    )


@router.post("/desk/records/{record}/withdraw", name="withdraw")
def withdraw(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Withdraw a record; the page asks what happens to records that refer to it."""
    chosen = {
        name.removeprefix("becomes."): choice
        for name, choice in posted.items()
        if name.startswith("becomes.") and choice in {GOES, STAYS}
    }
    act = GuardedAct.WITHDRAW, partial(withdraw_with_others, chosen=chosen), {"chosen": chosen}
    done = _("The record was withdrawn. Its page gives the reason.")
    return _act_on_record(request, db, editor, clean(record), posted, act=act, done=done)


@router.post("/desk/records/{record}/publish", name="publish-again")
def publish_again(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Publish a withdrawn record again, alone or with all effects on others undone."""
    along = bool(posted.get("along"))
    perform = partial(republish, with_others=along)
    act = GuardedAct.PUBLISH_AGAIN, perform, {"with_others": along}
    done = _("The record is published again.")
    return _act_on_record(request, db, editor, clean(record), posted, act=act, done=done)


def _act_on_record(
    request: Request,
    db: DeskSession,
    editor: Person,
    id: str,
    posted: Mapping[str, str],
    *,
    act: tuple[GuardedAct, Callable[..., Edition], dict[str, Any]],
    done: str,
) -> Response:
    """Perform an act; errors are shown on the page of the record, with what was typed."""
    view, reason = history(db, editor, id), clean(posted.get("reason", ""))
    if view is None:
        raise HTTPException(404)
    guarded, perform, arguments = act
    try:
        edition = act_alone(
            db,
            editor,
            guarded,
            [id],
            perform=lambda: (perform(db, id, editor, reason), arguments),
            reason=reason.strip(),
            settings=app_state(request).settings,
        )
    except PublishError as refused:
        chosen = arguments.get("chosen")
        namings = [] if chosen is None else referring_records(db, Catalogue(db, editor), id, chosen)
        problems = _problems(refused, reason, namings)
        return record_page(
            request, db, editor, view, problems=problems, reason=reason, namings=namings
        )
    except InvalidStateError:
        done = _("Nothing was changed: this was already done.")
    else:
        if edition is None:
            done = confirmation_notice()
        else:
            tell_editors(db, editor, guarded, id)
    return see_other(request, url("desk-record", record=id), done)


def _problems(
    refused: PublishError, reason: str, namings: Sequence[ReferringRecord]
) -> FormProblems:
    """Return the errors of the form's fields; if these are in order, why the act was refused."""
    found = reason_problems(reason, _("Enter a reason. Readers will see it."))
    words = _("{id} refers to {record}. Choose what happens to it.")
    found += [
        FormProblem(words.format(id=each.id, record=each.names), f"becomes.{each.id}")
        for each in namings
        if not each.chosen
    ]
    return FormProblems(tuple(found)) if found else FormProblems.of_reasons(refused.reasons)


# Undoing a merge ------------------------------------------------------------------------------


@router.post("/desk/merges/{id}/undo", name="merge-undo")
def undo(
    request: Request,
    db: Desk,
    editor: Editor,
    id: int,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    """Undo a merge. Errors are shown on the page of the record that stayed, with what was typed."""
    merging = db.get(Merging, id, with_for_update=True) if id < 2**31 else None
    if merging is None:
        raise HTTPException(404)
    record, reason = merging.kept, clean(posted.get("reason", "")).strip()
    back = url("desk-record", record=record)
    typed = PostedReason(merging.id, reason)

    def page_with_problems(problems: FormProblems) -> Response:
        view = history(db, editor, record)
        if view is None:
            raise HTTPException(404)
        return record_page(request, db, editor, view, problems=problems, undo=typed)

    missing = _("Enter a reason for undoing the merge. Readers will see it.")
    if found := reason_problems(reason, missing):
        problems = (FormProblem(each.words, typed.field) for each in found)
        return page_with_problems(FormProblems(tuple(problems)))
    try:
        edition = act_alone(
            db,
            editor,
            GuardedAct.UNDO_MERGE,
            [merging.kept, merging.gone],
            perform=lambda: (merges.undo(db, editor, merging, reason), {"merging": id}),
            reason=reason,
            settings=settings,
        )
    except PublishError as refused:
        return page_with_problems(FormProblems.of_reasons(refused.reasons))
    except InvalidStateError:
        return see_other(request, back, _("Nothing was changed: this was already done."))
    words = _("The merge was undone in edition {edition}.")
    done = words.format(edition=edition.no) if edition else confirmation_notice()
    return see_other(request, back, done)
