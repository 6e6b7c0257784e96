"""Rebase a draft: merge it with the version that was approved since it was started."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.desk.approved import store
from app.desk.approved.draft_models import WRITABLE_STATES, Draft, DraftState, RevisionCause
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.compare import ComparedField, differences_to_choose
from app.desk.draft_form.private_values import NO_ACCESS, access_to, log_reading_of, redact
from app.desk.drafts import commands as draft_commands
from app.desk.identity.audit_log import Action, log_action
from app.desk.identity.models import Person
from app.documents import (
    Document,
    align_rows,
    changed_by,
    differences,
    document_of,
    fit_to_form,
    merge_documents,
)
from app.errors import InvalidStateError

CAN_BE_UPDATED = WRITABLE_STATES | {DraftState.IN_REVIEW}


def approved_document(db: Session, draft: Draft) -> Document | None:
    """Return the state that the draft changes; None if it introduces the record.

    This is the approved state or, of a record that was never approved, the draft that introduces
    it.
    """
    row = store.find(db, draft.record)
    if row is not None:
        return document_of(row.form)
    first = draft_commands.open_draft(db, draft.record) if draft.base else None
    if first is None or first.id == draft.id:
        return None
    return fit_to_form(draft_commands.form_of(first), first.document)


def base_document(draft: Draft) -> Document:
    """Return the approved state that the draft was started from; empty if the record is new."""
    return (
        fit_to_form(draft_commands.form_of(draft), draft.base)
        if draft.base
        else empty_document(draft)
    )


def empty_document(draft: Draft) -> Document:
    return {name: [] if isinstance(value, list) else "" for name, value in draft.document.items()}


def is_behind(db: Session, draft: Draft) -> bool:
    """Whether the record was approved in another way since this draft was started."""
    approved, base = approved_document(db, draft), base_document(draft)
    return (
        approved is not None and align_rows(draft_commands.form_of(draft), approved, base) != base
    )


class UndecidedError(Exception):
    """A field differs in both, and no side was chosen yet."""


def differences_to_update(
    catalogue: Catalogue, draft: Draft, chosen: Mapping[str, str] | None = None
) -> list[ComparedField]:
    """Return the differences between the approved state and the draft, with the chosen sides."""
    states = _visible_states(catalogue.db, catalogue.person, draft)
    return differences_to_choose(catalogue, draft_commands.form_of(draft), states, chosen)


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
    draft.document = merge_documents(form, approved, draft.document, sides)
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
    draft.document = merge_documents(form, approved, mine, sides)
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
