"""What each table of the desk forgets of a purged record. A table that is not named here fails a test.

Most of it is done by the function `desk.forget`, which belongs to a role of its own: what only grows for everybody else
can be emptied by nobody but that. A part of the desk that has tables with content adds what it forgets to `OTHERS`.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from app.desk.identity import confirmations
from app.desk.imports import forgetting as imports

BY_THE_FUNCTION = {
    *(
        "place",
        "place_name",
        "place_region",
        "outlet",
        "outlet_name",
        "source",
        "source_parent",
        "source_copy",
    ),
    *(
        "event",
        "estimate",
        "term",
        "stage",
        "event_link",
        "estimate_link",
        "legal",
        "citation",
        "chain_step",
    ),
    *(
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
    ),
}
"""The approved record goes with all that stands under it, its drafts with all versions and comments, the link that it
came by and the page that was kept. Others' documents name it by its id alone. Of the log, of merges and of letters
about it the words go."""

HOLD_NOTHING_OF_IT = {
    "known",
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
    "account_notice",
}
HOLD_NOTHING_OF_IT |= {"code", "alembic_version"}
"""Ids, people and codes."""

Forget = Callable[[Session, str, Sequence[str]], None]
OTHERS: dict[str, Forget] = {
    "import_row": imports.forget_rows,
    "import_file": imports.forget_files,
    "import": imports.forget_words,
    "confirmation": confirmations.forget,
}
"""By table: what forgets in it a record of that id, or what names it by one of these texts."""


def forget(db: Session, id: str, names: Sequence[str]) -> None:
    """Empties the desk of a record that no reader sees any more."""
    db.flush()
    db.execute(select(func.desk.forget(id, cast(list(names), ARRAY(Text)))))
    for each in OTHERS.values():
        each(db, id, names)
    db.expire_all()
