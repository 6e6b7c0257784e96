"""Records that a filter selects: published ones, and the editor's own drafts of new records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.dates import day_ranges, edtf
from app.desk.approved.draft_models import OPEN_STATES, Draft
from app.desk.draft_form.advice import check_draft, names_in
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import NUMBERED
from app.desk.drafts.queue import count_drafts
from app.documents import Document, document_of
from app.kinds import FORMS, EstimateForm, EventForm, RecordForm, SourceForm, public
from app.record.derivation import rows as derived_rows
from app.record.derivation.context import DerivationContext
from app.record.editions import NoEditionError
from app.record.filters import DATE_UNITS, LISTS, ListFilters
from app.record.index.edition import IndexedEdition
from app.record.index.manager import IndexManager
from app.record.index.results import ListCounts
from app.record.lists import backend
from app.record.lists.session import select_newest
from app.record.names.directory import Directory, read_directory
from app.record.search import plain_text
from app.record.sql import rows as record_rows
from app.record.sql.conditions import window_of
from app.vocabulary.kinds import RecordKind

MAX_RECORDS = 200
"""Records of one bulk edit."""


@dataclass(frozen=True)
class SelectedRecord:
    """A record that the filter selects."""

    id: str
    title: str
    is_draft: bool = False


@dataclass(frozen=True)
class Selection:
    """The first `MAX_RECORDS` of a selection, its total, and the counts of its facets."""

    filters: ListFilters
    """The filters with redirects of the newest edition applied."""
    records: Sequence[SelectedRecord]
    total: int
    waiting: int
    """Number of records skipped within the selection because they have an open draft."""
    counts: ListCounts | None
    names: Directory


def select_records(
    db: Session, catalogue: Catalogue, filters: ListFilters, indexes: IndexManager
) -> Selection:
    try:
        edition = select_newest(db, indexes)
    except NoEditionError:
        drafts, total = _matching_drafts(catalogue, filters)
        return Selection(filters, drafts, total, 0, None, catalogue.directory)
    names = read_directory(db, edition)
    filters = names.led_on(filters)
    drafts, total = _matching_drafts(catalogue, filters)
    counted = backend.match(db, edition, filters, names).counts()
    rows, waiting = _published_rows(db, edition, filters, names, MAX_RECORDS - len(drafts))
    form = FORMS[filters.KIND]
    published = [
        SelectedRecord(
            row.id,
            catalogue.title(filters.KIND, document_of(form.model_validate(row.payload["form"]))),
        )
        for row in rows
    ]
    return Selection(filters, [*drafts, *published], counted.total + total, waiting, counted, names)


def _published_rows(
    db: Session, edition: IndexedEdition, filters: ListFilters, names: Directory, limit: int
) -> tuple[list[record_rows.ListRow], int]:
    """Return the first records without an open draft, and the number skipped because of one."""
    ids_with_draft = set(
        db.scalars(
            select(Draft.record).where(Draft.kind == filters.KIND, Draft.state.in_(OPEN_STATES))
        )
    )
    rows: list[record_rows.ListRow] = []
    waiting = 0
    while len(rows) < limit:
        page = backend.read_page(db, edition, filters, names, MAX_RECORDS)
        for row in page.rows:
            if row.id in ids_with_draft:
                waiting += 1
            else:
                rows.append(row)
            if len(rows) == limit:
                break
        if page.next is None:
            break
        filters = filters.with_(after=page.next)
    return rows, waiting


def _matching_drafts(
    catalogue: Catalogue, filters: ListFilters
) -> tuple[list[SelectedRecord], int]:
    """Return the first of the editor's own new drafts that match, and their total."""
    own = catalogue.own_new_drafts(filters.KIND)
    if filters.is_empty:
        found = list(catalogue.db.scalars(own.limit(MAX_RECORDS)))
        total = count_drafts(catalogue.db, own)
    else:
        found = list(_matches(catalogue, catalogue.db.scalars(own).all(), filters))
        total = len(found)
    return [
        SelectedRecord(draft.record, catalogue.title(draft.kind, draft.document), is_draft=True)
        for draft in found[:MAX_RECORDS]
    ], total


def _matches(
    catalogue: Catalogue, drafts: Sequence[Draft], filters: ListFilters
) -> Iterator[Draft]:
    """Yield the drafts that would match if published alone. Invalid drafts never match."""
    if filters["added_since"] or filters["changed_since"]:
        return
    # Load all records that the drafts name at once, then all that their sources name.
    ids = {id for draft in drafts for id in _ids_in(draft.kind, draft.document)}
    catalogue.read_ahead(ids)
    catalogue.read_ahead(
        {
            id
            for source in ids
            if source[0] == RecordKind.SOURCE
            for id in _ids_in(RecordKind.SOURCE, catalogue.document(source))
        }
    )
    sources = _SourceCache(catalogue)
    names = catalogue.directory
    known = DerivationContext.of(names.forms())
    window, is_certain = window_of(filters), filters["match"] == ("certain",)
    is_match = day_ranges.is_certain if is_certain else day_ranges.is_possible
    query_words = plain_text(filters.one("q")).split()
    for draft in drafts:
        form = check_draft(FORMS[draft.kind], draft.document, catalogue).form
        if form is None:
            continue
        form = public(form)
        context = DerivationContext.of([form, *sources.cited_by(form)])
        row = derived_rows.derive_row(form, replace(context, named=known.named, codes=known.codes))
        is_in_window = (window == edtf.Days() or is_match(row.spans, window)) and all(
            day_ranges.is_possible(row.spans, window)
            and not day_ranges.is_certain_in_unit(row.spans, window, DATE_UNITS[unit])
            for unit in filters["vague"]
        )
        if (
            is_in_window
            and _has_terms(row, filters)
            and all(word in row.plain for word in query_words)
        ):
            yield draft


def _has_terms(row: derived_rows.DerivedRow, filters: ListFilters) -> bool:
    for key in filters.terms():
        if (codes := filters[key.key]) and not any((key.key, code) in row.terms for code in codes):
            return False
        if any((key.key, code) in row.terms for code in filters.excluded.get(key.key, ())):
            return False
    return True


def _ids_in(kind: str, document: Document | None) -> Iterator[str]:
    """Yield the ids of sources, events and estimates that a document names. URLs are ignored."""
    for _path, thing, text in names_in(FORMS[kind], document) if document else ():
        if text[:1].upper() == NUMBERED.get(thing):
            yield text.upper()


class _SourceCache:
    """Cache of the public forms of cited sources, from which terms are derived too."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.known: dict[str, SourceForm | None] = {}

    def cited_by(self, form: RecordForm) -> Iterator[SourceForm]:
        if isinstance(form, EventForm | EstimateForm):
            for id in dict.fromkeys(citation.source for citation in form.citations):
                if id not in self.known:
                    document = self.catalogue.document(id)
                    validated = (
                        check_draft(SourceForm, document, self.catalogue).form if document else None
                    )
                    self.known[id] = public(validated) if validated else None
                if source := self.known[id]:
                    yield source


def filters_class(kind: str) -> type[ListFilters]:
    return LISTS[NUMBERED[kind]]
