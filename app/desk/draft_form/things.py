"""The kinds of records that drafts refer to by name, and which fields do so."""

from typing import Literal

from app.desk.draft_form.documents import Document
from app.forms import EventToEvent, FigureToFigure, Form, Term
from app.vocabulary.events import TermKey

Thing = Literal["place", "outlet", "source", "event", "estimate"]
KINDS: dict[Thing, str] = {"source": "S", "event": "E", "estimate": "M"}

NAMED: dict[str, Thing] = {
    "outlet": "outlet",
    "belongs_to": "outlet",
    "source": "source",
    "event": "event",
    "exact_place": "place",
    "parent": "place",
}
LINKED: dict[type[Form], Thing] = {EventToEvent: "event", FigureToFigure: "estimate"}


def thing_named(form: type[Form], name: str, row: Document) -> Thing | None:
    """Return what kind of record a field of this row refers to by name, if any."""
    if form is Term:
        return "place" if name == "code" and row["key"] == TermKey.PLACE else None
    return LINKED[form] if name == "to" else NAMED.get(name)
