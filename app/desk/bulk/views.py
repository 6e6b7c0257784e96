"""View of the page where an editor chooses the records and the operation of a bulk edit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.desk.bulk import commands
from app.desk.bulk.operations import CHANGEABLE_FIELDS, FIELD_TITLES, BulkOperation, FormErrors
from app.desk.bulk.selection import SelectedRecord, select_records
from app.desk.draft_form.catalogue import Catalogue
from app.desk.draft_form.things import NUMBERED
from app.desk.draft_form.views import FieldChoice
from app.desk.identity.models import Person
from app.documents import clean
from app.filtering import NONE, Day, DroppedParameter, Since, Terms, Words
from app.i18n.translate import N_, _
from app.record.filters import ListFilters
from app.record.index.manager import IndexManager
from app.record.names.directory import Directory
from app.vocabulary.events import Role
from app.web.urls import url

FIELD_LABELS = {"old": N_("Old code"), "new": N_("New code"), "role": N_("Role")}
TITLES = {"event": N_("Events"), "estimate": N_("Estimates"), "source": N_("Sources")}
PUBLIC_ROUTES = {"event": "timeline", "estimate": "estimates", "source": "sources"}


@dataclass(frozen=True)
class FacetView:
    """A filter key and its options: code, label, count, is chosen."""

    key: str
    title: str
    chosen: int
    options: Sequence[tuple[str, str, int, bool]]


@dataclass(frozen=True)
class BulkEditForm:
    """The posted form and its errors."""

    posted: Mapping[str, str]
    wrong: FormErrors

    def of(self, name: str) -> str:
        return clean(self.posted.get(name, ""))

    def error(self, name: str) -> str:
        return self.wrong.get(name, "")


@dataclass(frozen=True)
class BulkEditView:
    """View of `desk/bulk/page.html`."""

    kind: str
    kinds: Sequence[tuple[str, str, bool]]
    address: str
    public_address: str
    facets: Sequence[FacetView]
    boxes: Sequence[tuple[str, str, str]]
    """Text and date filters: key, title, typed value."""
    kept: Sequence[tuple[str, str]]
    """Filters without a control on this page, such as exclusions."""
    words: Sequence[str]
    notices: Sequence[str]
    records: Sequence[tuple[SelectedRecord, bool]]
    total: int
    waiting: int
    """Number of records skipped because they have an open draft."""
    whats: Sequence[FieldChoice]
    dos: Sequence[FieldChoice]
    roles: Sequence[FieldChoice]
    names: Sequence[tuple[str, str]]
    asked: BulkEditForm
    errors: Sequence[tuple[str, str]]
    lately: Sequence["RecentBulkEditView"]


@dataclass(frozen=True)
class RecentBulkEditView:
    """A recent bulk edit."""

    address: str
    words: str
    by: str
    at: datetime
    count: int


def bulk_edit_view(
    catalogue: Catalogue,
    kind: str,
    filters_and_dropped: tuple[ListFilters, Sequence[DroppedParameter]],
    asked: BulkEditForm,
    indexes: IndexManager,
) -> BulkEditView:
    asked_filters, dropped = filters_and_dropped
    db = catalogue.db
    selection = select_records(db, catalogue, asked_filters, indexes)
    filters = selection.filters
    counts = selection.counts.facets if selection.counts else {}
    shown_keys = {
        key.key for key in filters.FILTERS if isinstance(key, Terms | Words | Day | Since)
    }
    ticked = {name for name in asked.posted if name.startswith("take.")}
    posted = asked.posted or _guess_operation(filters)
    query = filters.query_string()
    return BulkEditView(
        kind=kind,
        kinds=[(code, _(title), code == kind) for code, title in TITLES.items()],
        address=bulk_edit_url(kind, filters),
        public_address=url(PUBLIC_ROUTES[kind]) + (f"?{query}" if query else ""),
        facets=[
            facet
            for key in filters.terms()
            if (facet := _facet(key, filters, counts.get(key.key, {}), selection.names)).options
        ],
        boxes=[
            (key.key, _(key.title), filters.one(key.key))
            for key in filters.FILTERS
            if isinstance(key, Words | Day | Since) and key.key != "edition"
        ],
        kept=[(key, value) for key, value in filters.pairs() if key not in shown_keys],
        words=list(_describe_filters(filters, selection.names)),
        notices=[f"“{each.key}={each.value[:40]}”: {_(each.reason)}" for each in dropped],
        records=[(each, not ticked or f"take.{each.id}" in ticked) for each in selection.records],
        total=selection.total,
        waiting=selection.waiting,
        whats=_choices(
            {what: FIELD_TITLES[what] for what in CHANGEABLE_FIELDS[NUMBERED[kind]]},
            posted.get("what", ""),
        ),
        dos=[
            FieldChoice(
                do, _(do.label), _(do.definition), do == posted.get("do", BulkOperation.REPLACE)
            )
            for do in BulkOperation
            if do is not BulkOperation.IDENTIFY
        ],
        roles=_choices({role: role.label for role in Role}, posted.get("role", "")),
        names=list(_suggestions(catalogue, CHANGEABLE_FIELDS[NUMBERED[kind]])),
        asked=BulkEditForm(posted, asked.wrong),
        errors=[
            (name, f"{_(FIELD_LABELS[name])}: {error}" if name in FIELD_LABELS else error)
            for name, error in asked.wrong.items()
        ],
        lately=[
            RecentBulkEditView(
                url("bulk-made", name=each.name),
                each.words,
                db.get_one(Person, each.by).called,
                each.at,
                each.count,
            )
            for each in commands.recent_bulk_edits(db)
        ],
    )


def bulk_edit_url(kind: str, filters: ListFilters) -> str:
    query = filters.query_string()
    return f"{url('bulk')}?kind={kind}" + (f"&{query}" if query else "")


def _guess_operation(filters: ListFilters) -> Mapping[str, str]:
    """Preselect the code to replace if the filter names exactly one code of a list."""
    for what in CHANGEABLE_FIELDS[filters.KIND]:
        if what in filters.by_key() and len(filters[what]) == 1 and filters[what] != (NONE,):
            return {"what": what, "old": filters[what][0]}
    return {}


def _facet(
    key: Terms, filters: ListFilters, counts: Mapping[str, int], names: Directory
) -> FacetView:
    chosen = filters[key.key]
    codes = sorted(
        {*counts, *chosen},
        key=lambda code: (-counts.get(code, 0), names.label(key.vocabulary, code)),
    )
    options = [
        (code, names.label(key.vocabulary, code), counts.get(code, 0), code in chosen)
        for code in codes
    ]
    return FacetView(key.key, _(key.title), len(chosen), options)


def _describe_filters(filters: ListFilters, names: Directory) -> list[str]:
    descriptions = []
    for key, value in filters.narrowing.pairs():
        filter_key = filters.by_key()[key.removeprefix("not_")]
        label = (
            names.label(filter_key.vocabulary, value) if isinstance(filter_key, Terms) else value
        )
        message = _("{title}: not {label}") if key != filter_key.key else _("{title}: {label}")
        descriptions.append(message.format(title=_(filter_key.title), label=label))
    return descriptions


def _choices(labels: Mapping[str, str], chosen: str) -> list[FieldChoice]:
    return [FieldChoice(code, _(label), is_chosen=code == chosen) for code, label in labels.items()]


def _suggestions(catalogue: Catalogue, whats: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return the suggestions for the code fields: each code and its label."""
    names = catalogue.directory
    offered = [
        (form.code, form.label, form.list) for form in names.codes.values() if not form.successor
    ]
    offered += [
        (code, names.label(noun, code), noun)
        for noun, forms in names.named_records.items()
        for code in forms
    ]
    return [
        (code, _("{label} ({what})").format(label=label, what=_(FIELD_TITLES[what]).lower()))
        for code, label, what in sorted(offered, key=lambda each: (each[2], each[1]))
        if what in whats
    ]
