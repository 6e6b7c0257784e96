"""The histogram of a list as a sheet for print and slides, with all that is needed to look it up inside."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.i18n.formats import day
from app.i18n.translate import _
from app.record.lists import backend
from app.site.charts.histogram_bars import Bars, bars
from app.site.charts.svg_style import MARGIN, reported_by, style
from app.site.charts.text_metrics import BIG, SAID, wrapped
from app.site.cite.page import Citable
from app.site.lists.histogram import unit_in_words
from app.site.lists.summary import WORDING
from app.web.templates import environment

INNER, HIGH = 760, 220
"""Pixels of all bars and of the highest. Narrower than a city's chart, so that words can be read on a slide."""
MOST_LINES = 20
"""Lines of an address, of which nothing may be left out."""
ABOVE, BETWEEN, LINE = 24, 30, 18


@dataclass(frozen=True)
class Sheet:
    """Everything that `site/figure/sheet.svg` prints."""

    words: str
    where: str
    """Its edition, licence and address."""
    title: Sequence[tuple[int, str]]
    """Lines with their heights, as all that follow."""
    said: Sequence[tuple[int, str]]
    histogram: Bars | None
    must: str
    """What the key says of solid bars."""
    key_at: int
    lines: Sequence[tuple[int, str]]
    width: int
    height: int


def sheet(db: Session, found: Citable, licence: str, site: str) -> Sheet:
    """No statement beside those that found the view, where the list is answered from its index."""
    assert found.filters and found.counted
    view, counted, wording = found.view, found.counted, WORDING[found.filters.KIND]
    drawn = backend.histogram(db, view.edition, found.filters, found.directory, counted.extent)
    title = _down(wrapped(view.title, BIG, INNER, 3), MARGIN + 20, BIG.line)
    said = _down(
        wrapped(view.remark, SAID, INNER, 2) if view.remark else [], title[-1][0] + 26, SAID.line
    )
    top = (said or title)[-1][0] + ABOVE + LINE
    base = top + HIGH if drawn else top
    outlets = {
        found.directory.label("outlet", code): many
        for code, many in counted.within.get("outlet", {}).items()
    }
    where = _("Sojourn, edition {no} ({day}). {licence}. {address}").format(
        no=view.edition.no,
        day=day(view.edition.at.date()),
        licence=licence,
        address=f"{site}{view.address}",
    )
    lines = [
        *([_(wording.in_many)] if drawn else []),
        *wrapped(reported_by(outlets), SAID, INNER, 2),
        *wrapped(where, SAID, INNER, MOST_LINES),
    ]
    key_at = base + BETWEEN + 14
    return Sheet(
        words=view.title,
        where=where,
        title=title,
        said=said,
        histogram=bars(drawn, MARGIN, INNER, top, base) if drawn else None,
        must=unit_in_words(drawn.bin)[1] if drawn else "",
        key_at=key_at,
        lines=_down(lines, key_at + 26 if drawn else base + BETWEEN, LINE),
        width=INNER + 2 * MARGIN,
        height=(key_at + 26 if drawn else base + BETWEEN) + LINE * len(lines) + MARGIN // 2,
    )


def _down(lines: Sequence[str], first: int, step: int) -> list[tuple[int, str]]:
    return [(first + step * number, words) for number, words in enumerate(lines)]


def as_svg(drawn: Sheet) -> str:
    return (
        environment()
        .get_template("site/figure/sheet.svg")
        .render(sheet=drawn, style=style(), margin=MARGIN)
    )
