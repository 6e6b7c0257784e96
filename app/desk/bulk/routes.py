"""Routes of `/desk/bulk`: choose records, preview the edit, make its drafts, and undo them."""

import re
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import Record, Significance
from app.desk.bulk import commands
from app.desk.bulk.commands import (
    CHANGEABLE_CODES,
    MAX_RECORDS,
    SETTABLE,
    WITHDRAW,
    BulkEdit,
    BulkEditError,
    in_words,
    read_bulk_edit,
    select_records,
    title_of,
)
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue
from app.desk.draft_form.compare import FieldChange, changes
from app.desk.draft_form.private_values import log_reading
from app.desk.identity.confirmations import GuardedAct, confirmation_notice
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.operations import attempt
from app.desk.review.withdraw import effects_of, in_short
from app.desk.ui import NO_PROBLEMS, FormProblems, desk_page, see_other
from app.documents import Document, align_rows, clean, document_of
from app.i18n.translate import _, ngettext
from app.kinds import FORMS
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()

ID = r"[A-Z][1-9][0-9]{0,8}"


@router.get("/desk/bulk", name="bulk")
def bulk_page(request: Request, db: Desk, editor: Editor) -> Response:
    return _choosing_page(request, db, editor, dict(request.query_params))


@router.post("/desk/bulk")
def bulk_edit(
    request: Request, db: Desk, editor: Editor, posted: PostedForm, *, settings: SettingsDep
) -> Response:
    """Preview the edit of the ticked records, or do it if the preview was confirmed.

    Drafts are made, which are reviewed; a withdrawal of more than a few waits for a second person.
    """
    catalogue = Catalogue(db, editor)
    ticked = {
        name.removeprefix("take."): value
        for name, value in posted.items()
        if re.fullmatch(rf"take\.{ID}", name, re.ASCII)
    }
    # All records of the preview, ticked or not.
    shown = re.findall(ID, posted.get("shown", ""), re.ASCII)[:MAX_RECORDS]
    kind = next((id[0] for id in (*ticked, *shown) if id[0] in THING_OF_KIND), "")
    ticked = {id: value for id, value in ticked.items() if id[0] == kind}
    is_confirmed = posted.get("step") == "make"
    try:
        if not kind or not (ticked or is_confirmed) or len(ticked) > MAX_RECORDS:
            words = _("Tick the records to change, at most {most}.").format(most=MAX_RECORDS)
            raise BulkEditError("take", words)
        act = read_bulk_edit(catalogue, kind, posted)
    except BulkEditError as wrong:
        return _choosing_page(request, db, editor, posted, wrong.problems)
    if not is_confirmed:
        return _preview_page(request, catalogue, act, posted=posted, ids=list(ticked))
    reason = clean(posted.get("reason", "")).strip()
    savepoint = db.begin_nested()
    try:
        if act.what == WITHDRAW:
            first, arguments = commands.withdrawal_arguments(db, catalogue, ticked, reason)
            edition = attempt(
                db,
                editor,
                GuardedAct.WITHDRAW,
                first,
                reason=reason,
                arguments=arguments,
                settings=settings,
            )
            words = _("The records were withdrawn in edition {edition}.")
            done = words.format(edition=edition) if edition else confirmation_notice()
            return see_other(request, url("bulk"), done)
        why = posted.get("why", "")
        name = commands.make_drafts(db, catalogue, act, ticked, why=why, reason=reason)
    except PublishError as refused:
        savepoint.rollback()
        return _preview_page(
            request,
            Catalogue(db, editor),
            act,
            posted=posted,
            ids=shown,
            problems=FormProblems.of_reasons(refused.reasons),
        )
    savepoint.commit()
    done = ngettext(
        "{count} record was changed in a draft.",
        "{count} records were changed in drafts.",
        len(ticked),
    )
    return see_other(request, url("bulk-review", name=name), done)


@router.post("/desk/bulk/{name}", name="bulk-undo")
def undo(request: Request, db: Desk, editor: Editor, name: str) -> Response:
    undone, left = commands.undo_bulk_edit(db, editor, clean(name))
    if not undone + left:
        raise HTTPException(404)
    notice = ngettext("{count} change was undone.", "{count} changes were undone.", undone)
    if left:
        notice += " " + ngettext(
            "{count} record was not changed.", "{count} records were not changed.", left
        )
    return see_other(request, url("bulk"), notice)


# Pages ------------------------------------------------------------------------------------------


def _choosing_page(
    request: Request,
    db: DeskSession,
    editor: Person,
    posted: Mapping[str, str],
    problems: FormProblems = NO_PROBLEMS,
) -> Response:
    catalogue, selection = Catalogue(db, editor), None
    typed = clean(posted.get("in", ""))
    try:
        selection = (
            select_records(db, catalogue, typed, app_state(request).indexes) if typed else None
        )
    except BulkEditError as wrong:
        problems = wrong.problems
    kind = selection.kind if selection else ""
    codes = CHANGEABLE_CODES.get(kind, ())
    lately = commands.recent_bulk_edits(db)
    return desk_page(
        request,
        "desk/bulk/page.html",
        status=422 if problems else 200,
        selection=selection,
        posted={name: clean(value) for name, value in posted.items()},
        has_ticks=any(name.startswith("take.") for name in posted),
        problems=problems,
        codes={code: title_of(code) for code in codes},
        fields=SETTABLE.get(kind, {}),
        suggestions=_suggestions(catalogue, codes),
        lately=lately,
        names={each.by: db.get_one(Person, each.by).called for each in lately},
    )


def _suggestions(catalogue: Catalogue, codes: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return each code that can be typed, and its label."""
    names = catalogue.directory
    offered = [
        (form.list, form.label, form.code) for form in names.codes.values() if not form.successor
    ]
    offered += [
        (noun, names.label(noun, code), code)
        for noun, forms in names.named_records.items()
        for code in forms
    ]
    words = _("{label} ({what})")
    return [
        (code, words.format(label=label, what=title_of(what).lower()))
        for what, label, code in sorted(offered)
        if what in codes
    ]


def _preview_page(
    request: Request,
    catalogue: Catalogue,
    act: BulkEdit,
    *,
    posted: Mapping[str, str],
    ids: Sequence[str],
    problems: FormProblems = NO_PROBLEMS,
) -> Response:
    planned = commands.plan_changes(catalogue.db, catalogue, act, ids)
    free = [each for each in planned if not each.refusals]
    is_withdrawal, db = act.what == WITHDRAW, catalogue.db
    effects = effects_of(db, [each.id for each in free]) if is_withdrawal else {}
    return desk_page(
        request,
        "desk/bulk/preview.html",
        status=422 if problems else 200,
        words=in_words(catalogue, ids[0][0] if ids else "", act),
        posted=posted,
        title=lambda each: catalogue.title(each.id[0], each.before),
        refused=[each for each in planned if each.refusals],
        rows=[(each, _changes(catalogue, each.id, each.before, each.after)) for each in free],
        is_withdrawal=is_withdrawal,
        effects=[
            (other, catalogue.title(other[0], document_of(db.get_one(Record, other).form)), becomes)
            for other, becomes in in_short(effects).items()
        ],
        weights=Significance,
        problems=problems,
    )


def _changes(
    catalogue: Catalogue, record: str, before: Document, after: Document
) -> list[FieldChange]:
    """Return the differing fields. Logs the display of private values, such as an exact place."""
    form = FORMS[record[0]]
    shown = changes(catalogue, form, before, align_rows(form, after, before))
    if any(change.is_private for change in shown):
        log_reading(catalogue.db, catalogue.person, record)
    return shown
