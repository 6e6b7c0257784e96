"""Publishes approved forms as a new edition; the only module that adds versions to the record.

publish() removes private fields, calculates the rows from the forms and the existing record,
writes the rows that differ and closes the ones they replace. All of this happens in the caller's
transaction, and without the desk's tables.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, func, text, update
from sqlalchemy.dialects.postgresql import ARRAY, Range, insert
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Session

from app.dates import edtf
from app.kinds import KIND, NamedForm, RecordForm, public
from app.progress import track
from app.record.derivation import rows as derived_rows
from app.record.derivation.context import DerivationContext
from app.record.derivation.facts import ENDS
from app.record.editions import find_outdated_rules, notify_workers
from app.record.models import PAYLOAD_FORMAT, RULES, Edition, RecordState, Version
from app.record.publishing.next_edition import lock_counter, next_edition
from app.record.publishing.validation import (
    PublishError,
    refuse_circles,
    refuse_contradictory_speakers,
    refuse_invalid_events,
    refuse_missing_ids,
    refuse_missing_references,
    refuse_other_keys,
    refuse_removing_referenced,
)
from app.record.publishing.working_set import (
    Change,
    WorkingSet,
    live_keys,
    reference_name,
)
from app.record.search import CONFIGURATION, plain_text
from app.record.sql.rows import is_one_of
from app.record.terms import TermNumbers
from app.vocabulary.kinds import RecordKind
from app.vocabulary.record import SILENT, Why


@dataclass(frozen=True)
class Approved:
    """A form to publish, and why it changed. At the first publication `why` is always `added`."""

    form: RecordForm
    why: Why = Why.UPDATED
    reason: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """A record to withdraw: it leaves every list; its page stays and gives the reason."""

    id: str
    reason: str


@dataclass(frozen=True)
class Merge:
    """A record to merge into another of its kind; its page redirects there.

    A code of a former list goes into a record of another kind, which is no news.
    """

    id: str
    into: str
    reason: str = ""
    why: Why = Why.MERGED


def _kind_of(id: str) -> str:
    return RecordKind.CODE if ":" in id else id[0]


def publish(
    db: Session,
    approved: Iterable[Approved],
    *,
    message: str = "",
    by: str = "",
    withdrawn: Sequence[Withdrawal] = (),
    merged: Sequence[Merge] = (),
    parted: Collection[str] = (),
    again: Collection[tuple[str, str]] = (),
) -> Edition | None:
    """Publish an edition; return None if nothing would change.

    A second publish() waits until this transaction ends: editions are numbered in commit order.
    `by` is public: a role, or a person's chosen public name.
    `parted` are the ids of merged records to make separate again.
    `again` are rows to recalculate even if none of the changes affects them. If they are all live
    rows, the edition is a recalculation unless a form has changed, too.
    """
    counter = lock_counter(db)
    shelf = WorkingSet(db)
    changes = _changes_of_approved(shelf, list(approved), parted)
    changes |= _changes_of_removed(shelf, withdrawn, merged, published=changes)
    shelf.load(again)
    for change in changes.values():
        shelf.put(change.kind, change.id, change.form if change.is_live else None)
    refuse_missing_references(shelf, changes.values())
    refuse_circles(shelf, changes.values())
    refuse_contradictory_speakers(changes.values())

    affected = shelf.affected_by(changes.values())
    refuse_removing_referenced(shelf, changes.values(), affected)
    changed = {(c.kind, c.id) for c in changes.values()}
    # A stated end may have passed since the last edition.
    rederived = (affected | set(again) | shelf.find({ENDS}, (RecordKind.EVENT,))) - changed
    context = shelf.context(rederived | {(c.kind, c.id) for c in changes.values() if c.is_live})
    affected_forms = [shelf.form(kind, id) for kind, id in affected]
    refuse_invalid_events(context, changes.values(), affected_forms)
    written = [change for change in changes.values() if change.is_live]
    written += [
        Change(form, kind, form.id, Why.REINDEXED, old=shelf.open_row(kind, id))
        for kind, id in sorted(rederived)
        if (form := shelf.form(kind, id)) is not None
    ]
    rows = [
        (change, derive_or_refuse(change.form, context))
        for change in track(written, "Calculating rows")
        if change.form is not None
    ]
    numbers = TermNumbers(db)
    rows = [
        (change, row)
        for change, row in track(rows, "Comparing rows")
        if change.old is None or is_outdated(change.old, row, numbers)
    ]
    removed = [change for change in changes.values() if not change.is_live]
    is_first = not counter.edition
    is_whole = bool(again) and set(again) >= live_keys(db)
    is_overdue = is_whole and bool(find_outdated_rules(db))
    if not rows and not removed and not is_overdue:
        return None
    edition = next_edition(
        db,
        counter,
        message,
        by,
        RULES if is_first or is_whole else None,
        is_recalculation=is_whole and all(c.why is Why.REINDEXED for c in [*written, *removed]),
    )
    numbers.make(pair for _, row in rows for pair in row.terms)
    changes_made = [*(change for change, _ in rows), *removed]
    db.execute(
        update(Version)
        .where(is_one_of(Version.seq, [change.old.seq for change in changes_made if change.old]))
        .values(closed=edition.no),
        execution_options={"synchronize_session": False},
    )
    written_rows = [*rows, *((change, _EMPTY_ROW) for change in removed)]
    insert_rows(
        db,
        [
            version_columns(edition.no, change, row) | {"terms": numbers.column(row.terms)}
            for change, row in written_rows
        ],
    )
    db.expire_all()
    notify_workers(db, edition.no)
    return edition


_EMPTY_ROW = derived_rows.DerivedRow()


# Changes ----------------------------------------------------------------------------------------


def _changes_of_approved(
    shelf: WorkingSet, approved: list[Approved], parted: Collection[str]
) -> dict[str, Change]:
    shelf.load((KIND[type(item.form)], item.form.id) for item in approved)
    changes: dict[str, Change] = {}
    for item in approved:
        kind, form = KIND[type(item.form)], public(item.form)
        refuse_missing_ids(form)
        old = shelf.open_row(kind, form.id)
        if old is not None and old.state == RecordState.PURGED:
            raise PublishError([f"{form.id} was removed for good; what is new takes a new id"])
        if old is not None and old.state == RecordState.MERGED and form.id not in parted:
            raise PublishError(
                [
                    (
                        f"{form.id} was merged into {old.payload['into']}; undo that first, "
                        "or change that one"
                    )
                ]
            )
        if isinstance(form, NamedForm):
            named = shelf.open_row(kind, form.code)
            if (old is not None and reference_name(old) != form.code) or (
                named is not None and named.id != form.id
            ):
                raise PublishError([(f"{form.id}: {_why_code_is_taken(form, old, named)}")])
        if (
            old is not None
            and old.is_live
            and old.payload["form"] == derived_rows.public_fields(form)
        ):
            continue
        # A migration may add codes, which are no news to readers.
        why = item.why if old is not None or item.why is Why.REINDEXED else Why.ADDED
        changes[form.id] = Change(form, kind, form.id, why, item.reason, old)
    return changes


def _why_code_is_taken(form: NamedForm, old: Version | None, named: Version | None) -> str:
    if named is not None and named.id != form.id:
        names = named.payload.get("form", {}).get("names", [])
        label = f" ({names[0]['text']})" if names else ""
        return (
            f"the code “{form.code}” is that of {named.id}{label}, and a code is never used "
            "again; use that record, or choose another code"
        )
    return f"a code never changes; write “{old and reference_name(old)}” again"


def _changes_of_removed(
    shelf: WorkingSet,
    withdrawn: Sequence[Withdrawal],
    merged: Sequence[Merge],
    published: Collection[str],
) -> dict[str, Change]:
    shelf.load(
        (_kind_of(id), id)
        for id in [w.id for w in withdrawn] + [id for m in merged for id in (m.id, m.into)]
    )
    changes: dict[str, Change] = {}
    items: list[Withdrawal | Merge] = [*withdrawn, *merged]
    for item in items:
        kind = _kind_of(item.id)
        old = shelf.open_row(kind, item.id)
        if old is None or old.state not in {RecordState.LIVE, RecordState.WITHDRAWN}:
            raise PublishError([f"{item.id} is not in the record"])
        if isinstance(item, Withdrawal):
            if not item.reason.strip():
                raise PublishError(
                    [f"{item.id} can't be withdrawn without a reason: its page will give it"]
                )
            if (old.state, old.reason) == (RecordState.WITHDRAWN, item.reason):
                continue
        why, payload = Why.WITHDRAWN, {"form": old.payload["form"]}
        if isinstance(item, Merge):
            into = shelf.open_row(_kind_of(item.into), item.into)
            is_going = any(item.into == other.id for other in items)
            is_there = item.into in published or (into is not None and into.is_live)
            if not is_there or is_going:
                raise PublishError(
                    [f"{item.id} can't be merged into {item.into}, which is not in the record"]
                )
            why, payload = item.why, {"form": old.payload["form"], "into": item.into}
        state = RecordState.MERGED if isinstance(item, Merge) else RecordState.WITHDRAWN
        changes[item.id] = Change(None, kind, item.id, why, item.reason, old, state, payload)
    return changes


def derive_or_refuse(form: RecordForm, context: DerivationContext) -> derived_rows.DerivedRow:
    """Calculate the row of a form. Raises PublishError for an invalid date or a private field."""
    try:
        row = derived_rows.derive_row(form, context)
    except edtf.DateError as error:
        raise PublishError([f"{form.id}: {error}"]) from error
    refuse_other_keys(type(form), row.payload["form"])
    return row


# Rows -------------------------------------------------------------------------------------------


def is_outdated(old: Version, row: derived_rows.DerivedRow, numbers: TermNumbers) -> bool:
    """Whether an open row differs from the newly calculated one."""
    return (
        not old.is_live
        or set(old.terms) != numbers.of(row.terms)
        or any(getattr(old, name) != value for name, value in _compared_columns(row).items())
    )


def _compared_columns(row: derived_rows.DerivedRow) -> dict[str, Any]:
    """Return the columns that are stored as they are calculated, as they are read back.

    Days also depend on the dates of sources, so they may change while the payload is equal.
    """
    spans = row.spans
    return {
        "span": _as_stored(as_range(days) for days in spans.possible),
        "published": _as_stored(as_range(days) for days in row.published),
        "lo": spans.lo and as_range(spans.lo),
        "hi": spans.hi and as_range(spans.hi),
        "sure": spans.sure and as_range(spans.sure),
        "surroundings": spans.surroundings and as_range(spans.surroundings),
        "sort_day": row.sort_day,
        "plain": row.plain,
        "format": PAYLOAD_FORMAT,
        "payload": row.payload,
    }


def _as_stored(ranges: Iterable[Range[date]]) -> MultiRange[date]:
    """Normalize a multirange like PostgreSQL: sorted, overlapping or adjacent ranges joined."""
    found: MultiRange[date] = MultiRange()
    for part in sorted(ranges, key=lambda part: (part.lower or date.min, part.upper or date.max)):
        if found and (found[-1].overlaps(part) or found[-1].adjacent_to(part)):
            found[-1] = found[-1].union(part)
        else:
            found.append(part)
    return found


__all__ = ["Approved", "Merge", "PublishError", "Withdrawal", "publish"]


SEARCH_WEIGHTS = {"title": "A", "summary": "B", "paraphrase": "C", "printed": "D"}
"""Keys of `version_columns` whose texts are in the column `search`, and the weight of each."""


def version_columns(edition: int, change: Change, row: derived_rows.DerivedRow) -> dict[str, Any]:
    """Return the values of a new row, except `terms`, whose numbers the caller looks up.

    `pairs` and the keys of `SEARCH_WEIGHTS` are no columns: SQL makes `cjk` and `search` from them.
    """
    old = change.old
    is_silent = change.why in SILENT
    slug = getattr(change.form, "slug", None) or (old.slug if old else None)
    if isinstance(change.form, NamedForm):
        slug = change.form.code
    return {
        "kind": change.kind,
        "id": change.id,
        "number": int(change.id[1:]) if change.id[1:].isdigit() else 0,
        "slug": slug,
        "opened": edition,
        "added": old.added if old else edition,
        "changed": old.changed if old and is_silent else edition,
        "state": change.state,
        "why": str(change.why),
        "reason": change.reason,
        "title": plain_text(row.title),
        "summary": plain_text(row.summary),
        "paraphrase": plain_text(row.paraphrase),
        "printed": plain_text(row.printed),
        "pairs": row.cjk,
        **_compared_columns(row),
        "payload": row.payload if change.is_live else change.payload,
    }


def insert_rows(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    pairs = cast(bindparam("pairs", type_=ARRAY(String)), ARRAY(String))
    # Not the class: the ORM would prepare each row, which more than doubles the time of an insert.
    table: Any = Version.__table__
    words = {name: bindparam(name, type_=String) for name in SEARCH_WEIGHTS}
    statement = insert(table).values(search=search_column(words), cjk=func.array_to_tsvector(pairs))
    if rows:
        db.execute(statement, rows)


def search_column(words: dict[str, Any]) -> ColumnElement[Any]:
    """Return SQL that joins the weighted texts: title first, then the others."""
    title, *others = (
        func.setweight(func.to_tsvector(CONFIGURATION, words[name]), text(f"'{weight}'"))
        for name, weight in SEARCH_WEIGHTS.items()
    )
    weighted: ColumnElement[Any] = title
    for part in others:
        weighted = weighted.op("||")(part)
    return weighted


def as_range(days: edtf.Days) -> Range[Any]:
    return Range(days.first, days.last + timedelta(days=1) if days.last else None, bounds="[)")
