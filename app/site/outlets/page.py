"""The page of one outlet: its reliability grade, its sources, and its role in reporting events."""

from collections.abc import Sequence
from dataclasses import dataclass

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
from app.site.components.links import names_in_scripts
from app.site.components.urls import address, outlet_page_link, record_address
from app.site.lists.histogram import histogram_view
from app.site.presenters.named import COUNTRIES
from app.site.presenters.source import SourceView
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


class OutletPage:
    """The page model of `site/outlets/page.html`."""

    def __init__(
        self, db: Session, edition: IndexedEdition, row: Version, directory: Directory
    ) -> None:
        form = OutletForm.model_validate(form_of(row))
        published = SourceFilters.made_of({"outlet": (form.code,)}, {})
        citing, begun = (
            EventFilters.made_of({key: (form.code,)}, {}) for key in ("outlet", "origin")
        )
        figures = EstimateFilters.made_of({"outlet": (form.code,)}, {})
        sources = backend.match(db, edition, published, directory).counts()
        newest = backend.read_page(db, edition, published, directory, MAX_NEWEST_SOURCES).rows
        played = events_by_role(db, edition, directory, form.code, MAX_LISTED_EVENTS)
        self.form, self.row = form, row
        self.name = preferred_name(form.names)
        self.names = names_in_scripts(form.names, directory)
        self.kind = _(form.kind.label)
        self.country = COUNTRIES.get(form.country, form.country)
        self.languages = [directory.label("language", language) for language in form.languages]
        self.belongs_to = outlet_page_link(directory, form.belongs_to) if form.belongs_to else None
        self.services = [
            outlet_page_link(directory, code)
            for code, other in directory.outlets.items()
            if other.belongs_to == form.code
        ]
        self.grade = _(form.reliability.label)
        self.sources = sources.total
        self.sources_address = address(published)
        self.undated = sources.undated
        self.undated_address = address(published.with_(basis=PublishedBasis.UNKNOWN))
        self.histogram = histogram_view(
            db, edition, published, directory, sources.extent, least="year"
        )
        self.newest = [SourceView(source, directory) for source in newest]
        self.events_cited = backend.match(db, edition, citing, directory).total
        self.events_cited_address = address(citing)
        self.events_begun = backend.match(db, edition, begun, directory).total
        self.events_begun_address = address(begun)
        self.figures = backend.match(db, edition, figures, directory).total
        self.figures_address = address(figures)
        self.parts = [
            OutletRole(
                code,
                _(title),
                _(meaning),
                played[code].count,
                [_listed_event(event) for event in played[code].newest],
            )
            for code, (title, meaning) in ROLES.items()
        ]
        self.changed = row.changed


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


def _listed_event(event: OutletEvent) -> ListedEvent:
    return ListedEvent(
        event.id, record_address(event.id), event.title, event.when or _("date not known")
    )
