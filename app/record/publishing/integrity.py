"""What is wrong with the record, each as one sentence. Everything is derived again, and must come out the same.

Reads only, so that it can run on the reader's login and beside a working site.
"""

from collections import defaultdict
from collections.abc import Iterator

from pydantic import ValidationError
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.forms import FORMS, EstimateForm, EventForm, RecordForm
from app.record.derivation import rows as derive
from app.record.derivation.context import Context
from app.record.derivation.facts import Event
from app.record.models import Counter, Edition, Purged, Term, Version
from app.record.publishing.publish import differs
from app.record.publishing.validation import targets, unsound
from app.record.publishing.working_set import NAMES, Shelf
from app.record.terms import CHUNK, Numbers


def problems(db: Session) -> list[str]:
    """All that is wrong; nothing if all is well."""
    return [*_editions(db), *_histories(db), *_purges(db), *_rows(db)]


def _editions(db: Session) -> Iterator[str]:
    count, newest = db.execute(select(func.count(), func.coalesce(func.max(Edition.no), 0))).one()
    counter = db.scalar(select(Counter.edition))
    if count != newest:
        yield f"Editions 1 to {newest} should be {newest}, but there are {count}."
    if counter != newest:
        yield f"The counter of editions stands at {counter}, the newest edition is {newest}."


def _histories(db: Session) -> Iterator[str]:
    """Every record has one version at any time, from its first edition on."""
    following = aliased(Version)
    broken = (
        select(Version.id, Version.closed)
        .outerjoin(following, and_(following.id == Version.id, following.opened == Version.closed))
        .where(Version.closed.is_not(None), following.seq.is_(None))
        .order_by(Version.seq)
    )
    for id, closed in db.execute(broken):
        yield f"{id} was closed in edition {closed}, which holds no later version of it."
    overlapping = (
        select(Version.id, Version.opened)
        .join(following, and_(following.id == Version.id, following.opened > Version.opened))
        .where(or_(Version.closed.is_(None), Version.closed > following.opened))
        .order_by(Version.seq)
    )
    for id, opened in db.execute(overlapping):
        yield f"{id} has two versions at once after edition {opened}."
    used = func.unnest(Version.terms).table_valued("no").render_derived()
    known = select(Term.no).where(Term.no == used.c.no).exists()
    for id in db.scalars(
        select(Version.id).where(select(used.c.no).where(~known).exists()).order_by(Version.seq)
    ):
        yield f"{id} answers to terms that have no name."


def _purges(db: Session) -> Iterator[str]:
    left = select(Version.id).where(
        Version.id.in_(select(Purged.id)),
        or_(Version.state != "purged", Version.payload != {}, Version.plain != ""),
    )
    for id in db.scalars(left.distinct().order_by(Version.id)):
        yield f"{id} was removed for good and is here again: run the purge of it once more."


def _rows(db: Session) -> Iterator[str]:
    """All open rows, some at a time, with what they rest on."""
    open_rows = db.execute(
        select(Version.id, Version.kind, Version.state).where(Version.closed.is_(None))
    ).all()
    states = {id: state for id, _, state in open_rows}
    into = Version.payload["into"].astext
    for id, to in db.execute(
        select(Version.id, into).where(Version.closed.is_(None), Version.state == "merged")
    ):
        if to not in states:
            yield f"{id} was merged into {to}, which is not in the record."
    live = sorted((kind, id) for id, kind, state in open_rows if state == "live")
    holders: dict[str, set[str]] = defaultdict(set)
    for start in range(0, len(live), CHUNK):
        some = live[start : start + CHUNK]
        try:
            shelf, numbers = Shelf(db), Numbers(db)
            shelf.load(some)
            context = shelf.context({shelf.key(kind, id) for kind, id in some})
        except ValidationError:
            yield from _unreadable(db)
            return
        for kind, id in some:
            form, row = shelf.form(kind, id), shelf.open_row(kind, id)
            assert form is not None and row is not None
            shelf.load(target for target in targets(form) if target[0] not in NAMES)
            yield from _row(form, row, shelf, context, numbers)
            if isinstance(form, EventForm | EstimateForm):
                for item in [*form.citations, *form.links]:
                    holders[item.id].add(id)
    for item, ids in sorted(holders.items()):
        if len(ids) > 1:
            yield f"{item} is a citation or link of {', '.join(sorted(ids))}."


def _unreadable(db: Session) -> Iterator[str]:
    """Rows whose form this release can't read; as long as there are any, nothing that rests on them can be derived."""
    live = select(Version.kind, Version.id, Version.payload).where(
        Version.closed.is_(None), Version.state == "live"
    )
    for kind, id, payload in db.execute(live.order_by(Version.seq)):
        try:
            FORMS[kind].model_validate(payload.get("form"))
        except ValidationError as error:
            places = ", ".join(
                sorted({".".join(map(str, item["loc"])) or "the whole" for item in error.errors()})
            )
            yield f"{id} can't be read: {places}."


def _row(
    form: RecordForm, row: Version, shelf: Shelf, context: Context, numbers: Numbers
) -> Iterator[str]:
    try:
        if differs(row, derive.derive(form, context), numbers):
            yield f"{form.id} is not what would be derived today: run `sojourn publish --again`."
    except ValueError as error:
        yield f"{form.id} can't be derived: {error}."
        return
    for kind, id in sorted(targets(form)):
        named = shelf.open_row(kind, id)
        # What was purged is named still, and its page says that something was removed.
        if named is None or named.state not in {"live", "purged"}:
            yield f"{form.id} names {id}, which is not in the record."
    if isinstance(form, EventForm):
        event = Event(form, context)
        is_near_a_purge = any(
            (named := shelf.open_row(kind, id)) is not None and named.state == "purged"
            for kind, id in targets(form)
        )
        if not is_near_a_purge:
            yield from (f"{reason}." for reason in unsound(event))
        for id in event.lapsed_credibility:
            yield f"{form.id}: {id} is graded 1, which needs two independent origins; one has fallen away."
