"""The page `/compare`: estimates, rules and events of two to four places side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list
from sqlalchemy.orm import Session

from app.filtering import DroppedParameter
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.compare_filters import MAX_COMPARED, CompareFilters
from app.record.filters import EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import estimate_payload, event_payload, form_of
from app.record.rules.containment import parents_of
from app.record.sql.rows import ListRow
from app.site.charts.compare_charts import ChartInput, ComparedCharts, compare_charts
from app.site.charts.glyphs import PlaceEstimate
from app.site.compare.rules import ComparedRules, compared_rules
from app.site.components.age import Age, age
from app.site.components.compare_links import (
    address_of_places,
    compare_address,
    entries_of_places,
    neighbours,
)
from app.site.components.estimate_line import estimate_view
from app.site.components.headcounts import headline, nationalities, newest_wholes, of_same_month
from app.site.components.headline import Headline, headline_view
from app.site.components.last_checked import CheckView, last_check
from app.site.components.place_links import short_names
from app.site.components.urls import PageLink, address, place_page_address, record_address
from app.site.lists.summary import notices
from app.site.place_estimates.at_place import events_in
from app.site.references.citable import CitableView
from app.vocabulary.record import PlaceKind

MAX_ESTIMATES = 100
"""Newest estimates of each place."""
MAX_NEWEST_EVENTS = 3
MAX_SUGGESTED_NAMES = 80
MAX_SUGGESTIONS = 3
LANGUAGE = "en"


@dataclass(frozen=True)
class NewestEvent:
    title: str
    address: str
    when: str
    age: Age | None


@dataclass(frozen=True)
class ComparedPlace:
    """One column."""

    code: str
    label: str
    names: Sequence[tuple[str, str]]
    where: str
    """Its kind and location, such as "City in Liaoning, China"."""
    address: str
    without_address: str
    """Address of the comparison without it; empty if only one place would be left."""
    stock: Headline | None
    """The newest estimates of people present that is for the whole of the place."""
    checked: CheckView | None
    events: Sequence[NewestEvent]
    events_total: int
    events_address: str
    are_all: bool
    """False if the place has more estimates than a comparison reads."""
    figures_address: str
    figures_left_out: int
    found: Sequence[ListRow]
    """The rows of the estimates, for files."""


@dataclass(frozen=True)
class PlaceComparison:
    """What the page and its files show of the places."""

    places: Sequence[ComparedPlace]
    charts: ComparedCharts
    rules: ComparedRules


@dataclass(frozen=True)
class ComparePage:
    """The page model of `site/compare/page.html`."""

    title: str
    notices: Sequence[str]
    missing: str
    """What to do if there are fewer than two places; empty otherwise."""
    fields: Sequence[str]
    """Contents of the form's place fields, with one empty field as long as places fit."""
    options: Sequence[str]
    """Names that the fields suggest."""
    date: str
    """Content of the date field: empty for the day of the edition."""
    kept: Sequence[tuple[str, str]]
    """Hidden fields of the form: (key, value)."""
    suggested: Sequence[PageLink]
    """Comparisons with a further place, or of the places with most entries."""
    comparison: PlaceComparison | None
    csv_address: str
    json_address: str
    lasting_address: str


def view_of_comparison(
    edition: IndexedEdition, filters: CompareFilters, directory: Directory
) -> CitableView:
    bare = filters.with_(edition=None)
    return CitableView(
        edition=edition,
        page=compare_address(bare),
        name="-".join(["compare", *filters["place"], *filters["date"]]),
        title=compare_title(filters, directory),
    )


def compare_title(filters: CompareFilters, directory: Directory) -> str:
    labels = [directory.label("place", code) for code in filters["place"]]
    if len(labels) < 2:
        return _("Compare places")
    # Translators: a list of two to four places, such as "Dandong and Hunchun".
    return _("{places} compared").format(places=format_list(labels, locale=LANGUAGE))


def day_of(filters: CompareFilters, edition: IndexedEdition) -> date:
    # The default is the edition's day: public pages must not depend on today's date.
    return date.fromisoformat(filters.one("date")) if filters["date"] else edition.at.date()


def is_comparable(filters: CompareFilters) -> bool:
    # Unknown places were dropped by `parse_compared`.
    return len(filters["place"]) > 1


# Comparison -------------------------------------------------------------------------------------


def compare(
    db: Session, edition: IndexedEdition, filters: CompareFilters, directory: Directory
) -> PlaceComparison:
    """Compare places. Runs four SQL statements, whatever the number of places."""
    codes, on = filters["place"], edition.at.date()
    estimates = [
        backend.latest_rows(
            db,
            edition,
            EstimateFilters(),
            directory,
            most=MAX_ESTIMATES,
            having=[[("names", code)]],
        ).seqs
        for code in codes
    ]
    newest = [
        backend.latest_rows(
            db,
            edition,
            EventFilters.made_of({"place": (code,)}, {}),
            directory,
            most=MAX_NEWEST_EVENTS,
        ).seqs
        for code in codes
    ]
    wanted = dict.fromkeys(seq for seqs in (*estimates, *newest) for seq in seqs)
    rows = backend.rows_by_seq(db, list(wanted))
    figures = [[rows[seq] for seq in seqs if seq in rows] for seqs in estimates]
    acts = [events_in(db, edition, directory, code) for code in codes]
    charts = compare_charts(
        [
            ChartInput(
                code,
                [_place_estimate(row, code, directory) for row in own],
                events.acts,
                stock.id if (stock := headline(newest_wholes(own, code))) else "",
            )
            for code, own, events in zip(codes, figures, acts, strict=True)
        ],
        on,
    )
    places = [
        _place(
            code,
            figures[at],
            [rows[seq] for seq in newest[at] if seq in rows],
            acts[at].total,
            charts.left_out[at],
            edition,
            filters,
            directory,
        )
        for at, code in enumerate(codes)
    ]
    rules = compared_rules(db, edition, filters, directory, day_of(filters, edition))
    return PlaceComparison(places, charts, rules)


def _place_estimate(row: ListRow, code: str, directory: Directory) -> PlaceEstimate:
    whose = [directory.label("nationality", each) for each in nationalities(form_of(row))]
    view = estimate_view(row, directory, at=code)
    return PlaceEstimate(view, estimate_payload(row), format_list(whose, locale=LANGUAGE))


def _place(  # noqa: PLR0917 - what was read of one place, and where it is shown
    code: str,
    figures: Sequence[ListRow],
    newest: Sequence[ListRow],
    events_total: int,
    left_out: int,
    edition: IndexedEdition,
    filters: CompareFilters,
    directory: Directory,
) -> ComparedPlace:
    on = edition.at.date()
    stock = headline(newest_wholes(figures, code))
    own = EstimateFilters.made_of({"place": (code,)}, {})
    events = EventFilters.made_of({"place": (code,)}, {})
    others = [each for each in filters["place"] if each != code]
    return ComparedPlace(
        code=code,
        label=directory.label("place", code),
        names=short_names(directory, code),
        where=_where(code, directory),
        address=place_page_address(directory, code),
        without_address=compare_address(filters.with_(place=others, edition=None))
        if len(others) > 1
        else "",
        stock=headline_view(of_same_month(stock, figures, code), on, directory, code)
        if stock
        else None,
        checked=last_check(code, directory),
        events=[_newest_event(row, on) for row in newest],
        events_total=events_total,
        events_address=address(events),
        are_all=len(figures) < MAX_ESTIMATES,
        figures_address=address(own),
        figures_left_out=left_out,
        found=figures,
    )


def _where(code: str, directory: Directory) -> str:
    kind = _(directory.places[code].kind.label)
    above = parents_of(code, directory.places)
    around = [
        directory.label("place", each)
        for each in above
        if directory.kind_of_place(each) is not PlaceKind.WORLD
    ]
    if not around:
        return kind
    return _("{kind} in {place}").format(kind=kind, place=enumerate_words(around))


def _newest_event(row: ListRow, on: date) -> NewestEvent:
    return NewestEvent(
        form_of(row)["title"],
        record_address(row.id),
        event_payload(row)["happened_words"] or _("date not known"),
        age(row.lo, on) if row.lo else None,
    )


# The page ---------------------------------------------------------------------------------------


def compare_page(
    db: Session,
    edition: IndexedEdition,
    query: tuple[CompareFilters, Sequence[DroppedParameter]],
    directory: Directory,
) -> ComparePage:
    filters, dropped = query
    known = filters["place"]
    labels = [directory.label("place", code) for code in known]
    fields = [*labels, *(item.value for item in dropped if item.key == "place")][:MAX_COMPARED]
    bare = filters.with_(edition=None)
    return ComparePage(
        title=compare_title(filters, directory),
        notices=notices(filters, dropped, directory),
        missing=_missing(len(known)),
        fields=[*fields, *[""] * max(2 - len(fields), min(1, MAX_COMPARED - len(fields)))],
        options=_names(edition, directory),
        date=filters.one("date"),
        kept=[pair for pair in filters.pairs() if pair[0] == "edition"],
        suggested=_suggested(edition, known, directory),
        comparison=compare(db, edition, filters, directory) if is_comparable(filters) else None,
        csv_address=compare_address(bare, ".csv"),
        json_address=compare_address(bare, ".json"),
        lasting_address=compare_address(
            filters.with_(date=day_of(filters, edition).isoformat(), edition=str(edition.no))
        ),
    )


def _missing(places: int) -> str:
    if places > 1:
        return ""
    if places:
        return _("Add a second place to compare this one with.")
    return _("Choose two to four places to compare.")


def _names(edition: IndexedEdition, directory: Directory) -> list[str]:
    """Return the names of the places with most entries, without workplaces."""
    counts = entries_of_places(edition)
    codes = sorted(
        (
            code
            for code in counts
            if code in directory.places and directory.kind_of_place(code) is not PlaceKind.SITE
        ),
        key=lambda code: (-counts[code], code),
    )
    return sorted(directory.label("place", code) for code in codes[:MAX_SUGGESTED_NAMES])


def _suggested(
    edition: IndexedEdition, codes: Sequence[str], directory: Directory
) -> list[PageLink]:
    """Return comparisons with one more place."""
    if len(codes) == MAX_COMPARED:
        return []
    first = codes[0] if codes else _most_known_town(edition, directory)
    if not first:
        return []
    given = codes or [first]
    others = neighbours(edition, directory, first, MAX_SUGGESTIONS + len(given))
    words = _("Add {place}") if codes else _("{first} and {place}")
    return [
        PageLink(
            words.format(
                first=directory.label("place", first), place=directory.label("place", other)
            ),
            address_of_places([*given, other]),
        )
        for other in others
        if other not in given
    ][:MAX_SUGGESTIONS]


def _most_known_town(edition: IndexedEdition, directory: Directory) -> str:
    counts = entries_of_places(edition)
    towns = [
        code
        for code in counts
        if code in directory.places and directory.kind_of_place(code) is PlaceKind.CITY
    ]
    return max(towns, key=lambda code: (counts[code], code), default="")
