"""The picture on the front page: measures as bars, and estimates of people present, on one axis.

Positions along the axis are percentages, so that one drawing fits every width. Heights are pixels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list
from sqlalchemy.orm import Session

from app.dates import edtf
from app.i18n.formats import day
from app.i18n.translate import N_, _
from app.kinds import PageForm
from app.kinds.events import UNSTATED
from app.record.filters import EstimateFilters
from app.record.index.edition import IndexedEdition
from app.record.lists import backend
from app.record.names.directory import Directory
from app.record.payloads import estimate_payload, event_payload, form_of
from app.record.reads.measures import Measure
from app.record.rules import measure_types, reported_status
from app.record.sql.rows import ListRow
from app.site.charts.estimates_chart import groups_in_words, signs_in_words
from app.site.charts.glyphs import PlaceEstimate
from app.site.components.estimate_line import EstimateView
from app.site.components.headcounts import (
    STOCK_FILTERS,
    headline,
    nationalities,
    newest_wholes,
    of_same_month,
    possible_days,
)
from app.site.components.headline import Headline, headline_view
from app.site.components.urls import place_page_address, record_address
from app.site.home.estimate_marks import place_rows, used_signs
from app.site.home.time_axis import TimeAxis
from app.site.status.life_bar import WIDTH as LIFE_WIDTH
from app.site.status.life_bar import LifeBar, YearScale, life_bar
from app.site.status.on_day import ReportedMeasure
from app.vocabulary.estimates import FigureRole
from app.vocabulary.support import Disputed

MAX_ESTIMATES = 40
"""Newest estimates of each place that are read."""
LANGUAGE = "en"


class EventRow:
    """One event of the picture. Positions are percentages of the axis; None if not drawn."""

    def __init__(
        self,
        row: ListRow,
        label: str,
        measure: ReportedMeasure | None,
        axis: TimeAxis,
        on: date,
    ) -> None:
        payload = event_payload(row)
        if measure:
            shapes = life_bar(measure, on, YearScale(axis.first_year, axis.last_year))
        else:
            shapes = _plain_bar(row, axis, on)
        percent = 100 / LIFE_WIDTH
        deadline = _on_axis(shapes.deadline, percent)
        bar = (round(shapes.bar[0] * percent, 2), round(shapes.bar[1] * percent, 2))
        eased, end = _on_axis(shapes.eased, percent), _on_axis(shapes.end, percent)
        right = max(bar[0] + bar[1], deadline or 0, eased or 0, end or 0)
        notes = _notes(row)
        is_before = right > MAX_NOTE_START_PERCENT
        self.id = row.id
        self.address = record_address(row.id)
        self.label = label
        self.title = form_of(row)["title"]
        self.when = payload["happened_words"] or _("date not known")
        # Left edge and width of what was reported.
        self.bar = bar
        self.is_doubtful = shapes.is_doubtful
        self.runs = _pair(shapes.runs, percent)
        self.quiet = _pair(shapes.quiet, percent)
        self.end = end
        self.eased = eased
        self.deadline = deadline
        # Its deadline, and what is disputed, in words.
        self.note = _(", ").join(notes)
        # The part of it that fits a phone: its beginning.
        self.short_note = notes[0] if notes else ""
        self.note_at = min(bar[0], deadline or bar[0]) if is_before else right
        # Whether the note ends at `note_at`, and does not begin there.
        self.is_note_before = is_before


@dataclass(frozen=True, slots=True)
class PictureGroup:
    title: str
    rows: Sequence[EventRow]


@dataclass(frozen=True, slots=True)
class PlaceHeadline:
    place: str
    place_address: str
    headline: Headline


class Picture:
    """What `site/home/_picture.html` draws."""

    def __init__(
        self, edition: IndexedEdition, page: PageForm, found: "PictureRows", directory: Directory
    ) -> None:
        on = edition.at.date()
        estimates = {code: _drawn(code, rows, directory) for code, rows in found.estimates.items()}
        events = [
            (mark, found.events[mark.event]) for mark in page.marks if mark.event in found.events
        ]
        measures = {row.id: _measure(row, on, directory) for _mark, row in events}
        axis = _axis(measures.values(), (row for _mark, row in events), estimates.values(), on)
        groups: list[PictureGroup] = []
        for mark, row in events:
            if mark.group or not groups:
                groups.append(PictureGroup(mark.group, []))
            drawn = EventRow(row, mark.label, measures[row.id], axis, on)
            groups[-1] = PictureGroup(groups[-1].title, [*groups[-1].rows, drawn])
        places = place_rows(
            {code: rows for code, rows in estimates.items() if rows}, axis, directory
        )
        used = used_signs(places)
        self.title = directory.label("page", page.code)
        self.page_address = record_address(page.id, page.code)
        self.axis = axis
        self.groups = groups
        self.places = places
        # Groups whose symbols the marks have, with labels for the key.
        self.groups_of_speakers = groups_in_words(used)
        # Other signs of the marks, with labels for the key.
        self.signs = signs_in_words(used)
        self.headlines = [
            PlaceHeadline(
                directory.label("place", code),
                place_page_address(directory, code),
                headline_view(of_same_month(newest, rows, code), on, directory, code),
            )
            for code, rows in found.estimates.items()
            if (newest := headline(newest_wholes(rows, code)))
        ]

    @property
    def has_marks(self) -> bool:
        return bool(self.groups or self.places)


@dataclass(frozen=True)
class PictureRows:
    """The rows that the picture is made of."""

    events: Mapping[str, ListRow]
    estimates: Mapping[str, Sequence[ListRow]]
    """By code of the place."""


def estimate_seqs(
    db: Session, edition: IndexedEdition, page: PageForm, directory: Directory
) -> dict[str, Sequence[int]]:
    """Return the `seq` of the newest estimates for the whole of each place. Runs no SQL."""
    return {
        code: backend.latest_rows(
            db,
            edition,
            EstimateFilters.made_of(STOCK_FILTERS.included, {}),
            directory,
            most=MAX_ESTIMATES,
            having=[[("whole-at", code)]],
        ).seqs
        for code in page.places
        if code in directory.places
    }


def _drawn(code: str, rows: Sequence[ListRow], directory: Directory) -> list[PlaceEstimate]:
    """Return the estimates that count the same people as the latest one, oldest first."""
    newest = headline(newest_wholes(rows, code))
    if newest is None:
        return []
    whose = nationalities(form_of(newest))
    labels = [directory.label("nationality", each) for each in whose]
    in_words = format_list(labels, locale=LANGUAGE)
    drawn = [
        PlaceEstimate(EstimateView(row, directory, at=code), estimate_payload(row), in_words)
        for row in rows
        if nationalities(form := form_of(row)) == whose
        and form.get("role") not in {FigureRole.REJECTED, FigureRole.SUPERSEDED}
        and possible_days(form) != edtf.Days()
    ]
    return sorted(
        (each for each in drawn if each.numbers), key=lambda each: _first_day(each) or date.max
    )


def _first_day(estimate: PlaceEstimate) -> date | None:
    days = possible_days(estimate.form)
    return days.first or days.last


def _measure(row: ListRow, on: date, directory: Directory) -> ReportedMeasure | None:
    """Return a measure with its status; None for an event without one."""
    payload = event_payload(row)
    if not payload["form"].get("stages"):
        return None
    is_law = payload["form"]["type"] in measure_types.law_types(directory.codes)
    status = reported_status.status_on(payload, on, is_law)
    return ReportedMeasure(Measure(row.id, payload), status) if status else None


def _axis(
    measures: Iterable[ReportedMeasure | None],
    events: Iterable[ListRow],
    estimates: Iterable[Sequence[PlaceEstimate]],
    on: date,
) -> TimeAxis:
    """Return whole years, from the first that anything is drawn in to that of the edition."""
    first = [each for rows in estimates for row in rows if (each := _first_day(row))]
    first += [row.sort_day for row in events if row.sort_day]
    for measure in measures:
        if measure:
            first += [step.earliest for step in measure.measure.steps if step.earliest]
    return TimeAxis(min((each.year for each in first), default=on.year), on)


MAX_NOTE_START_PERCENT = 60
"""A note that would begin further right is before the bar."""


def _plain_bar(row: ListRow, axis: TimeAxis, on: date) -> LifeBar:
    """Return the bar of an event without status: from its first to its last possible day."""
    scale = YearScale(axis.first_year, axis.last_year)
    first = row.sort_day or on
    last = row.last_day or first
    left, right = scale.x(first), scale.x(min(last, on))
    return LifeBar(
        width=LIFE_WIDTH,
        bar=(left, max(right - left, 3.0)),
        is_doubtful=bool(event_payload(row)["disputed"]),
        runs=None,
        quiet=None,
        end=None,
        eased=None,
        deadline=None,
        on=scale.x(on),
    )


DISPUTED: Mapping[str, str] = {
    Disputed.OCCURRENCE: N_("disputed"),
    Disputed.DATE: N_("date disputed"),
    Disputed.NUMBER: N_("number disputed"),
    Disputed.SCOPE: N_("scope disputed"),
    Disputed.CAUSE: N_("cause disputed"),
}


def _notes(row: ListRow) -> list[str]:
    """Return its deadline and what is disputed, in words."""
    payload = event_payload(row)
    deadline = payload["form"].get("deadline", UNSTATED)
    whole = edtf.parse(deadline).whole if deadline != UNSTATED else None
    parts = []
    if whole and whole.last:
        # Translators: the last day of a deadline, beside its flag in a chart.
        parts.append(_("deadline {day}").format(day=day(whole.last)))
    parts += [_(DISPUTED[field]) for field in payload["disputed"] if field in DISPUTED]
    return parts


def _on_axis(pixels: float | None, percent: float) -> float | None:
    return None if pixels is None else round(pixels * percent, 2)


def _pair(shape: tuple[float, float] | None, percent: float) -> tuple[float, float] | None:
    return (round(shape[0] * percent, 2), round(shape[1] * percent, 2)) if shape else None
