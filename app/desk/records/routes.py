"""`/desk/records/…`: history, comparison and restoring; withdrawing and publishing again."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import close_record, open_record
from app.desk.identity.confirmations import (
    GuardedAct,
    confirmation_notice,
    needs_second_person,
    request_confirmation,
    tell_editors,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Contributor, Editor
from app.desk.identity.roles import DeskRole
from app.desk.records.history import compare, history, restore
from app.desk.records.record_page import record_page
from app.desk.review.withdraw import (
    GOES,
    STAYS,
    ReferringRecord,
    referring_records,
    republish,
)
from app.desk.review.withdraw import withdraw as withdraw_with_others
from app.desk.ui.form_problems import FormProblem, FormProblems, reason_problems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean
from app.errors import InvalidStateError
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import app_state
from app.web.urls import url

router = APIRouter()


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
    reason = clean(posted.get("reason", ""))
    chosen = {
        name.removeprefix("becomes."): choice
        for name, choice in posted.items()
        if name.startswith("becomes.") and choice in {GOES, STAYS}
    }
    act = partial(withdraw_with_others, chosen=chosen)
    guarded = GuardedAct.WITHDRAW, {"chosen": chosen}
    return _act_on_record(
        request, db, editor, clean(record), reason=reason, guarded=guarded, chosen=chosen
    )(act, _("The record was withdrawn. Its page gives the reason."))


@router.post("/desk/records/{record}/publish", name="publish-again")
def publish_again(
    request: Request, db: Desk, editor: Editor, record: str, posted: PostedForm
) -> Response:
    """Publish a withdrawn record again, alone or with all effects on others undone."""
    reason = clean(posted.get("reason", ""))
    with_others = bool(posted.get("along"))
    guarded = GuardedAct.PUBLISH_AGAIN, {"with_others": with_others}
    act = partial(republish, with_others=with_others)
    return _act_on_record(request, db, editor, clean(record), reason=reason, guarded=guarded)(
        act, _("The record is published again.")
    )


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


Act = Callable[[DeskSession, str, Person, str], Edition]


def _act_on_record(
    request: Request,
    db: DeskSession,
    editor: Person,
    id: str,
    *,
    reason: str,
    guarded: tuple[GuardedAct, Mapping[str, Any]],
    chosen: Mapping[str, str] | None = None,
) -> Callable[[Act, str], Response]:
    """Return a function that runs an act on a record; errors are shown with what was typed.

    Where the act needs a second person, it is only tried, and then waits as `guarded`. `chosen` is
    what happens to other records on a withdrawal.
    """

    def take(act: Act, done: str) -> Response:
        view = history(db, editor, id)
        if view is None:
            raise HTTPException(404)
        savepoint = db.begin_nested()
        try:
            act(db, id, editor, reason)
            settings = app_state(request).settings
            if needs_second_person(db, editor, guarded[0], {id}, settings):
                savepoint.rollback()
                request_confirmation(
                    db, editor, guarded[0], id, reason=reason.strip(), arguments=guarded[1]
                )
                return see_other(request, url("desk-record", record=id), confirmation_notice())
        except PublishError as refused:
            if savepoint.is_active:
                savepoint.rollback()
            namings = (
                referring_records(db, Catalogue(db, editor), id, chosen)
                if chosen is not None
                else []
            )
            problems = _problems(refused, reason, namings)
            return record_page(
                request, db, editor, view, problems=problems, reason=reason, namings=namings
            )
        except InvalidStateError:
            savepoint.rollback()
            done = _("Nothing was changed: this was already done.")
        else:
            savepoint.commit()
            tell_editors(db, editor, guarded[0], id)
        return see_other(request, url("desk-record", record=id), done)

    return take
