"""The panels of a chart of estimates: what is drawn in which, and what they show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.dates import edtf
from app.i18n.translate import N_
from app.record.names.quantity import printed_unit
from app.record.payloads import PublishedEstimate, PublishedLink
from app.record.rules.whereabouts import Whereabouts
from app.site.charts.glyphs import EstimateMark
from app.site.charts.label_layout import Bracket, Label
from app.site.components.headcounts import nationalities, possible_days, where_people_are
from app.site.presenters.estimate import EstimateView
from app.vocabulary.estimates import (
    NATURES_OF_NOBODY,
    Counts,
    EstimateLink,
    FigureForm,
    FigureRole,
    Nature,
    Population,
)
from app.vocabulary.events import Role

DRAWN_MEASURES = (
    Counts.PRESENT,
    Counts.ARRIVALS,
    Counts.DEPARTURES,
    Counts.CROSSINGS,
    Counts.PAPERS,
    Counts.APPLICATIONS,
)
"""Measures that have a panel, in this order. Time, money, businesses and incidents have none."""

REASONS_LEFT_OUT = {
    "group": N_("one workplace or group"),
    "part": N_("part of another estimate in the chart"),
    "share": N_("a share"),
    "mean": N_("an average"),
    "change": N_("a change"),
    "percent-change": N_("a change in per cent"),
    "rate": N_("a rate per day, week, year or group"),
    "incident": N_("people involved in one event"),
    "thing": N_("not people"),
    "rule": N_("a number in a rule"),
    "through": N_("people on their way through"),
    "rejected": N_("not trusted by the editors"),
    "undated": N_("without a year"),
}


class PanelKey(NamedTuple):
    """What the estimates of a panel have in common. Each combination has its own panel."""

    measure: int
    """Index in `DRAWN_MEASURES`."""
    elsewhere: str
    """`Whereabouts` of the people; empty if they are at the place."""
    papers_were: str
    """What was done with papers: those issued are never drawn beside those revoked."""
    unit: str
    nationalities: tuple[str, ...]


def panel_key(form: PublishedEstimate, places: Collection[str]) -> PanelKey:
    counts = Counts(form["counts"])
    index = DRAWN_MEASURES.index(counts) if counts in DRAWN_MEASURES else len(DRAWN_MEASURES)
    where = where_people_are(form, places)
    return PanelKey(
        index,
        "" if where is Whereabouts.HERE else where,
        form.get("papers_were", ""),
        printed_unit(form),
        nationalities(form),
    )


def reason_left_out(
    form: PublishedEstimate, places: frozenset[str], others: Mapping[str, PublishedEstimate]
) -> str:
    """Return why an estimate is not drawn, as a key of REASONS; empty if it is drawn.

    `others` are all estimates of the place by id, because a part is not drawn beside its whole.
    """
    if form.get("role") == FigureRole.REJECTED:
        return "rejected"
    if form.get("form", FigureForm.NUMBER) != FigureForm.NUMBER:
        return str(form["form"])
    nature = form.get("nature", Nature.OBSERVED)
    if nature in NATURES_OF_NOBODY or (nature == Nature.LIMIT and form["counts"] == Counts.PRESENT):
        return "rule"
    if form["counts"] not in DRAWN_MEASURES:
        return "incident" if form["counts"] == Counts.TAKING_PART else "thing"
    if form.get("per"):
        return "rate"
    if form["counts"] == Counts.PRESENT and form["population"] == Population.ONE_GROUP:
        return "group"
    roles = {t["role"] for t in form["terms"] if t["key"] == "place" and t.get("code") in places}
    if roles <= {Role.VIA, Role.SHOWN_ONLY}:
        return "through"
    if any(_is_part(form, link, others, places) for link in form.get("links", [])):
        return "part"
    return "" if possible_days(form) != edtf.Days() else "undated"


def _is_part(
    form: PublishedEstimate,
    link: PublishedLink,
    others: Mapping[str, PublishedEstimate],
    places: Collection[str],
) -> bool:
    """Return whether it is part of an estimate in the same panel with the same nature."""
    whole = others.get(link["to"])
    return (
        link["type"] == EstimateLink.PART_OF
        and whole is not None
        and panel_key(whole, places) == panel_key(form, places)
        and whole.get("nature") == form.get("nature")
    )


@dataclass(frozen=True)
class MarkedPair:
    """Letters of two estimates that the editors marked as conflicting, with their reason."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True)
class ConflictPairs:
    """The conflicts of the estimates of one page, by letter."""

    by_rule: Sequence[tuple[str, str]]
    marked: Sequence[MarkedPair]
    elsewhere: Sequence[str]
    """Estimates in conflict with one that is not on the page."""

    @property
    def are_any(self) -> bool:
        return bool(self.by_rule or self.marked or self.elsewhere)


def conflict_pairs(figures: Sequence[EstimateView], letters: Mapping[str, str]) -> ConflictPairs:
    reasons = {
        frozenset((figure.id, link["to"])): link.get("reason", "")
        for figure in figures
        for link in figure.form.get("links", [])
        if link["type"] == EstimateLink.CONFLICTS_WITH
    }
    pairs = [
        (figure.id, other.id)
        for number, figure in enumerate(figures)
        for other in figures[number:]
        if other.id in figure.payload["conflicts"]
    ]
    return ConflictPairs(
        by_rule=[
            (letters[one], letters[other])
            for one, other in pairs
            if frozenset((one, other)) not in reasons
        ],
        marked=[
            MarkedPair(letters[one], letters[other], reasons[frozenset((one, other))])
            for one, other in pairs
            if frozenset((one, other)) in reasons
        ],
        elsewhere=[
            letters[figure.id]
            for figure in figures
            if not letters.keys() >= set(figure.payload["conflicts"])
        ],
    )


# Input -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventCount:
    """Number of events with the same first possible day."""

    day: date
    count: int


FIRST_ROW_Y, ROW_PIXELS, YEARS_PIXELS = 11, 21, 24
"""The middle of the first row of a strip, the distance of rows, and the room for the years."""

# Output -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tick:
    """A label of an axis: a number or a year."""

    at: float
    words: str


@dataclass(frozen=True)
class Heading:
    title: str
    note: str


@dataclass(frozen=True)
class Panel:
    """All estimates of one measure, on one scale from zero."""

    heading: Heading
    description: str
    width: int
    height: int
    left: float
    right: float
    base: float
    lines: Sequence[Tick]
    """Horizontal lines of the scale with their numbers, including zero."""
    years: Sequence[float]
    """x of the first day of each year."""
    year_names: Sequence[Tick]
    """Centred in each year; with too little room, at the start of every second, fourth … year."""
    names_are_centred: bool
    now: float
    brackets: Sequence[Bracket]
    marks: Sequence[tuple[EstimateMark, Label | None]]
    """Only in a preview picture may a mark have no label, if there is no room."""
    is_of_parts: bool
    """Whether its estimates count only some of the people: a whole is never on their scale."""


@dataclass(frozen=True)
class EventStrip:
    """Events on the time axis of the panels, one stroke at the first possible day of each."""

    description: str
    width: int
    left: float
    right: float
    strokes: Sequence[int]
    earlier: int
    """Number of events whose first possible day is before the first year."""
    first_year: int
    last_year: int
    years: Sequence[float]
    year_names: Sequence[Tick]
    names_are_centred: bool
    now: float

    def rule_y(self, index: int) -> int:
        """Return the middle of the bar of a rule. Rules are above the events."""
        return FIRST_ROW_Y + ROW_PIXELS * index

    def event_y(self, rules: int) -> int:
        return FIRST_ROW_Y + ROW_PIXELS * rules

    def base(self, rules: int) -> int:
        """Return y of the time axis."""
        return self.event_y(rules) + ROW_PIXELS - 6

    def height(self, rules: int) -> int:
        return self.base(rules) + YEARS_PIXELS


@dataclass(frozen=True)
class ChartDrawing:
    """All panels at one width. Text is never scaled, so each kind of screen has its drawing."""

    panels: Sequence[Panel]
    strip: EventStrip | None


@dataclass(frozen=True)
class LeftOut:
    """Letters of estimates that are in the table but not drawn, and the reason."""

    reason: str
    letters: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """Everything that a page shows of the estimates of a place, except the table."""

    figures: Sequence[EstimateView]
    """Ordered by panel and time. Estimates that are not drawn are last."""
    letters: Mapping[str, str]
    """Letter of each estimate, by its id."""
    drawn: int
    wide: ChartDrawing
    """For screens with room for the list of letters beside it."""
    medium: ChartDrawing
    narrow: ChartDrawing
    headline: str
    """Id of the latest estimate for the whole place; empty if there is none."""
    left_out: Sequence[LeftOut]
    groups: Sequence[tuple[str, str]]
    """Groups of speakers in the drawing, with labels for the legend."""
    signs: Sequence[tuple[str, str]]
    """Signs in the drawing, with labels for the legend."""
    conflicts: ConflictPairs
