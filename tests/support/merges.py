"""Records and forms of merges."""

from typing import Any

from app.database.sessions import DeskSession
from app.desk.approved import models
from tests.support.html import sent_by


def approved(db: DeskSession, id: str) -> Any:
    row = db.get(models.Record, id)
    return row.form if row else None


def sent(html: str) -> dict[str, str]:
    """Return the fields that a browser sends from the merge form."""
    return sent_by(html, "//form[@method='post'][.//input[@name='with']]")
