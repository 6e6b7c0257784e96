"""One outlet as a reader sees it: who it is, how it is graded, what of it was read, and the part it plays in events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from sqlalchemy.orm import Session

from app.forms import OutletForm
from app.i18n.translate import N_, _
from app.record.editions import Reading
from app.record.filters import EstimateFilters, EventFilters, SourceFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory, preferred
from app.record.reads.outlet_roles import PlayedIn, parts
from app.site.components.estimate_line import PageLink
from app.site.components.place_links import NameView, names_in_scripts
from app.site.components.urls import address, record_address
from app.site.lists.histogram import HistogramView, histogram_view
from app.site.record_pages.page import RecordPage
from app.site.sources.sources import SourceCard, card_of
from app.vocabulary.sources import PublishedBasis
from app.web.urls import url

NEWEST = 10
"""Sources that the page shows as cards; all are one link away."""
MOST_LISTED = 100
COUNTRIES = Locale("en").territories


@dataclass(frozen=True)
class Listed:
    id: str
    address: str
    title: str
    when: str


@dataclass(frozen=True)
class Part:
    """One part that the outlet plays in events: its name, what that means, and the events."""

    code: str
    title: str
    meaning: str
    count: int
    events: Sequence[Listed]


@dataclass(frozen=True)
class OutletPage:
    """Everything that `site/outlets/page.html` prints."""

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
    grade_means: str
    grade_reason: str
    graded_on: date | None
    sources: int
    sources_address: str
    undated: int
    undated_address: str
    histogram: HistogramView | None
    newest: Sequence[SourceCard]
    events_cited: int
    events_cited_address: str
    events_begun: int
    events_begun_address: str
    figures: int
    figures_address: str
    parts: Sequence[Part]
    added: int
    changed: int
    json_address: str


PARTS = {
    "first": (
        N_("First"),
        N_("A chain of reports begins with it, and at least one other outlet passes that on."),
    ),
    "relayed": (
        N_("Relays"),
        N_("It passes on what began with another outlet, named or not."),
    ),
    "alone": (
        N_("Alone"),
        N_("All that supports the event begins with it, whoever else passes it on."),
    ),
}


def one_outlet(db: Session, edition: Reading, row: Version, directory: Directory) -> OutletPage:
    """Two statements, however much it published: its newest sources, and events in which it plays a part."""
    form = OutletForm.model_validate(row.payload["form"])
    published = SourceFilters.made_of({"outlet": (form.code,)}, {})
    citing, begun = (EventFilters.made_of({key: (form.code,)}, {}) for key in ("outlet", "origin"))
    figures = EstimateFilters.made_of({"outlet": (form.code,)}, {})
    sources = backend.counts(db, edition, published, directory)
    newest = backend.page(db, edition, published, directory, NEWEST).rows
    played = parts(db, edition, directory, form.code, MOST_LISTED)
    return OutletPage(
        id=row.id,
        code=form.code,
        name=preferred(form.names),
        names=names_in_scripts(form.names, directory),
        kind=_(form.kind.label),
        country=COUNTRIES.get(form.country, form.country),
        languages=[directory.label("language", language) for language in form.languages],
        belongs_to=_link(form.belongs_to, directory) if form.belongs_to else None,
        services=[
            _link(code, directory)
            for code, other in directory.outlets.items()
            if other.belongs_to == form.code
        ],
        grade=_(form.reliability.label),
        grade_means=_(form.reliability.definition),
        grade_reason=form.reliability_reason,
        graded_on=form.reliability_on,
        sources=sources.total,
        sources_address=address(published),
        undated=sources.undated,
        undated_address=address(published.with_(basis=PublishedBasis.UNKNOWN)),
        histogram=histogram_view(db, edition, published, directory, sources.extent, least="year"),
        newest=[card_of(source, directory) for source in newest],
        events_cited=backend.total(db, edition, citing, directory),
        events_cited_address=address(citing),
        events_begun=backend.total(db, edition, begun, directory),
        events_begun_address=address(begun),
        figures=backend.total(db, edition, figures, directory),
        figures_address=address(figures),
        parts=[
            Part(
                code,
                _(title),
                _(meaning),
                played[code].count,
                [_listed(event) for event in played[code].newest],
            )
            for code, (title, meaning) in PARTS.items()
        ],
        added=row.added,
        changed=row.changed,
        json_address=f"{record_address(row.id, form.code)}.json",
    )


def _link(code: str, directory: Directory) -> PageLink:
    return PageLink(directory.label("outlet", code), url("outlet", code=code))


def _listed(event: PlayedIn) -> Listed:
    return Listed(
        event.id, record_address(event.id), event.title, event.when or _("date not known")
    )


OUTLET = RecordPage("outlet", "site/outlets/page.html", one_outlet)
