"""`/desk/records/…/merge`: choose, compare, merge. Its undoing is on the page of the record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from fastapi import APIRouter, Request
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.models import Record
from app.desk.draft_form.catalogue import THING_OF_KIND, Catalogue, Match
from app.desk.draft_form.private_values import log_reading_of
from app.desk.drafts import duplicates
from app.desk.drafts.commands import open_draft
from app.desk.drafts.references import referring_ids
from app.desk.identity.confirmations import GuardedAct, confirmation_notice
from app.desk.identity.models import Person
from app.desk.identity.permissions import Editor
from app.desk.merges import plan, seen, side_by_side
from app.desk.operations import attempt
from app.desk.review.commands import UnconfirmedError
from app.desk.search import matching_ids
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
from app.record.models import Version
from app.record.publishing.validation import PublishError
from app.vocabulary.kinds import CITING_KINDS
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

router = APIRouter()
NOTHING_POSTED: Mapping[str, str] = MappingProxyType({})


@router.get("/desk/records/{record}/merge", name="merge")
def merge_page(request: Request, db: Desk, editor: Editor, record: str) -> Response:
    """Show both records side by side or, without a second one, suggestions."""
    row = _approved(db, clean(record))
    query = request.query_params
    other = _row(db, clean(query.get("with", "")).strip().upper())
    catalogue = Catalogue(db, editor)
    if other is not None and other.id != row.id and other.id[0] == row.id[0]:
        # The older id is more likely to have been cited.
        kept, gone = sorted((row, other), key=lambda each: int(each.id[1:]))
        if query.get("keep") == gone.id:
            kept, gone = gone, kept
        return _page_of_two(request, catalogue, kept, gone)
    document = document_of(row.form)
    title = catalogue.title(row.id[0], document)
    typed = clean(query.get("q", "") or query.get("with", "")).strip()
    typed = typed or document.get("title") or title
    is_citing = row.kind in CITING_KINDS
    similar = duplicates.similar(db, catalogue, row.id, document) if is_citing else ()
    return desk_page(
        request,
        "desk/merges/choose.html",
        record=row.id,
        title=title,
        typed=typed,
        similar=_offered(catalogue, row, [each.code for each in similar]),
        found=_offered(catalogue, row, matching_ids(catalogue, typed, app_state(request).indexes)),
    )


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


def _row(db: DeskSession, id: str) -> Record | None:
    return db.get(Record, id) if id[:1] in THING_OF_KIND else None


def _approved(db: DeskSession, id: str) -> Record:
    row = _row(db, id)
    if row is None:
        raise HTTPException(404)
    return row


def _offered(catalogue: Catalogue, row: Record, ids: Iterable[str]) -> list[Match]:
    """Return other published records of the same kind as they are shown."""
    db, thing = catalogue.db, THING_OF_KIND[row.kind]
    others = [id for id in dict.fromkeys(ids) if id[0] == row.kind and id != row.id]
    shown = select(Version.id).where(Version.id.in_(others), Version.closed.is_(None))
    is_live = set(db.scalars(shown.where(Version.is_live)))
    return [
        replace(catalogue.match(thing, db.get_one(Record, id).name), code=id)
        for id in others
        if id in is_live
    ]
