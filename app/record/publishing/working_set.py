"""The working set of publish(): open rows, overlaid with new forms, and their dependencies."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.kinds import (
    FORMS,
    CodeForm,
    EstimateForm,
    EventForm,
    NamedForm,
    OutletForm,
    PlaceForm,
    RecordForm,
    SourceForm,
)
from app.record.derivation.context import DerivationContext
from app.record.models import RecordState, Version
from app.record.rules import conflicts
from app.record.sql.rows import is_one_of
from app.record.terms import TermPair, term_numbers
from app.vocabulary.kinds import (
    KINDS_WITH_CODES,
    LISTED_KINDS,
    NAMED_KINDS,
    NOUN_OF_KIND,
    RecordKind,
)
from app.vocabulary.record import LISTS, Why


@dataclass
class Change:
    """A version to write in the new edition; `old` is the version that it replaces."""

    form: RecordForm | None
    kind: str
    id: str
    why: Why
    reason: str = ""
    old: Version | None = None
    state: RecordState = RecordState.LIVE
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        return self.state is RecordState.LIVE


class WorkingSet:
    """The open rows and forms that publish() reads, loaded on demand; `put` overlays new forms."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self.day: date = db.scalars(select(func.now())).one().date()
        """The day of the edition to come, by the clock of the database."""
        self.rows: dict[tuple[str, str], Version | None] = {}
        self.forms: dict[tuple[str, str], RecordForm | None] = {}
        self.codes: dict[str, str] = {}
        # Rules follow places, outlets and codes to their parents, and there are few of them. All
        # their forms are read at once; their full rows, which are much larger, on demand.
        self.ids: dict[tuple[str, str], str] = {}
        statement = select(Version.kind, Version.id, Version.state, Version.payload)
        for row in db.execute(
            statement.where(Version.closed.is_(None), Version.kind.in_(KINDS_WITH_CODES))
        ):
            self.ids[self._store_form(row)] = row.id

    def load(self, wanted: Iterable[tuple[str, str]]) -> None:
        """Read the open rows of these kinds and ids, unless they were read before."""
        keys = {self.key(kind, id) for kind, id in wanted} - self.rows.keys()
        if ids := [self.ids.get(key, key[1]) for key in keys]:
            self._store_rows(self.db.scalars(open_rows().where(is_one_of(Version.id, ids))))
        for key in keys:
            self.rows.setdefault(key, None)
            self.forms.setdefault(key, None)

    def find(
        self, pairs: Collection[TermPair], kinds: Sequence[str] = LISTED_KINDS
    ) -> set[tuple[str, str]]:
        """Read the open rows with any of these terms, and return their keys."""
        if not pairs:
            return set()
        rows = self.db.scalars(
            open_rows().where(Version.kind.in_(kinds), Version.terms.overlap(term_numbers(pairs)))
        ).all()
        self._store_rows(rows)
        return {(row.kind, reference_name(row)) for row in rows}

    def put(self, kind: str, id: str, form: RecordForm | None) -> None:
        if isinstance(form, NamedForm):
            self.codes[id] = form.code
        self.forms[self.key(kind, id)] = form

    def open_row(self, kind: str, id: str) -> Version | None:
        key = self.key(kind, id)
        if key in self.ids and key not in self.rows:
            self.load([key])
        return self.rows.get(key)

    def form(self, kind: str, id: str) -> RecordForm | None:
        return self.forms.get(self.key(kind, id))

    def key(self, kind: str, id: str) -> tuple[str, str]:
        """Return the key of a record: places and outlets by code, whether given by code or id."""
        return kind, self.codes.get(id, id)

    def affected_by(self, changes: Iterable[Change]) -> set[tuple[str, str]]:
        """Return the keys of rows to recalculate because their dependencies change."""
        pairs: set[TermPair] = set()
        direct: set[tuple[str, str]] = set()
        kinds: list[str] = list(LISTED_KINDS)
        changes = list(changes)
        for change in changes:
            before = (
                FORMS[change.kind].model_validate(change.old.payload["form"])
                if change.old
                else None
            )
            if not change.is_live:
                # Rows that refer to a removed record are needed even if not calculated from it.
                name = self.key(change.kind, change.id)[1]
                pairs |= {
                    ("linked", change.id),
                    ("of", change.id),
                    ("outlet", name),
                    ("belongs", name),
                    ("refers", f"{change.kind}:{name}"),
                }
                kinds = list(FORMS)
            for form in (before, change.form):
                match form:
                    case PlaceForm():
                        pairs |= {("place", form.code), ("shown", form.code), ("within", form.code)}
                        kinds.append(RecordKind.PLACE)
                    case OutletForm():
                        pairs.add(("speaks", form.code))
                    case CodeForm() if form.list in LISTS:
                        pairs |= {("uses", form.id), (form.list, form.code), ("exempt", form.id)}
                        # Rows with the successor also have the term of the retired code.
                        pairs |= {
                            (form.list, form.successor),
                            ("exempt", f"{form.list}:{form.successor}"),
                        }
                    case SourceForm():
                        pairs.add(("rests-on", form.id))
                    case EventForm():
                        pairs.add(("linked", form.id))
                        direct |= {(RecordKind.EVENT, link.to) for link in form.links}
                    case EstimateForm():
                        # The coverage of a part, and a marked conflict, depend on linked estimates.
                        pairs |= {("series", conflicts.series_key(form)), ("linked", form.id)}
                        direct |= {(RecordKind.ESTIMATE, link.to) for link in form.links}
                        direct |= {(RecordKind.EVENT, form.event)} if form.event else set()
                    case _ if isinstance(form, NamedForm):
                        noun = NOUN_OF_KIND[change.kind].value
                        pairs |= {(noun, form.code), ("within", form.code)}
                        kinds.append(change.kind)
                if isinstance(form, EventForm | EstimateForm):
                    direct |= {(RecordKind.SOURCE, cited.source) for cited in form.citations}
        found = self.find(pairs, kinds) | direct
        self.load(found)
        # A conflict depends on both estimates, so the whole series is recalculated.
        touched = [self.form(kind, id) for kind, id in found if kind == RecordKind.ESTIMATE]
        found |= self.find(
            {
                ("series", conflicts.series_key(form))
                for form in touched
                if isinstance(form, EstimateForm)
            }
        )
        return found - {self.key(change.kind, change.id) for change in changes}

    def context(self, keys: Collection[tuple[str, str]]) -> DerivationContext:
        """Load and return all forms that these rows are calculated from."""
        self.load(keys)
        forms = [form for kind, id in keys if (form := self.form(kind, id)) is not None]
        self._load_sources(forms)
        events = [form.id for form in forms if isinstance(form, EventForm)]
        self.load(
            (RecordKind.EVENT, link.to)
            for form in forms
            if isinstance(form, EventForm)
            for link in form.links
        )
        series = {conflicts.series_key(form) for form in forms if isinstance(form, EstimateForm)}
        self.find({("linked", id) for id in events} | {("of", id) for id in events})
        self.find({("cites", form.id) for form in forms if isinstance(form, SourceForm)})
        figures = self.find({("series", name) for name in series})
        figures |= self._linked_estimates({*keys, *figures})
        self._load_sources(
            [form for kind, id in figures if (form := self.form(kind, id)) is not None]
        )
        found = (form for form in self.forms.values() if form is not None)
        return DerivationContext(found, self.day)

    def _linked_estimates(self, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Load the estimates that these link to, and those that link to them."""
        figures = [id for kind, id in keys if kind == RecordKind.ESTIMATE]
        forms = (self.form(RecordKind.ESTIMATE, id) for id in figures)
        found = {
            (str(RecordKind.ESTIMATE), link.to)
            for form in forms
            if isinstance(form, EstimateForm)
            for link in form.links
        }
        self.load(found)
        return found | self.find({("linked", id) for id in figures}, (RecordKind.ESTIMATE,))

    def _load_sources(self, forms: Iterable[RecordForm]) -> None:
        """Load the sources that these forms cite, and all sources that those derive from."""
        pending: set[str] = set()
        for form in forms:
            if isinstance(form, EventForm | EstimateForm):
                pending |= {citation.source for citation in form.citations}
            elif isinstance(form, SourceForm):
                pending.add(form.id)
        done: set[str] = set()
        while pending:
            self.load((RecordKind.SOURCE, id) for id in pending)
            done |= pending
            found = [self.form(RecordKind.SOURCE, id) for id in pending]
            derived = [each.derived_from for each in found if isinstance(each, SourceForm)]
            pending = {parent.source for each in derived for parent in each} - {*done, ""}

    def _store_rows(self, rows: Iterable[Version]) -> None:
        for row in rows:
            self.rows[self._store_form(row)] = row

    def _store_form(self, row: Version | Row[Any]) -> tuple[str, str]:
        """Remember the form of a row, and return its key."""
        key = (row.kind, reference_name(row))
        self.codes[row.id] = key[1]
        if key not in self.forms:
            is_live = row.state == RecordState.LIVE
            self.forms[key] = (
                FORMS[row.kind].model_validate(row.payload["form"]) if is_live else None
            )
        return key


def open_rows() -> Any:
    return select(Version).where(Version.closed.is_(None))


def live_keys(db: Session) -> set[tuple[str, str]]:
    """Return the kind and id of every live record."""
    rows = db.execute(
        select(Version.kind, Version.id).where(Version.closed.is_(None), Version.is_live)
    )
    return {(kind, id) for kind, id in rows}


def reference_name(row: Version | Row[Any]) -> str:
    """Return the name by which other records refer to a row: code of a place or outlet, or id."""
    name: str = (
        row.payload["form"]["code"] if row.kind in NAMED_KINDS and "form" in row.payload else row.id
    )
    return name
