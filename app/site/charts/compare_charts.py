"""Charts of several places on the same axes: one row for each kind of estimate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.site.charts.estimates_chart import (
    Kind,
    Sheet,
    Size,
    draw_panel,
    groups_in_words,
    heading_of_kind,
    letters_of_number,
    signs_in_words,
    signs_of,
    sort_key,
)
from app.site.charts.glyphs import Scale
from app.site.charts.panels import EventCount, Heading, Panel, panel_key, reason_left_out
from app.site.charts.time_axis import draw_strip, time_axis, years_beside
from app.site.presenters.estimate import EstimateView

PLOT_HEIGHT_PIXELS = 150
COLUMN_WIDTHS_PIXELS = {2: 552, 3: 356, 4: 260}
"""Width of a chart beside others on a wide screen, by the number of columns."""
NARROW_WIDTH_PIXELS = 328
"""Fits a screen of 360 pixels."""


@dataclass(frozen=True)
class ChartInput:
    """What is drawn of one place."""

    code: str
    figures: Sequence[EstimateView]
    acts: Sequence[EventCount]
    headline: str
    """Id of the latest estimate for the whole place; empty if there is none."""


@dataclass(frozen=True)
class ComparedPanel:
    """The estimates of one kind in one place; without drawings if there are none."""

    figures: Sequence[EstimateView]
    wide: Panel | None
    narrow: Panel | None


@dataclass(frozen=True)
class ComparedKind:
    """One kind of estimate in all places, on one scale."""

    heading: Heading
    places: Sequence[ComparedPanel]


class ComparedCharts:
    def __init__(self, places: Sequence[ChartInput], on: date) -> None:
        """Draw each kind of estimate for all places with the same years and the same scale."""
        by_place = [_by_kind(place) for place in places]
        kinds = sorted({kind for kinds in by_place for kind in kinds})
        letters: dict[str, str] = {}
        for kind in kinds:
            for place, found in zip(places, by_place, strict=True):
                for figure in found.get(kind, []):
                    letters[f"{place.code} {figure.id}"] = letters_of_number(len(letters))
        drawn = [f for found in by_place for figures in found.values() for f in figures]
        ruler = time_axis(drawn, [act for place in places for act in place.acts], on)
        scales = {
            kind: Scale.of([f for found in by_place for f in found.get(kind, [])]) for kind in kinds
        }
        words = [words for scale in scales.values() for words in scale.words]
        others = [key for key, _is_part in kinds]

        def sheet(width: int, place: ChartInput) -> Sheet:
            height = PLOT_HEIGHT_PIXELS
            size = Size(width, lowest=height, highest=height, for_each=0, detail="letter")
            return Sheet(size, ruler, on, frozenset({place.code}), place.headline)

        def panel(kind: Kind, at: int, width: int) -> Panel:
            place, found = places[at], by_place[at][kind]
            return draw_panel(
                heading_of_kind(kind, found, others),
                [(figure, letters[f"{place.code} {figure.id}"]) for figure in found],
                scales[kind],
                years_beside(ruler, words, width),
                sheet(width, place),
            )

        column = COLUMN_WIDTHS_PIXELS[len(places)]
        rows = []
        for kind in kinds:
            panels = [
                ComparedPanel(
                    found[kind], panel(kind, at, column), panel(kind, at, NARROW_WIDTH_PIXELS)
                )
                if kind in found
                else ComparedPanel([], None, None)
                for at, found in enumerate(by_place)
            ]
            every = [figure for found in by_place for figure in found.get(kind, [])]
            rows.append(ComparedKind(heading_of_kind(kind, every, others), panels))
        used = signs_of(shown.wide for row in rows for shown in row.places if shown.wide)
        self.kinds = rows
        # The events of each place, wide and narrow; None without any.
        self.strips = [
            (
                draw_strip(place.acts, years_beside(ruler, words, column), column, on),
                draw_strip(
                    place.acts,
                    years_beside(ruler, words, NARROW_WIDTH_PIXELS),
                    NARROW_WIDTH_PIXELS,
                    on,
                ),
            )
            if place.acts
            else None
            for place in places
        ]
        self.first_year = ruler.first.year
        self.last_year = ruler.last.year
        # Letters by place and estimate: an estimate may be of two places.
        self.letters = letters
        # How many estimates of each place are not drawn.
        self.left_out = [
            len(place.figures) - sum(map(len, found.values()))
            for place, found in zip(places, by_place, strict=True)
        ]
        self.groups = groups_in_words(used)
        self.signs = signs_in_words(used)


def _by_kind(place: ChartInput) -> dict[Kind, list[EstimateView]]:
    """Return the estimates that are drawn, by kind and in order of time."""
    codes, forms = frozenset({place.code}), {figure.id: figure.form for figure in place.figures}
    drawn = sorted(
        (f for f in place.figures if not reason_left_out(f.form, codes, forms)),
        key=lambda figure: sort_key(figure, codes),
    )
    found: dict[Kind, list[EstimateView]] = {}
    for figure in drawn:
        found.setdefault((panel_key(figure.form, codes), figure.is_part), []).append(figure)
    return found
