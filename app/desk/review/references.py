"""The records that drafts refer to, which must be published before them or together with them."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import Draft, DraftState
from app.desk.draft_form.advice import check_draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.drafts import commands
from app.desk.drafts.trial_publish import is_published
from app.desk.identity.models import Person
from app.documents import errors_in_words
from app.i18n.translate import _
from app.kinds import RecordForm
from app.record.publishing.validation import PublishError, referenced_records


def valid_form(draft: Draft, catalogue: Catalogue) -> RecordForm:
    """Return the draft's form. Raises PublishError if it is invalid."""
    form_class = commands.form_of(draft)
    checked = check_draft(form_class, draft.document, catalogue)
    if checked.form is None:
        raise PublishError(
            [
                f"{draft.record}: {error}"
                for error in errors_in_words(form_class, checked.errors, draft.document)
            ]
        )
    form: RecordForm = checked.form
    return form


def with_approved_references(db: Session, drafts: Iterable[Draft], by: Person) -> set[int]:
    """Return the ids of drafts and of the approved drafts that they refer to, and these again.

    A record can't be published before what it refers to, so that they are published together.
    """
    catalogue = Catalogue(db, by)
    found: dict[int, Draft] = {}
    to_read = [*drafts]
    while to_read:
        draft = to_read.pop()
        if draft.id in found:
            continue
        found[draft.id] = draft
        named = (catalogue.draft_named(*each) for each in _unpublished(db, draft, catalogue))
        to_read += [other for other in named if other and other.state == DraftState.APPROVED]
    return {*found}


def _unpublished(db: Session, draft: Draft, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the records that a draft refers to and that are not published."""
    form = valid_form(draft, catalogue)
    return [target for target in referenced_records(form) if not is_published(db, target)]


def unpublished_references(db: Session, drafts: Sequence[Draft], by: Person) -> list[str]:
    """Return why drafts can't be published before other drafts that they refer to."""
    catalogue = Catalogue(db, by)
    forms = [valid_form(draft, catalogue) for draft in drafts]
    own = {form.id for form in forms}
    waiting = {
        (form.id, other.record)
        for form in forms
        for target in referenced_records(form)
        if (other := catalogue.draft_named(*target))
        and other.record not in own
        and not is_published(db, target)
    }
    message = _(
        "{id} refers to {other}, which is not published: approve both, and publish them together"
    )
    return [message.format(id=id, other=other) for id, other in sorted(waiting)]
