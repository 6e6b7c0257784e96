"""The estimates of a place as files: the chart as SVG and PNG, the rows as CSV and JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.i18n.translate import _
from app.record.editions import SelectedEdition
from app.record.index.edition import IndexedEdition
from app.site.charts.estimates_chart import WIDE_SIZE
from app.site.charts.glyphs import symbol_path
from app.site.charts.label_layout import SECOND_LINE_LETTER_PIXELS, width_in_pixels
from app.site.charts.panels import EventStrip, Panel
from app.site.charts.svg import MARGIN_PIXELS, TEXT, reported_by, style, wrap
from app.site.charts.svg_to_png import picture
from app.site.components.links import NameView, one_in_each_language
from app.site.export import list_columns
from app.site.export.responses import ListFile, json_response, table_response
from app.site.place_estimates.at_place import PlaceEstimates
from app.site.place_estimates.rules import PlaceRule
from app.site.references.licence import provenance_headers
from app.vocabulary.kinds import RecordKind
from app.web.state import app_state
from app.web.static import SVG
from app.web.templates import environment
from app.web.urls import absolute_url

ENDINGS = ("svg", "png", "csv", "csv-metadata.json", "json")


class PlaceView(Protocol):
    """The part of a place's page model that files need; cities and areas both have it."""

    @property
    def id(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def names(self) -> Sequence[NameView]: ...
    @property
    def lies_in(self) -> Sequence[str]: ...
    @property
    def address(self) -> str: ...
    @property
    def figures(self) -> PlaceEstimates: ...
    @property
    def events_total(self) -> int: ...


def estimates_file(
    request: Request, edition: IndexedEdition, place: PlaceView, ending: str
) -> Response:
    """Return the file with this ending, or 404."""
    if ending not in ENDINGS:
        raise HTTPException(404)
    if ending == "json":
        return json_response(request, as_json(edition, place), edition)
    if ending.startswith("csv"):
        found = [row.found for row in place.figures.rows]
        title = _("{place}: estimates").format(place=place.label)
        file = ListFile(place.code, title, f"{place.address}?edition={edition.no}", len(found))
        return table_response(
            request, edition, file, list_columns.COLUMNS[RecordKind.ESTIMATE], found
        )
    name = f"sojourn-{place.code}-edition-{edition.no}.{ending}"
    # Sent as a download: the site's Content Security Policy would block the SVG's own style.
    headers = {
        **provenance_headers(request, edition),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    settings = app_state(request).settings
    svg = as_svg(edition, place, settings.licence, absolute_url(request, ""))
    if ending == "svg":
        return Response(svg, media_type=SVG, headers=headers)
    return Response(picture(svg), media_type="image/png", headers=headers)


# Estimates --------------------------------------------------------------------------------------


def as_json(edition: SelectedEdition, place: PlaceView) -> dict[str, Any]:
    """Return the place and its estimates, in the order and with the letters of the page."""
    figures = place.figures
    drawn = {mark.figure.id for panel in figures.chart.wide.panels for mark, _label in panel.marks}
    return {
        "edition": edition.no,
        "id": place.id,
        "code": place.code,
        "name": place.label,
        "names": [{"text": name.text, "language": name.lang} for name in place.names],
        "lies_in": place.lies_in,
        "events": place.events_total,
        "are_all_figures": figures.are_all,
        "figures": [
            {"key": row.letter, "is_drawn": row.found.id in drawn}
            | list_columns.as_json(RecordKind.ESTIMATE, row.found)
            for row in figures.rows
        ],
    }


HEADER_HEIGHT, HEADING_HEIGHT, LINE_HEIGHT, PART_GAP = 128, 30, 18, 20
"""Pixels: title with names and legend, head of a panel, line of small text, space between parts."""


@dataclass(frozen=True)
class SheetLine:
    """One line of the list below a chart: the letter of a mark, and its meaning. `y` in pixels."""

    y: int
    letter: str
    words: str
    group: str = ""
    """Group of the speaker; empty for a rule."""
    is_headline: bool = False


@dataclass(frozen=True)
class SheetPart:
    """A panel or the strip of rules and events, `y` pixels from the top of the sheet."""

    y: int
    heading: str
    note: str
    lines: Sequence[SheetLine]
    panel: Panel | None = None
    strip: EventStrip | None = None


def as_svg(edition: SelectedEdition, place: PlaceView, licence: str, site: str) -> str:
    """Return all wide panels on one sheet, with edition, licence and address at the bottom."""
    figures, chart = place.figures, place.figures.chart
    outlets = [link.label for row in figures.rows for link in row.figure.read_in]
    y, parts = HEADER_HEIGHT, []
    for panel in chart.wide.panels:
        lines = list(_estimate_lines(panel, figures))
        title, note = panel.heading.title, panel.heading.note
        parts.append(SheetPart(y, title, note, lines, panel=panel))
        y += HEADING_HEIGHT + panel.height + LINE_HEIGHT * len(lines) + PART_GAP
    if strip := chart.wide.strip:
        rules = figures.rules.shown
        lines = list(_rule_lines(rules))
        title = _("Rules reported here, and events") if rules else _("Events")
        parts.append(SheetPart(y, title, _("on the same years"), lines, strip=strip))
        y += HEADING_HEIGHT + strip.height(len(rules)) + LINE_HEIGHT * len(lines) + PART_GAP
    footer = [
        *_captions(place.figures),
        *(wrap(reported_by(Counter(outlets)), TEXT, WIDE_SIZE.width, 2) if outlets else []),
        _("Sojourn, edition {no} ({day}). {licence}. {address}").format(
            no=edition.no,
            day=edition.at.date().isoformat(),
            licence=licence,
            address=f"{site}{place.address}?edition={edition.no}",
        ),
    ]
    return (
        environment()
        .get_template("site/components/estimates_chart.svg")
        .render(
            place=place,
            names=one_in_each_language(place.names),
            legend=list(_legend_entries(chart.groups)),
            shape=symbol_path,
            parts=parts,
            rules=figures.rules.shown,
            lines=[(y + LINE_HEIGHT * number, words) for number, words in enumerate(footer, 1)],
            width=WIDE_SIZE.width + 2 * MARGIN_PIXELS,
            height=y + LINE_HEIGHT * len(footer) + MARGIN_PIXELS,
            margin=MARGIN_PIXELS,
            heading=HEADING_HEIGHT,
            style=style(),
        )
    )


def _captions(figures: PlaceEstimates) -> Iterator[str]:
    """Yield lines on how to read the chart, and which estimates are not drawn and why."""
    if figures.chart.drawn:
        yield _(
            "Each estimate as it was reported. None are joined, added up or averaged. Arrow: more "
            "than, or up to. Strokes: about. Dashed outline: planned or expected."
        )
        if figures.chart.headline:
            yield _("Black letter: the latest estimate for the whole place.")
        if figures.rules.shown:
            yield _(
                "Bars: from the first to the last report of a rule. Dashed: alleged or disputed. "
                "Dots: nothing reported since."
            )
    elif not figures.rows:
        yield _("The record has no estimate.")
    if left_out := figures.chart.left_out:
        each = (
            _("{reason} ({count})").format(reason=some.reason, count=len(some.letters))
            for some in left_out
        )
        yield from wrap(
            _("Not drawn: {what}.").format(what="; ".join(each)), TEXT, WIDE_SIZE.width, 2
        )


MAX_LINE_CHARACTERS = 118


def _estimate_lines(panel: Panel, figures: PlaceEstimates) -> Iterator[SheetLine]:
    for number, (mark, _label) in enumerate(panel.marks, 1):
        figure = mark.figure
        words = _("{figure}. {time}; {whom}; {speaker}").format(
            figure=figure.words[:1].upper() + figure.words[1:],
            time=figure.time,
            whom=figure.whom,
            speaker=figure.speaker,
        )
        is_headline = figure.id == figures.chart.headline
        y = LINE_HEIGHT * number
        yield SheetLine(y, mark.letter, _shortened(words), figure.speaker_group, is_headline)


def _rule_lines(rules: Sequence[PlaceRule]) -> Iterator[SheetLine]:
    for number, rule in enumerate(rules, 1):
        words = _("{title}. {reported}").format(title=rule.title, reported=rule.line.reported)
        yield SheetLine(LINE_HEIGHT * number, rule.letter, _shortened(words))


def _shortened(words: str) -> str:
    if len(words) <= MAX_LINE_CHARACTERS:
        return words
    return f"{words[:MAX_LINE_CHARACTERS].rpartition(' ')[0].rstrip(' ,;')}…"


def _legend_entries(groups: Sequence[tuple[str, str]]) -> Iterator[tuple[float, int, str, str]]:
    """Yield (x, y, group, label) for each group of speakers, in one line or two."""
    x, y = MARGIN_PIXELS + 8.0, MARGIN_PIXELS + 72
    for group, words in groups:
        width = width_in_pixels(words, SECOND_LINE_LETTER_PIXELS) + 36
        if x + width > WIDE_SIZE.width + 2 * MARGIN_PIXELS:
            x, y = MARGIN_PIXELS + 8.0, y + LINE_HEIGHT
        yield x, y, group, words
        x += width
