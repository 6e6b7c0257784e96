"""Restore an earlier state of a record as a new revision of a draft."""

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE_STATES, Draft, RevisionCause
from app.desk.draft_form.private_values import DraftReader
from app.desk.drafts import commands as draft_commands
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.desk.records.history import drafts_of, revision_document
from app.documents import align_rows
from app.errors import InvalidStateError


def restore(db: Session, person: Person, record: str, version: str, sheet: str) -> Draft:
    """Return the draft that holds the restored state.

    Raises LookupError if there is no such version, and InvalidStateError while somebody else
    changes the record.
    """
    earlier = revision_document(db, version, drafts_of(db, person, record))
    draft = draft_commands.begin_to_change(db, person, record)
    if draft is not None:
        # It may have been submitted between the read above and the lock.
        db.refresh(draft, with_for_update=True)
    if (
        draft is None
        or draft.state not in WRITABLE_STATES
        or not draft_commands.may_write(person, draft)
    ):
        raise InvalidStateError
    document = align_rows(draft_commands.form_of(draft), earlier, draft.document)
    draft.document = DraftReader(db, person, draft).restore(document, draft.document)
    draft_commands.next_revision(
        db, draft, person, RevisionCause.RESTORED, sheet=sheet, words=version
    )
    log_action(db, Action.RESTORED, person, record, version)
    return draft
