"""Which records a filter finds: what readers see, by the same filters as theirs, and one's own drafts of new ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates import edtf
from app.desk.approved.draft_models import OPEN, Draft
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.checks import check_draft, names_in
from app.desk.draft_form.documents import Document, document_of
from app.desk.draft_form.things import KINDS as NUMBERED
from app.desk.drafts.queue import counted as count_of
from app.forms import FORMS, EstimateForm, EventForm, RecordForm, SourceForm, public
from app.record.derivation import rows as derive
from app.record.derivation.context import Context
from app.record.editions import NoEdition, Reading, reading
from app.record.filters import LISTS, ListFilters
from app.record.lists import backend
from app.record.names.directory import Directory, directory
from app.record.search import plain_text
from app.record.sql import rows as queries
from app.record.sql.conditions import window_of
from app.record.sql.counts import Counts

MOST = 200
"""So many are changed at once. What is left is found again."""
KINDS = {"event": "E", "estimate": "M", "source": "S"}


@dataclass(frozen=True)
class FoundHere:
    """One record that the filter finds."""

    id: str
    title: str
    is_draft: bool = False


@dataclass(frozen=True)
class Found:
    """Some of what the filter finds, how much it is in all, and what it could be narrowed by."""

    filters: ListFilters
    """As the newest edition understands it."""
    records: Sequence[FoundHere]
    total: int
    waiting: int
    """Those that stand before the last of these and are left out, since they have an open draft."""
    counts: Counts | None
    names: Directory


def found(db: Session, catalogue: Catalogue, asked: ListFilters) -> Found:
    try:
        edition = reading(db)
    except NoEdition:
        drafts, total = _drafts(catalogue, asked)
        return Found(asked, drafts, total, 0, None, catalogue.directory)
    names = directory(db, edition)
    filters = names.led_on(asked)
    drafts, total = _drafts(catalogue, filters)
    counted = backend.counts(db, edition, filters, names)
    rows, waiting = _published(db, edition, filters, names, MOST - len(drafts))
    form = FORMS[filters.KIND]
    published = [
        FoundHere(
            row.id,
            catalogue.title(filters.KIND, document_of(form.model_validate(row.payload["form"]))),
        )
        for row in rows
    ]
    return Found(filters, [*drafts, *published], counted.total + total, waiting, counted, names)


def _published(
    db: Session, edition: Reading, filters: ListFilters, names: Directory, most: int
) -> tuple[list[queries.Found], int]:
    """The first that can be changed, and how many before the last of them have an open draft: these can't be."""
    drafted = set(
        db.scalars(select(Draft.record).where(Draft.kind == filters.KIND, Draft.state.in_(OPEN)))
    )
    rows: list[queries.Found] = []
    waiting, asked = 0, filters
    while len(rows) < most:
        page = backend.page(db, edition, asked, names, MOST)
        for row in page.rows:
            if row.id in drafted:
                waiting += 1
            else:
                rows.append(row)
            if len(rows) == most:
                break
        if page.next is None:
            break
        asked = asked.with_(after=page.next)
    return rows, waiting


def _drafts(catalogue: Catalogue, filters: ListFilters) -> tuple[list[FoundHere], int]:
    """The first of one's own new drafts that the filter finds, and how many it finds."""
    own = catalogue.own_new_drafts(filters.KIND)
    if filters.is_empty:
        found = list(catalogue.db.scalars(own.limit(MOST)))
        total = count_of(catalogue.db, own)
    else:
        found = list(_answering(catalogue, catalogue.db.scalars(own).all(), filters))
        total = len(found)
    return [
        FoundHere(draft.record, catalogue.title(draft.kind, draft.document), is_draft=True)
        for draft in found[:MOST]
    ], total


def _answering(
    catalogue: Catalogue, drafts: Sequence[Draft], filters: ListFilters
) -> Iterator[Draft]:
    """Those that would be found if each were published by itself; what says nothing yet is found by no filter."""
    if filters["added_since"] or filters["changed_since"]:
        return
    # All that they name is read together, and so is what the sources among that name.
    named = {id for draft in drafts for id in _named(draft.kind, draft.document)}
    catalogue.read_ahead(named)
    catalogue.read_ahead(
        {
            id
            for source in named
            if source[0] == "S"
            for id in _named("S", catalogue.document(source))
        }
    )
    sources = _Sources(catalogue)
    names = catalogue.directory
    known = Context.of([*names.places.values(), *names.outlets.values(), *names.codes.values()])
    window, is_certain = window_of(filters), filters["match"] == ("certain",)
    falls_in = edtf.is_certain if is_certain else edtf.is_possible
    words = plain_text(filters.one("q")).split()
    for draft in drafts:
        form = check_draft(FORMS[draft.kind], draft.document, catalogue).form
        if form is None:
            continue
        form = public(form)
        by_itself = Context.of([form, *sources.cited_by(form)])
        row = derive.derive(
            form, replace(by_itself, places=known.places, outlets=known.outlets, codes=known.codes)
        )
        is_in = window == edtf.Days() or falls_in(row.spans, window)
        if is_in and _has_terms(row, filters) and all(word in row.plain for word in words):
            yield draft


def _has_terms(row: derive.Row, filters: ListFilters) -> bool:
    for key in filters.terms():
        if (wanted := filters[key.key]) and not any(
            (key.key, code) in row.terms for code in wanted
        ):
            return False
        if any((key.key, code) in row.terms for code in filters.excluded.get(key.key, ())):
            return False
    return True


def _named(kind: str, document: Document | None) -> Iterator[str]:
    """Ids of the sources, events and figures that it names; what is named by an address is not among them."""
    for _path, thing, text in names_in(FORMS[kind], document) if document else ():
        if thing in NUMBERED and text[:1].upper() == NUMBERED[thing]:
            yield text.upper()


class _Sources:
    """The public forms of cited sources, from which terms are derived too: each is understood once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.known: dict[str, SourceForm | None] = {}

    def cited_by(self, form: RecordForm) -> Iterator[SourceForm]:
        if isinstance(form, EventForm | EstimateForm):
            for id in dict.fromkeys(citation.source for citation in form.citations):
                if id not in self.known:
                    document = self.catalogue.document(id)
                    understood = (
                        check_draft(SourceForm, document, self.catalogue).form if document else None
                    )
                    self.known[id] = public(understood) if understood else None
                if source := self.known[id]:
                    yield source


def filters_of(kind: str) -> type[ListFilters]:
    return LISTS[KINDS[kind]]
