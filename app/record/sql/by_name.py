"""Finds a record by the name in its URL (id, code or slug), and records by their citations."""

from collections.abc import Collection, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.record.editions import SelectedEdition
from app.record.models import CITATION_IDS, Version
from app.record.sql.rows import LIST_COLUMNS, ListRow, list_row


def is_id(name: str, kind: str) -> bool:
    """Whether a name has the form of an id of that kind, in any case."""
    return name[:1].upper() == kind and name[1:].isdecimal()


def find_by_name(db: Session, edition: SelectedEdition, kind: str, name: str) -> Version | None:
    """Return the version of a record by its id (in any case), code or slug."""
    if not name.isprintable():
        return None  # PostgreSQL rejects some of these characters
    of_edition = select(Version).where(Version.kind == kind, edition.holds())
    by_slug, id = of_edition.where(Version.slug == name), name.upper()
    if not is_id(name, kind):
        return db.scalars(by_slug).first()
    return (db.scalars(by_slug).first() if name != id else None) or db.scalars(
        of_edition.where(Version.id == id)
    ).first()


def records_citing(
    db: Session, edition: SelectedEdition, ids: Collection[str]
) -> dict[str, ListRow]:
    """Return the live record with each of these citations, by the citation's id; one statement."""
    if not ids:
        return {}
    rows = db.execute(
        select(*LIST_COLUMNS).where(
            or_(*(CITATION_IDS.contains([id]) for id in ids)), edition.holds(), Version.is_live
        )
    )
    found: dict[str, ListRow] = {}
    for row in map(list_row, rows):
        held = {citation["id"] for citation in row.payload["form"]["citations"]}
        found |= dict.fromkeys(held.intersection(ids), row)
    return found


def records_unchanged_since(
    db: Session, edition: SelectedEdition, citations_of_pages: Mapping[str, Collection[str]]
) -> dict[str, dict[str, str]]:
    """Return by page the records of its citations by their ids, if none is newer than the page.

    Pages whose citations are not all in the edition are left out. Runs one SQL statement.
    """
    wanted = {id for ids in citations_of_pages.values() for id in ids}
    if not wanted:
        return {}
    rows = db.execute(
        select(Version.id, Version.opened, Version.payload["form"]["citations"]).where(
            or_(
                Version.id.in_(citations_of_pages),
                *(CITATION_IDS.contains([id]) for id in wanted),
            ),
            edition.holds(),
            Version.is_live,
        )
    ).all()
    opened = {id: at for id, at, _citations in rows}
    holder = {cited["id"]: id for id, _at, citations in rows for cited in citations or ()}
    return {
        page: {id: holder[id] for id in ids}
        for page, ids in citations_of_pages.items()
        if page in opened and all(id in holder and opened[holder[id]] <= opened[page] for id in ids)
    }
