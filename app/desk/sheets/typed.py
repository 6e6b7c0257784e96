"""Reads what was typed on the page of a sheet into its document.

Fields are named by the keys of their rows: rows.3f0c.when, speakers.91b2.words.
"""

import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy

from app import documents
from app.desk.sheets.defaults import tick_default
from app.desk.sheets.form import RowLink, RowRelation, StatementKind
from app.desk.sheets.text_view import numbered_rows
from app.documents import ROW, Document
from app.kinds import Term
from app.vocabulary.events import Role, TermKey

TERM_PATH = re.compile(r"(rows\.[0-9a-f]{1,8})\.(nationality|paper|sector|group)", re.ASCII)
"""A field that holds the code of one of the row's terms."""
OF_EVENT_PATH = re.compile(r"rows\.[0-9a-f]{1,8}\.event", re.ASCII)
"""The field in which an estimate names its event; the row has a link for it."""
RECORD_ID = re.compile(r"[em][1-9][0-9]*", re.ASCII)
"""An id as it is typed in a hurry."""
ROW_NUMBER = re.compile(r"^row\s*(?=[0-9]+$)", re.IGNORECASE)
"""Before the number of a row, as the page itself names it."""
SHOWN = "was."
"""Before the name of a field: what the page showed in it."""
DEFAULTS = ("places", "nationality", "population")
NOT_TYPED = frozenset({"kind", "more", "sentences", "left_out"})
"""Fields of a row that a page never sends."""


def with_typed(document: Document, posted: Mapping[str, str]) -> Document:
    """Return a document with the posted fields: rows.3f0c.when names a row by its key.

    Fields of rows that are gone are ignored.
    """
    document = deepcopy(document)
    for path, text in posted.items():
        lists, _dot, _rest = path.partition(".")
        if (
            lists in {"rows", "speakers", "days", *DEFAULTS}
            and path.rpartition(".")[2] not in NOT_TYPED
        ):
            try:
                set_text(document, path, text)
            except LookupError:
                continue
    for shown in posted:
        kind, _dot, path = shown.partition("-shown.")
        is_ticked = bool(posted.get(f"{kind}.{path}"))
        match kind:
            case "default":
                tick_default(document, path, is_ticked=is_ticked)
            case "usual":
                _leave_out(document, path, is_used=is_ticked)
    return document


def _leave_out(document: Document, path: str, *, is_used: bool) -> None:
    """Leave a usual term out of one row, or not."""
    key, _dot, term = path.partition(".")
    for row in document["rows"]:
        if row[ROW] == key:
            others = [part.strip() for part in row["left_out"].split(",")]
            keys = [part for part in others if part and part != term]
            row["left_out"] = ", ".join(keys if is_used else [*keys, term])


def holder_of(document: Document, path: str) -> tuple[Document, str]:
    """Return the row that has a field, and the field's name. Raises LookupError."""
    *above, name = path.split(".")
    row = document
    for list_, key in zip(above[::2], above[1::2], strict=True):
        rows = row.get(list_)
        if not isinstance(rows, list):
            raise LookupError(path)
        row = next((each for each in rows if each[ROW] == key), {})
    if not isinstance(row.get(name), str) or name == ROW:
        raise LookupError(path)
    return row, name


def set_text(document: Document, path: str, text: str) -> None:
    """Set a field, as if it had been typed. The record of a row is typed of citations only."""
    if OF_EVENT_PATH.fullmatch(path):
        row, _name = holder_of(document, path.removesuffix("event") + "record")
        _relate(row, RowRelation.OF_EVENT, text.strip())
        return
    if found := TERM_PATH.fullmatch(path):
        row, _name = holder_of(document, f"{found[1]}.record")
        set_term(row, TermKey(found[2]), text.strip())
        return
    row, name = holder_of(document, path)
    if name == "record":
        if row["kind"] != StatementKind.CITATION:
            raise LookupError(path)
        text = _cite(document, row, text.strip().upper())
    elif name == "to":
        text = _row_or_record(document, text.strip())
    row[name] = documents.clean(text)


def own_term(row: Document, key: TermKey) -> Document:
    """Return the term of a row that a field of this name holds; an empty one if there is none."""
    at = hashlib.blake2s(f"{row[ROW]}/{key}".encode(), digest_size=4).hexdigest()
    blank = documents.blank(Term, key=key.value, role=Role.TARGET.value)
    return next((term for term in row["terms"] if term[ROW] == at), {ROW: at, **blank})


def set_term(row: Document, key: TermKey, code: str) -> None:
    term = own_term(row, key)
    others = [each for each in row["terms"] if each[ROW] != term[ROW]]
    row["terms"] = [*others, {**term, "code": documents.clean(code)}] if code else others


def _row_or_record(document: Document, text: str) -> str:
    """Return the key of the row with this number, else an id in capitals, else the text."""
    keys = {str(number): key for key, number in numbered_rows(document).items()}
    return keys.get(ROW_NUMBER.sub("", text)) or (
        text.upper() if RECORD_ID.fullmatch(text) else text
    )


def _cite(document: Document, row: Document, text: str) -> str:
    """Have a citation speak of a row by its number, “3” or “row 3”.

    Returns what stays as its record. The field shows the number of such a row, so that emptying
    it ends the relation.
    """
    keys = {str(number): key for key, number in numbered_rows(document).items()}
    number = ROW_NUMBER.sub("", text)
    _relate(row, RowRelation.CITATION_OF, keys.get(number, ""))
    return "" if number in keys else text


def _relate(row: Document, relation: RowRelation, to: str) -> None:
    """Have a row one link of a relation, to a row or record, or none."""
    same = [link for link in row["links"] if link["relation"] == relation]
    if [link["to"] for link in same] == [to]:
        return
    row["links"] = [link for link in row["links"] if link["relation"] != relation]
    if to:
        # By its content: saved twice from one state of the page, it is one link when they merge.
        key = hashlib.blake2s(f"{row[ROW]}/{relation}/{to}".encode(), digest_size=4).hexdigest()
        link = documents.blank_row(RowLink, relation=relation.value, to=to)
        row["links"].append({**link, ROW: key})
