"""What an admin reads before a purge: what goes, what stays and names it still, and where it may stand besides."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft, Revision
from app.desk.approved.store import form_of
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import document_of, fitting
from app.desk.drafts.comment_models import Comment
from app.desk.drafts.references import name_of, naming
from app.desk.drafts.revisions import mergings
from app.desk.identity.models import Person
from app.desk.purges.commands import Cause
from app.desk.purges.models import Purge
from app.forms import FORMS
from app.i18n.translate import _, ngettext
from app.record.models import Edition, Version
from app.web.urls import url

MOST = 20


@dataclass(frozen=True)
class Related:
    """Another record in which some of it may stand."""

    id: str
    address: str
    why: str


@dataclass(frozen=True)
class Purging:
    """What `desk/purges/page.html` prints."""

    id: str
    title: str
    is_done: bool
    goes: Sequence[str]
    named_by: Sequence[tuple[str, str]]
    more_named_by: int
    related: Sequence[Related]
    messages: Sequence[tuple[int, str]]
    """Numbers and words of the editions that wrote it: they stay, and may speak of it."""
    causes: Sequence[tuple[str, str, str, bool]]
    typed: str
    reason: str
    problems: Sequence[str]
    keeps_a_list: bool


@dataclass(frozen=True)
class Sent:
    """What was typed, and what is wrong with it."""

    typed: str = ""
    reason: str = ""
    cause: str = Cause.SAFETY.value
    problems: Sequence[str] = ()


def purging(
    db: Session, admin: Person, id: str, sent: Sent, *, keeps_a_list: bool
) -> Purging | None:
    """None where there is, and was, no such record."""
    model = models.MODELS.get(id[:1])
    row = db.get(model, id) if model and ":" not in id else None
    drafts = db.scalars(select(Draft).where(Draft.record == id).order_by(Draft.id)).all()
    editions = db.execute(
        select(Version.opened, Version.state, Edition.message)
        .join(Edition, Edition.no == Version.opened)
        .where(Version.id == id)
        .order_by(Version.opened)
    ).all()
    is_done = db.get(Purge, id) is not None or any(
        state == "purged" for _opened, state, _message in editions
    )
    if row is None and not drafts and not editions and not is_done:
        return None
    catalogue = Catalogue(db, admin)
    document = document_of(form_of(row)) if row else drafts[-1].document if drafts else None
    named = naming(db, id[0], name_of(row)) if row else []
    return Purging(
        id=id,
        title=catalogue.title(id[0], fitting(FORMS[id[0]], document)) if document else id,
        is_done=is_done and row is None and not drafts,
        goes=list(_goes(db, len(editions), drafts)),
        named_by=[(other, url("desk-record", record=other)) for other in named[:MOST]],
        more_named_by=max(0, len(named) - MOST),
        related=_related(db, id),
        messages=[(opened, message) for opened, _state, message in editions if message],
        causes=[
            (each.value, _(each.label), _(each.definition), each.value == sent.cause)
            for each in Cause
        ],
        typed=sent.typed,
        reason=sent.reason,
        problems=sent.problems,
        keeps_a_list=keeps_a_list,
    )


def _goes(db: Session, versions: int, drafts: Sequence[Draft]) -> Sequence[str]:
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
            ngettext(
                "{count} version that readers saw", "{count} versions that readers saw", versions
            ),
        ),
        (len(ids), ngettext("{count} draft", "{count} drafts", len(ids))),
        (
            revisions,
            ngettext("{count} version at the desk", "{count} versions at the desk", revisions),
        ),
        (comments, ngettext("{count} comment", "{count} comments", comments)),
    ]
    return [words.format(count=count) for count, words in counted if count]


def _related(db: Session, id: str) -> list[Related]:
    """What it was merged with has taken over some of it, or was taken over by it."""
    found = {}
    for each in mergings(db, id):
        other = each.kept if each.gone == id else each.gone
        why = _("has what was merged into it") if each.gone == id else _("was merged into this one")
        found[other] = Related(other, url("purge", record=other), why)
    return list(found.values())
