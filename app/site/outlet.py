"""One outlet as a reader sees it: who it is, how it is graded, what of it was read, and the part it plays in events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import dates
from app.forms import Citation, Name, OutletForm, SourceForm
from app.language import N_, _
from app.record import queries
from app.record.directory import Directory, preferred
from app.record.editions import Reading
from app.record.filters import EstimateFilters, EventFilters, SourceFilters
from app.record.models import Version
from app.record.queries import Bar, Found, Histogram
from app.record.rules.origins import origin_outlet
from app.record.terms import term_numbers
from app.site.addresses import address, record_address
from app.site.figures import PageLink
from app.site.histogram import HistogramView, histogram_view
from app.site.sources import SourceCard, card_of
from app.vocabulary import PublishedBasis
from app.web import url

NEWEST = 10
"""Sources that the page shows as cards; all are one link away."""
MOST_LISTED = 100
COUNTRIES = Locale("en").territories


@dataclass(frozen=True)
class NameView:
    """A name, the code of its language for browsers, and that language in words."""

    text: str
    lang: str
    language: str


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
    """Everything that `site/outlet.html` prints."""

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
    """One statement: the outlet's sources, and all events and figures that cite one or in which a chain begins here."""
    form = OutletForm.model_validate(row.payload["form"])
    here = term_numbers([("outlet", form.code), ("origin", form.code)])
    rows = db.scalars(
        select(Version)
        .where(Version.kind.in_(("S", "E", "M")), Version.terms.overlap(here), edition.holds(), Version.state == "live")
        .order_by(Version.sort_day.desc().nulls_last(), Version.number.desc())
    )
    found = [queries.found(each) for each in rows]
    sources, events, figures = ([each for each in found if each.id[0] == kind] for kind in "SEM")
    parts = {code: list[Found]() for code in PARTS}
    own = {source.id: SourceForm.model_validate(source.payload["form"]) for source in sources}
    begun = 0
    for event in events:
        citations = [Citation.model_validate(citation) for citation in event.payload["form"].get("citations", [])]
        begun += any(origin_outlet(citation, own) == form.code for citation in citations)
        for part in parts_played(form.code, event, citations, own):
            parts[part].append(event)
    filtered = SourceFilters.made_of({"outlet": (form.code,)}, {})
    cited = [event for event in events if form.code in event.payload["outlets"]]
    return OutletPage(
        id=row.id,
        code=form.code,
        name=preferred(form.names),
        names=names_in_scripts(form.names, directory),
        kind=_(form.kind.label),
        country=COUNTRIES.get(form.country, form.country),
        languages=[directory.label("language", language) for language in form.languages],
        belongs_to=_link(form.belongs_to, directory) if form.belongs_to else None,
        services=[_link(code, directory) for code, other in directory.outlets.items() if other.belongs_to == form.code],
        grade=_(form.reliability.label),
        grade_means=_(form.reliability.definition),
        grade_reason=form.reliability_reason,
        graded_on=form.reliability_on,
        sources=len(sources),
        sources_address=address(filtered),
        undated=sum(not source.span for source in sources),
        undated_address=address(filtered.with_(basis=PublishedBasis.UNKNOWN)),
        histogram=by_year(filtered, sources),
        newest=[card_of(source, directory) for source in sources[:NEWEST]],
        events_cited=len(cited),
        events_cited_address=address(EventFilters.made_of({"outlet": (form.code,)}, {})),
        events_begun=begun,
        events_begun_address=address(EventFilters.made_of({"origin": (form.code,)}, {})),
        figures=sum(form.code in figure.payload["outlets"] for figure in figures),
        figures_address=address(EstimateFilters.made_of({"outlet": (form.code,)}, {})),
        parts=[
            Part(code, _(title), _(meaning), len(parts[code]), [_listed(event) for event in parts[code][:MOST_LISTED]])
            for code, (title, meaning) in PARTS.items()
        ],
        added=row.added,
        changed=row.changed,
        json_address=f"{record_address(row.id, form.code)}.json",
    )


def _link(code: str, directory: Directory) -> PageLink:
    return PageLink(directory.label("outlet", code), url("outlet", code=code))


def names_in_scripts(names: Sequence[Name], directory: Directory) -> list[NameView]:
    """All names but the one that heads the page, each with its language."""
    heading = preferred(names)
    return [
        NameView(name.text, name.language, directory.label("language", name.language) if name.language else "")
        for name in names
        if name.text != heading
    ]


def one_in_each_language(names: Sequence[NameView]) -> list[NameView]:
    """The first name of each language that is not written in Latin letters."""
    first: dict[str, NameView] = {}
    for name in names:
        if name.lang and not name.text.isascii():
            first.setdefault(name.lang.partition("-")[0], name)
    return list(first.values())


def _listed(event: Found) -> Listed:
    when = event.payload["happened_words"] or _("date not known")
    return Listed(event.id, record_address(event.id), event.payload["form"]["title"], when)


# Which part it plays ----------------------------------------------------------------------------------------------


def parts_played(code: str, event: Found, citations: Sequence[Citation], own: dict[str, SourceForm]) -> list[str]:
    """The parts that an outlet plays in an event, by the citations that support it; `own` are the outlet's sources."""
    counted = {id for origin in event.payload["origins"] for id in origin["citations"]}
    support = [(citation, origin_outlet(citation, own)) for citation in citations if citation.id in counted]
    begins_here = {outlet for origin in event.payload["origins"] for outlet in origin["outlets"]} == {code}
    played = {
        "first": any(begins == code and citation.source not in own for citation, begins in support),
        "relayed": any(begins != code and citation.source in own for citation, begins in support),
        "alone": begins_here and len(event.payload["origins"]) == 1,
    }
    return [part for part, is_played in played.items() if is_played]


# Its sources by year ----------------------------------------------------------------------------------------------


def by_year(filters: SourceFilters, sources: Sequence[Found]) -> HistogramView | None:
    """How many must or could have been published in each year; each bar opens the list of its year."""
    days = [part for source in sources for part in source.span if part.first and part.last]
    if not days:
        return None
    first, last = (
        min(part.first.year for part in days if part.first),
        max(part.last.year for part in days if part.last),
    )
    years = [dates.Days(date(year, 1, 1), date(year, 12, 31)) for year in range(first, last + 1)]
    return histogram_view(filters, Histogram("year", [_bar_of(year, sources) for year in years]))


def _bar_of(year: dates.Days, sources: Sequence[Found]) -> Bar:
    could = [source for source in sources if any(part.common(year) for part in source.span)]
    must = [source for source in could if source.lo and source.hi and source.lo.within(year) and source.hi.within(year)]
    return Bar(year, len(must), len(could))
