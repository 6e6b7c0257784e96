"""The events that an event links to or that link to it, whose citations its steps may name."""

from sqlalchemy import select

from app.desk.approved.models import Reference
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.documents import Document


def linked_documents(catalogue: Catalogue, document: Document) -> list[Document]:
    """Return the documents of linked events, each once: its own links come first."""
    ids = [row["to"].strip().upper() for row in document.get("links", [])]
    if own := document.get("id", ""):
        linking = select(Reference.record).where(
            Reference.path.startswith("links."), Reference.target == own
        )
        ids += sorted(catalogue.db.scalars(linking), key=lambda id: int(id[1:]))
    documents = (catalogue.document(id) for id in dict.fromkeys(ids))
    return [each for each in documents if each]
