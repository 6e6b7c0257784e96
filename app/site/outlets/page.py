"""The page of one outlet: its reliability grade, its sources, and its role in reporting events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.i18n.translate import N_, _
from app.kinds import OutletForm
from app.record.filters import EstimateFilters, EventFilters, SourceFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, preferred_name
from app.record.payloads import form_of
from app.record.reads.outlet_roles import OutletEvent, events_by_role
from app.site.components.place_links import NameView, names_in_scripts
from app.site.components.urls import PageLink, address, outlet_page_link, record_address
from app.site.lists.histogram import HistogramView, histogram_view
from app.site.presenters.named import COUNTRIES
from app.site.presenters.source import SourceView
from app.site.record_pages.page import RecordPage
from app.vocabulary.sources import PublishedBasis

MAX_NEWEST_SOURCES = 10
"""Sources shown as cards. A link leads to all of them."""
MAX_LISTED_EVENTS = 100


@dataclass(frozen=True)
class ListedEvent:
    id: str
    address: str
    title: str
    when: str


@dataclass(frozen=True)
class OutletRole:
    """A role of the outlet in reporting events, with these events."""

    code: str
    title: str
    meaning: str
    count: int
    events: Sequence[ListedEvent]


@dataclass(frozen=True)
class OutletPage:
    """The page model of `site/outlets/page.html`."""

    id: str
    code: str
    name: str
    names: Sequence[NameView]
    kind: str
    country: str
    languages: Sequence[str]
    belongs_to: PageLink | None
    services: Sequence[PageLink]
    grade: str
    grade_code: str
    grade_reason: str
    graded_on: date | None
    sources: int
    sources_address: str
    undated: int
    undated_address: str
    histogram: HistogramView | None
    newest: Sequence[SourceView]
    events_cited: int
    events_cited_address: str
    events_begun: int
    events_begun_address: str
    figures: int
    figures_address: str
    parts: Sequence[OutletRole]
    added: int
    changed: int


ROLES = {
    "first": (
        N_("Repeated by others"),
        N_("It reported first, and at least one other outlet repeated it."),
    ),
    "relayed": (
        N_("Repeats others"),
        N_("It repeats a report by another outlet."),
    ),
    "alone": (
        N_("Only source"),
        N_("All support for the event goes back to it."),
    ),
}


def outlet_page(
    db: Session, edition: IndexedEdition, row: Version, directory: Directory
) -> OutletPage:
    # Two SQL statements read rows: the newest sources, and the events of each role.
    form = OutletForm.model_validate(form_of(row))
    published = SourceFilters.made_of({"outlet": (form.code,)}, {})
    citing, begun = (EventFilters.made_of({key: (form.code,)}, {}) for key in ("outlet", "origin"))
    figures = EstimateFilters.made_of({"outlet": (form.code,)}, {})
    sources = backend.match(db, edition, published, directory).counts()
    newest = backend.read_page(db, edition, published, directory, MAX_NEWEST_SOURCES).rows
    played = events_by_role(db, edition, directory, form.code, MAX_LISTED_EVENTS)
    return OutletPage(
        id=row.id,
        code=form.code,
        name=preferred_name(form.names),
        names=names_in_scripts(form.names, directory),
        kind=_(form.kind.label),
        country=COUNTRIES.get(form.country, form.country),
        languages=[directory.label("language", language) for language in form.languages],
        belongs_to=outlet_page_link(directory, form.belongs_to) if form.belongs_to else None,
        services=[
            outlet_page_link(directory, code)
            for code, other in directory.outlets.items()
            if other.belongs_to == form.code
        ],
        grade=_(form.reliability.label),
        grade_code=form.reliability,
        grade_reason=form.reliability_reason,
        graded_on=form.reliability_on,
        sources=sources.total,
        sources_address=address(published),
        undated=sources.undated,
        undated_address=address(published.with_(basis=PublishedBasis.UNKNOWN)),
        histogram=histogram_view(db, edition, published, directory, sources.extent, least="year"),
        newest=[SourceView(source, directory) for source in newest],
        events_cited=backend.match(db, edition, citing, directory).total,
        events_cited_address=address(citing),
        events_begun=backend.match(db, edition, begun, directory).total,
        events_begun_address=address(begun),
        figures=backend.match(db, edition, figures, directory).total,
        figures_address=address(figures),
        parts=[
            OutletRole(
                code,
                _(title),
                _(meaning),
                played[code].count,
                [_listed_event(event) for event in played[code].newest],
            )
            for code, (title, meaning) in ROLES.items()
        ],
        added=row.added,
        changed=row.changed,
    )


def _listed_event(event: OutletEvent) -> ListedEvent:
    return ListedEvent(
        event.id, record_address(event.id), event.title, event.when or _("date not known")
    )


OUTLET = RecordPage("outlet", "site/outlets/page.html", outlet_page)
