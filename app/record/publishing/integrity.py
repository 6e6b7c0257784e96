"""Integrity checks of the whole record: recalculates every row and compares, for `sojourn doctor`.

Reads only, so that it runs with the reader's database login while the site is up.
"""

from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.errors import refused_fields
from app.kinds import FORMS, EventForm, RecordForm
from app.record.derivation import rows as derived_rows
from app.record.derivation.context import DerivationContext
from app.record.derivation.facts import EventFacts
from app.record.editions import find_outdated_rules
from app.record.models import (
    Edition,
    EditionCounter,
    FilterTerm,
    PurgedRecord,
    RecordState,
    Version,
)
from app.record.publishing.publish import is_outdated
from app.record.publishing.validation import referenced_records, stage_problems
from app.record.publishing.working_set import WorkingSet, live_keys
from app.record.terms import TermNumbers
from app.vocabulary.kinds import KINDS_WITH_CODES

ROWS_PER_CHUNK = 1_000
"""Rows that are recalculated together: a large record does not fit into memory."""


def find_problems(db: Session) -> list[str]:
    """Return one sentence for each problem."""
    if outdated := find_outdated_rules(db):
        # Every other row would be reported, too.
        return [outdated, *_check_editions(db), *_check_histories(db), *_check_purges(db)]
    return [*_check_editions(db), *_check_histories(db), *_check_purges(db), *_check_rows(db)]


def _check_editions(db: Session) -> Iterator[str]:
    count, newest = db.execute(select(func.count(), func.coalesce(func.max(Edition.no), 0))).one()
    counter = db.scalar(select(EditionCounter.edition))
    if count != newest:
        yield f"Editions 1 to {newest} should be {newest}, but there are {count}."
    if counter != newest:
        yield f"The counter of editions stands at {counter}, the newest edition is {newest}."


def _check_histories(db: Session) -> Iterator[str]:
    """Check that every record has exactly one version in each edition since its first."""
    later = aliased(Version)
    broken = (
        select(Version.id, Version.closed)
        .outerjoin(later, and_(later.id == Version.id, later.opened == Version.closed))
        .where(Version.closed.is_not(None), later.seq.is_(None))
        .order_by(Version.seq)
    )
    for id, closed in db.execute(broken):
        yield f"{id} was closed in edition {closed}, which holds no later version of it."
    # Only the next version of each: all pairs are too many for a record with a thousand versions.
    following = func.lead(Version.opened).over(partition_by=Version.id, order_by=Version.opened)
    pairs = select(
        *(Version.id, Version.opened, Version.closed, Version.seq, following.label("following"))
    ).subquery()
    overlapping = (
        select(pairs.c.id, pairs.c.opened)
        .where(or_(pairs.c.closed.is_(None), pairs.c.closed > pairs.c.following))
        .where(pairs.c.following.is_not(None))
        .order_by(pairs.c.seq)
    )
    for id, opened in db.execute(overlapping):
        yield f"{id} has two versions at once after edition {opened}."
    used = func.unnest(Version.terms).table_valued("no").render_derived()
    known = select(FilterTerm.no).where(FilterTerm.no == used.c.no).exists()
    for id in db.scalars(
        select(Version.id).where(select(used.c.no).where(~known).exists()).order_by(Version.seq)
    ):
        yield f"{id} answers to terms that have no name."


def _check_purges(db: Session) -> Iterator[str]:
    statement = select(Version.id).where(
        Version.id.in_(select(PurgedRecord.id)),
        or_(Version.state != RecordState.PURGED, Version.payload != {}, Version.plain != ""),
    )
    for id in db.scalars(statement.distinct().order_by(Version.id)):
        yield f"{id} was removed for good and is here again: run the purge of it once more."


def _check_rows(db: Session) -> Iterator[str]:
    """Check all open rows, in chunks, together with the rows that they are calculated from."""
    live = sorted(live_keys(db))
    newest = db.scalars(select(func.max(Edition.at))).one()
    for start in range(0, len(live), ROWS_PER_CHUNK):
        chunk = live[start : start + ROWS_PER_CHUNK]
        try:
            shelf, numbers = WorkingSet(db), TermNumbers(db)
            shelf.day = newest.date() if newest else shelf.day
            shelf.load(chunk)
            context = shelf.context({shelf.key(kind, id) for kind, id in chunk})
        except ValidationError:
            yield from _report_unreadable(db)
            return
        for kind, id in chunk:
            form, row = shelf.form(kind, id), shelf.open_row(kind, id)
            assert form is not None and row is not None
            shelf.load(
                target for target in referenced_records(form) if target[0] not in KINDS_WITH_CODES
            )
            yield from _check_row(form, row, shelf, context, numbers)


def _report_unreadable(db: Session) -> Iterator[str]:
    """Report rows with a form that this release can't read; they prevent all recalculation."""
    live = select(Version.kind, Version.id, Version.payload).where(
        Version.closed.is_(None), Version.is_live
    )
    for kind, id, payload in db.execute(live.order_by(Version.seq)):
        try:
            FORMS[kind].model_validate(payload.get("form"))
        except ValidationError as error:
            yield f"{id} can't be read: {refused_fields(error)}."


def _check_row(
    form: RecordForm,
    row: Version,
    shelf: WorkingSet,
    context: DerivationContext,
    numbers: TermNumbers,
) -> Iterator[str]:
    try:
        if is_outdated(row, derived_rows.derive_row(form, context), numbers):
            yield f"{form.id} is not what would be derived today: run `sojourn publish --again`."
    except ValueError as error:
        yield f"{form.id} can't be derived: {error}."
        return
    targets = {id: shelf.open_row(kind, id) for kind, id in sorted(referenced_records(form))}
    states = {id: target.state if target else None for id, target in targets.items()}
    for id, state in states.items():
        # Records may still refer to a purged one: its page says that it was removed.
        if state not in {RecordState.LIVE, RecordState.PURGED}:
            yield f"{form.id} names {id}, which is not in the record."
    if isinstance(form, EventForm) and RecordState.PURGED not in states.values():
        yield from (f"{reason}." for reason in stage_problems(EventFacts(form, context)))
