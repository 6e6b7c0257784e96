"""Which records a filter finds: what readers see, by the same filters as theirs, and one's own drafts of new ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import dates
from app.desk.drafts.boxes import check_draft
from app.desk.drafts.catalogue import Catalogue
from app.desk.drafts.documents import document_of
from app.desk.drafts.models import Draft
from app.forms import FORMS, EstimateForm, EventForm, Form, RecordForm, SourceForm, public
from app.record import answers, derive
from app.record.directory import Directory, directory
from app.record.editions import NoEdition, reading
from app.record.filters import LISTS, ListFilters
from app.record.queries import Counts, window_of
from app.record.search import plain_text

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
    counts: Counts | None
    names: Directory


def found(db: Session, catalogue: Catalogue, asked: ListFilters) -> Found:
    try:
        edition = reading(db)
    except NoEdition:
        drafts = _drafts(catalogue, asked)
        return Found(asked, drafts[:MOST], len(drafts), None, catalogue.directory)
    names = directory(db, edition)
    filters = names.led_on(asked)
    drafts = _drafts(catalogue, filters)
    counted = answers.counts(db, edition, filters, names)
    page = answers.page(db, edition, filters, names, MOST)
    form = FORMS[filters.KIND]
    published = [
        FoundHere(row.id, catalogue.title(filters.KIND, document_of(form.model_validate(row.payload["form"]))))
        for row in page.rows
    ]
    return Found(filters, [*drafts, *published][:MOST], counted.total + len(drafts), counted, names)


def _drafts(catalogue: Catalogue, filters: ListFilters) -> list[FoundHere]:
    return [
        FoundHere(draft.record, catalogue.title(draft.kind, draft.document), is_draft=True)
        for draft in catalogue.own_new_drafts(filters.KIND)
        if _answers(catalogue, draft, filters)
    ]


def _answers(catalogue: Catalogue, draft: Draft, filters: ListFilters) -> bool:
    """Whether it would be found if it were published by itself; what says nothing yet is found by no filter."""
    if filters.is_empty:
        return True
    form = check_draft(FORMS[draft.kind], draft.document, catalogue).form
    if form is None or filters["added_since"] or filters["changed_since"]:
        return False
    form = public(form)
    row = derive.derive(form, derive.Context.of([form, *_around(catalogue, form)]))
    for key in filters.terms():
        if (wanted := filters[key.key]) and not any((key.key, code) in row.terms for code in wanted):
            return False
        if any((key.key, code) in row.terms for code in filters.excluded.get(key.key, ())):
            return False
    window, is_certain = window_of(filters), filters["match"] == ("certain",)
    falls_in = dates.is_certain if is_certain else dates.is_possible
    words = plain_text(filters.one("q")).split()
    return (window == dates.Days() or falls_in(row.spans, window)) and all(word in row.plain for word in words)


def _around(catalogue: Catalogue, form: Form) -> Iterator[RecordForm]:
    """What its terms are derived from: the names, and the sources that it cites."""
    names = catalogue.directory
    yield from names.places.values()
    yield from names.outlets.values()
    yield from names.codes.values()
    if isinstance(form, EventForm | EstimateForm):
        for source in dict.fromkeys(citation.source for citation in form.citations):
            document = catalogue.document(source)
            if document and (cited := check_draft(SourceForm, document, catalogue).form):
                yield public(cited)


def filters_of(kind: str) -> type[ListFilters]:
    return LISTS[KINDS[kind]]
