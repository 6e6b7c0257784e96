"""The kinds of records: the letters before the numbers of public ids, and their nouns."""

from enum import StrEnum

from app.vocabulary.code import Code


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


class RecordNoun(Code):
    """The kinds of records. Each record has its own history."""

    EVENT = "event"
    ESTIMATE = "estimate"
    SOURCE = "source"
    PLACE = "place"
    OUTLET = "outlet"
    ACTOR = "actor"
    LAW = "law"
    PAGE = "page"
    CODE = "code"

    @property
    def kind(self) -> RecordKind:
        return RecordKind[self.name]


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
NOUN_OF_KIND: dict[str, RecordNoun] = {noun.kind: noun for noun in RecordNoun}
NAMED_NOUNS: dict[str, RecordKind] = {NOUN_OF_KIND[kind].value: kind for kind in NAMED_KINDS}
"""Nouns of records with codes: also their vocabularies, tables and the names of their pages."""
NAMED_LISTS: dict[str, RecordNoun] = {f"{n}s": n for n in RecordNoun if n in NAMED_NOUNS}
"""The same nouns by the names of their lists and tables, in the order in which readers see them."""
