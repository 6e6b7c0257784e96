"""Public ids of citations and links, which other records refer to."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.documents import ROW, Document
from app.kinds import Form
from app.vocabulary.kinds import RowKind

ID_LETTERS = {"citations": RowKind.CITATION, "links": RowKind.LINK}
"""The id letters of rows that other records refer to. A new row gets its id at once."""
COPIES = "copies"
"""Rows of a source that citations refer to by a number within the source."""


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
    if COPIES in form.model_fields:
        changed[COPIES] = _number_copies(document[COPIES], known)
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


def _number_copies(
    rows: Sequence[Document], known: Mapping[tuple[str, str], str] | None
) -> list[Document]:
    """Number the copies of a source; a number that any state of the draft had is not given again.

    Approved copies keep their numbers, since citations name them.
    """
    issued = [id for (name, _key), id in (known or {}).items() if name == COPIES and id]
    own = [row["id"] if known is None else known.get((COPIES, row[ROW]), "") for row in rows]
    last = max(map(int, filter(None, [*issued, *own])), default=0)
    numbered = []
    for row, id in zip(rows, own, strict=True):
        last += not id
        numbered.append({**row, "id": id or str(last)})
    return numbered


def ids_by_key(form: type[Form], *documents: Document) -> dict[tuple[str, str], str]:
    """Return the ids of citations and links by list and key; later documents take precedence."""
    names = [name for name in (*ID_LETTERS, COPIES) if name in form.model_fields]
    return {
        (name, row[ROW]): row.get("id", "")
        for each in documents
        for name in names
        for row in each.get(name, [])
    }
