"""`/preview`: the picture that other sites show beside a shared link, a card of text."""

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.i18n.formats import day, enumerate_words
from app.i18n.translate import _
from app.record.payloads import form_of
from app.site.charts.glyphs import (
    SMALL_LETTER_PIXELS,
    TITLE_LETTER_PIXELS,
    picture,
    style,
    wrap,
)
from app.site.cite import Citable, find_view
from app.site.presenters.event import EventView
from app.site.presenters.place import PlaceAnswer
from app.site.references.citable import HEIGHT, MARGIN, WIDTH, provenance_headers
from app.vocabulary.kinds import NOUN_OF_KIND, RecordKind
from app.web.sessions import EditionRoute, Reader
from app.web.state import SettingsDep
from app.web.templates import environment

INNER_WIDTH = WIDTH - 2 * MARGIN
MAX_TITLE_LINES, MAX_TEXT_LINES = 3, 6


def texts_of(db: Session, found: Citable) -> tuple[str, str, list[str]]:
    """Return what kind of view it is, its title, and what is below the title."""
    view, row, directory = found.view, found.row, found.directory
    on = view.edition.at.date()
    if code := found.place:
        answer = PlaceAnswer(db, view.edition, directory, code)
        kind = _(directory.places[code].kind.label)
        return kind, directory.label("place", code), [answer.text]
    if row and row.kind == RecordKind.EVENT and row.is_live:
        event = EventView(row, directory, on)
        places = enumerate_words(place.label for place in event.places)
        return event.kind, form_of(row)["title"], [event.when, places, event.sure, event.disputed]
    kind = _(NOUN_OF_KIND[row.kind].label) if row else ""
    if found.listing:
        kind = _(found.listing.heading)
    return kind, view.title, [view.said, view.remark]


def as_svg(db: Session, found: Citable, licence: str) -> str:
    """Return the card. A place costs one more SQL statement, for its estimates."""
    view = found.view
    kind, title, found_texts = texts_of(db, found)
    texts = [text[:1].upper() + text[1:] for text in found_texts if text]
    return (
        environment()
        .get_template("site/preview/card.svg")
        .render(
            kind=kind,
            title=title,
            language=view.language,
            title_lines=wrap(title, TITLE_LETTER_PIXELS, INNER_WIDTH, MAX_TITLE_LINES),
            lines=[
                line
                for text in texts
                for line in wrap(
                    text, SMALL_LETTER_PIXELS, INNER_WIDTH, MAX_TEXT_LINES // len(texts)
                )
            ],
            edition=_("Edition {no}, {day}. {licence}").format(
                no=view.edition.no, day=day(view.edition.at.date()), licence=licence
            ),
            id=view.id,
            style=style(),
            size=(WIDTH, HEIGHT),
            margin=MARGIN,
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
    svg = as_svg(db, found, settings.licence)
    headers = provenance_headers(request, found.view.edition)
    return Response(picture(svg), media_type="image/png", headers=headers)
