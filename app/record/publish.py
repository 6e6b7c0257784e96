"""The one door from the desk to the record: what was approved goes in, a new edition comes out.

It takes forms, drops what is private, derives the rest from the forms and from what the record already holds, writes
the rows that differ and closes those they replace, all in the caller's transaction. It never reads the desk's tables.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version as installed_version
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, cast, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, Range, insert
from sqlalchemy.dialects.postgresql.ranges import MultiRange
from sqlalchemy.orm import Session

from app import dates
from app.forms import FORMS, CodeForm, EstimateForm, EventForm, OutletForm, PlaceForm, RecordForm, SourceForm, public
from app.record import derive
from app.record.models import FORMAT, Counter, Edition, Term, Version
from app.record.rules import conflicts
from app.record.rules.places import surroundings_of
from app.record.search import plain_text
from app.vocabulary import LISTS, SILENT, Role, TermKey, TypeNature, Why

CHUNK = 1_000

KIND: dict[type, str] = {form: letter for letter, form in FORMS.items()}


class Refused(ValueError):
    """What was approved can't be published; the sentences say what to mend."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("; ".join(reasons))


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


@dataclass
class Change:
    """A row to write in this edition."""

    form: RecordForm | None
    kind: str
    id: str
    why: Why
    reason: str = ""
    old: Version | None = None
    state: str = "live"
    payload: dict[str, Any] = field(default_factory=dict)


def publish(
    db: Session,
    approved: Iterable[Approved],
    *,
    message: str = "",
    withdrawn: Sequence[Withdrawal] = (),
    merged: Sequence[Merge] = (),
    again: Collection[tuple[str, str]] = (),
) -> Edition | None:
    """Publishes under the next edition number; returns nothing, and writes nothing, where nothing would change.

    Whoever publishes next waits here until this transaction ends, so editions are numbered in the order of commits.
    `again` names rows to derive once more although nothing among these changes affects them.
    """
    counter = db.scalars(select(Counter).with_for_update()).one()
    shelf = Shelf(db)
    changes = _approved(shelf, list(approved)) | _removed(shelf, withdrawn, merged)
    shelf.load(again)
    for change in changes.values():
        shelf.put(change.kind, change.id, change.form if change.state == "live" else None)
    _refuse_dangling(shelf, changes.values())

    affected = shelf.affected_by(changes.values())
    refuse_orphans(shelf, changes.values(), affected)
    changed = {(c.kind, c.id) for c in changes.values()}
    rederived = affected | (set(again) - changed)
    context = shelf.context(rederived | {(c.kind, c.id) for c in changes.values() if c.state == "live"})
    _refuse_unsound(context, changes.values(), [shelf.form(kind, id) for kind, id in affected])
    written = [change for change in changes.values() if change.state == "live"]
    written += [
        Change(form, kind, form.id, Why.REINDEXED, old=shelf.open_row(kind, id))
        for kind, id in sorted(rederived)
        if (form := shelf.form(kind, id)) is not None
    ]
    rows = [(change, _row(change.form, context)) for change in written if change.form is not None]

    numbers = Numbers(db)
    rows = [(change, row) for change, row in rows if change.old is None or differs(change.old, row, numbers)]
    gone = [change for change in changes.values() if change.state != "live"]
    if not rows and not gone:
        return None
    counter.edition += 1
    edition = Edition(no=counter.edition, message=message, release=installed_version("sojourn"))
    db.add(edition)
    db.flush()
    numbers.make(pair for _, row in rows for pair in row.terms)
    _close(db, edition.no, [change.old.seq for change, _ in rows if change.old] + [c.old.seq for c in gone if c.old])
    _insert(db, [_columns(edition.no, change, row, numbers) for change, row in rows])
    _insert(db, [_columns(edition.no, change, _EMPTY, numbers) for change in gone])
    db.expire_all()
    return edition


_EMPTY = derive.Row(frozenset(), dates.Spans(), (), None, "", "", "", {})


# What is approved -------------------------------------------------------------------------------------------------


def _approved(shelf: "Shelf", approved: list[Approved]) -> dict[str, Change]:
    shelf.load((KIND[type(item.form)], item.form.id) for item in approved)
    changes: dict[str, Change] = {}
    for item in approved:
        kind, form = KIND[type(item.form)], public(item.form)
        if not form.id:
            raise Refused([f"“{getattr(form, 'title', form)}” has no id yet"])
        if isinstance(form, EventForm | EstimateForm) and not all(row.id for row in [*form.citations, *form.links]):
            raise Refused([f"{form.id}: a citation or a link has no id yet"])
        old = shelf.open_row(kind, form.id)
        if old is not None and old.state == "purged":
            raise Refused([f"{form.id} was removed for good; what is new takes a new id"])
        if isinstance(form, PlaceForm | OutletForm):
            named = shelf.open_row(kind, form.code)
            if (old is not None and _name(old) != form.code) or (named is not None and named.id != form.id):
                raise Refused([f"{form.id}: a code never changes and is never used again, and “{form.code}” would"])
        if old is not None and old.state == "live" and old.payload["form"] == derive.said(form):
            continue
        why = item.why if old is not None else Why.ADDED
        changes[form.id] = Change(form, kind, form.id, why, item.reason, old)
    return changes


def _removed(shelf: "Shelf", withdrawn: Sequence[Withdrawal], merged: Sequence[Merge]) -> dict[str, Change]:
    shelf.load((id[0], id) for id in [w.id for w in withdrawn] + [id for m in merged for id in (m.id, m.into)])
    changes: dict[str, Change] = {}
    items: list[Withdrawal | Merge] = [*withdrawn, *merged]
    for item in items:
        old = shelf.open_row(item.id[0], item.id)
        if old is None or old.state not in {"live", "withdrawn"}:
            raise Refused([f"{item.id} is not in the record"])
        if isinstance(item, Withdrawal):
            if not item.reason.strip():
                raise Refused([f"{item.id} can't be withdrawn without a reason: its page will give it"])
            if (old.state, old.reason) == ("withdrawn", item.reason):
                continue
        why, payload = Why.WITHDRAWN, {"form": old.payload["form"]}
        if isinstance(item, Merge):
            into = shelf.open_row(item.id[0], item.into)
            is_going = any(item.into == other.id for other in items)
            if into is None or into.state != "live" or is_going:
                raise Refused([f"{item.id} can't be merged into {item.into}, which is not in the record"])
            why, payload = Why.MERGED, {"form": old.payload["form"], "into": item.into}
        state = "merged" if isinstance(item, Merge) else "withdrawn"
        changes[item.id] = Change(None, item.id[0], item.id, why, item.reason, old, state, payload)
    return changes


def _refuse_dangling(shelf: "Shelf", changes: Iterable[Change]) -> None:
    """Nothing published may point at something that is not."""
    wanted: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        for target in targets(change.form) if change.form else ():
            wanted.setdefault(target, set()).add(change.id)
    shelf.load(wanted)
    missing = [
        f"{', '.join(sorted(by))} names {id}, which is not in the record"
        for (kind, id), by in sorted(wanted.items())
        if shelf.form(kind, id) is None
    ]
    if missing:
        raise Refused(missing)


def refuse_orphans(shelf: "Shelf", changes: Iterable[Change], affected: Collection[tuple[str, str]]) -> None:
    """What others still name can't go: they are changed first, or in the same act."""
    gone = {shelf.key(change.kind, change.id) for change in changes if change.state != "live"}
    reasons = []
    for kind, id in sorted(affected) if gone else ():
        form = shelf.form(kind, id)
        reasons += [f"{form.id} still names {name}" for _, name in sorted(targets(form) & gone)] if form else []
    if reasons:
        raise Refused(reasons)


def targets(form: RecordForm) -> set[tuple[str, str]]:
    """The records that a form names, by kind and id; places and outlets by code."""
    found: set[tuple[str, str]] = set()
    match form:
        case PlaceForm():
            found |= {("P", code) for code in [form.parent, *form.regions] if code}
        case OutletForm():
            found |= {("O", form.belongs_to)} if form.belongs_to else set()
        case SourceForm():
            found.add(("O", form.outlet))
            for parent in form.derived_from:
                found.add(("S", parent.source) if parent.source else ("O", parent.outlet))
        case EventForm() | EstimateForm():
            for term in form.terms:
                if term.code:
                    found.add(("P", term.code) if term.key is TermKey.PLACE else ("V", f"{term.key}:{term.code}"))
            for citation in form.citations:
                found.add(("S", citation.source))
                found |= {("O", step.outlet) for step in citation.chain if step.outlet}
            found |= {(link.to[0], link.to) for link in form.links}
            if isinstance(form, EventForm):
                found.add(("V", f"type:{form.type}"))
                found |= {("V", f"instrument:{legal.instrument}") for legal in form.legal if legal.instrument}
            elif form.event:
                found.add(("E", form.event))
    return found


def _refuse_unsound(context: derive.Context, changes: Iterable[Change], affected: Iterable[RecordForm | None]) -> None:
    """What only the door can see: it knows the tree, the origins and the codes of the whole record.

    A grade that lapses on a row that was not edited is no reason to refuse an edit elsewhere: `doctor` reports it.
    """
    reasons = []
    for change in changes:
        if isinstance(change.form, EventForm):
            reasons += unsound(derive.Event(change.form, context))
            for id in derive.Event(change.form, context).lapsed_credibility:
                reasons.append(f"{change.form.id}: {id} is graded 1, which needs two independent origins")
    for form in affected:
        if isinstance(form, EventForm):
            reasons += unsound(derive.Event(form, context))
    if reasons:
        raise Refused(reasons)


def unsound(event: derive.Event) -> list[str]:
    """What is wrong with the stages of an event, seen together with what it rests on."""
    form = event.form
    if not form.stages:
        return []
    reasons = []
    type_ = event.context.codes.get(f"type:{form.type}")
    if type_ is None or type_.nature is not TypeNature.MEASURE:
        reasons.append(f"{form.id}: only measures have stages, and “{form.type}” is not one")
    cited = {citation.id for citation in event.citable}
    return reasons + [
        f"{form.id}: the stage “{stage.step}” rests on {stage.citation}, which is on no linked event either"
        for stage in form.stages
        if stage.citation not in cited
    ]


def _row(form: RecordForm, context: derive.Context) -> derive.Row:
    try:
        return derive.derive(form, context)
    except dates.BadDate as error:
        raise Refused([f"{form.id}: {error}"]) from error


def refuse_private_outside_public(form: EventForm, places: Mapping[str, PlaceForm]) -> None:
    """A private, finer place must lie inside a public one (rule 9); dates are checked by the form itself."""
    if not form.exact_place:
        return
    told = {term.code for term in form.terms if term.key is TermKey.PLACE and term.role is not Role.SHOWN_ONLY}
    if not surroundings_of([form.exact_place], places) & told:
        raise Refused([f"{form.id}: the exact place {form.exact_place} does not lie in a public one"])


# What it rests on -------------------------------------------------------------------------------------------------


class Shelf:
    """The open rows that this act of publishing looks at, with the new forms laid over them."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.rows: dict[tuple[str, str], Version | None] = {}
        self.forms: dict[tuple[str, str], RecordForm | None] = {}
        self.codes: dict[str, str] = {}
        # Places, outlets and codes are few beside what names them, and rules follow them upwards: all are read.
        self._keep(db.scalars(_open().where(Version.kind.in_(("P", "O", "V")))))

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Reads the open rows of these kinds and ids that were not read yet."""
        missing = {(kind, id) for kind, id in wanted if kind not in "POV" and (kind, id) not in self.rows}
        ids = [id for _, id in missing]
        for start in range(0, len(ids), CHUNK):
            self._keep(self.db.scalars(_open().where(Version.id.in_(ids[start : start + CHUNK]))))
        for key in missing:
            self.rows.setdefault(key, None)
            self.forms.setdefault(key, None)

    def find(self, pairs: Collection[derive.TermPair], kinds: str = "SEM") -> set[tuple[str, str]]:
        """Reads the open rows that carry any of these terms."""
        if not pairs:
            return set()
        rows = self.db.scalars(
            _open().where(Version.kind.in_(list(kinds)), Version.terms.overlap(term_numbers(pairs)))
        ).all()
        self._keep(rows)
        return {(row.kind, _name(row)) for row in rows}

    def put(self, kind: str, id: str, form: RecordForm | None) -> None:
        if isinstance(form, PlaceForm | OutletForm):
            self.codes[id] = form.code
        self.forms[self.key(kind, id)] = form

    def open_row(self, kind: str, id: str) -> Version | None:
        return self.rows.get(self.key(kind, id))

    def form(self, kind: str, id: str) -> RecordForm | None:
        return self.forms.get(self.key(kind, id))

    def key(self, kind: str, id: str) -> tuple[str, str]:
        """Places and outlets are kept by code, which is how others name them; their ids lead there too."""
        return kind, self.codes.get(id, id)

    def affected_by(self, changes: Iterable[Change]) -> set[tuple[str, str]]:
        """Rows that may have to be derived again since something that they rest on changed."""
        pairs: set[derive.TermPair] = set()
        direct: set[tuple[str, str]] = set()
        kinds = "SEM"
        changes = list(changes)
        for change in changes:
            before = FORMS[change.kind].model_validate(change.old.payload["form"]) if change.old else None
            if change.state != "live":
                # Whoever names what goes is looked at, even where nothing is derived from it.
                name = self.key(change.kind, change.id)[1]
                pairs |= {("linked", change.id), ("of", change.id), ("outlet", name), ("belongs", name)}
                kinds = "".join(FORMS)
            for form in (before, change.form):
                match form:
                    case PlaceForm():
                        pairs |= {("place", form.code), ("shown", form.code), ("within", form.code)}
                        kinds += "P"
                    case OutletForm():
                        pairs.add(("speaks", form.code))
                    case CodeForm() if form.list in LISTS:
                        pairs |= {("uses", form.id), (form.list, form.code), ("exempt", form.id)}
                    case SourceForm():
                        pairs.add(("rests-on", form.id))
                    case EventForm():
                        pairs.add(("linked", form.id))
                        direct |= {("E", link.to) for link in form.links}
                    case EstimateForm():
                        pairs.add(("series", conflicts.series(form)))
                        direct |= {("E", form.event)} if form.event else set()
        found = self.find(pairs, kinds) | direct
        self.load(found)
        # Whether two figures conflict rests on both: the whole series is looked at again.
        touched = [self.form(kind, id) for kind, id in found if kind == "M"]
        found |= self.find({("series", conflicts.series(form)) for form in touched if isinstance(form, EstimateForm)})
        return found - {self.key(change.kind, change.id) for change in changes}

    def context(self, keys: Collection[tuple[str, str]]) -> derive.Context:
        """All that these rows are derived from."""
        self.load(keys)
        forms = [form for kind, id in keys if (form := self.form(kind, id)) is not None]
        self._load_sources(forms)
        events = [form.id for form in forms if isinstance(form, EventForm)]
        self.load(("E", link.to) for form in forms if isinstance(form, EventForm) for link in form.links)
        series = {conflicts.series(form) for form in forms if isinstance(form, EstimateForm)}
        for start in range(0, len(events), CHUNK):
            some = events[start : start + CHUNK]
            self.find({("linked", id) for id in some} | {("of", id) for id in some})
        mates = self.find({("series", name) for name in series})
        self._load_sources([form for kind, id in mates if (form := self.form(kind, id)) is not None])

        context = derive.Context()
        for form in self.forms.values():
            match form:
                case PlaceForm():
                    context.places[form.code] = form
                case OutletForm():
                    context.outlets[form.code] = form
                case CodeForm():
                    context.codes[form.id] = form
                case SourceForm():
                    context.sources[form.id] = form
                case EventForm():
                    context.events[form.id] = form
                    for link in form.links:
                        context.links_into.setdefault(link.to, []).append((form.id, link))
                case EstimateForm():
                    context.figures_of_series.setdefault(conflicts.series(form), []).append(form)
                    if form.event:
                        context.estimates_of_event.setdefault(form.event, []).append(form.id)
        for linked in context.links_into.values():
            linked.sort(key=lambda pair: int(pair[0][1:]))
        return context

    def _load_sources(self, forms: Iterable[RecordForm]) -> None:
        """The sources that these forms cite, and all that those derive from."""
        wanted: set[str] = set()
        for form in forms:
            if isinstance(form, EventForm | EstimateForm):
                wanted |= {citation.source for citation in form.citations}
            elif isinstance(form, SourceForm):
                wanted.add(form.id)
        done: set[str] = set()
        while wanted - done:
            self.load(("S", id) for id in wanted - done)
            new = wanted - done
            done |= new
            for id in new:
                source = self.form("S", id)
                if isinstance(source, SourceForm):
                    wanted |= {parent.source for parent in source.derived_from if parent.source}

    def _keep(self, rows: Iterable[Version]) -> None:
        for row in rows:
            key = (row.kind, _name(row))
            self.codes[row.id] = key[1]
            self.rows[key] = row
            if key not in self.forms:
                is_live = row.state == "live"
                self.forms[key] = FORMS[row.kind].model_validate(row.payload["form"]) if is_live else None


def _open() -> Any:
    return select(Version).where(Version.closed.is_(None))


def _name(row: Version) -> str:
    """How other records refer to it: places and outlets by code, the rest by id."""
    return row.payload["form"]["code"] if row.kind in "PO" and "form" in row.payload else row.id


def term_numbers(pairs: Iterable[derive.TermPair]) -> Any:
    """The numbers of these terms, as an array that is worked out once a statement."""
    wanted = sorted(set(pairs))
    keys = cast([key for key, _ in wanted], ARRAY(String))
    codes = cast([code for _, code in wanted], ARRAY(String))
    named = func.unnest(keys, codes).table_valued("key", "code").render_derived()
    numbers = select(Term.no).join(named, (named.c.key == Term.key) & (named.c.code == Term.code))
    return func.array(numbers.scalar_subquery(), type_=Version.terms.type)


# What is written --------------------------------------------------------------------------------------------------


class Numbers:
    """The numbers of terms; new terms get one when they are first used."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.known: dict[derive.TermPair, int] = {}

    def of(self, pairs: Iterable[derive.TermPair]) -> set[int | None]:
        wanted = set(pairs)
        self._read(wanted - self.known.keys())
        return {self.known.get(pair) for pair in wanted}

    def make(self, pairs: Iterable[derive.TermPair]) -> None:
        wanted = set(pairs)
        self._read(wanted - self.known.keys())
        new = sorted(wanted - self.known.keys())
        for start in range(0, len(new), CHUNK):
            values = [{"key": key, "code": code} for key, code in new[start : start + CHUNK]]
            made = self.db.execute(insert(Term).returning(Term.no, Term.key, Term.code), values)
            self.known |= {(key, code): no for no, key, code in made}

    def _read(self, pairs: Collection[derive.TermPair]) -> None:
        missing = sorted(pairs)
        for start in range(0, len(missing), CHUNK):
            some = select(Term.no, Term.key, Term.code).where(
                tuple_(Term.key, Term.code).in_(missing[start : start + CHUNK])
            )
            self.known |= {(key, code): no for no, key, code in self.db.execute(some)}


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
        or _as_stored(old.span) != _as_stored(_range(days) for days in row.spans.possible)
        or _as_stored(old.published) != _as_stored(_range(days) for days in row.published)
        or (old.lo, old.hi, old.sure)
        != tuple(days and _range(days) for days in (row.spans.lo, row.spans.hi, row.spans.sure))
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


def _columns(edition: int, change: Change, row: derive.Row, numbers: Numbers) -> dict[str, Any]:
    old = change.old
    is_loud = change.why not in SILENT
    slug = getattr(change.form, "slug", None) or (old.slug if old else None)
    if isinstance(change.form, PlaceForm | OutletForm):
        slug = change.form.code
    return {
        "kind": change.kind,
        "id": change.id,
        "number": int(change.id[1:]) if change.id[1:].isdigit() else 0,
        "slug": slug,
        "opened": edition,
        "added": old.added if old else edition,
        "changed": edition if is_loud or old is None else old.changed,
        "state": change.state,
        "why": str(change.why),
        "reason": change.reason,
        "terms": sorted(number for number in numbers.of(row.terms) if number),
        "span": MultiRange(_range(days) for days in row.spans.possible),
        "lo": row.spans.lo and _range(row.spans.lo),
        "hi": row.spans.hi and _range(row.spans.hi),
        "sure": row.spans.sure and _range(row.spans.sure),
        "published": MultiRange(_range(days) for days in row.published),
        "sort_day": row.sort_day,
        "title": plain_text(row.title),
        "summary": plain_text(row.summary),
        "rest": plain_text(row.rest),
        "pairs": row.cjk,
        "plain": row.plain,
        "format": FORMAT,
        "payload": row.payload if change.state == "live" else change.payload,
    }


def _insert(db: Session, rows: Sequence[dict[str, Any]]) -> None:
    weighted: ColumnElement[Any] = func.setweight(
        func.to_tsvector(text("'english'"), bindparam("title", type_=String)), text("'A'")
    )
    for column, weight in (("summary", "'B'"), ("rest", "'C'")):
        part = func.setweight(func.to_tsvector(text("'english'"), bindparam(column, type_=String)), text(weight))
        weighted = weighted.op("||")(part)
    pairs = func.array_to_tsvector(cast(bindparam("pairs", type_=ARRAY(String)), ARRAY(String)))
    table: Any = Version.__table__  # rows of the table, not objects: its columns and what they are made of
    statement = insert(table).values(search=weighted, cjk=pairs)
    for start in range(0, len(rows), CHUNK):
        db.execute(statement, rows[start : start + CHUNK])


def _range(days: dates.Days) -> Range[Any]:
    return Range(days.first, days.last + timedelta(days=1) if days.last else None, bounds="[)")


__all__ = ["Approved", "Merge", "Refused", "Withdrawal", "publish"]
