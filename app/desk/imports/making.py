"""Drafts of what was looked at: some hundred at a time, each time in a transaction of its own. And taking all back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Integer, any_, cast, func, insert, literal, select, text, update
from sqlalchemy.orm import Session

from app.desk.approved import public_ids
from app.desk.approved.draft_models import OPEN, Draft, Revision, Saved, State
from app.desk.draft_form.documents import Document, document_of
from app.desk.drafts import commands as drafts
from app.desk.drafts.alignment import aligned
from app.desk.drafts.commands import Beginning
from app.desk.identity.audit_log import Action, note
from app.desk.identity.models import Person
from app.desk.imports.checking import AT_ONCE, changed_fields
from app.desk.imports.commands import forget_rows
from app.desk.imports.fates import fall, share
from app.desk.imports.models import MAKES_A_DRAFT, Fate, Import, ImportRow, Stage
from app.desk.imports.records import KIND_OF, LETTERS, Bundle, Read, bundle, read
from app.errors import NotNow
from app.forms import FORMS, Form
from app.forms.base import rows_of
from app.i18n.translate import _
from app.record.publishing.validation import Refused

FURTHEST = 100_000
"""An id of the bundle that nothing here ever had is kept, unless it is so far off that it must be a slip."""
NAMES = ("id", "about", "source", "event", "to", "citation")
"""Fields in which ids stand."""


def prepare(db: Session, it: Import) -> None:
    """Says what is left out, and gives an id to all that is new."""
    standing = [*MAKES_A_DRAFT, Fate.SAME]
    if it.with_twins:
        _become(db, it.id, Fate.TWIN, Fate.NEW)
    fall(db, it.id, standing, Fate.LEFT_OUT, _("It names {id}, which is left out."))
    _become(db, it.id, Fate.TWIN, Fate.LEFT_OUT)
    share(db, it.id)
    of = bundle(db, it.id)
    for letter, files in _lettered(of).items():
        _number(db, it.id, letter, files)
    is_made = (ImportRow.import_id == it.id, ImportRow.of == ImportRow.number)
    counted = select(func.count()).where(*is_made, ImportRow.fate.in_(MAKES_A_DRAFT))
    it.done, it.total = 0, db.scalar(counted) or 0


def _become(db: Session, id: int, before: Fate, after: Fate) -> None:
    """What stands under a record goes with it."""
    db.execute(
        text(
            "UPDATE desk.import_row r SET fate = :after FROM desk.import_row o "
            "WHERE r.import = :id AND o.import = :id AND o.number = r.of AND r.fate = :before"
        ),
        {"id": id, "before": before.value, "after": after.value},
    )


def _lettered(of: Bundle) -> Mapping[str, Collection[int]]:
    """The files whose rows have ids of their own, by the letter of these."""
    found: dict[str, list[int]] = {}
    for number, file in of.files.items():
        letter = LETTERS.get(file.table) or KIND_OF.get(file.table, "V")
        if file.table in LETTERS or letter in "POSEM":
            found.setdefault(letter, []).append(number)
    return found


def _number(db: Session, id: int, letter: str, files: Collection[int]) -> None:
    """Ids for rows that have none here yet. Whoever else takes one meanwhile waits until this is committed."""
    last = public_ids.last(db, letter)
    rows = db.execute(
        select(ImportRow.number, ImportRow.name)
        .where(
            ImportRow.import_id == id,
            ImportRow.file.in_(files),
            ImportRow.record == "",
            ImportRow.fate.in_(MAKES_A_DRAFT),
        )
        .order_by(ImportRow.number)
    ).all()
    kept = {
        number: int(found[2])
        for number, name in rows
        if (found := public_ids.NUMBERED.fullmatch(name))
        and found[1] == letter
        and last < int(found[2]) <= last + FURTHEST
    }
    following = max([last, *kept.values()])
    given: dict[int, str] = {}
    for number, _name in rows:
        if number not in kept:
            following += 1
        given[number] = f"{letter}{kept.get(number, following)}"
    public_ids.set_last(db, letter, following)
    db.execute(
        text(
            "UPDATE desk.import_row r SET record = v.record "
            "FROM unnest(CAST(:numbers AS int[]), CAST(:records AS text[])) AS v (number, record) "
            "WHERE r.import = :id AND r.number = v.number"
        ),
        {"id": id, "numbers": list(given), "records": list(given.values())},
    )


# Some hundred at a time -------------------------------------------------------------------------------------------


def make_some(db: Session, it: Import, of: Bundle, by: Person) -> int:
    """Makes the next drafts; how many rows were seen to, 0 after the last."""
    waiting = select(ImportRow).where(
        ImportRow.import_id == it.id,
        ImportRow.of == ImportRow.number,
        ImportRow.fate.in_(MAKES_A_DRAFT),
        ImportRow.draft.is_(None),
    )
    rows = db.scalars(waiting.order_by(ImportRow.number).limit(AT_ONCE)).all()
    if not rows:
        return 0
    records = read(db, of, rows)
    drafts.wait_for(db, [each.old.id for each in records if each.old])
    taken = set(
        db.scalars(
            select(Draft.record).where(
                Draft.record.in_([each.line.record for each in records]), Draft.state.in_(OPEN)
            )
        )
    )
    ids = _ids_of(db, it.id, records)
    begun: list[Beginning] = []
    by_row = {row.number: row for row in rows}
    for each in records:
        row = by_row[each.line.row]
        words = _cannot(each, row, taken)
        if words:
            row.fate, row.words = Fate.ERROR, words
        elif each.old == each.form:
            row.fate, row.words = Fate.SAME, ""
        else:
            begun.append(_beginning(each, row, ids))
            if each.old and each.form:
                row.words = _(", ").join(changed_fields(each.old, each.form))
    made = drafts.begin_all(
        db, by, begun, name=f"import {it.id}", why=it.why, reason=it.reason, hand_in=it.hand_in
    )
    for each in records:
        by_row[each.line.row].draft = made.get(by_row[each.line.row].record)
    return len(rows)


def _cannot(each: Read, row: ImportRow, taken: Collection[str]) -> str:
    """What has changed since it was looked at, so that no draft can be made."""
    if each.form is None:
        return each.faults[0].words if each.faults else _("It can’t be read any more.")
    if (each.old is not None) != (row.fate == Fate.CHANGED):
        return _("What is approved has changed since it was looked at.")
    if row.record in taken:
        return _("Somebody began a draft of it since it was looked at.")
    return ""


def _beginning(each: Read, row: ImportRow, ids: Mapping[str, str]) -> Beginning:
    assert each.form is not None
    form = FORMS[each.kind]
    document = {**_renamed(form, document_of(each.form), ids), "id": row.record}
    base = document_of(each.old) if each.old else None
    return Beginning(row.record, aligned(form, document, base) if base else document, base)


def _ids_of(db: Session, id: int, records: Sequence[Read]) -> dict[str, str]:
    """The id here of all that these name and the bundle brings."""
    named = {text for each in records if each.form for text in _named(each.form)}
    found = select(ImportRow.name, ImportRow.record).where(
        ImportRow.import_id == id, ImportRow.name.in_(named), ImportRow.record != ""
    )
    return {name: record for name, record in db.execute(found) if name != record}


def _named(form: Form) -> set[str]:
    found: set[str] = set()
    for name, described in type(form).model_fields.items():
        value = getattr(form, name)
        if rows_of(described):
            found.update(*(_named(row) for row in value))
        elif name in NAMES and value:
            found.add(str(value))
    return found


def _renamed(form: type[Form], document: Document, ids: Mapping[str, str]) -> Document:
    changed: dict[str, Any] = dict(document)
    for name, described in form.model_fields.items():
        if child := rows_of(described):
            changed[name] = [_renamed(child, row, ids) for row in document[name]]
        elif name in NAMES:
            changed[name] = ids.get(document[name], document[name])
    return changed


def finish(db: Session, it: Import, by: Person) -> None:
    """What the rows said is in the drafts now, and nowhere else."""
    rows = update(ImportRow).where(ImportRow.import_id == it.id)
    share(db, it.id)
    db.execute(rows.values(cells=None, refs=None))
    made = (
        db.scalar(
            select(func.count()).where(ImportRow.import_id == it.id, ImportRow.draft.is_not(None))
        )
        or 0
    )
    note(db, Action.IMPORTED, by, f"import:{it.id}", str(made))


# Taking it back ---------------------------------------------------------------------------------------------------


def published(db: Session, id: int) -> Sequence[str]:
    """The records of it that readers see by now, so that it can't be taken back whole."""
    of = select(Draft.record).join(ImportRow, ImportRow.draft == Draft.id)
    is_out = (ImportRow.import_id == id, Draft.state == State.PUBLISHED)
    return db.scalars(of.where(*is_out).order_by(func.length(Draft.record), Draft.record)).all()


def take_back(db: Session, it: Import, by: Person) -> int:
    """Deletes all drafts of it, in one act; Refused once any of them is published. Each can still be brought back.

    What stopped while drafts were made ends so, too: what its rows said is kept no longer.
    """
    if it.stage not in {Stage.MAKING, Stage.MADE, Stage.UNDONE} or (
        it.stage == Stage.MAKING and not it.has_stopped
    ):
        raise NotNow
    of_it = select(ImportRow.draft).where(
        ImportRow.import_id == it.id, ImportRow.draft.is_not(None)
    )
    # Whoever publishes or saves one of them is done before, or waits and finds it deleted.
    db.execute(select(Draft.id).where(Draft.id.in_(of_it)).order_by(Draft.id).with_for_update())
    if out := published(db, it.id):
        raise Refused(
            [
                _("{id} is published: withdraw it, or change it in a draft of its own").format(
                    id=id
                )
                for id in out
            ]
        )
    open_ = (Draft.id.in_(of_it), Draft.state.in_(OPEN))
    changed = (
        update(Draft)
        .where(*open_)
        .values(state=State.DELETED, number=Draft.number + 1, saved_at=func.now())
    )
    ids = db.scalars(changed.returning(Draft.id)).all()
    columns = ("draft", "number", "by", "saved", "sheet", "document", "why", "reason", "words")
    said = select(
        Draft.id,
        Draft.number,
        literal(by.id),
        literal(Saved.DELETED.value),
        literal(f"import {it.id}"),
        Draft.document,
        Draft.why,
        Draft.reason,
        literal(f"import {it.id}"),
    ).where(Draft.id == any_(cast(list(ids), ARRAY(Integer))))
    db.execute(insert(Revision).from_select(columns, said))
    it.stage, it.since, it.problem, it.beat = Stage.UNDONE, func.now(), "", None
    forget_rows(db, [it.id])
    note(db, Action.TOOK_IMPORT_BACK, by, f"import:{it.id}", str(len(ids)))
    db.expire_all()
    return len(ids)
