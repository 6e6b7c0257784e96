"""What admins do to a list of codes. Each act is an edition of its own: labels are versioned like all else."""

from sqlalchemy.orm import Session

from app.desk.approved import models, store
from app.desk.approved.publish import publish_approved
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.review.commands import all_or_nothing
from app.forms import CodeForm
from app.i18n.translate import _
from app.record.models import Edition
from app.record.publishing.publish import Approved
from app.vocabulary.record import Why


def find(db: Session, id: str) -> CodeForm | None:
    row = db.get(models.Code, id)
    form = store.form_of(row) if row else None
    return form if isinstance(form, CodeForm) else None


def in_use(db: Session, list_: str, code: str) -> bool:
    """Whether a code of that list can stand for another: it exists and was not retired itself."""
    form = find(db, f"{list_}:{code}")
    return form is not None and not form.successor


def add(db: Session, form: CodeForm, by: Person) -> Edition | None:
    message = _("Added to the codebook: {label}").format(label=form.label)
    return _publish(db, Approved(form), by, Action.ADDED_CODE, message)


def reword(db: Session, form: CodeForm, by: Person, why: Why, reason: str) -> Edition | None:
    message = _("Codebook: {label}").format(label=form.label)
    return _publish(db, Approved(form, why, reason), by, Action.CHANGED_CODE, message)


def retire(db: Session, form: CodeForm, successor: str, by: Person, reason: str) -> Edition | None:
    """From now on the successor stands for it: whoever asks by the old code finds what the new one finds."""
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
    """Nothing where readers see it so already. Refused leaves all as it was."""
    id = changed.form.id
    with all_or_nothing(db):
        store.save(db, changed.form, changed.why, changed.reason)
        edition = publish_approved(db, message, only={id})
    if edition is not None:
        note(db, action, by, id, changed.reason)
    return edition
