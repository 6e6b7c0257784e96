"""`/desk/records/…/merge`: compare and merge. Its undoing is on the page of the record."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import Record
from app.desk.approved.store import find
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts.commands import open_draft
from app.desk.drafts.references import referring_ids
from app.desk.identity.confirmations import GuardedAct, confirmation_notice
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.merges import plan, seen, side_by_side
from app.desk.operations import attempt
from app.desk.review.commands import UnconfirmedError
from app.desk.ui import (
    NO_PROBLEMS,
    FormProblem,
    FormProblems,
    desk_page,
    reason_problems,
    see_other,
)
from app.documents import clean, document_of
from app.i18n.translate import _
from app.kinds import FORMS
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep
from app.web.urls import url

router = APIRouter()
NOTHING_POSTED: Mapping[str, str] = MappingProxyType({})


@router.get("/desk/records/{record}/merge", name="merge")
def merge_page(request: Request, db: Desk, editor: Editor, record: str) -> Response:
    """Show both records side by side."""
    row, query = _approved(db, clean(record)), request.query_params
    other = find(db, clean(query.get("with", "")).strip().upper())
    if other is None or other.id == row.id or other.kind != row.kind:
        words = _("Enter the id of another published record of the same kind.")
        return see_other(request, url("desk-record", record=row.id), words)
    # The older id is more likely to have been cited.
    kept, gone = sorted((row, other), key=lambda each: int(each.id[1:]))
    if query.get("keep") == gone.id:
        kept, gone = gone, kept
    return _page_of_two(request, Catalogue(db, editor), kept, gone)


@router.post("/desk/records/{record}/merge")
def merge(
    request: Request,
    db: Desk,
    editor: Editor,
    record: str,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    kept, gone = _approved(db, clean(record)), _approved(db, clean(posted.get("with", "")))
    if kept.id == gone.id or kept.id[0] != gone.id[0]:
        raise HTTPException(404)
    reason, doubts = clean(posted.get("reason", "")).strip(), list[str]()
    confirmed = _confirmed(posted)
    arguments = {"gone": gone.id, "seen": posted.get("seen", ""), "confirmed": confirmed}
    edition = None
    found = reason_problems(reason, _("Enter a reason for the merge. Readers will see it."))
    try:
        if not found:
            act = GuardedAct.MERGE
            edition = attempt(
                db, editor, act, kept.id, reason=reason, arguments=arguments, settings=settings
            )
    except UnconfirmedError:
        doubts = [*plan(db, gone.id, kept.id).doubts]
        words = _("The words that {citation} supports have changed. Check and confirm it.")
        found = [
            FormProblem(words.format(citation=id), f"confirm.{id}")
            for id in doubts
            if id not in confirmed
        ]
    except PublishError as refused:
        found = FormProblems.of_reasons(refused.reasons)
    if found:
        return _page_of_two(
            request,
            Catalogue(db, editor),
            kept,
            gone,
            posted=posted,
            problems=FormProblems(found),
            doubts=doubts,
        )
    if edition is None:
        return see_other(request, url("desk-record", record=kept.id), confirmation_notice())
    notice = _("Merged in edition {edition}. {gone} now redirects to {kept}.").format(
        edition=edition, gone=gone.id, kept=kept.id
    )
    return see_other(request, url("desk-record", record=kept.id), notice)


def _page_of_two(
    request: Request,
    catalogue: Catalogue,
    kept: Record,
    gone: Record,
    *,
    posted: Mapping[str, str] = NOTHING_POSTED,
    problems: FormProblems = NO_PROBLEMS,
    doubts: Sequence[str] = (),
) -> Response:
    """Return the page of two records; `doubts` are the citations to confirm."""
    db, kind, rows = catalogue.db, kept.kind, (kept, gone)
    documents = [document_of(row.form) for row in rows]
    for row, document in zip(rows, documents, strict=True):
        log_reading_of(db, catalogue.person, row.id, document)
    differing = side_by_side(catalogue, FORMS[kind], *documents)
    referring = sorted(
        {id for row in rows for id in referring_ids(db, kind, row.name)} - {kept.id, gone.id}
    )
    drafts = [draft for id in (kept.id, gone.id, *referring) if (draft := open_draft(db, id))]
    ticked = _confirmed(posted)
    paraphrases = {
        row["id"]: row["paraphrase"]
        for document in documents
        for row in document.get("citations", ())
    }
    return desk_page(
        request,
        "desk/merges/page.html",
        status=422 if problems else 200,
        kept=kept.id,
        gone=gone.id,
        titles={
            row.id: catalogue.title(kind, document)
            for row, document in zip(rows, documents, strict=True)
        },
        differing=differing,
        referring=referring,
        drafts=[(draft.record, db.get_one(Person, draft.owner).called) for draft in drafts],
        doubts={
            id: paraphrases[id] for id in dict.fromkeys([*doubts, *ticked]) if id in paraphrases
        },
        ticked=ticked,
        reason=clean(posted.get("reason", "")),
        seen=seen(kept, gone),
        problems=problems,
    )


def _confirmed(posted: Mapping[str, str]) -> list[str]:
    """Return the citations that were confirmed to support or dispute the merged event, too."""
    return [name.removeprefix("confirm.") for name in posted if name.startswith("confirm.")]


def _approved(db: DeskSession, id: str) -> Record:
    if (row := find(db, id)) is None:
        raise HTTPException(404)
    return row
