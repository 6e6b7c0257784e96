"""The picture on the front page: measures as bars, and estimates of people present, on one axis.

Positions along the axis are percentages, so that one drawing fits every width. Heights are pixels.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from app.site.charts.glyphs import PlaceEstimate, Scale, round_pixels, symbol_path
from app.site.charts.life_bar import WIDTH as LIFE_WIDTH
from app.site.charts.life_bar import LifeBar, YearScale, life_bar
from app.site.components.estimate_line import EstimateView, Headline, headline_view
from app.site.components.headcounts import (
    STOCK_FILTERS,
    headline,
    nationalities,
    newest_wholes,
    of_same_month,
    possible_days,
)
from app.site.components.urls import place_page_address, record_address
from app.site.status.on_day import ReportedMeasure
from app.vocabulary.estimates import FigureRole, Quantifier
from app.vocabulary.support import Disputed


@dataclass(frozen=True)
class TimeAxis:
    """Whole years, up to that of the edition. Positions are percentages."""

    first_year: int
    on: date
    """The day of the edition."""

    @property
    def last_year(self) -> int:
        return self.on.year

    def at(self, day: date) -> float:
        """Return the left edge of a day, limited to the axis."""
        start = date(self.first_year, 1, 1).toordinal()
        whole = date(self.last_year, 12, 31).toordinal() + 1 - start
        return round(min(max((day.toordinal() - start) / whole, 0), 1) * 100, 2)

    @property
    def now(self) -> float:
        return self.at(self.on)

    @property
    def years(self) -> Sequence[tuple[float, float, int]]:
        """The middle, the left edge and the number of each year."""
        width = 100 / (self.last_year - self.first_year + 1)
        return [
            (round((at + 0.5) * width, 2), round(at * width, 2), self.first_year + at)
            for at in range(self.last_year - self.first_year + 1)
        ]

    @property
    def year_width(self) -> float:
        return round(100 / (self.last_year - self.first_year + 1), 2)


TOP_PIXELS, BASE_PIXELS, HEIGHT_PIXELS = 34, 104, 112
"""Heights of the top of the scale, of zero, and of the whole row."""
ARROW_PIXELS, STROKE_PIXELS, HALF_SYMBOL_PIXELS = 22, 7, 6
NARROW_PIXELS, WIDE_PIXELS = 330, 620
"""The narrowest plots below and above 60rem: labels are placed for both."""
CHARACTER_PIXELS, LINE_PIXELS, GAP_PIXELS = 7.2, 15, 10
MIN_TIME_PERCENT = 3
"""A shorter time has no line: its mark is as wide."""


@dataclass(frozen=True, slots=True)
class MarkLabel:
    """The amount beside a mark, in pixels from it."""

    dx: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class MarkView:
    """One estimate. `x` is a percentage; the shapes are in pixels, centred at 0."""

    id: str
    address: str
    title: str
    amount: str
    when: str
    speaker: str
    group: str
    is_unseen_document: bool
    x: float
    y: float
    time: tuple[float, float] | None
    """Edges of its time, as percentages."""
    shapes: Sequence[tuple[str, str]]
    """Class after “e-”, and path."""
    narrow: MarkLabel | None = None
    wide: MarkLabel | None = None


@dataclass(frozen=True, slots=True)
class PicturePlace:
    code: str
    label: str
    address: str
    marks: Sequence[MarkView]
    grid: Sequence[tuple[float, str]]
    """Height and number of each line of the scale, zero first."""


def place_rows(
    estimates: Mapping[str, Sequence[PlaceEstimate]], axis: TimeAxis, directory: Directory
) -> list[PicturePlace]:
    """Return a row for each place, all on one scale."""
    every = [estimate for rows in estimates.values() for estimate in rows]
    if not every:
        return []
    scale = replace(Scale.of(every), base=BASE_PIXELS, top=TOP_PIXELS)
    grid = [
        (round_pixels(scale.height(scale.step * step)), words)
        for step, words in enumerate(scale.words)
        if step % max(1, scale.steps // 2) == 0
    ]
    return [
        PicturePlace(
            code,
            directory.label("place", code),
            place_page_address(directory, code),
            _with_labels([_mark(each, scale, axis, code, directory) for each in rows]),
            grid,
        )
        for code, rows in estimates.items()
    ]


def used_signs(places: Iterable[PicturePlace]) -> set[str]:
    """Return the groups of speakers and the signs of the marks, for their key."""
    marks = [mark for place in places for mark in place.marks]
    found = {kind for mark in marks for kind, _path in mark.shapes}
    found |= {mark.group for mark in marks}
    if any(mark.is_unseen_document for mark in marks):
        found.add("unseen")
    return found - {"point"}


def _mark(
    estimate: PlaceEstimate, scale: Scale, axis: TimeAxis, code: str, directory: Directory
) -> MarkView:
    view, days = estimate.view, possible_days(estimate.form)
    left = axis.at(days.first) if days.first else axis.at(days.last or axis.on)
    right = axis.at(days.last) if days.last else left
    heights = {name: scale.height(number) for name, number in estimate.numbers.items()}
    middle = _middle(heights)
    # Translators: one estimate of a chart, such as "Dandong: about 20,000, January 2017".
    title = _("{place}: {amount}, {time}, {speaker}").format(
        place=directory.label("place", code),
        amount=view.words,
        time=view.time,
        speaker=view.speaker,
    )
    return MarkView(
        id=estimate.id,
        address=view.address,
        title=title,
        amount=view.amount,
        when=view.time,
        speaker=view.speaker,
        group=view.speaker_group,
        is_unseen_document=view.is_unseen_document,
        x=round((left + right) / 2, 2),
        y=round_pixels(middle),
        time=(left, right) if right - left > MIN_TIME_PERCENT else None,
        shapes=list(_shapes(estimate, heights)),
    )


def _middle(heights: Mapping[str, float]) -> float:
    if "point" in heights:
        return heights["point"]
    if "low" in heights and "high" in heights:
        return (heights["low"] + heights["high"]) / 2
    return heights.get("low", heights.get("high", float(BASE_PIXELS)))


def _shapes(estimate: PlaceEstimate, at: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Yield the shapes of the amount: a bound is a cap with an arrow, never a point."""
    low, high = at.get("low"), at.get("high")
    if low is not None and high is not None:
        yield "range", f"M0 {round_pixels(high)}V{round_pixels(low)}"
        yield "cap", f"M-5 {round_pixels(high)}h10M-5 {round_pixels(low)}h10"
    elif low is not None:
        yield from _arrow("up", low, -min(ARROW_PIXELS, low - 4))
    elif high is not None:
        yield from _arrow("down", high, min(ARROW_PIXELS, BASE_PIXELS - high))
    if estimate.form["quantifier"] == Quantifier.ABOUT:
        top = min(at.values()) - HALF_SYMBOL_PIXELS
        bottom = max(at.values()) + HALF_SYMBOL_PIXELS
        below = max(min(STROKE_PIXELS, BASE_PIXELS + 6 - bottom), 0)
        above = f"M0 {round_pixels(top)}v-{STROKE_PIXELS}"
        yield "about", f"{above}M0 {round_pixels(bottom)}v{round_pixels(below)}"
    if "point" in at:
        view = estimate.view
        is_hollow = view.speaker_group == "anon" or view.is_unseen_document
        kind = "ring" if is_hollow else "point"
        yield kind, symbol_path(estimate.view.speaker_group, 0, at["point"])


def _arrow(kind: str, y: float, length: float) -> Iterator[tuple[str, str]]:
    y, length = round_pixels(y), round_pixels(length)
    out = 5 if length > 0 else -5
    yield "cap", f"M-7 {y}h14"
    if abs(length) > abs(out):
        yield kind, f"M0 {y}v{length}"
        yield "head", f"M-5 {round_pixels(y + length - out)}l5 {out} 5 {-out}"


# Labels -----------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]


def _with_labels(marks: Sequence[MarkView]) -> list[MarkView]:
    """Give labels to the marks that have room for one: the latest and the largest first."""
    latest_first = sorted(marks, key=lambda mark: -mark.x)
    largest = min(marks, key=lambda mark: mark.y)
    order = list(dict.fromkeys([latest_first[0].id, largest.id, *(m.id for m in latest_first)]))
    narrow, wide = (_labels(marks, order, width) for width in (NARROW_PIXELS, WIDE_PIXELS))
    return [replace(mark, narrow=narrow.get(mark.id), wide=wide.get(mark.id)) for mark in marks]


def _labels(marks: Sequence[MarkView], order: Sequence[str], width: int) -> dict[str, MarkLabel]:
    by_id = {mark.id: mark for mark in marks}
    taken = [_mark_box(mark, width) for mark in marks]
    found: dict[str, MarkLabel] = {}
    for id in order:
        mark = by_id[id]
        x, length = mark.x / 100 * width, len(mark.amount) * CHARACTER_PIXELS
        for label in _positions(mark):
            box = _label_box(label, x, length)
            if box[0] >= 0 and box[2] <= width and not any(_meet(box, other) for other in taken):
                found[id] = label
                taken.append(box)
                break
    return found


def _positions(mark: MarkView) -> Iterator[MarkLabel]:
    _left, top, _right, bottom = _mark_box(mark, 100)
    yield MarkLabel(0, round_pixels(top - 3), "middle")
    yield MarkLabel(GAP_PIXELS, round_pixels(mark.y + 4), "start")
    yield MarkLabel(-GAP_PIXELS, round_pixels(mark.y + 4), "end")
    yield MarkLabel(GAP_PIXELS, round_pixels(top + 2), "start")
    yield MarkLabel(-GAP_PIXELS, round_pixels(top + 2), "end")
    if bottom + LINE_PIXELS < BASE_PIXELS:
        yield MarkLabel(0, round_pixels(bottom + LINE_PIXELS), "middle")


def _mark_box(mark: MarkView, width: int) -> Box:
    kinds = {kind for kind, _path in mark.shapes}
    x, top, bottom = mark.x / 100 * width, mark.y, mark.y
    if "up" in kinds:
        top -= ARROW_PIXELS
    if "down" in kinds:
        bottom += ARROW_PIXELS
    if "about" in kinds:
        top, bottom = top - STROKE_PIXELS, bottom + STROKE_PIXELS
    return x - 8, top - HALF_SYMBOL_PIXELS, x + 8, bottom + HALF_SYMBOL_PIXELS


def _label_box(label: MarkLabel, x: float, length: float) -> Box:
    start = {"start": 0.0, "middle": length / 2, "end": length}[label.anchor]
    left = x + label.dx - start
    return left, label.y - LINE_PIXELS + 3, left + length, label.y + 3


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


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
