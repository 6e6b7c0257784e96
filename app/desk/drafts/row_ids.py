"""Public ids of citations and links, which other records refer to."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.draft_form.documents import ROW, Document
from app.forms import Form

LETTERS = {"citations": "C", "links": "L"}
"""Rows that others rest on have public ids; a new row takes one at once."""


def with_ids(
    db: Session,
    form: type[Form],
    document: Document,
    known: Mapping[tuple[str, str], str] | None = None,
) -> Document:
    """Each citation and link with an id: that of its key, if it has one, else one that nothing has had.

    Without `known` all ids are taken to be its own: then the document comes from the approved state. A page sends ids
    too, but they are not believed: two rows that change theirs would also change what the public ids stand for.
    """
    used: set[str] = set()
    changed: Document = {}
    for name, letter in LETTERS.items():
        if name in form.model_fields:
            rows = []
            for row in document[name]:
                own = row["id"] if known is None else known.get((name, row[ROW]), "")
                rows.append(
                    {**row, "id": own if own and own not in used else public_ids.take(db, letter)}
                )
                used.add(rows[-1]["id"])
            changed[name] = rows
    return {**document, **changed}


def ids_by_key(form: type[Form], *documents: Document) -> dict[tuple[str, str], str]:
    """The ids of citations and links by list and key; those of the last document that has the row."""
    names = [name for name in LETTERS if name in form.model_fields]
    return {
        (name, row[ROW]): row["id"]
        for each in documents
        for name in names
        for row in each.get(name, [])
    }
