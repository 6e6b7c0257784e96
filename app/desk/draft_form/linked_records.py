"""The events that an event links to or that link to it, whose citations its steps may name."""

from sqlalchemy import select

from app.desk.approved.models.events import EventLinkRow
from app.desk.draft_form.catalogue import Catalogue
from app.documents import Document


def linked_documents(catalogue: Catalogue, document: Document) -> list[Document]:
    """Return the documents of linked events, each once: its own links come first."""
    ids = [row["to"].strip().upper() for row in document.get("links", [])]
    if own := document.get("id", ""):
        linking = select(EventLinkRow.event).where(EventLinkRow.to == own)
        ids += sorted(catalogue.db.scalars(linking), key=lambda id: int(id[1:]))
    documents = (catalogue.document(id) for id in dict.fromkeys(ids))
    return [each for each in documents if each]
