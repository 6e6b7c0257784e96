"""What was uploaded, row by row, and what became of each row. What a row said goes once drafts are made of it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Identity, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import Base, part_of, refers_to
from app.i18n.translate import N_
from app.vocabulary.code import Code


class Stage(Code):
    """How far an import is."""

    COLUMNS = (
        "columns",
        N_("Columns to be named"),
        N_("The bundle is kept; what its columns hold is to be said."),
    )
    CHECKING = "checking", N_("Being looked at"), N_("Each row is looked at; nothing is made.")
    CHECKED = (
        "checked",
        N_("Looked at"),
        N_("What each row would become is known; nothing is made."),
    )
    MAKING = "making", N_("Drafts are being made"), N_("Each record becomes a draft.")
    MADE = (
        "made",
        N_("Imported"),
        N_("The drafts are made; what the rows said is kept in them alone."),
    )
    UNDONE = "undone", N_("Taken back"), N_("All its drafts are deleted.")
    GIVEN_UP = "given-up", N_("Given up"), N_("Nothing was made, and what was uploaded is gone.")


AT_WORK = frozenset({Stage.CHECKING, Stage.MAKING})
HOLDS_ROWS = frozenset({Stage.COLUMNS, Stage.CHECKING, Stage.CHECKED, Stage.MAKING})


SECONDS_TO_BE_MISSED = 60
"""So long after its last word nobody works on an import any more: a part takes a second or two."""


MOST_STARTS = 3
ENDED_EACH_TIME = "ended-each-time"
"""The problem of what was begun so often, and each time its process ended without a word."""


class Fate(Code):
    """What becomes of a row. What stands under a record shares its fate."""

    NEW = "new", N_("New"), N_("Nothing here is this record.")
    CHANGED = "changed", N_("Changed"), N_("It is here, and says something else.")
    SAME = "same", N_("The same"), N_("It is here, and says just this.")
    TWIN = "twin", N_("Possible twin"), N_("It is new by its names, but much like another record.")
    LEFT_OUT = (
        "left-out",
        N_("Left out"),
        N_("It was not to be imported, or rests on what was not."),
    )
    ERROR = "error", N_("Error"), N_("It can’t be imported as it is.")


MAKES_A_DRAFT = (Fate.NEW, Fate.CHANGED)


class Import(Base):
    """One bundle, from its upload on. Its report lasts."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    title: Mapped[str]
    """The names of what was uploaded."""
    aside: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Files in it that are no tables."""
    stage: Mapped[str]
    done: Mapped[int] = mapped_column(server_default=sql("0"))
    total: Mapped[int] = mapped_column(server_default=sql("0"))
    beat: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When whoever works on it last said so."""
    starts: Mapped[int] = mapped_column(server_default=sql("0"))
    """How often somebody set to work on it and got nowhere."""
    problem: Mapped[str] = mapped_column(server_default=sql("''"))
    """Why nobody goes on with it by themselves: `ENDED_EACH_TIME`, or the kind of error at which it stopped."""
    with_twins: Mapped[bool] = mapped_column(server_default=sql("false"))
    hand_in: Mapped[bool] = mapped_column(server_default=sql("true"))
    why: Mapped[str | None]
    reason: Mapped[str | None]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    """When it came to this stage."""

    @property
    def has_stopped(self) -> bool:
        """Whether it is to be worked on, and nobody is at it."""
        is_missed = (
            self.beat is None
            or (datetime.now(UTC) - self.beat).total_seconds() > SECONDS_TO_BE_MISSED
        )
        return self.stage in AT_WORK and (bool(self.problem) or is_missed)

    __table_args__ = (
        CheckConstraint(
            "stage in ({})".format(", ".join(f"'{stage}'" for stage in Stage)), name="stage"
        ),
        CheckConstraint(f"starts between 0 and {MOST_STARTS}", name="starts"),
    )


class ImportFile(Base):
    """One table of it: a CSV file, or a sheet of a workbook."""

    __tablename__ = "import_file"

    import_id: Mapped[int] = mapped_column("import", part_of("import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    table: Mapped[str]
    """The file of the seeds' format that it is, such as `events.csv`; empty where it is left out."""
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """In their order: the `title` that stands over each, and the `field` that it holds, or none."""
    rows: Mapped[int]


class ImportRow(Base):
    """One line of a table."""

    __tablename__ = "import_row"

    import_id: Mapped[int] = mapped_column("import", primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[int]
    line: Mapped[int]
    cells: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """What it says; nothing once it is in a draft, or given up."""
    name: Mapped[str] = mapped_column(server_default=sql("''"))
    """By which rows of other tables name the record, citation or link that it is."""
    key: Mapped[str] = mapped_column(server_default=sql("''"))
    """By which other records name it, with the letter of its kind in front."""
    parent: Mapped[str] = mapped_column(server_default=sql("''"))
    """The name of what it stands under."""
    of: Mapped[int | None]
    """The number of the row of its record; its own, where it is one."""
    refs: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Keys of what it rests on and what only the bundle can bring."""
    fate: Mapped[str] = mapped_column(server_default=sql("''"))
    field: Mapped[str] = mapped_column(server_default=sql("''"))
    """Where in the row an error is."""
    words: Mapped[str] = mapped_column(server_default=sql("''"))
    """Why it has this fate."""
    record: Mapped[str] = mapped_column(server_default=sql("''"))
    """The id that it has, or would have, here."""
    draft: Mapped[int | None] = mapped_column(refers_to("draft.id"), index=True)

    __table_args__ = (
        CheckConstraint(
            "fate in ('', {})".format(", ".join(f"'{fate}'" for fate in Fate)), name="fate"
        ),
        Index("ix_import_row_name", "import", "name"),
        Index("ix_import_row_key", "import", "key"),
        Index("ix_import_row_parent", "import", "parent"),
        Index("ix_import_row_of", "import", "of"),
    )
