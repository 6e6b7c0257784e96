"""Rebase a draft: merge it with the version that was approved since it was started."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState, RevisionCause
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import ComparedField, changed_by, differences_to_choose
from app.desk.draft_form.documents import Document
from app.desk.draft_form.merge import differences, merge_documents
from app.desk.draft_form.private_values import NO_ACCESS, access_to, log_reading_of, redact
from app.desk.drafts import commands as draft_commands
from app.desk.drafts.alignment import align_rows, approved_document, base_document, is_behind
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.errors import InvalidStateError

CAN_BE_UPDATED = WRITABLE_STATES | {DraftState.IN_REVIEW}


class UndecidedError(Exception):
    """A field differs in both, and no side was chosen yet."""


def differences_to_update(catalogue: Catalogue, draft: Draft) -> list[ComparedField]:
    """Return the differences between the approved state and the draft.

    If only one of them was changed, that side is preselected.
    """
    form = draft_commands.form_of(draft)
    return differences_to_choose(
        catalogue, form, *_visible_states(catalogue.db, catalogue.person, draft)
    )


def update(db: Session, draft: Draft, by: Person, chosen: Mapping[str, str], sheet: str) -> None:
    """Merge as chosen: `mine` takes the draft's value, `theirs` the approved one."""
    if draft.state not in CAN_BE_UPDATED:
        raise InvalidStateError
    form, approved = draft_commands.form_of(draft), _aligned_approved(db, draft)
    _base, theirs, mine = _visible_states(db, by, draft)
    names = {each.name for each in differences(form, theirs, mine)}
    if any(chosen.get(name) not in {"mine", "theirs"} for name in names):
        raise UndecidedError
    # Hidden values stay as approved, unless only the draft changed them.
    sides = changed_by(form, base_document(draft), approved, draft.document)
    sides |= {name: chosen[name] for name in names}
    draft.document = merge_documents(
        form, approved, draft.document, lambda place: sides.get(".".join(place)) == "mine"
    )
    draft.base = approved
    draft_commands.next_revision(db, draft, by, RevisionCause.MERGED, sheet=sheet)
    log_action(db, Action.MERGED, by, draft.record)


def align(db: Session, draft: Draft, by: Person) -> bool:
    """Merge what was approved since into the draft; False if both changed the same field.

    The revision does not make this person an author of the draft.
    """
    states = _three_states(db, draft)
    if states is None:
        return True
    form, (base, approved, mine) = draft_commands.form_of(draft), states
    sides = changed_by(form, base, approved, mine)
    if not all(sides.values()):
        return False
    draft.document = merge_documents(
        form, approved, mine, lambda place: sides.get(".".join(place)) == "mine"
    )
    draft.base = approved
    draft_commands.next_revision(db, draft, by, RevisionCause.ALIGNED, sheet="")
    return True


def has_conflict(db: Session, draft: Draft) -> bool:
    """Whether the record was approved in another way meanwhile, and both changed the same field."""
    states = _three_states(db, draft)
    return states is not None and not all(
        changed_by(draft_commands.form_of(draft), *states).values()
    )


def _three_states(db: Session, draft: Draft) -> tuple[Document, Document, Document] | None:
    """Return base, approved state and draft; None if the approved state is still the base."""
    if not is_behind(db, draft):
        return None
    return base_document(draft), _aligned_approved(db, draft), draft.document


def _visible_states(
    db: Session, person: Person, draft: Draft
) -> tuple[Document, Document, Document]:
    """Return base, approved state and draft as this person may see them.

    The person owns no rows of the first two, whatever their keys: these were not read from the
    draft.
    """
    form, access = draft_commands.form_of(draft), access_to(db, person, draft)
    base, approved = base_document(draft), _aligned_approved(db, draft)
    if access.sees_all:
        log_reading_of(db, person, draft.record, approved, draft.document)
    access_to_approved = access if access.sees_all else NO_ACCESS
    return (
        redact(form, base, access_to_approved),
        redact(form, approved, access_to_approved),
        redact(form, draft.document, access),
    )


def _aligned_approved(db: Session, draft: Draft) -> Document:
    """Return the approved state, its rows under the keys that they have in the draft."""
    approved = approved_document(db, draft)
    if approved is None:
        raise InvalidStateError
    form = draft_commands.form_of(draft)
    return align_rows(form, approved, base_document(draft))
