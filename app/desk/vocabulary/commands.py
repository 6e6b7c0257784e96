"""Changes of the vocabulary by admins. Each change is published as an edition of its own."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.draft_models import OPEN_STATES, Draft, RevisionCause
from app.desk.approved.models import Record
from app.desk.approved.publish import publish_approved
from app.desk.draft_form import proposals
from app.desk.drafts import commands as drafts
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.review.commands import all_or_nothing
from app.documents import ROW, fit_to_form
from app.i18n.translate import _
from app.kinds import CodeForm
from app.record.models import Edition
from app.record.publishing.publish import Approved
from app.vocabulary.record import Why


def find(db: Session, id: str) -> CodeForm | None:
    row = db.get(Record, id) if ":" in id else None
    form = row.form if row else None
    return form if isinstance(form, CodeForm) else None


def is_in_use(db: Session, list_: str, code: str) -> bool:
    """Return whether the code exists and is not retired."""
    form = find(db, f"{list_}:{code}")
    return form is not None and not form.successor


def add(db: Session, form: CodeForm, by: Person) -> Edition | None:
    message = _("Added to the codebook: {label}").format(label=form.label)
    return _publish(db, Approved(form), by, Action.ADDED_CODE, message)


def reword(db: Session, form: CodeForm, by: Person, why: Why, reason: str) -> Edition | None:
    message = _("Codebook: {label}").format(label=form.label)
    return _publish(db, Approved(form, why, reason), by, Action.CHANGED_CODE, message)


def retire(db: Session, form: CodeForm, successor: str, by: Person, reason: str) -> Edition | None:
    """Retire a code. Queries with the old code then match the successor's records."""
    retired = form.model_copy(update={"successor": successor})
    message = _("Retired from the codebook: {label}").format(label=form.label)
    return _publish(db, Approved(retired, Why.UPDATED, reason), by, Action.RETIRED_CODE, message)


def take_back(db: Session, form: CodeForm, by: Person, reason: str) -> Edition | None:
    back = form.model_copy(update={"successor": ""})
    message = _("Back in the codebook: {label}").format(label=form.label)
    return _publish(db, Approved(back, Why.UPDATED, reason), by, Action.BROUGHT_CODE_BACK, message)


# Proposed codes ---------------------------------------------------------------------------------


def accept(db: Session, form: CodeForm, by: Person) -> None:
    """Add a proposed code; drafts that use it name it already."""
    add(db, form, by)
    _settle(db, form)


def use_instead(db: Session, form: CodeForm, instead: CodeForm, by: Person) -> None:
    """Replace a proposed code in all open drafts, each as a revision of its own."""
    uses = or_(*(Draft.document.contains(each) for each in proposals.documents_with(form.id)))
    using = select(Draft).where(Draft.state.in_(OPEN_STATES), uses).order_by(Draft.id)
    for draft in db.scalars(using.with_for_update()):
        draft.document = proposals.replace_code(
            drafts.form_of(draft),
            fit_to_form(drafts.form_of(draft), draft.document),
            form.id,
            instead.code,
        )
        drafts.next_revision(
            db, draft, by, RevisionCause.RECODED, sheet="", words=f"{form.id} → {instead.id}"
        )
    log_action(db, Action.REPLACED_CODE, by, instead.id, form.id)
    _settle(db, form)


def _settle(db: Session, form: CodeForm) -> None:
    """Remove the proposal from the drafts that made it."""
    proposing = select(Draft).where(Draft.proposals != []).order_by(Draft.id)
    for draft in db.scalars(proposing.with_for_update()):
        settled = {
            key for key, code in proposals.valid_codes(draft.proposals) if code.id == form.id
        }
        if settled:
            draft.proposals = [row for row in draft.proposals if row[ROW] not in settled]


def _publish(
    db: Session, changed: Approved, by: Person, action: Action, message: str
) -> Edition | None:
    """Save and publish a change; return None if readers would see no change.

    If publishing fails, nothing is saved.
    """
    id = changed.form.id
    with all_or_nothing(db):
        store.save(db, changed.form, changed.why, changed.reason)
        edition = publish_approved(db, message, only={id})
    if edition is not None:
        log_action(db, action, by, id, changed.reason)
    return edition
