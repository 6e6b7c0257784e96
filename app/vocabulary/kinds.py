"""The letters before the numbers of public ids. They are stored as the kind of a record."""

from enum import StrEnum


class RecordKind(StrEnum):
    """Kinds of records, in the order of their letters, which also sorts an edition's changes.

    SQLAlchemy knows no type for a member: where no column gives one, bind `.value`.
    """

    EVENT = "E"
    ESTIMATE = "M"
    OUTLET = "O"
    PLACE = "P"
    SOURCE = "S"
    CODE = "V"
