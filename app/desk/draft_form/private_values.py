"""Private fields at the desk: who sees which values, how others' are hidden, and who has read them.

Each desk page that shows a draft, an earlier version or an approved record gets its documents from
here.
"""

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.desk.approved.models import Draft, Merging, OpenedRecord
from app.desk.identity.audit_log import AuditEntry, log_action
from app.desk.identity.models import DeskRole, Person
from app.documents import Document, fields_of, fit_to_form, form_at, with_texts
from app.kinds import FORMS, Form, is_private


def can_see_record(db: Session, person: Person, record: str) -> bool:
    """Editors see all private values, contributors those of their own or of opened records."""
    if person.may(DeskRole.EDITOR) or db.get(OpenedRecord, (record, person.id)) is not None:
        return True
    entered = exists().where(Draft.record == record, Draft.base.is_(None), Draft.owner == person.id)
    # It now has the values of what is merged into it.
    has_others = exists().where(Merging.kept == record, Merging.undone_in.is_(None))
    return bool(db.scalar(select(entered & ~has_others)))


# Hiding and restoring ---------------------------------------------------------------------------


def redact(form: type[Form], document: Document) -> Document:
    """Return the document with its private fields blank."""
    return with_texts(form, document, lambda each: "" if each.is_private else each.text)


def restore_hidden(form: type[Form], typed: Document, stored: Document) -> Document:
    """Return the typed document with the stored values of private fields."""
    hidden = {
        (each.at, each.name): each.text for each in fields_of(form, stored) if each.is_private
    }
    return with_texts(form, typed, lambda each: hidden.get((each.at, each.name), each.text))


def has_private(form: type[Form], document: Document) -> bool:
    return any(each.is_private and each.text for each in fields_of(form, document))


def is_private_place(form: type[Form], place: str) -> bool:
    """Whether a comment's place is a private field."""
    above, _dot, name = place.rpartition(".")
    try:
        return is_private(form_at(form, above).model_fields[name])
    except LookupError:
        return False


# Reading ----------------------------------------------------------------------------------------


class DraftReader:
    """Documents of one draft as a person may see them; logs the reading of private values."""

    def __init__(
        self, db: Session, person: Person, draft: Draft, *, hides_private: bool = False
    ) -> None:
        """`hides_private`: the posted page was made before the record was opened to this person."""
        self.sees_private = not hides_private and can_see_record(db, person, draft.record)
        self._form = FORMS[draft.kind]
        self._db, self._person, self._record = db, person, draft.record
        # Only its author has written anything into a new draft.
        self._is_logged = draft.base is None and draft.owner == person.id

    def visible(self, document: Document) -> Document:
        if not self.sees_private:
            return redact(self._form, document)
        if not self._is_logged and has_private(self._form, document):
            log_reading(self._db, self._person, self._record)
            self._is_logged = True
        return document

    def restore(self, typed: Document, *stored: Document) -> Document:
        """Fill hidden values from these documents; later ones override earlier ones."""
        for each in stored if not self.sees_private else ():
            typed = restore_hidden(self._form, typed, fit_to_form(self._form, each))
        return typed


def log_reading_of(db: Session, person: Person, record: str, *shown: Document) -> None:
    """Log that a page showed these states of a record, if any has private values."""
    if any(has_private(FORMS[record[0]], document) for document in shown):
        log_reading(db, person, record)


def log_reading(db: Session, person: Person, record: str) -> None:
    """Add at most one entry a person, record and day (UTC): a unique index rejects more."""
    entry = {"action": "read-private", "by": person.id, "about": record}
    db.execute(insert(AuditEntry).values(entry).on_conflict_do_nothing())


# Opening to contributors ------------------------------------------------------------------------


def set_opened(db: Session, editor: Person, record: str, to: Person, *, is_open: bool) -> None:
    """Let a contributor see the private values of somebody else's record, or no longer."""
    permission = {"record": record, "person": to.id, "by": editor.id}
    opened = insert(OpenedRecord).values(permission).on_conflict_do_nothing()
    closed = delete(OpenedRecord).where(OpenedRecord.record == record, OpenedRecord.person == to.id)
    change = opened if is_open else closed
    if db.scalars(change.returning(OpenedRecord.record)).first():
        action = "opened-private" if is_open else "closed-private"
        log_action(db, action, editor, record, to.called)


def readers_of(db: Session, record: str) -> dict[str, list[Person]]:
    """Return the contributors to whom an editor opened the record, and all others."""
    contributors = db.scalars(
        select(Person)
        .where(Person.disabled_at.is_(None), Person.role == DeskRole.CONTRIBUTOR.value)
        .order_by(Person.name, Person.id)
    ).all()
    ids = set(db.scalars(select(OpenedRecord.person).where(OpenedRecord.record == record)))
    return {
        "opened": [each for each in contributors if each.id in ids],
        "others": [each for each in contributors if each.id not in ids],
    }
