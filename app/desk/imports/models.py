"""Tables of imports: the upload, its files, its rows, and the fate of each row.

The cells of a row are deleted once drafts are made.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, DateTime, Identity, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.approved.models import DeskBase, part_of, refers_to
from app.i18n.translate import N_
from app.vocabulary.code import Code


class ImportStage(Code):
    """Stage of an import, in the order in which an import passes through them."""

    COLUMNS = (
        "columns",
        N_("Columns to choose"),
        N_("The files are uploaded. The content of their columns has to be chosen."),
    )
    CHECKING = (
        "checking",
        N_("Checking rows"),
        N_("Each row is checked. No drafts are created yet."),
    )
    CHECKED = (
        "checked",
        N_("Checked"),
        N_("The result of each row is known. No drafts are created yet."),
    )
    MAKING = "making", N_("Creating drafts"), N_("A draft is created for each record.")
    MADE = (
        "made",
        N_("Imported"),
        N_("The drafts are created. The uploaded rows are deleted."),
    )
    UNDONE = "undone", N_("Undone"), N_("All its drafts were deleted.")
    GIVEN_UP = (
        "given-up",
        N_("Cancelled"),
        N_("No drafts were created, and the uploaded files were deleted."),
    )


RUNNING_STAGES = frozenset({ImportStage.CHECKING, ImportStage.MAKING})
STAGES_WITH_ROWS = frozenset(
    {ImportStage.COLUMNS, ImportStage.CHECKING, ImportStage.CHECKED, ImportStage.MAKING}
)


HEARTBEAT_TIMEOUT_SECONDS = 60
"""Age of the last heartbeat after which an import counts as stopped. A batch takes 1-2 seconds."""


MAX_STARTS = 3
KEEPS_CRASHING = "ended-each-time"
"""`Import.problem` after `MAX_STARTS` attempts whose process ended without an error."""


class RowFate(Code):
    """Result of checking a row. Child rows share the fate of their record."""

    NEW = "new", N_("New"), N_("No existing record matches.")
    CHANGED = "changed", N_("Changed"), N_("The record exists with other values.")
    SAME = "same", N_("Unchanged"), N_("The record exists with the same values.")
    TWIN = (
        "twin",
        N_("Possible duplicate"),
        N_("The names are new, but it is similar to another record."),
    )
    LEFT_OUT = (
        "left-out",
        N_("Left out"),
        N_("It is not imported, or depends on a row that is not."),
    )
    ERROR = "error", N_("Error"), N_("It can’t be imported. Correct the row.")


FATES_WITH_DRAFT = (RowFate.NEW, RowFate.CHANGED)


class Import(DeskBase):
    """One upload of files. The import and its report are never deleted."""

    __tablename__ = "import"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    by: Mapped[int] = mapped_column(refers_to("person.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    title: Mapped[str]
    """Name of the first uploaded file, and the number of the others."""
    aside: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Names of files that are not tables, and so were ignored."""
    stage: Mapped[str]
    done: Mapped[int] = mapped_column(server_default=sql("0"))
    total: Mapped[int] = mapped_column(server_default=sql("0"))
    beat: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Last heartbeat of the background thread."""
    starts: Mapped[int] = mapped_column(server_default=sql("0"))
    """Attempts since the import last made progress."""
    problem: Mapped[str] = mapped_column(server_default=sql("''"))
    """Why the scheduler does not resume the import: `KEEPS_CRASHING` or a class of error."""
    with_twins: Mapped[bool] = mapped_column(server_default=sql("false"))
    hand_in: Mapped[bool] = mapped_column(server_default=sql("true"))
    why: Mapped[str | None]
    reason: Mapped[str | None]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=sql("now()"))
    """Start of the current stage."""

    @property
    def has_stopped(self) -> bool:
        """Whether work remains and no background thread is doing it."""
        is_missed = (
            self.beat is None
            or (datetime.now(UTC) - self.beat).total_seconds() > HEARTBEAT_TIMEOUT_SECONDS
        )
        return self.stage in RUNNING_STAGES and (bool(self.problem) or is_missed)

    __table_args__ = (
        CheckConstraint(
            "stage in ({})".format(", ".join(f"'{stage}'" for stage in ImportStage)), name="stage"
        ),
        CheckConstraint(f"starts between 0 and {MAX_STARTS}", name="starts"),
    )


class ImportFile(DeskBase):
    """One table of an import: a CSV file, or a sheet of a workbook."""

    __tablename__ = "import_file"

    import_id: Mapped[int] = mapped_column("import", part_of("import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    table: Mapped[str]
    """The seed file that the table corresponds to, such as `events.csv`; empty if ignored."""
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """The `title` of each column, and the `field` that it holds; an empty field if ignored."""
    rows: Mapped[int]


class ImportRow(DeskBase):
    """One line of a table."""

    __tablename__ = "import_row"

    import_id: Mapped[int] = mapped_column("import", primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[int]
    line: Mapped[int]
    cells: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Cells as uploaded. None once drafts are made or the import is abandoned."""
    name: Mapped[str] = mapped_column(server_default=sql("''"))
    """Name by which rows of other tables refer to this record, citation or link."""
    key: Mapped[str] = mapped_column(server_default=sql("''"))
    """Kind letter and name by which other records refer to this row, such as `S S12`."""
    parent: Mapped[str] = mapped_column(server_default=sql("''"))
    """`name` of the row that this row belongs to."""
    of: Mapped[int | None]
    """Number of the row that holds the record; the row's own number if the row is a record."""
    refs: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Keys of records that this row names and that exist only in this import."""
    fate: Mapped[str] = mapped_column(server_default=sql("''"))
    field: Mapped[str] = mapped_column(server_default=sql("''"))
    """Field that has the error."""
    words: Mapped[str] = mapped_column(server_default=sql("''"))
    """Reason for the fate."""
    record: Mapped[str] = mapped_column(server_default=sql("''"))
    """Id of the record that this row changes or becomes."""
    draft: Mapped[int | None] = mapped_column(refers_to("draft.id"), index=True)

    __table_args__ = (
        CheckConstraint(
            "fate in ('', {})".format(", ".join(f"'{fate}'" for fate in RowFate)), name="fate"
        ),
        Index("ix_import_row_name", "import", "name"),
        Index("ix_import_row_key", "import", "key"),
        Index("ix_import_row_parent", "import", "parent"),
        Index("ix_import_row_of", "import", "of"),
    )
