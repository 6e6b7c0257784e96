"""Values that the marks of a row's own sentences offer for its empty fields; a press takes one.

Only here do words of the text enter the document: a date or a figure as it is printed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.desk.draft_form.catalogue import Catalogue
from app.desk.reading.text import Mark, MarkKind
from app.desk.sheets.expanding import split_codes
from app.desk.sheets.form import StatementKind
from app.desk.sheets.mark_words import figure_fields
from app.desk.sheets.text_view import SheetText, sentences_of
from app.desk.sheets.typed import own_term
from app.documents import ROW, Document, blank_row
from app.kinds import Term
from app.vocabulary.events import Role, TermKey
from app.vocabulary.kinds import RecordNoun

MAX_PRINTED = 100
"""Characters of the text that a press may copy."""
FIELD_OF: dict[MarkKind, str] = {
    MarkKind.DATE: "when",
    MarkKind.PLACE: "where",
    MarkKind.ESTIMATE: "number",
    MarkKind.LAW: "laws",
    MarkKind.NATIONALITY: "nationality",
    MarkKind.ACTOR: "actor",
}
NOT_OF = {
    StatementKind.EVENT: {"number"},
    StatementKind.ESTIMATE: {"laws"},
    StatementKind.CITATION: {"where", "number", "laws", "nationality", "actor"},
}
"""Fields that a kind of row does not have."""
NUMBER = ("quantifier", "low", "point", "high")


@dataclass(frozen=True)
class TextMark:
    """One reading of a mark, with its words and the number of its sentence, from 1."""

    sentence: int
    words: str
    mark: Mark


def text_marks(catalogue: Catalogue, text: SheetText) -> list[TextMark]:
    """Return each reading of the marks of a text that a field can hold, in order."""
    return [
        TextMark(number, " ".join(text.words[mark.start : mark.end].split()), read)
        for number, (_sentence, marks) in enumerate(text.reading, start=1)
        for mark in marks
        for value in (mark.value, *mark.also)
        if (read := replace(mark, value=_known(catalogue, mark.kind, value))).value
    ]


def _known(catalogue: Catalogue, kind: MarkKind, value: str) -> str:
    """Return the value if the record has it, or can be given it by a press; a successor's code."""
    if kind is MarkKind.NATIONALITY:
        form = catalogue.code(TermKey.NATIONALITY, value)
        return (form.successor or value) if form else ""
    if kind in {MarkKind.ACTOR, MarkKind.LAW, MarkKind.OUTLET}:
        known = catalogue.directory.named_records.get(RecordNoun(kind.value), {})
        return value if value in known else ""
    return value


def offered(document: Document, row: Document, marks: Iterable[TextMark]) -> Iterator[TextMark]:
    """Yield the marks of the row's sentences for fields that are empty, each value once."""
    own, seen = sentences_of(row), set()
    for each in marks:
        kind, value = each.mark.kind, each.mark.value
        field = FIELD_OF.get(kind, "")
        if (
            field
            and each.sentence in own
            and (kind, value) not in seen
            and field not in NOT_OF[row["kind"]]
            and _is_missing(document, row, field, each.mark)
        ):
            seen.add((kind, value))
            yield each


def _is_missing(document: Document, row: Document, field: str, mark: Mark) -> bool:
    """Whether a field is empty, and no default of the report says the same."""
    match field:
        case "where":
            return not row["where"] and mark.value not in split_codes(document["places"])
        case "number":
            return mark.figure is not None and not any(row[name] for name in NUMBER)
        case "nationality" | "actor":
            is_usual = mark.kind is MarkKind.NATIONALITY and document["nationality"] == mark.value
            terms = [*row["terms"], *(term for term in document["defaults"] if term["ticked"])]
            return not is_usual and all(term["key"] != mark.kind for term in terms)
    return not row[field]


def take(
    document: Document, row: Document, kind: str, value: str, marks: Sequence[TextMark]
) -> TextMark:
    """Fill a field of a row with an offered value, and return its mark. Raises LookupError."""
    for each in offered(document, row, marks):
        if (each.mark.kind, each.mark.value) == (kind, value):
            row |= _filled(row, each)
            return each
    raise LookupError(value)


def _filled(row: Document, each: TextMark) -> Document:
    mark, printed = each.mark, each.words if len(each.words) <= MAX_PRINTED else ""
    if mark.kind is MarkKind.DATE:
        return {"when": mark.value, "when_text": row["when_text"] or printed}
    if mark.figure:
        return {**figure_fields(mark.figure), "printed_words": row["printed_words"] or printed}
    if mark.kind is MarkKind.NATIONALITY:
        term = own_term(row, TermKey.NATIONALITY) | {"code": mark.value}
        return {"terms": [*row["terms"], term]}
    if mark.kind is MarkKind.ACTOR:
        values = {"key": TermKey.ACTOR.value, "role": Role.ORDERS.value}
        return {"terms": [*row["terms"], blank_row(Term, code=mark.value, **values)]}
    return {FIELD_OF[mark.kind]: mark.value}


def outlets_of(document: Document, letter: str, marks: Iterable[TextMark]) -> Iterator[TextMark]:
    """Yield the outlets that the sentences of a speaker's rows name, each once."""
    rows = [row for row in document["rows"] if row["speaker"] == letter]
    own = {number for row in rows for number in sentences_of(row)}
    found = {
        each.mark.value: each
        for each in marks
        if each.sentence in own and each.mark.kind is MarkKind.OUTLET
    }
    yield from found.values()


def row_of(document: Document, key: str) -> Document:
    """Return a row by its key. Raises LookupError."""
    for row in document["rows"]:
        if row[ROW] == key:
            found: Document = row
            return found
    raise LookupError(key)
