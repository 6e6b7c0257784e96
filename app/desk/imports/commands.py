"""What the buttons of an import do. Whoever uploaded a bundle goes on with it; an admin can also give it up."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, or_, select, text, update
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.database.sessions import DeskSession
from app.desk.approved.draft_models import Weight
from app.desk.drafts.change_reasons import unexplained
from app.desk.identity.models import Person, Role
from app.desk.imports import columns
from app.desk.imports.models import (
    AT_WORK,
    HOLDS_ROWS,
    MAKES_A_DRAFT,
    Fate,
    Import,
    ImportFile,
    ImportRow,
    Stage,
)
from app.desk.imports.opening import MOST_ROWS, Sheet, Unreadable, Upload
from app.desk.imports.table_reader import read_sheets
from app.errors import NotNow
from app.i18n.translate import _, ngettext
from app.record.publishing.validation import Refused

LONGEST_TITLE = 200
DAYS_KEPT = 14
"""An upload that nobody goes on with is given up after that."""


def may_go_on(person: Person, it: Import) -> bool:
    return it.by == person.id


def may_end(person: Person, it: Import) -> bool:
    return it.by == person.id or person.may(Role.ADMIN)


# What was uploaded ------------------------------------------------------------------------------------------------


def keep(db: Session, by: Person, uploads: Sequence[Upload]) -> Import:
    """Keeps every row of what was uploaded, with a guess at what its columns hold. Raises Unreadable."""
    aside: list[str] = []
    title = uploads[0].name
    if others := len(uploads) - 1:
        title = _("{first} and {others}").format(
            first=title, others=ngettext("{count} more", "{count} more", others)
        )
    it = Import(by=by.id, title=title[:LONGEST_TITLE], aside=[], stage=Stage.COLUMNS)
    db.add(it)
    db.flush()
    total = 0
    for number, sheet in enumerate(read_sheets(uploads, aside), 1):
        count = _copy(db, it.id, number, sheet, total)
        total += count
        table = columns.of_name(sheet.name) or columns.of_header(sheet.header)
        guess = columns.guessed(table, sheet.header)
        db.add(
            ImportFile(
                import_id=it.id,
                number=number,
                name=sheet.name,
                table=table,
                columns=guess,
                rows=count,
            )
        )
    if not total:
        raise Unreadable(_("There is no row in what was sent."))
    it.aside = aside
    db.flush()
    return it


def _copy(db: Session, id: int, file: int, sheet: Sheet, before: int) -> int:
    """As the database takes many rows best."""
    driver: Any = db.connection().connection.driver_connection
    count = 0
    with (
        driver.cursor() as cursor,
        cursor.copy("COPY desk.import_row (import, number, file, line, cells) FROM STDIN") as copy,
    ):
        for line, cells in _fitted(sheet):
            count += 1
            if before + count > MOST_ROWS:
                words = _("There are more than {most} rows: send them in parts.")
                raise Unreadable(words.format(most=f"{MOST_ROWS:,}"))
            copy.write_row((id, before + count, file, line, cells))
    return count


def _fitted(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Blank cells beyond the last column are no cells; where a workbook has none they are blank."""
    width = len(sheet.header)
    for line, cells in sheet.lines:
        while len(cells) > width and not cells[-1]:
            cells.pop()
        yield line, cells + [""] * (width - len(cells)) if sheet.is_ragged else cells


# What its columns hold --------------------------------------------------------------------------------------------


def files_of(db: Session, it: Import) -> Sequence[ImportFile]:
    found = select(ImportFile).where(ImportFile.import_id == it.id).order_by(ImportFile.number)
    return db.scalars(found).all()


def choose_columns(files: Sequence[ImportFile], posted: Mapping[str, str]) -> bool:
    """Takes what somebody chose; where a file is another table now its columns are guessed anew, and True is given."""
    is_another = False
    for file in files:
        table = posted.get(f"table.{file.number}", file.table)
        if table in {"", *columns.TABLES} and table != file.table:
            file.table, is_another = table, is_another or bool(table)
            file.columns = columns.guessed(table, [column["title"] for column in file.columns])
            continue
        known = columns.fields(file.table) if file.table else {}
        file.columns = [
            {
                **column,
                "field": name
                if (name := posted.get(f"column.{file.number}.{at}", column["field"])) in known
                else "",
            }
            for at, column in enumerate(file.columns)
        ]
    return is_another


def wrong_columns(files: Sequence[ImportFile]) -> list[str]:
    used = [file for file in files if file.table]
    found = [
        f"{file.name}: {reason}"
        for file in used
        for reason in columns.wrong(file.table, file.columns)
    ]
    by_table: dict[str, set[frozenset[str]]] = {}
    for file in used:
        by_table.setdefault(file.table, set()).add(
            frozenset(column["field"] for column in file.columns) - {""}
        )
    titles = columns.TITLES
    found += [
        _("{table}: the files of one table must have the same columns").format(
            table=_(titles[table])
        )
        for table, sets in by_table.items()
        if len(sets) > 1
    ]
    nouns = {table for table in by_table if not columns.TABLES[table].parent}
    return found or (
        [] if nouns else [_("there is no table of records, only rows that stand under some")]
    )


# From stage to stage ----------------------------------------------------------------------------------------------


def find(db: Session, id: int, *, to_write: bool = False) -> Import | None:
    return db.get(Import, id, with_for_update=to_write) if id < 2**31 else None


def check(it: Import) -> None:
    """Has all rows looked at; before drafts are made it can be done again, with other columns."""
    if it.stage not in {Stage.COLUMNS, Stage.CHECKED}:
        raise NotNow
    _to(it, Stage.CHECKING)


def back_to_columns(it: Import) -> None:
    if it.stage != Stage.CHECKED:
        raise NotNow
    _to(it, Stage.COLUMNS)


def make(
    db: Session, it: Import, *, with_twins: bool, hand_in: bool, why: str, reason: str
) -> None:
    """Has drafts made of what is new or changed. Refused where a change is not explained."""
    if it.stage != Stage.CHECKED:
        raise NotNow
    counts = counted(db, it.id)
    reasons = []
    if counts.get(Fate.CHANGED) and hand_in:
        reasons += unexplained(why, reason)
    if not any(counts.get(fate) for fate in (*MAKES_A_DRAFT, *([Fate.TWIN] if with_twins else []))):
        reasons.append(_("there is nothing to make a draft of"))
    if reasons:
        raise Refused(reasons)
    it.with_twins, it.hand_in = with_twins, hand_in
    it.why, it.reason = why if why in Weight.by_code() else None, reason or None
    _to(it, Stage.MAKING)


def go_on(it: Import) -> None:
    """After it stopped."""
    it.starts, it.problem, it.beat = 0, "", func.now()


def give_up(db: Session, it: Import) -> None:
    """What was uploaded goes. What was made of it before it stopped is taken back from the import's report."""
    if it.stage not in HOLDS_ROWS or it.stage == Stage.MAKING:
        raise NotNow
    _to(it, Stage.GIVEN_UP)
    forget_rows(db, [it.id])


def give_up_old(db: Session) -> int:
    """Uploads that nobody went on with. Where drafts were made of some of its rows, the others have none."""
    ago = func.now() - text(f"interval '{DAYS_KEPT} days'")
    is_waiting = or_(
        Import.stage.in_([Stage.COLUMNS, Stage.CHECKED]),
        Import.stage.in_(AT_WORK) & (Import.problem != ""),
    )
    ended = case((Import.stage == Stage.MAKING, Stage.MADE.value), else_=Stage.GIVEN_UP.value)
    old = update(Import).where(is_waiting, Import.since < ago)
    ids = db.scalars(
        old.values(stage=ended, since=func.now(), problem="", beat=None).returning(Import.id)
    ).all()
    forget_rows(db, ids)
    return len(ids)


def forget_rows(db: Session, ids: Sequence[int]) -> None:
    db.execute(update(ImportRow).where(ImportRow.import_id.in_(ids)).values(cells=None, refs=None))


def _to(it: Import, stage: Stage) -> None:
    it.stage, it.since = stage, func.now()
    it.done, it.total, it.starts, it.problem, it.beat = 0, 0, 0, "", None
    if stage in {Stage.CHECKING, Stage.MAKING}:
        it.beat = func.now()


def counted(db: Session, id: int, *, records_only: bool = True) -> dict[str, int]:
    """How many records, or rows, have each fate."""
    found = select(ImportRow.fate, func.count()).where(
        ImportRow.import_id == id, ImportRow.fate != ""
    )
    if records_only:
        found = found.where(ImportRow.of == ImportRow.number)
    return dict(db.execute(found.group_by(ImportRow.fate)).all())


# ------------------------------------------------------------------------------------------------------------------


def _found(db: DeskSession, id: int, *, to_write: bool = False) -> Import:
    it = find(db, id, to_write=to_write)
    if it is None:
        raise HTTPException(404)
    return it
