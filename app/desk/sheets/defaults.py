"""Default terms of a report: every row has them unless it says otherwise."""

from app.desk.sheets.form import DefaultTerm
from app.documents import ROW, YES, Document, blank_row
from app.vocabulary.events import Role, TermKey


def add_default(document: Document, choice: str) -> None:
    """Add a default, `sector:garments`, or tick it."""
    key, _colon, code = choice.partition(":")
    for term in document["defaults"]:
        if (term["key"], term["code"]) == (key, code):
            term["ticked"] = YES
            return
    if key in TermKey.by_code():
        role = Role.ORDERS if key == TermKey.ACTOR else Role.TARGET
        term = blank_row(DefaultTerm, key=key, code=code, role=role.value)
        document["defaults"].append(term)


def tick_default(document: Document, key: str, *, is_ticked: bool) -> None:
    for term in document["defaults"]:
        if term[ROW] == key:
            term["ticked"] = YES if is_ticked else ""
