"""Session classes of the two logins. `app.web.sessions` passes them to routes."""

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction


class ReaderSession(Session):
    """Read-only access to the published record, in one snapshot."""


class DeskSession(Session):
    """Read and write access to the desk; may add to the record."""

    published: int | None = None
    """The edition that was published in the session."""
    locked_in: SessionTransaction | None = None
    """The transaction or savepoint that locked the approved state."""


class LetterboxSession(Session):
    """Writes with the reader's login, by calling functions of the schema `letterbox` only."""


DECLARED_EDITION = "declared_edition"
"""Attribute of a request's state: the newest edition that the response depends on."""


@event.listens_for(DeskSession, "after_soft_rollback")
def forget_edition_of_trial(session: DeskSession, _transaction: SessionTransaction) -> None:
    """Forget an edition that was rolled back, such as that of a preview."""
    session.published = None
