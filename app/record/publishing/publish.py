"""The one door from the desk to the record: what was approved goes in, a new edition comes out.

It takes forms, drops what is private, derives the rest from the forms and from what the record already holds, writes
the rows that differ and closes those they replace, all in the caller's transaction. It never reads the desk's tables.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version as installed_version

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.dates import edtf
from app.forms import KIND, OutletForm, PlaceForm, RecordForm, public
from app.record.derivation import rows as derive
from app.record.derivation.context import Context
from app.record.edition_signal import tell
from app.record.models import FORMAT, Counter, Edition, Version
from app.record.publishing.row_writer import as_range, columns, insert_rows
from app.record.publishing.validation import (
    Refused,
    refuse_dangling,
    refuse_long_reasons,
    refuse_nameless,
    refuse_orphans,
    refuse_unsound,
)
from app.record.publishing.working_set import Change, Shelf, name_of
from app.record.terms import CHUNK, Numbers
from app.vocabulary.record import Why


@dataclass(frozen=True)
class Approved:
    """A form to publish, and why it changed. What is published for the first time is `added`, whatever is said here."""

    form: RecordForm
    why: Why = Why.UPDATED
    reason: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """Takes a record out of every list. Its page stays and gives the reason."""

    id: str
    reason: str


@dataclass(frozen=True)
class Merge:
    """Closes a record in favour of another of its kind; its page leads there."""

    id: str
    into: str
    reason: str = ""


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
    """Publishes under the next edition number; returns nothing, and writes nothing, where nothing would change.

    Whoever publishes next waits here until this transaction ends, so editions are numbered in the order of commits.
    `by` is public: a role, or the name that somebody chose to be known by.
    `parted` are merged records that are approved as ones of their own again: no other act brings them back.
    `again` names rows to derive once more although nothing among these changes affects them.
    """
    counter = db.scalars(select(Counter).with_for_update()).one()
    shelf = Shelf(db)
    changes = _approved(shelf, list(approved), parted) | _removed(shelf, withdrawn, merged)
    refuse_long_reasons(changes.values())
    shelf.load(again)
    for change in changes.values():
        shelf.put(change.kind, change.id, change.form if change.state == "live" else None)
    refuse_dangling(shelf, changes.values())

    affected = shelf.affected_by(changes.values())
    refuse_orphans(shelf, changes.values(), affected)
    changed = {(c.kind, c.id) for c in changes.values()}
    rederived = affected | (set(again) - changed)
    context = shelf.context(
        rederived | {(c.kind, c.id) for c in changes.values() if c.state == "live"}
    )
    refuse_unsound(context, changes.values(), [shelf.form(kind, id) for kind, id in affected])
    written = [change for change in changes.values() if change.state == "live"]
    written += [
        Change(form, kind, form.id, Why.REINDEXED, old=shelf.open_row(kind, id))
        for kind, id in sorted(rederived)
        if (form := shelf.form(kind, id)) is not None
    ]
    rows = [
        (change, derived(change.form, context)) for change in written if change.form is not None
    ]

    numbers = Numbers(db)
    rows = [
        (change, row)
        for change, row in rows
        if change.old is None or differs(change.old, row, numbers)
    ]
    gone = [change for change in changes.values() if change.state != "live"]
    if not rows and not gone:
        return None
    edition = next_edition(db, counter, message, by)
    numbers.make(pair for _, row in rows for pair in row.terms)
    _close(
        db,
        edition.no,
        [change.old.seq for change, _ in rows if change.old] + [c.old.seq for c in gone if c.old],
    )
    written_rows = [*rows, *((change, _EMPTY) for change in gone)]
    insert_rows(
        db,
        [
            columns(edition.no, change, row) | {"terms": numbers.column(row.terms)}
            for change, row in written_rows
        ],
    )
    db.expire_all()
    tell(db, edition.no)
    return edition


def next_edition(db: Session, counter: Counter, message: str, by: str = "") -> Edition:
    counter.edition += 1
    edition = Edition(
        no=counter.edition, message=message, published_by=by, release=installed_version("sojourn")
    )
    db.add(edition)
    db.flush()
    return edition


_EMPTY = derive.Row(frozenset(), edtf.Spans(), (), None, "", "", "", {})


# What is approved -------------------------------------------------------------------------------------------------


def _approved(shelf: Shelf, approved: list[Approved], parted: Collection[str]) -> dict[str, Change]:
    shelf.load((KIND[type(item.form)], item.form.id) for item in approved)
    changes: dict[str, Change] = {}
    for item in approved:
        kind, form = KIND[type(item.form)], public(item.form)
        refuse_nameless(form)
        old = shelf.open_row(kind, form.id)
        if old is not None and old.state == "purged":
            raise Refused([f"{form.id} was removed for good; what is new takes a new id"])
        if old is not None and old.state == "merged" and form.id not in parted:
            raise Refused(
                [
                    f"{form.id} was merged into {old.payload['into']}; undo that first, or change that one"
                ]
            )
        if isinstance(form, PlaceForm | OutletForm):
            named = shelf.open_row(kind, form.code)
            if (old is not None and name_of(old) != form.code) or (
                named is not None and named.id != form.id
            ):
                raise Refused(
                    [
                        f"{form.id}: a code never changes and is never used again, and “{form.code}” would"
                    ]
                )
        if old is not None and old.state == "live" and old.payload["form"] == derive.said(form):
            continue
        why = item.why if old is not None else Why.ADDED
        changes[form.id] = Change(form, kind, form.id, why, item.reason, old)
    return changes


def _removed(
    shelf: Shelf, withdrawn: Sequence[Withdrawal], merged: Sequence[Merge]
) -> dict[str, Change]:
    shelf.load(
        (id[0], id)
        for id in [w.id for w in withdrawn] + [id for m in merged for id in (m.id, m.into)]
    )
    changes: dict[str, Change] = {}
    items: list[Withdrawal | Merge] = [*withdrawn, *merged]
    for item in items:
        old = shelf.open_row(item.id[0], item.id)
        if old is None or old.state not in {"live", "withdrawn"}:
            raise Refused([f"{item.id} is not in the record"])
        if isinstance(item, Withdrawal):
            if not item.reason.strip():
                raise Refused(
                    [f"{item.id} can't be withdrawn without a reason: its page will give it"]
                )
            if (old.state, old.reason) == ("withdrawn", item.reason):
                continue
        why, payload = Why.WITHDRAWN, {"form": old.payload["form"]}
        if isinstance(item, Merge):
            into = shelf.open_row(item.id[0], item.into)
            is_going = any(item.into == other.id for other in items)
            if into is None or into.state != "live" or is_going:
                raise Refused(
                    [f"{item.id} can't be merged into {item.into}, which is not in the record"]
                )
            why, payload = Why.MERGED, {"form": old.payload["form"], "into": item.into}
        state = "merged" if isinstance(item, Merge) else "withdrawn"
        changes[item.id] = Change(None, item.id[0], item.id, why, item.reason, old, state, payload)
    return changes


def derived(form: RecordForm, context: Context) -> derive.Row:
    """The row of a form; a date that can't be understood is said in the words of a refusal."""
    try:
        return derive.derive(form, context)
    except edtf.BadDate as error:
        raise Refused([f"{form.id}: {error}"]) from error


# What is written --------------------------------------------------------------------------------------------------


def differs(old: Version, row: derive.Row, numbers: Numbers) -> bool:
    """Whether an open row is not what would be derived today."""
    return (
        old.state != "live"
        or old.format != FORMAT
        or old.payload != row.payload
        or set(old.terms) != numbers.of(row.terms)
        or old.plain != row.plain
        or old.sort_day != row.sort_day
        # These rest on what sources say too, so that they can change where nothing printed does.
        or _as_stored(old.span) != _as_stored(as_range(days) for days in row.spans.possible)
        or _as_stored(old.published) != _as_stored(as_range(days) for days in row.published)
        or (old.lo, old.hi, old.sure)
        != tuple(days and as_range(days) for days in (row.spans.lo, row.spans.hi, row.spans.sure))
    )


def _as_stored(ranges: Iterable[Range[date]]) -> list[Range[date]]:
    """A multirange as PostgreSQL keeps it: in order, with what overlaps or adjoins made one."""
    found: list[Range[date]] = []
    for part in sorted(ranges, key=lambda part: (part.lower or date.min, part.upper or date.max)):
        if found and (found[-1].overlaps(part) or found[-1].adjacent_to(part)):
            found[-1] = found[-1].union(part)
        else:
            found.append(part)
    return found


def _close(db: Session, edition: int, seqs: Sequence[int]) -> None:
    for start in range(0, len(seqs), CHUNK):
        some = seqs[start : start + CHUNK]
        db.execute(
            update(Version).where(Version.seq.in_(some)).values(closed=edition),
            execution_options={"synchronize_session": False},
        )


__all__ = ["Approved", "Merge", "Refused", "Withdrawal", "publish"]
