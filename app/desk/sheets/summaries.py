"""The summary that is offered for an event: the statements of rows, as they are."""

from collections.abc import Iterator

from app.desk.sheets.expanding import also_said
from app.desk.sheets.form import StatementKind
from app.documents import ROW, Document

MAX_SUMMARY_CHARACTERS = 1_500
"""As `EventForm.summary`."""
ENDS_OF_SENTENCES = ".!?…。！？"


def offered_summary(sheet: Document, key: str) -> str:
    """Return a summary of an event row: its statement, and those of rows that refer to it.

    Where no row does, those of all rows. Whole statements only, each once, in the order of
    the sheet. An editor presses for it, and edits it.
    """
    rows = sheet["rows"]
    own = next((row for row in sheet["rows"] if row[ROW] == key), None)
    if own is None or own["kind"] != StatementKind.EVENT:
        return ""
    related = [row for row in rows if row is not own and _refers_to(row, own)]
    has_others = bool(related) or bool(also_said(own))
    chosen = [own, *related] if has_others else [own, *(row for row in rows if row is not own)]
    sentences: list[str] = []
    for statement in _statements(chosen):
        joined = " ".join([*sentences, statement])
        if statement not in sentences and len(joined) <= MAX_SUMMARY_CHARACTERS:
            sentences.append(statement)
    return " ".join(sentences)


def _refers_to(row: Document, own: Document) -> bool:
    names = {own[ROW], own["record"]} - {""}
    is_citation = row["kind"] == StatementKind.CITATION and row["record"] in names
    return is_citation or any(link["to"] in names for link in row["links"])


def _statements(rows: list[Document]) -> Iterator[str]:
    for row in rows:
        for text in (row["statement"], *(link["statement"] for link in also_said(row))):
            if statement := " ".join(text.split()):
                yield statement if statement[-1] in ENDS_OF_SENTENCES else f"{statement}."
