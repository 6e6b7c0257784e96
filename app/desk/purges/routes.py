"""Pages on which an admin purges a record, after typing its id."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.database.sessions import DeskSession
from app.desk.approved.draft_models import Draft, Revision
from app.desk.approved.store import find
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts.comment_models import Comment
from app.desk.drafts.references import referring_ids
from app.desk.drafts.revisions import merges_involving
from app.desk.identity.confirmations import (
    GuardedAct,
    confirmation_notice,
    has_second_person,
    request_confirmation,
)
from app.desk.identity.models import Person
from app.desk.identity.permissions import Admin
from app.desk.purges.commands import Purge, PurgeCause, add_to_list_after_commit, purge
from app.desk.ui.form_problems import NO_PROBLEMS, REASON, FormProblem, FormProblems
from app.desk.ui.page_frame import desk_page, see_other
from app.documents import clean, document_of, fit_to_form
from app.i18n.translate import _, ngettext
from app.kinds import FORMS
from app.record.models import Edition, RecordState, Version
from app.record.publishing.validation import PublishError
from app.web.forms import PostedForm
from app.web.sessions import Desk
from app.web.state import SettingsDep, app_state
from app.web.urls import url

# The page -----------------------------------------------------------------------------------------


MAX_REFERENCES = 20


@dataclass(frozen=True)
class RelatedRecord:
    """Another record that may contain parts of this one."""

    id: str
    address: str
    why: str


@dataclass(frozen=True)
class PurgePage:
    """View of `desk/purges/page.html`."""

    id: str
    title: str
    is_done: bool
    goes: Sequence[str]
    named_by: Sequence[tuple[str, str]]
    more_named_by: int
    related: Sequence[RelatedRecord]
    messages: Sequence[tuple[int, str]]
    """(number, message) of the editions with this record. Messages stay."""
    causes: Sequence[tuple[str, str, str, bool]]
    typed: str
    reason: str
    problems: FormProblems
    keeps_a_list: bool


@dataclass(frozen=True)
class PurgeInput:
    """Submitted values of the form, and the problems with them."""

    typed: str = ""
    reason: str = ""
    cause: str = PurgeCause.SAFETY.value
    problems: FormProblems = NO_PROBLEMS


def purge_view(
    db: Session, admin: Person, id: str, sent: PurgeInput, *, keeps_a_list: bool
) -> PurgePage | None:
    """Return the view, or None if there never was such a record."""
    row = find(db, id)
    drafts = db.scalars(select(Draft).where(Draft.record == id).order_by(Draft.id)).all()
    editions = db.execute(
        select(Version.opened, Version.state, Edition.message)
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == id)
        .order_by(Version.opened)
    ).all()
    is_done = db.get(Purge, id) is not None or any(
        state == RecordState.PURGED for _opened, state, _message in editions
    )
    if row is None and not drafts and not editions and not is_done:
        return None
    catalogue = Catalogue(db, admin)
    document = document_of(row.form) if row else drafts[-1].document if drafts else None
    references = referring_ids(db, id[0], row.name) if row else []
    return PurgePage(
        id=id,
        title=catalogue.title(id[0], fit_to_form(FORMS[id[0]], document)) if document else id,
        is_done=is_done and row is None and not drafts,
        goes=list(_counts_of_removed(db, len(editions), drafts)),
        named_by=[
            (other, url("desk-record", record=other)) for other in references[:MAX_REFERENCES]
        ],
        more_named_by=max(0, len(references) - MAX_REFERENCES),
        related=_related(db, id),
        messages=[(opened, message) for opened, _state, message in editions if message],
        causes=[
            (each.value, _(each.label), _(each.definition), each.value == sent.cause)
            for each in PurgeCause
        ],
        typed=sent.typed,
        reason=sent.reason,
        problems=sent.problems,
        keeps_a_list=keeps_a_list,
    )


def _counts_of_removed(db: Session, versions: int, drafts: Sequence[Draft]) -> Sequence[str]:
    ids = [draft.id for draft in drafts]
    revisions = (
        db.scalar(select(func.count()).select_from(Revision).where(Revision.draft.in_(ids))) or 0
    )
    comments = (
        db.scalar(select(func.count()).select_from(Comment).where(Comment.draft.in_(ids))) or 0
    )
    counted = [
        (
            versions,
            ngettext("{count} published version", "{count} published versions", versions),
        ),
        (len(ids), ngettext("{count} draft", "{count} drafts", len(ids))),
        (
            revisions,
            ngettext("{count} desk version", "{count} desk versions", revisions),
        ),
        (comments, ngettext("{count} comment", "{count} comments", comments)),
    ]
    return [words.format(count=count) for count, words in counted if count]


def _related(db: Session, id: str) -> list[RelatedRecord]:
    """Return the records that were merged with this one, in either direction."""
    found = {}
    for each in merges_involving(db, id):
        other = each.kept if each.gone == id else each.gone
        why = _("contains a merged record") if each.gone == id else _("was merged into this one")
        found[other] = RelatedRecord(other, url("purge", record=other), why)
    return list(found.values())


router = APIRouter()


@router.get("/desk/records/{record}/purge", name="purge")
def purge_page(request: Request, db: Desk, admin: Admin, record: str) -> Response:
    return _page(request, db, admin, clean(record), PurgeInput())


@router.post("/desk/records/{record}/purge")
def purge_record(
    request: Request,
    db: Desk,
    admin: Admin,
    record: str,
    posted: PostedForm,
    *,
    settings: SettingsDep,
) -> Response:
    id = clean(record)
    typed, reason = clean(posted.get("typed", "")).strip(), clean(posted.get("reason", "")).strip()
    cause = PurgeCause.by_code().get(posted.get("cause", ""), PurgeCause.SAFETY)
    found = []
    if not reason:
        words = _("Enter a reason for the log, without repeating the content.")
        found.append(FormProblem(words, REASON))
    if typed != id:
        found.append(FormProblem(_("Type the id, {id}, to confirm.").format(id=id), "typed"))
    problems = FormProblems(tuple(found))
    if not problems:
        try:
            if has_second_person(settings):
                if purge_view(db, admin, id, PurgeInput(), keeps_a_list=False) is None:
                    raise HTTPException(404)
                request_confirmation(
                    db, admin, GuardedAct.PURGE, id, reason=reason, arguments={"cause": cause.value}
                )
                return see_other(request, url("desk-record", record=id), confirmation_notice())
            done = purge(db, id, admin, cause, reason)
        except PublishError as refused:
            problems = FormProblems.of_reasons(refused.reasons)
        else:
            add_to_list_after_commit(db, settings.purge_list, id)
            return see_other(
                request,
                url("desk"),
                _notice(id, done.edition if done else None, is_new=done is not None),
            )
    return _page(
        request,
        db,
        admin,
        id,
        PurgeInput(typed, reason, cause.value, problems),
    )


def _page(request: Request, db: DeskSession, admin: Person, id: str, sent: PurgeInput) -> Response:
    keeps_a_list = app_state(request).settings.purge_list is not None
    view = purge_view(db, admin, id, sent, keeps_a_list=keeps_a_list)
    if view is None:
        raise HTTPException(404)
    return desk_page(
        request, "desk/purges/page.html", purging=view, status=422 if sent.problems else 200
    )


def _notice(id: str, edition: int | None, *, is_new: bool) -> str:
    if not is_new:
        return _("{id} was already removed.").format(id=id)
    if edition is None:
        return _("{id} was removed permanently. It was never published.").format(id=id)
    return _("{id} was removed permanently, in edition {edition}.").format(id=id, edition=edition)
