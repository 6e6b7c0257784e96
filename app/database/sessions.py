"""Sessions of the two logins, as a page's signature asks for them: `db: Reader` or `db: Desk`.

Returning from the page commits, raising rolls back; nobody calls `commit()`.
"""

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction


class ReaderSession(Session):
    """Sees the published record and nothing else; read-only, and all in one snapshot."""


class DeskSession(Session):
    """Sees the desk, and may add to the record."""


class LetterboxSession(Session):
    """The reader's login where it sends what a reader wrote: its rights allow that one function and nothing else."""


DECLARED_EDITION = "declared_edition"
"""Where a request's state holds the newest edition that its response depends on, for the response cache."""


@event.listens_for(DeskSession, "after_soft_rollback")
def forget_edition_of_trial(session: Session, _transaction: SessionTransaction) -> None:
    """What was published on trial, for a preview or before a second person confirms, is no edition to be shown."""
    session.info.pop("published", None)
