"""Editions with indexes of the record under test, as a worker reads them."""

from sqlalchemy.orm import Session

from app.record.editions import select_edition
from app.record.index import build_indexes
from app.record.index.edition import IndexedEdition


def select_indexed(db: Session, query: str = "") -> IndexedEdition:
    """Select an edition; its indexes are built from all that the session sees."""
    newest, found = select_edition(db), select_edition(db, query)
    indexes = build_indexes(db, newest)
    return IndexedEdition(
        found.no,
        found.at,
        newest.no,
        {kind: index.at(found.no) for kind, index in indexes.items()},
    )
