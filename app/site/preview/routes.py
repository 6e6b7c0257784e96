"""Routes of `/preview`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app import paths
from app.i18n.formats import day, enumerate_words
from app.i18n.translate import _, ngettext
from app.record.filters import LISTS, EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.payloads import form_of
from app.record.reads.measures import people_of
from app.record.sql.rows import list_row as found_of
from app.site.charts.estimates_chart import PREVIEW_SIZE, ChartDrawing, EstimatesChart
from app.site.charts.glyphs import (
    TEXT,
    TITLE,
    TITLE_ALONE,
    TextStyle,
    picture,
    style,
    text_width,
    wrap,
)
from app.site.cite import Citable, find_view
from app.site.components.links import short_names
from app.site.components.urls import list_address
from app.site.export.responses import led_on
from app.site.presenters.event import EventView, event_view
from app.site.presenters.place import PlaceAnswer, estimates_at
from app.site.references.citable import HEIGHT, MARGIN, WIDTH, preview_address, provenance_headers
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.templates import environment

INNER_WIDTH = WIDTH - 2 * MARGIN
HEAD_AT, FOOT = 34, 299


@dataclass(frozen=True)
class PreviewLine:
    """One line of text: words with their language, which selects the glyphs."""

    y: int
    style: str
    words: Sequence[tuple[str, str]]
    icon: str = ""
    """Symbol of the sprite before the text; empty for none."""


@dataclass(frozen=True)
class Preview:
    """Everything that `site/preview/card.svg` prints."""

    words: str
    """Text alternative of the picture."""
    kind: str
    lines: Sequence[PreviewLine]
    edition: str
    id: str
    told: str = ""
    """Text at the end of the last line."""
    names: Sequence[tuple[str, str]] = ()
    """Names in other scripts, after the first line of the title."""
    panel: ChartDrawing | None = None
    panel_at: int = 0


def preview(db: Session, found: Citable, licence: str) -> Preview:
    """Return the preview of a view. A place costs one more SQL statement, for its estimates."""
    view, row = found.view, found.row
    common = Preview(
        words=". ".join(part for part in (view.title, view.remark) if part),
        kind="",
        lines=(),
        edition=_("Edition {no}, {day}. {licence}").format(
            no=view.edition.no, day=day(view.edition.at.date()), licence=licence
        ),
        id=view.id,
    )
    if found.place:
        return _place_preview(db, found, common)
    if row and row.kind == RecordKind.EVENT and row.is_live:
        return _event_preview(row, found.directory, common, view.edition.at.date())
    texts = [part[:1].upper() + part[1:] for part in (view.said, view.remark) if part]
    kind = _(NOUN_OF_KIND[row.kind].label) if row else ""
    if found.listing:
        kind = _(found.listing.wording.title)
    return replace(
        common,
        kind=kind,
        lines=_text_lines(TITLE_ALONE, (view.title, view.language), texts, most=4),
    )


def _place_preview(db: Session, found: Citable, common: Preview) -> Preview:
    """Add names, newest estimate and the first panel of the chart, or the number of events."""
    code, directory, edition = found.place, found.directory, found.view.edition
    place, rows = directory.places[code], estimates_at(db, edition, directory, [code])
    answer = PlaceAnswer(rows, code, edition.at.date(), directory, people_of(edition))
    sentence = answer.text
    chart = EstimatesChart.of(answer)
    panel = chart.draw(PREVIEW_SIZE, only_first=True) if chart.drawn else None
    texts = wrap(sentence, TEXT, INNER_WIDTH, 1) if panel else [sentence, _event_count(db, found)]
    type = TITLE if panel else TITLE_ALONE
    name, names = directory.label("place", code), _words_with_language(short_names(directory, code))
    has_room = (
        text_width(name, type) + sum(text_width(f"{each} ", TITLE) for each, _language in names)
        < INNER_WIDTH
    )
    return replace(
        common,
        words=f"{common.words}. {sentence}",
        kind=_(place.kind.label),
        lines=_text_lines(type, (name, "en"), texts, most=1),
        names=names if has_room else (),
        panel=panel,
        panel_at=round(FOOT - 20 - panel.height) if panel else 0,
    )


def _event_count(db: Session, found: Citable) -> str:
    here = EventFilters.made_of({"place": [found.place]}, {})
    if total := backend.match(db, found.view.edition, here, found.directory).total:
        return ngettext(
            "{count} event is in the record.", "{count} events are in the record.", total
        )
    return _("The record has no event. No entry does not mean that nothing happened.")


def _words_with_language(names: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, language) for language, name in names]


def _event_preview(row: Version, directory: Directory, common: Preview, on: date) -> Preview:
    """Add title, date, places and support of an event."""
    found = found_of(row)
    event = event_view(found, directory, on)
    lines = _text_lines(TITLE_ALONE, (form_of(row)["title"], "en"), [], most=3)
    y = lines[-1].y + 38
    lines += [
        PreviewLine(y, "x-str", [(event.when[:1].upper() + event.when[1:], "en")]),
        PreviewLine(
            y + 26,
            "x-txt",
            [
                name
                for place in event.places
                for name in [(place.label, "en"), *_words_with_language(place.names)]
            ],
        ),
        *_lines_of_doubt(event, y + 62),
    ]
    kind = enumerate_words([event.kind, *(stage.label for stage in event.stages)])
    if text_width(kind, TEXT) > INNER_WIDTH - LOGO_WIDTH:
        kind = event.kind  # A status without the end of its date would say another one.
    return replace(common, kind=kind, lines=lines, told=event.reports_in_words)


LOGO_WIDTH = 120
"""Width of the logo and the name of the site, at the left of the type and status of an event."""


def _lines_of_doubt(event: EventView, y: int) -> Iterable[PreviewLine]:
    """Yield how sure an event is, and what is disputed."""
    symbol = f"co-{event.payload['corroboration'][0]}"
    yield PreviewLine(y, "x-str", [(event.sure, "en")], symbol)
    if event.disputed:
        yield PreviewLine(y + TEXT.line + 4, "x-dl", [(event.disputed, "en")], "ne")


@cache
def symbols() -> str:
    """Return the symbols of the sprite as SVG, because the picture can't load other files."""
    sprite = (paths.STATIC / "icons.svg").read_text()
    return "\n".join(re.findall(r'^<symbol id="(?:co-[a-z-]+|ne)".*$', sprite, re.MULTILINE))


# Text -------------------------------------------------------------------------------------------


def _text_lines(
    type: TextStyle, title: tuple[str, str], texts: Sequence[str], most: int
) -> list[PreviewLine]:
    """Lay out a title in at most `most` lines, and below it texts in at most two lines each."""
    words, language = title
    lines = wrap(words, type, INNER_WIDTH, most)
    found = [
        PreviewLine(type.first + type.line * number, type.style, [(line, language)])
        for number, line in enumerate(lines)
    ]
    y = found[-1].y + 24
    for line in (line for text in texts for line in wrap(text, TEXT, INNER_WIDTH, 2)):
        found.append(PreviewLine(y, TEXT.style, [(line, "en")]))
        y += TEXT.line
    return found


def as_svg(view: Preview) -> str:
    return (
        environment()
        .get_template("site/preview/card.svg")
        .render(
            preview=view,
            style=style(),
            symbols=symbols(),
            width=WIDTH,
            height=HEIGHT,
            margin=MARGIN,
            head=HEAD_AT,
            foot=FOOT,
        )
    )


# Routes -----------------------------------------------------------------------------------------


router = APIRouter(route_class=EditionRoute)


@router.get("/figure/{of:path}")  # of release 0.1.0: leads to the picture
@router.get("/preview/{of:path}.png", name="preview")
def preview_picture(request: Request, db: Reader, settings: SettingsDep, of: str) -> Response:
    found, elsewhere = find_view(request, db, of)
    if elsewhere:
        return elsewhere
    svg = as_svg(preview(db, found, settings.licence))
    headers = provenance_headers(request, found.view.edition)
    return Response(picture(svg), media_type="image/png", headers=headers)


def former_picture(request: Request) -> Response:
    """Lead from the pictures of lists of release 0.1.0."""
    return led_on(request, preview_address(request.url.path.partition(".")[0]))


for each in LISTS.values():
    for ending in ("svg", "png"):
        router.add_api_route(f"{list_address(each.KIND)}.{ending}", former_picture)
