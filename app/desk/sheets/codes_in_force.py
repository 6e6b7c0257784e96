"""Codes of marks as the record has them now: the words for marks know other codes, too."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.desk.draft_form.catalogue import Catalogue
from app.desk.reading.article import ArticleReading
from app.desk.reading.marks import Mark, MarkKind, Reason
from app.vocabulary.events import TermKey
from app.vocabulary.record import RecordNoun

TYPE = "type"
"""The list of the types of events."""


def code_in_force(catalogue: Catalogue, list_: str, code: str) -> str:
    """Return a code or, if it was retired, its successor; "" if the record has neither."""
    seen: set[str] = set()
    while code not in seen:
        seen.add(code)
        form = catalogue.code(list_, code)
        if form is None:
            return ""
        code = form.successor or code
    return code


def in_force(catalogue: Catalogue, reading: ArticleReading) -> ArticleReading:
    """Return a reading whose terms and laws are those of the record.

    A retired code is replaced by its successor. A mark without a code in the record stays, with
    `Reason.NO_CODE`, and fits no field. Types of events stay as they are: what a figure counts
    depends on them.
    """
    marks = [[*marks_in_force(catalogue, each)] for each in reading.marks]
    return ArticleReading(reading.sentences, marks)


def marks_in_force(catalogue: Catalogue, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield marks with the codes that the record has."""
    for mark in marks:
        if mark.kind not in {MarkKind.TERM, MarkKind.NATIONALITY, MarkKind.LAW}:
            yield mark
        elif value := _value_in_force(catalogue, mark):
            yield replace(mark, value=value)
        else:
            yield replace(mark, reason=Reason.NO_CODE)


def _value_in_force(catalogue: Catalogue, mark: Mark) -> str:
    """Return the value of a term, nationality or law in the record; "" if it has none."""
    if mark.kind is MarkKind.LAW:
        laws = catalogue.directory.named_records.get(RecordNoun.LAW, {})
        return mark.value if mark.value in laws else ""
    if mark.kind is MarkKind.NATIONALITY:
        return code_in_force(catalogue, TermKey.NATIONALITY, mark.value)
    list_, _colon, code = mark.value.partition(":")
    known = code_in_force(catalogue, list_, code)
    return f"{list_}:{known}" if known else ""
