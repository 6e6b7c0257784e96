"""Public ids of citations and links, which other records refer to."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.draft_form.documents import ROW, Document
from app.forms import Form
from app.vocabulary.kinds import RowKind

ID_LETTERS = {"citations": RowKind.CITATION, "links": RowKind.LINK}
"""The id letters of rows that other records refer to. A new row gets its id at once."""


def assign_ids(
    db: Session,
    form: type[Form],
    document: Document,
    known: Mapping[tuple[str, str], str] | None = None,
) -> Document:
    """Give each citation and link an id: the one that its key has, or else an unused one.

    `known` maps keys to ids. Without it the document comes from the approved state, and its ids are
    kept. Ids sent by a page are ignored: two rows that swap ids would change what the public ids
    refer to.
    """
    used: set[str] = set()
    changed: Document = {}
    for name, letter in ID_LETTERS.items():
        if name in form.model_fields:
            rows = []
            for row in document[name]:
                own = row["id"] if known is None else known.get((name, row[ROW]), "")
                rows.append(
                    {
                        **row,
                        "id": own if own and own not in used else public_ids.issue_id(db, letter),
                    }
                )
                used.add(rows[-1]["id"])
            changed[name] = rows
    return {**document, **changed}


def ids_by_key(form: type[Form], *documents: Document) -> dict[tuple[str, str], str]:
    """Return the ids of citations and links by list and key; later documents take precedence."""
    names = [name for name in ID_LETTERS if name in form.model_fields]
    return {
        (name, row[ROW]): row["id"]
        for each in documents
        for name in names
        for row in each.get(name, [])
    }
