"""The estimates of a place as files: the chart as SVG and PNG, the rows as CSV and JSON."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.record.rules.containment import parents_of
from app.site.charts.estimates_chart import WIDE_SIZE, EstimatesChart, letters_of_number
from app.site.charts.glyphs import (
    SMALL_LETTER_PIXELS,
    SYMBOLS,
    picture,
    style,
    width_in_pixels,
    wrap,
)
from app.site.export.columns import COLUMNS, row_as_json
from app.site.export.responses import csv_response, json_response
from app.site.places.page import PlacePage
from app.site.references.citable import CitableView, file_headers
from app.vocabulary.kinds import RecordKind
from app.web.state import app_state
from app.web.static import SVG
from app.web.templates import environment
from app.web.urls import absolute_url

ENDINGS = ("svg", "png", "csv", "json")


def estimates_file(
    request: Request, edition: IndexedEdition, place: PlacePage, ending: str
) -> Response:
    """Return the file with this ending, or 404."""
    if ending not in ENDINGS:
        raise HTTPException(404)
    if ending == "json":
        return json_response(request, as_json(edition, place), edition)
    title = _("{place}: estimates").format(place=place.label)
    view = CitableView(edition, place.address, place.code, title)
    if ending == "csv":
        rows = [figure.row for figure in place.chart.figures]
        return csv_response(request, view, COLUMNS[RecordKind.ESTIMATE], rows)
    # Sent as a download: the site's Content Security Policy would block the SVG's own style.
    headers = file_headers(request, view, ending)
    settings = app_state(request).settings
    svg = as_svg(edition, place, settings.licence, absolute_url(request, ""))
    if ending == "svg":
        return Response(svg, media_type=SVG, headers=headers)
    return Response(picture(svg), media_type="image/png", headers=headers)


# Estimates --------------------------------------------------------------------------------------


def as_json(edition: SelectedEdition, place: PlacePage) -> dict[str, Any]:
    """Return the place and its estimates, in the order of the chart."""
    chart = place.chart
    return {
        "edition": edition.no,
        "id": place.id,
        "code": place.code,
        "name": place.label,
        "names": [{"text": name.text, "language": name.lang} for name in place.names],
        # Of a town, up to its country.
        "lies_in": place.above if place.is_town else parents_of(place.code, place.directory.places),
        "events": place.events_total,
        "are_all_figures": place.answer.are_all,
        "figures": [
            {"key": letters_of_number(number), "is_drawn": figure in chart.drawn}
            | row_as_json(RecordKind.ESTIMATE, figure.row)
            for number, figure in enumerate(chart.figures)
        ],
    }


HEADER_HEIGHT, LINE_HEIGHT, MARGIN, MAX_FOOTER_LINES = 128, 18, 24, 2
"""Pixels: title with names and legend, a line of small text, and around the sheet."""


def as_svg(edition: SelectedEdition, place: PlacePage, licence: str, site: str) -> str:
    """Return the wide chart on a sheet, with edition, licence and address at the bottom."""
    chart, drawing = place.chart, place.chart.wide
    footer = [
        line
        for words in _captions(chart)
        for line in wrap(words, SMALL_LETTER_PIXELS, drawing.width, MAX_FOOTER_LINES)
    ]
    footer.append(
        _("Sojourn, edition {no} ({day}). {licence}. {address}").format(
            no=edition.no,
            day=edition.at.date().isoformat(),
            licence=licence,
            address=f"{site}{place.address}?edition={edition.no}",
        )
    )
    y = HEADER_HEIGHT + drawing.height + LINE_HEIGHT
    return (
        environment()
        .get_template("site/components/estimates_chart.svg")
        .render(
            place=place,
            legend=list(_legend_entries(chart)),
            symbols=SYMBOLS,
            drawing=drawing,
            top=HEADER_HEIGHT,
            lines=[(y + LINE_HEIGHT * number, words) for number, words in enumerate(footer)],
            width=drawing.width + 2 * MARGIN,
            height=y + LINE_HEIGHT * len(footer) + MARGIN,
            margin=MARGIN,
            style=style(),
        )
    )


def _captions(chart: EstimatesChart) -> Iterator[str]:
    """Yield how to read the chart."""
    if not chart.figures:
        yield _("The record has no estimate.")
    if chart.drawn:
        yield _(
            "Each estimate as it was reported. None are joined, added up or averaged. Arrow: more "
            "than, or up to. Strokes: about. Dashed outline: planned or expected."
        )


def _legend_entries(chart: EstimatesChart) -> Iterator[tuple[float, int, str, str]]:
    """Yield (x, y, group, label) for each group of speakers, in one line or two."""
    x, y = MARGIN + 8.0, MARGIN + 72
    for group, words in chart.key[0]:
        width = width_in_pixels(words, SMALL_LETTER_PIXELS) + 36
        if x + width > WIDE_SIZE.width + 2 * MARGIN:
            x, y = MARGIN + 8.0, y + LINE_HEIGHT
        yield x, y, group, words
        x += width
