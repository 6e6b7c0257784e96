"""The letters before the numbers of public ids. They are stored as the kind of a record."""

from enum import StrEnum


class RecordKind(StrEnum):
    """Kinds of records, in the order of their letters, which also sorts an edition's changes.

    SQLAlchemy knows no type for a member: where no column gives one, bind `.value`.
    """

    ACTOR = "A"
    EVENT = "E"
    ESTIMATE = "M"
    LAW = "N"
    OUTLET = "O"
    PLACE = "P"
    SOURCE = "S"
    PAGE = "U"
    CODE = "V"


class RowKind(StrEnum):
    """Kinds of rows that have ids of their own within an event or estimate."""

    CITATION = "C"
    LINK = "L"


CITING_KINDS = (RecordKind.EVENT, RecordKind.ESTIMATE)
"""Kinds with citations, terms and links."""
LISTED_KINDS = (RecordKind.SOURCE, *CITING_KINDS)
"""Kinds with a filtered list of their own; other records refer to their id."""
NAMED_KINDS = (
    RecordKind.ACTOR,
    RecordKind.LAW,
    RecordKind.PLACE,
    RecordKind.OUTLET,
    RecordKind.PAGE,
)
"""Kinds with a code and with names in many languages; other records refer to the code.

Each kind comes after the kinds that its records refer to.
"""
WRITTEN_KINDS = (
    RecordKind.EVENT,
    RecordKind.SOURCE,
    RecordKind.ESTIMATE,
    RecordKind.OUTLET,
    RecordKind.PLACE,
    RecordKind.LAW,
    RecordKind.ACTOR,
    RecordKind.PAGE,
)
"""Kinds that the desk drafts, in the order of its buttons."""
KINDS_WITH_CODES = (*NAMED_KINDS, RecordKind.CODE)
"""Kinds that other records refer to by code."""
