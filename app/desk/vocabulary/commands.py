"""Changes of the vocabulary by admins. Each change is published as an edition of its own."""

from sqlalchemy.orm import Session

from app.desk.approved import models, store
from app.desk.approved.publish import publish_approved
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.review.commands import all_or_nothing
from app.forms import CodeForm
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.publish import Approved
from app.vocabulary.record import Why


def find(db: Session, id: str) -> CodeForm | None:
    row = db.get(models.ApprovedCodeRow, id)
    form = store.form_of(row) if row else None
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
