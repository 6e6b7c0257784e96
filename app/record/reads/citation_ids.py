"""Finds the records that hold some citations."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import CITATION_IDS, Version
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow


def records_citing(
    db: Session, edition: SelectedEdition, ids: Collection[str]
) -> dict[str, ListRow]:
    """Return the live record with each of these citations, by the citation's id; one statement."""
    if not ids:
        return {}
    rows = db.execute(
        select(*record_rows.LIST_COLUMNS).where(
            or_(*(CITATION_IDS.contains([id]) for id in ids)), edition.holds(), Version.is_live
        )
    )
    found: dict[str, ListRow] = {}
    for row in map(record_rows.list_row, rows):
        held = {citation["id"] for citation in row.payload["form"]["citations"]}
        found |= dict.fromkeys(held.intersection(ids), row)
    return found
