"""Taking a record back although others name it: they go with it, or stay and name it no more, in one edition."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import Draft, Saved
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import form_of, in_the_record, lock_approved_state, save_all
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import check, document_of, fitting
from app.desk.drafts.commands import open_draft, revisions
from app.desk.drafts.references import name_of, naming
from app.desk.drafts.revisions import Act, keep
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.review.commands import all_or_nothing
from app.errors import NotNow
from app.forms import FORMS, RecordForm
from app.i18n.translate import _
from app.record.models import Edition, Version
from app.record.publishing.publish import Withdrawal
from app.record.publishing.validation import Refused, targets
from app.vocabulary.record import Why
from app.web.urls import url

GOES, STAYS = "goes", "stays"
"""What becomes of a record that names the one that is withdrawn."""
NOBODY: Mapping[str, str] = {}
MOST = 100


@dataclass(frozen=True)
class Naming:
    """A record that readers see and that names what is withdrawn."""

    id: str
    title: str
    names: str
    address: str
    can_stay: bool
    """Whether it says something without that: a figure without its event does, a citation without its source not."""
    chosen: str


def in_the_way(
    db: Session, catalogue: Catalogue, id: str, chosen: Mapping[str, str]
) -> list[Naming]:
    """All that name it and, of those of which somebody said that they go too, all that name these."""
    found: dict[str, Naming] = {}
    going = [id]
    for gone in going:
        for other in _naming(db, gone):
            if other in found or other in going:
                continue
            form = form_of(_row(db, other))
            found[other] = Naming(
                id=other,
                title=catalogue.title(other[0], document_of(form)),
                names=gone,
                address=url("desk-record", record=other),
                can_stay=without(form, {_key(db, gone)}) is not None,
                chosen=chosen.get(other, ""),
            )
            if found[other].chosen == GOES:
                going.append(other)
    return list(found.values())[:MOST]


def at_once(db: Session, catalogue: Catalogue, id: str) -> dict[str, str]:
    """What becomes of others where nobody has time to choose: each stays without it, or goes where it rests on it."""
    chosen: dict[str, str] = {}
    while True:
        found = {
            each.id: STAYS if each.can_stay else GOES
            for each in in_the_way(db, catalogue, id, chosen)
        }
        if found == chosen:
            return chosen
        chosen = found


def without(form: RecordForm, gone: Collection[tuple[str, str]]) -> RecordForm | None:
    """The same record, naming none of these; nothing where it rests on them."""
    document, names = document_of(form), {name for _kind, name in gone}
    cut = {row["id"] for row in document.get("links", []) if row["to"] in names}
    if any(row["about"] in cut for row in document.get("citations", [])):
        return None
    if "links" in document:
        document["links"] = [row for row in document["links"] if row["id"] not in cut]
    if document.get("event") in names:
        document["event"] = ""
    changed = check(type(form), document).form
    return None if changed is None or targets(changed) & set(gone) else changed


def withdraw(
    db: Session, id: str, by: Person, reason: str, chosen: Mapping[str, str] = NOBODY
) -> Edition:
    """Takes a record out of every list, as one edition with what becomes of others. Its page stays and says why.

    Refused leaves all as it was: the door names those that nobody has chosen for.
    """
    reason = reason.strip()
    lock_approved_state(db)
    namings = in_the_way(db, Catalogue(db, by), id, chosen)
    going = [id, *(each.id for each in namings if each.chosen == GOES)]
    gone = {_key(db, each) for each in going if namings}
    before = {each.id: form_of(_row(db, each.id)) for each in namings if each.chosen == STAYS}
    after = {
        other: changed
        for other, form in before.items()
        if (changed := without(form, gone)) is not None
    }
    if busy := [other for other in after if open_draft(db, other) or _row(db, other).is_pending]:
        raise Refused(
            [
                _("{id} is being changed at the desk: publish or delete that first").format(
                    id=other
                )
                for other in busy
            ]
        )
    with all_or_nothing(db):
        save_all(db, list(after.values()), Why.UPDATED, reason)
        message = _("Withdrawn: {ids}").format(ids=_(", ").join(going))
        withdrawn = [Withdrawal(each, reason) for each in going]
        edition = publish_approved(
            db, message, signature=by.signature, only=set(after), withdrawn=withdrawn
        )
    if edition is None:
        raise NotNow
    for each in going:
        note(db, Action.WITHDREW, by, each, reason)
    act = Act(_act(edition.no), by.id, Saved.TAKEN_OFF, edition.no, reason)
    for other, form in after.items():
        keep(db, act, before[other], form)
    return edition


# Putting back -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WentAlong:
    """What withdrawing a record did to others, as far as nobody has changed it since."""

    hidden: Sequence[str]
    """Ids of those that were withdrawn with it."""
    named: Sequence[RecordForm]
    """Those that name it no more, as they were when they did."""

    def __bool__(self) -> bool:
        return bool(self.hidden or self.named)

    @property
    def ids(self) -> list[str]:
        return [*self.hidden, *(form.id for form in self.named)]


def went_along(db: Session, id: str) -> WentAlong:
    standing = in_the_record(db, id)
    if standing is None or standing.state != "withdrawn":
        return WentAlong([], [])
    also = (
        Version.opened == standing.opened,
        Version.closed.is_(None),
        Version.state == "withdrawn",
    )
    hidden = db.scalars(
        select(Version.id).where(*also, Version.id != id).order_by(Version.id)
    ).all()
    acts = select(Draft).where(Draft.key.startswith(f"{_act(standing.opened)} ")).order_by(Draft.id)
    return WentAlong(
        hidden, [form for draft in db.scalars(acts) if (form := _before(db, draft)) is not None]
    )


def _before(db: Session, draft: Draft) -> RecordForm | None:
    """What that record said; nothing where it says something else by now, or somebody is at it."""
    form = FORMS[draft.kind]
    before, after = (
        check(form, fitting(form, revision.document)).form for revision in revisions(db, draft)
    )
    row = db.get(models.MODELS[draft.kind], draft.record)
    is_free = open_draft(db, draft.record) is None and not (row and row.is_pending)
    return before if row is not None and is_free and form_of(row) == after else None


def put_back(
    db: Session, id: str, by: Person, reason: str, *, with_others: bool = False
) -> Edition:
    """Shows again what was withdrawn, as it is approved; `with_others`, what that did to others is undone too.

    Refused leaves all as it was.
    """
    lock_approved_state(db)
    standing, reason = in_the_record(db, id), reason.strip()
    if (
        standing is None
        or standing.state != "withdrawn"
        or db.get(models.MODELS[id[0]], id) is None
    ):
        raise NotNow
    if not reason:
        raise Refused([_("{id} can’t be published again without a reason").format(id=id)])
    along = went_along(db, id) if with_others else WentAlong([], [])
    shown = [id, *along.hidden]
    after = {form.id: form_of(_row(db, form.id)) for form in along.named}
    with all_or_nothing(db):
        save_all(db, along.named, Why.UPDATED, reason)
        for each in shown:
            row = _row(db, each)
            row.is_pending, row.why, row.reason = True, Why.UPDATED, reason
        message = _("Published again: {id}").format(id=_(", ").join(shown))
        edition = publish_approved(db, message, signature=by.signature, only={*shown, *after})
    if edition is None:
        raise NotNow
    for each in shown:
        note(db, Action.PUBLISHED_AGAIN, by, each, reason)
    act = Act(f"put back {edition.no}", by.id, Saved.RESTORED, edition.no, reason)
    for form in along.named:
        keep(db, act, after[form.id], form)
    return edition


def _act(edition: int) -> str:
    """By what the revisions of what became of others are found again."""
    return f"withdraw {edition}"


def _naming(db: Session, id: str) -> list[str]:
    # What was never approved, or went into another record, is named by nobody.
    names = naming(db, *_key(db, id)) if db.get(models.MODELS[id[0]], id) else []
    return [
        other
        for other in names
        if (row := in_the_record(db, other)) is not None and row.state == "live"
    ]


def _key(db: Session, id: str) -> tuple[str, str]:
    return id[0], name_of(_row(db, id))


def _row(db: Session, id: str) -> models.Record:
    return db.get_one(models.MODELS[id[0]], id)
