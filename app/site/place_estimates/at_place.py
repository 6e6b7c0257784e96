"""All estimates of one place: a chart, and a table with their wording and links."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from markupsafe import Markup
from sqlalchemy import (
    Select,
    String,
    all_,
    any_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.caches import Cache
from app.i18n.formats import enumerate_words
from app.i18n.translate import _
from app.record.editions import LIVE_IN_EDITION, SelectedEdition
from app.record.filters import EstimateFilters, EventFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import (
    PublishedEstimate,
    PublishedLink,
    form_of,
)
from app.record.reads.measures import people_of
from app.record.sql import rows as record_rows
from app.record.sql.rows import ListRow
from app.record.terms import bound_array, bound_term_numbers
from app.site.charts.estimates_chart import chart
from app.site.charts.glyphs import EstimateMark
from app.site.charts.panels import EventCount, Panel
from app.site.components.headcounts import headline, newest_wholes
from app.site.components.urls import PageLink, address
from app.site.place_estimates.rules import PlaceRules
from app.site.presenters.estimate import (
    BACKWARD_LABELS,
    FORWARD_LABELS,
    EstimateView,
)
from app.vocabulary.estimates import EstimateLink
from app.vocabulary.kinds import RecordKind
from app.web.templates import render_part

MAX_ESTIMATES = 200
"""Newest estimates shown on a page. The list of estimates has all."""


MAX_LISTED = 2
"""Estimates and rules listed beside a drawing; the others are folded, with their number."""


@dataclass(frozen=True)
class RelatedEstimate:
    """A link from one estimate to another, or back."""

    label: str
    words: str
    address: str
    reason: str


@dataclass(frozen=True)
class PlaceEstimateRow:
    """One row of the table, with the row of the record."""

    found: ListRow
    letter: str
    is_drawn: bool
    figure: EstimateView
    paraphrase: str
    links: Sequence[RelatedEstimate]


class PlaceEstimates:
    """The model of `site/components/place_estimates.html`. Its large parts are rendered once."""

    def __init__(
        self,
        rows: Sequence[ListRow],
        linked: Sequence[ListRow],
        acts: Sequence[EventCount],
        rules: Sequence[ListRow],
        *,
        code: str,
        on: date,
        people: Sequence[str],
        directory: Directory,
    ) -> None:
        figures = [EstimateView(row, directory, at=code) for row in rows]
        stock = headline(newest_wholes(rows, code))
        drawn = chart(figures, acts, [code], on, stock.id if stock else "")
        by_id = {row.id: row for row in rows}
        others = {row.id: EstimateView(row, directory) for row in linked}
        forms = {row.id: form_of(row) for row in [*rows, *linked]}
        names = _LinkLabels(drawn.letters, {figure.id: figure for figure in figures}, others)
        self.chart = drawn
        self.rules = PlaceRules(rules, drawn, code, directory, on=on, people=people)
        self.rows = [
            PlaceEstimateRow(
                found=by_id[figure.id],
                letter=drawn.letters[figure.id],
                is_drawn=number < drawn.drawn,
                figure=names.named_in(figure),
                paraphrase=figure.paraphrase,
                links=_links(figure.id, forms, names),
            )
            for number, figure in enumerate(drawn.figures)
        ]
        # False if the place has more estimates than a page shows.
        self.are_all = len(rows) < MAX_ESTIMATES
        # Address of the list of estimates, which includes places within this one.
        self.all_address = address(EstimateFilters.made_of({"place": (code,)}, {}))

    @cached_property
    def panels(self) -> Markup:
        """The chart of all people, and of rules and events."""
        return render_part("site/components/place_chart.html", figures=self)

    @cached_property
    def parts(self) -> Markup:
        """The chart of some of the people only; empty without estimates of that kind."""
        return render_part("site/components/place_parts.html", figures=self)

    @property
    def estimates_of_parts(self) -> int:
        panels = (panel for panel in self.chart.wide.panels if panel.is_of_parts)
        return sum(len(panel.marks) for panel in panels)

    def listed(self, panel: Panel) -> tuple[list[EstimateMark], list[EstimateMark]]:
        """Return the marks of a panel, newest first: those listed beside it, and those folded.

        The headline is never folded.
        """
        marks = [mark for mark, _label in reversed(panel.marks)]
        marks.sort(key=lambda mark: mark.figure.id != self.chart.headline)
        most = MAX_LISTED if len(marks) > MAX_LISTED + 1 else len(marks)
        return marks[:most], marks[most:]

    @cached_property
    def by_id(self) -> Mapping[str, "PlaceEstimateRow"]:
        return {row.found.id: row for row in self.rows}

    @cached_property
    def table(self) -> Markup:
        """The table below a chart, whose lists have the ids of the estimates that are drawn."""
        return self._table(is_alone=False)

    @cached_property
    def table_alone(self) -> Markup:
        """The table in place of a chart."""
        return self._table(is_alone=True)

    def _table(self, *, is_alone: bool) -> Markup:
        name = "site/components/place_estimates_table.html"
        return render_part(name, figures=self, is_alone=is_alone)


# Queries ----------------------------------------------------------------------------------------


def estimates_at(
    db: Session, edition: IndexedEdition, directory: Directory, codes: Iterable[str]
) -> list[ListRow]:
    """Return the newest estimates of exactly these places. Runs one SQL statement."""
    newest = backend.latest_rows(
        db,
        edition,
        EstimateFilters(),
        directory,
        most=MAX_ESTIMATES,
        having=[[("names", code) for code in codes]],
    )
    return record_rows.rows_by_seq(db, newest.seqs)


def linked_with(db: Session, edition: SelectedEdition, rows: Sequence[ListRow]) -> list[ListRow]:
    """Return estimates of other places linked to or from these rows. Runs one SQL statement."""
    here = [row.id for row in rows]
    named = [link["to"] for row in rows for link in form_of(row).get("links", [])]
    others = db.execute(_linked_query(), {"edition": edition.no, "here": here, "named": named})
    return [record_rows.list_row(row) for row in others]


@cache
def _linked_query() -> Select[Any]:
    return select(*record_rows.LIST_COLUMNS).where(
        Version.kind == RecordKind.ESTIMATE,
        LIVE_IN_EDITION,
        Version.id != all_(bound_array("here", String)),
        or_(
            Version.id == any_(bound_array("named", String)),
            Version.terms.overlap(bound_term_numbers("linked", "here")),
        ),
    )


@dataclass(frozen=True)
class PlaceEvents:
    """Events in a place and the places within it, counted by their earliest possible day."""

    acts: Sequence[EventCount]
    total: int
    at: Mapping[str, int]
    """Number of events by place, for the requested places."""


def events_in(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    code: str,
    sites: Sequence[str] = (),
) -> PlaceEvents:
    """Return the events in a place, counted by day, and for each of `sites`."""
    here = EventFilters.made_of({"place": (code,)}, {})
    by_day = backend.match(db, edition, here, directory).by_day()
    counts = backend.match(db, edition, here, directory).counts()
    at = counts.within.get("place", {})
    return PlaceEvents(
        acts=[EventCount(day, count) for day, count in by_day.items() if day],
        total=counts.total,
        at={site: at.get(site, 0) for site in sites},
    )


# Filling the page model -------------------------------------------------------------------------


ESTIMATES_CACHE: Cache[PlaceEstimates] = Cache("place-estimates")


def place_estimates(
    db: Session,
    edition: IndexedEdition,
    directory: Directory,
    code: str,
    *,
    rows: Sequence[ListRow],
    acts: Sequence[EventCount],
    rules: Sequence[ListRow],
) -> PlaceEstimates:
    """Return chart and table of a place, cached by their rows. Runs one SQL statement.

    `rules` are the rows of measures, with those of other events among them.
    """
    linked, on = linked_with(db, edition, rows), edition.at.date()
    people = people_of(edition)
    seqs = [tuple(row.seq for row in each) for each in (rows, linked, rules)]
    return ESTIMATES_CACHE.of(
        (code, on, tuple(acts), tuple(people), *seqs, directory),
        lambda: PlaceEstimates(
            rows, linked, acts, rules, code=code, on=on, people=people, directory=directory
        ),
    )


@dataclass(frozen=True)
class _LinkLabels:
    """Labels of linked estimates: by letter if on the same page, otherwise by value and place."""

    letters: Mapping[str, str]
    here: Mapping[str, EstimateView]
    others: Mapping[str, EstimateView]

    def named_in(self, view: EstimateView) -> EstimateView:
        """Return the estimate with letters for conflicting ones on the same page."""
        named = copy(view)
        named.conflicts = [self.conflicting(link) for link in view.conflicts]
        named.misfits = [self.conflicting(link) for link in view.misfits]
        named.differs = [self.conflicting(link) for link in view.differs]
        return named

    def conflicting(self, link: PageLink) -> PageLink:
        return (
            PageLink(self.letters[link.label], f"#{link.label}")
            if link.label in self.letters
            else link
        )

    def related(self, link: PublishedLink, label: str, id: str) -> RelatedEstimate | None:
        if id in self.here:
            words = _("{key} ({figure})").format(key=self.letters[id], figure=self.here[id].words)
            return RelatedEstimate(label, words, f"#{id}", link.get("reason", ""))
        if id in self.others:
            view = self.others[id]
            where = enumerate_words(place.label for place in view.places)
            words = _("{figure}, {where}, {time}").format(
                figure=view.words, where=where, time=view.time
            )
            return RelatedEstimate(label, words, view.address, link.get("reason", ""))
        return None


def _links(
    id: str, forms: Mapping[str, PublishedEstimate], names: _LinkLabels
) -> list[RelatedEstimate]:
    """Return the estimate's own links, then links of other estimates to it."""
    own = [
        names.related(link, _(FORWARD_LABELS[EstimateLink(link["type"])]), link["to"])
        for link in forms[id].get("links", [])
    ]
    back = [
        names.related(link, _(BACKWARD_LABELS[EstimateLink(link["type"])]), other)
        for other, form in forms.items()
        for link in form.get("links", [])
        if link["to"] == id
    ]
    return [related for related in [*own, *back] if related]
