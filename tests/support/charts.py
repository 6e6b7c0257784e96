"""Builders of estimates charts, and readers of their marks and labels."""

import itertools
import re
from collections.abc import Sequence
from datetime import date

from app.kinds import EstimateForm
from app.record.derivation.rows import derive_row
from app.record.names.directory import Directory
from app.record.sql.rows import ListRow
from app.site.charts.estimates_chart import ChartDrawing, EstimatesChart, Label, Lane
from app.site.charts.glyphs import EstimateMark
from app.site.presenters.estimate import EstimateView
from tests.make import (
    a_context,
    a_small_world,
    fields,
    make_estimate,
)

Box = tuple[float, float, float, float]
EDITION_DAY = date(2026, 11, 24)


def draw(*forms: EstimateForm, on: date = EDITION_DAY, headline: str = "") -> EstimatesChart:
    """Return the chart of estimates."""
    return EstimatesChart(figures_of(*forms), ["place-1"], on, headline)


def overlapping(boxes: Sequence[Box], tolerance: float = 0) -> list[tuple[Box, Box]]:
    """Return each two boxes that cover each other by more than the tolerance in pixels."""
    return [
        (one, other)
        for one, other in itertools.combinations(boxes, 2)
        if max(one[0], other[0]) + tolerance < min(one[2], other[2])
        and max(one[1], other[1]) + tolerance < min(one[3], other[3])
    ]


def figures_of(*forms: EstimateForm) -> list[EstimateView]:
    """Return estimates with the payloads that publishing derives from the forms."""
    world = a_small_world()
    context = a_context(*world, *forms)
    directory = Directory.of(world)
    figures = []
    for form in forms:
        payload = derive_row(form, context).payload
        found = ListRow(
            int(form.id[1:]), form.id, int(form.id[1:]), payload, (), None, None, None, None, 1, 1
        )
        figures.append(EstimateView(found, directory))
    return figures


def only_mark(found: EstimatesChart) -> tuple[Lane, EstimateMark, Label]:
    [lane] = found.wide.lanes
    [(mark, label)] = lane.marks
    assert label
    return lane, mark, label


def path_numbers(mark: EstimateMark, kind: str) -> list[float]:
    """Return the numbers in the only path of that kind."""
    [shape] = [shape for shape in mark.shapes if shape.kind == kind]
    return [float(number) for number in re.findall(r"-?[\d.]+", shape.path)]


def height(lane: Lane, number: float) -> float:
    """Return y of a number, calculated from the labels of the scale."""
    highest = lane.lines[-1]
    most = float(highest.words.replace(",", ""))
    return lane.base - number / most * (lane.base - highest.at)


def drawings(found: EstimatesChart) -> tuple[ChartDrawing, ChartDrawing]:
    return found.wide, found.narrow


def forty() -> list[EstimateForm]:
    """Return forty estimates with all quantifiers; some share day and number."""
    shapes = [
        "quantifier=exact",
        "quantifier=about",
        "quantifier=more-than, point=-, low=900",
        "quantifier=up-to, point=-, high=7000",
        "quantifier=range, point=-, low=2000, high=5000",
        "quantifier=words, point=-, printed_words=hundreds",
    ]
    return [
        make_estimate(
            n,
            **{"point": 400 * (n % 9 + 1), "as_of": f"{2012 + n % 11}-{n % 12 + 1:02}"}
            | fields(shapes[n % len(shapes)]),
            citations=f"C{n} S{1 + n % 2} (kind=number) by resident resident {n % 7}",
        )
        for n in range(1, 41)
    ]
