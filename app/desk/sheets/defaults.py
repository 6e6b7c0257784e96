"""Defaults of a report: what every row has unless it says otherwise."""

from app.desk.draft_form import documents
from app.desk.draft_form.documents import ROW, YES, Document
from app.desk.sheets.form import DefaultTerm
from app.vocabulary.events import Role, TermKey


def add_default(document: Document, choice: str) -> None:
    """Add a default, or tick it: `nationality:kp`, `population:workers`, `sector:garments`."""
    key, _colon, code = choice.partition(":")
    if key in {"nationality", "population"}:
        document[key] = code
        return
    for term in document["defaults"]:
        if (term["key"], term["code"]) == (key, code):
            term["ticked"] = YES
            return
    if key in TermKey.by_code():
        role = Role.ORDERS if key == TermKey.ACTOR else Role.TARGET
        term = documents.blank_row(DefaultTerm, key=key, code=code, role=role.value)
        document["defaults"].append(term)


def tick_default(document: Document, path: str, *, is_ticked: bool) -> None:
    """Tick a term or not. A nationality or population is removed with its tick."""
    for term in document["defaults"]:
        if term[ROW] == path:
            term["ticked"] = YES if is_ticked else ""
    if path in {"nationality", "population"} and not is_ticked:
        document[path] = ""
