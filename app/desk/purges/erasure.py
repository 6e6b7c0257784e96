"""What each table of the desk deletes of a purged record. A test fails for tables not listed here.

The database function `desk.forget` does most of it. The function belongs to a role of its own,
because other roles may not delete from append-only tables. Packages of the desk with content in
tables of their own add a function to `FUNCTIONS_BY_TABLE`.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from app.desk.identity import confirmations
from app.desk.sheets import purge as sheets

TABLES_OF_FUNCTION = {
    "record",
    "reference",
    "known",
    "draft",
    "revision",
    "comment",
    "merging",
    "audit",
    "lead",
    "step",
    "letter",
    "capture",
    "page_reading",
}
"""Tables from which `desk.forget` deletes.

The approved record is deleted with its references and its code, its drafts with versions and
comments, its lead and its capture. Documents of other records keep its id only. In the audit log,
merges and messages about it, the texts are emptied.
"""

TABLES_WITHOUT_CONTENT = {
    "number",
    "purge",
    "person",
    "sign_in",
    "link",
    "attempt",
    "passkey",
    "challenge",
    "feed",
    "letter_count",
    "letter_salt",
    "opened_record",
    "device",
    "notice",
    "notice_refusal",
    "alembic_version",
}
"""Ids and people."""

ForgetFunction = Callable[[Session, str, Sequence[str]], None]
"""A function that deletes a record, given its id and its identifying values."""
FUNCTIONS_BY_TABLE: dict[str, ForgetFunction] = {
    "confirmation": confirmations.forget,
    "sheet": sheets.purge_sheet,
    "sheet_revision": sheets.purge_sheet,
    "report_text": sheets.purge_text,
    "report_fingerprint": sheets.purge_fingerprint,
}
"""Function for each remaining table."""


def forget(db: Session, id: str, names: Sequence[str]) -> None:
    """Delete everything the desk stores about a record that is no longer published."""
    db.flush()
    db.execute(select(func.desk.forget(id, cast(list(names), ARRAY(Text)))))
    for each in FUNCTIONS_BY_TABLE.values():
        each(db, id, names)
    db.expire_all()
