"""What a reviewer does: say something about a draft, return it, approve it; publish what is approved, and withdraw it.

A draft is checked at the door when it is approved, but only publishing writes it into the approved tables and, in the
same transaction, into the record: so whoever approved too soon can still return it, and nothing has to be undone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import ColumnElement, exists, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.desk.approved import models
from app.desk.approved.draft_models import WAITING, WRITTEN, Draft, Revision, Saved, State, Weight
from app.desk.approved.publish import publish_approved
from app.desk.approved.store import form_of as approved_form
from app.desk.approved.store import held_together, lock_approved_state, save
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft
from app.desk.draft_form.compare import errors_in_words
from app.desk.drafts import commands
from app.desk.drafts.alignment import is_behind
from app.desk.drafts.commands import Move, move
from app.desk.drafts.comments import comment
from app.desk.drafts.trial_publish import is_published, refusals, refusals_of_each
from app.desk.identity.audit_log import Action
from app.desk.identity.models import Person
from app.desk.identity.permissions import may_approve
from app.errors import NotNow
from app.forms import EventForm, RecordForm
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.validation import Refused, targets
from app.record.rules.disputes import to_reconfirm
from app.settings import Settings

RETURN = Move(WAITING, State.RETURNED, Saved.RETURNED, Action.RETURNED)
APPROVE = Move(frozenset({State.IN_REVIEW}), State.APPROVED, Saved.APPROVED, Action.APPROVED)
PUBLISH = Move(frozenset({State.APPROVED}), State.PUBLISHED, Saved.PUBLISHED, Action.PUBLISHED)


class Unconfirmed(Exception):
    """Citations whose stance was towards other words are still to be confirmed (rule 13)."""


# Who may ----------------------------------------------------------------------------------------------------------


def authors(db: Session, draft: Draft) -> set[int]:
    """Everybody who wrote any of it."""
    return set(
        db.scalars(
            select(Revision.by).where(Revision.draft == draft.id, Revision.saved.in_(WRITTEN))
        )
    )


def wrote_in(person: Person) -> ColumnElement[bool]:
    """The same of all drafts that a statement reads: whether that person is among who wrote them."""
    wrote = (Revision.draft == Draft.id, Revision.by == person.id, Revision.saved.in_(WRITTEN))
    return exists().where(*wrote).correlate(Draft)


def may_decide(db: Session, person: Person, draft: Draft, settings: Settings) -> bool:
    return draft.state in WAITING and may_approve(person, authors(db, draft), settings)


# The decision -----------------------------------------------------------------------------------------------------


NAMES_FIRST = func.strpos("POSEM", Draft.kind)
"""The order of kinds in which what others name comes before these, so that any first part can be published."""


def refuse_unseen(draft: Draft, looked_at: int) -> None:
    """Nobody decides on what they have not seen: the draft is still at the revision that they looked at."""
    if draft.number != looked_at:
        raise NotNow


def send_back(db: Session, draft: Draft, by: Person, said: Mapping[str, str]) -> None:
    """Returns a draft to who wrote it, with what is said about its fields and, under no name, about the whole."""
    for place, words in said.items():
        comment(db, draft, by, words, place=place)
    move(db, draft, by, RETURN)


def approve(db: Session, draft: Draft, by: Person, confirmed: Collection[str]) -> None:
    """Finds a draft good, once all that its change puts in doubt is confirmed; Refused where the door would refuse."""
    catalogue = Catalogue(db, by)
    form, doubts = _sound(db, catalogue, draft, confirmed)
    if reasons := refusals(db, catalogue, form):
        raise Refused(reasons)
    move(db, draft, by, APPROVE, words=_(", ").join(doubts))


def approve_all(
    db: Session,
    by: Person,
    looked_at: Mapping[int, int],
    confirmed: Collection[str],
    settings: Settings,
) -> tuple[int, list[str]]:
    """Finds many good, each as if by itself; gives how many, and why others were not.

    They are named by the ids of drafts, with the revision of each that was looked at. What is approved already is
    neither.
    """
    locked = select(Draft).where(Draft.id.in_(looked_at)).order_by(Draft.id).with_for_update()
    drafts = db.scalars(locked, execution_options={"populate_existing": True}).all()
    catalogue = Catalogue(db, by)
    forms: dict[str, RecordForm] = {}
    doubts: dict[str, Sequence[str]] = {}
    left: dict[str, str] = {}
    with held_together(db, [draft.record for draft in drafts]):
        for draft in drafts:
            if draft.state in {State.APPROVED, State.PUBLISHED}:
                continue
            try:
                refuse_unseen(draft, looked_at[draft.id])
                if not may_decide(db, by, draft, settings):
                    raise Refused([_("somebody else must review it")])
                forms[draft.record], doubts[draft.record] = _sound(db, catalogue, draft, confirmed)
            except (Refused, Unconfirmed, NotNow) as error:
                left[draft.record] = _why_left(error)
    # At once, since each trial asks the door and all that it stands on; one that is refused does not keep the others.
    left |= {
        id: "; ".join(reasons)
        for id, reasons in refusals_of_each(db, catalogue, list(forms.values())).items()
    }
    good = [draft for draft in drafts if draft.record in forms and draft.record not in left]
    for draft in good:
        move(db, draft, by, APPROVE, words=_(", ").join(doubts[draft.record]))
    return len(good), [f"{id}: {words}" for id, words in left.items()]


def _why_left(error: Refused | Unconfirmed | NotNow) -> str:
    match error:
        case Refused():
            return "; ".join(error.reasons)
        case Unconfirmed():
            return _("confirm each citation that stood by, or against, what has changed")
    return _("it has changed since this page was opened")


def _sound(
    db: Session, catalogue: Catalogue, draft: Draft, confirmed: Collection[str]
) -> tuple[RecordForm, Sequence[str]]:
    """What a draft says, and the citations that are confirmed with it; the door is still to be asked."""
    if is_behind(db, draft):
        raise Refused(
            [_("{id} was published anew since this change was begun").format(id=draft.record)]
        )
    if draft.base and not (draft.why and draft.reason):
        raise Refused(
            [_("a change of {id} needs a reason, and how much it weighs").format(id=draft.record)]
        )
    doubts = in_doubt(catalogue, draft)
    if not set(doubts) <= set(confirmed):
        raise Unconfirmed
    return understood(draft, catalogue), doubts


def understood(draft: Draft, catalogue: Catalogue) -> RecordForm:
    """What a draft says; Refused where it says nothing that could be published."""
    of = commands.form_of(draft)
    checked = check_draft(of, draft.document, catalogue)
    if checked.form is None:
        raise Refused(
            [
                f"{draft.record}: {said}"
                for said in errors_in_words(of, checked.errors, draft.document)
            ]
        )
    form: RecordForm = checked.form
    return form


def in_doubt(catalogue: Catalogue, draft: Draft) -> list[str]:
    """The citations that stood by, or against, what this change alters."""
    row = catalogue.db.get(models.Event, draft.record) if draft.kind == "E" else None
    after = check_draft(EventForm, draft.document, catalogue).form if row else None
    before = approved_form(row) if row else None
    return to_reconfirm(before, after) if isinstance(before, EventForm) and after else []


# Publishing -------------------------------------------------------------------------------------------------------


def publish_drafts(db: Session, ids: Collection[int], by: Person, message: str) -> Edition | None:
    """Publishes approved drafts, together, as one edition; none where they say only what readers see already.

    Refused leaves all as it was. Whoever publishes the same drafts at the same moment waits, and is told NotNow.
    """
    locked = select(Draft).where(Draft.id.in_(ids)).order_by(Draft.id).with_for_update()
    drafts = db.scalars(locked, execution_options={"populate_existing": True}).all()
    if (
        not drafts
        or len(drafts) < len(set(ids))
        or any(draft.state not in PUBLISH.out_of for draft in drafts)
    ):
        raise NotNow
    try:
        lock_approved_state(db)
        with all_or_nothing(db):
            return _publish(db, drafts, by, message)
    except Refused as refused:
        raise Refused(_apart(db, drafts, by) or refused.reasons) from refused


def _publish(db: Session, drafts: Sequence[Draft], by: Person, message: str) -> Edition | None:
    with held_together(db, [draft.record for draft in drafts]):
        behind = [draft.record for draft in drafts if is_behind(db, draft)]
        if behind:
            raise Refused(
                [
                    _("{id} was published anew since this change was begun").format(id=id)
                    for id in behind
                ]
            )
        catalogue = Catalogue(db, by)
        forms = [understood(draft, catalogue) for draft in drafts]
        for draft, form in zip(drafts, forms, strict=True):
            why = Weight(draft.why).why if draft.why else None
            save(db, form, why, draft.reason or "")
            row = db.get_one(models.MODELS[draft.kind], draft.record)
            # Also where nothing was changed: what was withdrawn comes back so.
            row.is_pending, row.why, row.reason = True, why, draft.reason
    edition = publish_approved(
        db, message, signature=by.signature, only={draft.record for draft in drafts}
    )
    for draft in drafts:
        move(db, draft, by, PUBLISH, words=str(edition.no) if edition else "")
    return edition


def _apart(db: Session, drafts: Sequence[Draft], by: Person) -> list[str]:
    """What can't come out before another draft that it names: that one is not in the record, and why it is not."""
    catalogue = Catalogue(db, by)
    forms = [understood(draft, catalogue) for draft in drafts]
    own = {form.id for form in forms}
    waiting = {
        (form.id, other.record)
        for form in forms
        for target in targets(form)
        if (other := catalogue.draft_named(*target))
        and other.record not in own
        and not is_published(db, target)
    }
    said = _(
        "{id} names {other}, which readers can’t see yet: approve both, and publish them together"
    )
    return [said.format(id=id, other=other) for id, other in sorted(waiting)]


@contextmanager
def all_or_nothing(db: Session) -> Iterator[None]:
    """Refused leaves all as it was, whether the door or the database refuses."""
    attempt = db.begin_nested()
    try:
        yield
        check_now(db)
    except (Refused, IntegrityError) as error:
        attempt.rollback()
        raise _what_was_refused(error) from error
    attempt.commit()


def check_now(db: Session) -> None:
    """Tables that refer to each other are otherwise checked at the end, when nobody can be told any more."""
    db.flush()
    db.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    db.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def _what_was_refused(error: Refused | IntegrityError) -> Refused:
    """What the door refused, or the database, whose own words name only columns and what was typed into them."""
    if isinstance(error, Refused):
        return error
    said = getattr(error.orig, "diag", None)
    return Refused(
        [
            str(
                getattr(said, "message_detail", None)
                or getattr(said, "message_primary", None)
                or error.orig
            )
        ]
    )
