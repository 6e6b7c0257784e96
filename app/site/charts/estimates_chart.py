"""The chart of the estimates of a place, as data in pixels.

One drawing: a scale from zero for the people present, or for another first kind, and below it a
line for each other kind. All have the same years. Estimates are drawn as reported: never joined,
added or averaged.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, Self

from app.dates import edtf
from app.i18n.translate import N_, _, ngettext
from app.record.names.quantity import measure_label, papers_label, printed_unit
from app.record.payloads import Stored
from app.record.rules.containment import Whereabouts
from app.site.charts.glyphs import (
    BOLD_LETTER_PIXELS,
    Box,
    EstimateMark,
    Scale,
    Years,
    mark,
    overlap,
    round_pixels,
    width_in_pixels,
)
from app.site.components.headcounts import nationalities, possible_days, where_people_are
from app.site.presenters.estimate import EstimateView
from app.site.presenters.place import PlaceAnswer
from app.vocabulary.estimates import (
    NATURES_OF_NOBODY,
    Counts,
    EstimateLink,
    FigureForm,
    FigureRole,
    Nature,
    Population,
    Unit,
)
from app.vocabulary.events import Role

# What is drawn ----------------------------------------------------------------------------------


DRAWN_MEASURES = (
    Counts.PRESENT,
    Counts.ARRIVALS,
    Counts.DEPARTURES,
    Counts.CROSSINGS,
    Counts.PAPERS,
    Counts.APPLICATIONS,
)
"""Measures that have a panel, in this order. Time, money, businesses and incidents have none."""


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


def panel_key(form: Stored, places: Collection[str]) -> PanelKey:
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


def is_drawn(form: Stored, places: frozenset[str], others: Mapping[str, Stored]) -> bool:
    """Whether an estimate is a number of people, or of papers, of the place at a known time.

    `others` are all estimates of the place by id, because a part is not drawn beside its whole.
    """
    nature, is_stock = form.get("nature", Nature.OBSERVED), form["counts"] == Counts.PRESENT
    roles = {t["role"] for t in form["terms"] if t["key"] == "place" and t.get("code") in places}
    return not (
        form.get("role") == FigureRole.REJECTED
        or form.get("form", FigureForm.NUMBER) != FigureForm.NUMBER
        or nature in NATURES_OF_NOBODY
        or (is_stock and (nature == Nature.LIMIT or form["population"] == Population.ONE_GROUP))
        or form["counts"] not in DRAWN_MEASURES
        or form.get("per")
        or roles <= {Role.VIA, Role.SHOWN_ONLY}
        or any(_is_part(form, link, others, places) for link in form.get("links", []))
        or possible_days(form) == edtf.Days()
    )


def _is_part(
    form: Stored,
    link: Stored,
    others: Mapping[str, Stored],
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


Kind = tuple[bool, PanelKey]
"""Whether it has parts only, which are on no scale with a whole, and the key."""


def kind_of(figure: EstimateView, places: Collection[str]) -> Kind:
    return figure.is_part, panel_key(figure.form, places)


def sort_key(figure: EstimateView, places: Collection[str]) -> tuple[Kind, date, date, int]:
    days = possible_days(figure.form)
    first, last = days.first or days.last or date.max, days.last or days.first or date.max
    return kind_of(figure, places), first, last, figure.row.number


ALPHABET = "abcdefghjkmnpqrstuvwxyz"


def letters_of_number(number: int) -> str:
    """Return the letters of the number, a promised column of files: a, b … z, aa, ab …"""
    rest, last = divmod(number, len(ALPHABET))
    return (letters_of_number(rest - 1) if rest else "") + ALPHABET[last]


def heading(kind: Kind, figures: Sequence[EstimateView], others: Iterable[Kind]) -> str:
    """Return the measure, with unit or nationalities if another kind differs in these."""
    is_part, key = kind
    counts, where = DRAWN_MEASURES[key.measure], Whereabouts(key.elsewhere or Whereabouts.HERE)
    is_of_papers = counts is Counts.PAPERS
    title = papers_label(key.papers_were) if is_of_papers else measure_label(counts, where)
    if key.unit != Unit.PEOPLE:
        title = _("{counts}: {unit}").format(counts=title, unit=_(Unit(key.unit).label))
    if any(other.nationalities != key.nationalities for _is_part, other in others):
        whose = figures[0].nationalities or _("of any nationality")
        title = _("{counts}, {whose}").format(counts=title, whose=whose)
    return _("{kind}: only some of the people").format(kind=title) if is_part else title


# Words of the key -------------------------------------------------------------------------------


GROUPS = {
    "doc": N_("Document or statistic"),
    "rec": N_("Named person or body"),
    "anon": N_("Source not named"),
    "out": N_("Outlet’s own report, or a repeat"),
    "ana": N_("Expert, organisation or intelligence service"),
}
SIGNS = {
    "point": N_("one number"),
    "about": N_("about, or nearly"),
    "up": N_("more than, or at least"),
    "down": N_("up to, or fewer than"),
    "range": N_("from … to"),
    "plan": N_("planned, forecast or allowed"),
    "unseen": N_("document described by a report, not seen by us"),
    "word": N_("in words only"),
    "time": N_("some time in this period"),
}


# The drawing ------------------------------------------------------------------------------------

MIN_YEARS = 10
MARGIN_RIGHT_PIXELS = 20
"""Pixels right of the time axis that words may use."""
SCALE_GAP_PIXELS, AXIS_LETTER_PIXELS, YEAR_PIXELS = 10, 7, 36
"""Left of the axis, the widest letter of a number on it, and the least room for a year."""
ABOVE_PIXELS, LANE_PIXELS, LANE_MIDDLE_PIXELS, BELOW_PIXELS = 44, 64, 37, 24
"""Above the highest line of the scale (its heading, an arrow, and a number), the height of a lane,
from its top to its line, and below all for the years."""
LINE_PIXELS, GAP_PIXELS, BASELINE_PIXELS = 15, 4, 11
"""Height of a line of words, its distance from a mark, and of its baseline from its top."""


class Size(NamedTuple):
    """Width of a drawing, and height of its scale, in pixels."""

    width: int
    plot: int


WIDE_SIZE, NARROW_SIZE = Size(1000, 150), Size(328, 130)
"""The narrow one fits a screen of 360 pixels, so that its words are never scaled down on one."""


class Tick(NamedTuple):
    """A label of an axis: a number or a year."""

    at: float
    words: str


class Label(NamedTuple):
    """The number beside a mark, centred on `x`."""

    words: str
    x: float
    y: float
    """The baseline."""
    box: Box
    is_headline: bool


class Lane(NamedTuple):
    """All estimates of one kind: on a scale, or as symbols on a line."""

    title: str
    top: float
    base: float
    lines: Sequence[Tick]
    """Lines of the scale with their numbers, from zero; none without a scale."""
    marks: Sequence[tuple[EstimateMark, Label | None]]
    """Without a label if there is no room for it."""


class ChartDrawing(NamedTuple):
    """The chart at one width."""

    description: str
    width: int
    height: int
    years: Years
    year_lines: Sequence[float]
    year_names: Sequence[Tick]
    """At the start of each year, or with too little room, of every second, fourth … year."""
    lanes: Sequence[Lane]


class EstimatesChart:
    """What a page shows of the estimates of a place, except their table."""

    def __init__(
        self,
        figures: Sequence[EstimateView],
        places: Iterable[str],
        on: date,
        headline: str = "",
    ) -> None:
        """`headline` is the id of the latest estimate for the whole place."""
        codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
        drawn = {each.id for each in figures if is_drawn(each.form, codes, forms)}
        self.figures = sorted(
            figures, key=lambda figure: (figure.id not in drawn, sort_key(figure, codes))
        )
        self.drawn = [figure for figure in self.figures if figure.id in drawn]
        self.headline, self.on = headline, on
        self.kinds = {
            kind: list(group)
            for kind, group in groupby(self.drawn, key=lambda each: kind_of(each, codes))
        }
        # The kind on the scale: that of the headline, or else the first.
        self.first = max(
            self.kinds,
            key=lambda kind: headline in [figure.id for figure in self.kinds[kind]],
            default=None,
        )

    @classmethod
    def of(cls, answer: PlaceAnswer) -> Self:
        """Return the chart of the estimates of one place."""
        figures = [answer.view(row) for row in answer.rows]
        return cls(figures, [answer.code], answer.on, answer.whole.id if answer.whole else "")

    @property
    def wide(self) -> ChartDrawing:
        return self.draw(WIDE_SIZE)

    @cached_property
    def narrow(self) -> ChartDrawing:
        return self.draw(NARROW_SIZE)

    @property
    def key(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """The groups of speakers and the signs that are drawn, with their words."""
        marks = [each for lane in self.narrow.lanes for each, _label in lane.marks]
        used = {figure.speaker_group for figure in self.drawn}
        used |= {shape.kind for each in marks for shape in each.shapes}
        used |= {"unseen" for figure in self.drawn if figure.is_unseen_document}
        groups, signs = (
            [(each, _(words)) for each, words in known.items() if each in used]
            for known in (GROUPS, SIGNS)
        )
        return groups, signs

    def draw(self, size: Size, among: Sequence["EstimatesChart"] = ()) -> ChartDrawing:
        """Return the drawing; the axes have room for the charts `among` which it is compared."""
        charts = [self, *among]
        axis = time_axis((figure for each in charts for figure in each.drawn), self.on)
        scale = Scale.of(
            figure
            for each in charts
            if self.first and each.first and each.first[1][:4] == self.first[1][:4]
            for figure in each.kinds[each.first]
        )
        left = SCALE_GAP_PIXELS + round(
            max(width_in_pixels(each, AXIS_LETTER_PIXELS) for each in scale.words)
        )
        years = axis._replace(width=size.width - left - MARGIN_RIGHT_PIXELS, left=left)
        top, lanes = 0.0, []
        for kind in sorted(self.kinds, key=lambda kind: kind != self.first):
            is_on_scale = kind == self.first and scale.steps > 0
            base = top + (ABOVE_PIXELS + size.plot if is_on_scale else LANE_MIDDLE_PIXELS)
            lines = [
                Tick(round_pixels(base - size.plot * n / scale.steps), words)
                for n, words in enumerate(scale.words)
                if is_on_scale
            ]
            marks = [
                mark(
                    figure,
                    years,
                    base,
                    {
                        name: base - size.plot * scale.share(number)
                        for name, number in figure.numbers.items()
                    }
                    if is_on_scale
                    else None,
                )
                for figure in self.kinds[kind]
            ]
            title = heading(kind, self.kinds[kind], self.kinds)
            bottom = base if is_on_scale else top + LANE_PIXELS
            room = years.left, top, years.right + MARGIN_RIGHT_PIXELS, bottom
            labels = self._labels(marks, title, room)
            lanes.append(Lane(title, top, base, lines, [*zip(marks, labels, strict=True)]))
            top = bottom + (LINE_PIXELS if is_on_scale else 0)
        every = range(axis.first.year, axis.last.year + 1)
        starts = [years.at(date(year, 1, 1)) for year in every]
        wide = years.width / len(every)
        step = next((step for step in (1, 2, 5, 10, 20, 50) if step * wide >= YEAR_PIXELS), 100)
        return ChartDrawing(
            self._description(scale),
            size.width,
            round(top) + BELOW_PIXELS,
            years,
            [*map(round_pixels, starts)],
            [
                Tick(round_pixels(at), str(year))
                for at, year in [*zip(starts, every, strict=True)][::step]
                if at + YEAR_PIXELS <= size.width
            ],
            lanes,
        )

    def _description(self, scale: Scale) -> str:
        count = len(self.drawn)
        many = ngettext("{count} estimate", "{count} estimates", count).format(count=count)
        words = _("{figures}, on a scale from 0 to {most}") if scale.steps else "{figures}"
        return words.format(figures=many, most=scale.words[-1])

    def _labels(self, marks: Sequence[EstimateMark], title: str, room: Box) -> list[Label | None]:
        """Return a label for each mark with room for it: first the headline, then the newest."""
        across = width_in_pixels(title, BOLD_LETTER_PIXELS)
        taken = [(0, room[1], across, room[1] + LINE_PIXELS), *(b for m in marks for b in m.boxes)]
        found: dict[str, Label] = {}
        for each in sorted(marks, key=lambda each: (each.figure.id != self.headline, -each.x)):
            words, is_headline = each.figure.with_nature, each.figure.id == self.headline
            places = [
                (x, box)
                for x, box in _places_of_label(each, width_in_pixels(words, BOLD_LETTER_PIXELS) / 2)
                if room[0] <= box[0]
                and box[2] <= room[2]
                and room[1] <= box[1]
                and box[3] <= room[3]
            ]
            # The headline is never without its number, even where marks are everywhere.
            last = places[-1] if is_headline and places else None
            free = (p for p in places if not any(overlap(p[1], other) for other in taken))
            if place := next(free, last):
                x, box = place
                y = round_pixels(box[1] + BASELINE_PIXELS)
                found[each.figure.id] = Label(words, round_pixels(x), y, box, is_headline)
                taken.append(box)
        return [found.get(each.figure.id) for each in marks]


def _places_of_label(each: EstimateMark, half: float) -> Iterator[tuple[float, Box]]:
    """Yield the middle and bounds of its label, beside, above and below the mark."""
    left, top, right, bottom = each.boxes[0]
    beside = each.middle - LINE_PIXELS / 2
    above, below = top - GAP_PIXELS - LINE_PIXELS, bottom + GAP_PIXELS
    for x, y in (
        (right + GAP_PIXELS + half, beside),
        (left - GAP_PIXELS - half, beside),
        *((each.x + aside, y) for aside in (0, half, -half) for y in (above, below)),
    ):
        yield x, (x - half, y, x + half, y + LINE_PIXELS)


def time_axis(drawn: Iterable[EstimateView], on: date) -> Years:
    """Return the time axis: from the first estimate to the edition, at least ten years."""
    times = [possible_days(figure.form) for figure in drawn]
    begun = [day.year for days in times if (day := days.first or days.last)]
    last = max([on.year, *begun])
    return Years(date(min([*begun, last - MIN_YEARS + 1]), 1, 1), date(last, 12, 31))
