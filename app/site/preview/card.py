"""The picture that goes with a link where it is shared: the view in words and, from the same rows, what it shows drawn.

1200 by 630 pixels, as the sites that show links ask for; drawn at half that size, so that words stay legible when it is
shown small. It says of which edition it is, since it may be kept elsewhere for long.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy.orm import Session

from app import paths
from app.dates.bar import Bar, bar
from app.i18n.formats import day
from app.i18n.translate import _, ngettext
from app.record.filters import EventFilters
from app.record.lists import backend
from app.record.models import Version
from app.record.names.directory import Directory
from app.record.sql import rows as queries
from app.site.charts.chart_views import Panel
from app.site.charts.estimates_chart import PICTURE, first_panel
from app.site.charts.glyphs import Figure
from app.site.charts.histogram_bars import Bars, bars
from app.site.charts.svg_style import style
from app.site.charts.text_metrics import BIG, HUGE, SAID, Type, width_in, wrapped
from app.site.cite.page import KINDS, Citable
from app.site.components.estimate_line import figure_view
from app.site.components.event_card import Card, card_of, whole_years
from app.site.components.headcounts import newest_of_any_kind, newest_stock
from app.site.components.place_links import short_names
from app.site.lists.summary import WORDING
from app.site.place_estimates.at_place import figures_at
from app.site.references.share_links import HEIGHT, MARGIN, WIDTH
from app.web.templates import environment

INNER = WIDTH - 2 * MARGIN
HEAD_AT, FOOT = 34, 299
BASE = 262
"""Where the bars of a histogram stand."""


@dataclass(frozen=True)
class Line:
    """Words on one line; names in other scripts have their language, which tells their shapes."""

    y: int
    style: str
    words: Sequence[tuple[str, str]]
    icon: str = ""
    """The sprite's shape before the words: a mark is never words alone."""


@dataclass(frozen=True)
class Preview:
    """Everything that `site/preview/card.svg` prints."""

    words: str
    """All of it for those who do not see it."""
    kind: str
    lines: Sequence[Line]
    edition: str
    id: str
    told: str = ""
    """What stands at the end of the last line."""
    names: Sequence[tuple[str, str]] = ()
    """At the end of the first line of the title: its names in other scripts."""
    histogram: Bars | None = None
    panel: Panel | None = None
    panel_at: int = 0
    when: Bar | None = None
    """When an event happened, on a scale of whole years."""
    years: str = ""
    when_at: int = 0


def preview(db: Session, found: Citable, licence: str) -> Preview:
    """One statement beside those that found the view, for the figures of a place."""
    view, row = found.view, found.row
    plain = Preview(
        words=". ".join(part for part in (view.title, view.remark) if part),
        kind="",
        lines=(),
        edition=_("Edition {no}, {day}. {licence}").format(
            no=view.edition.no, day=day(view.edition.at.date()), licence=licence
        ),
        id=view.id,
    )
    if found.filters:
        return _of_list(db, found, plain)
    if found.place:
        return _of_place(db, found, plain)
    if row and row.kind == "E" and row.state == "live":
        return _of_event(row, found.directory, plain)
    told = [part[:1].upper() + part[1:] for part in (view.said, view.remark) if part]
    kind = _(KINDS[row.kind].label) if row else ""
    return replace(plain, kind=kind, lines=_set(HUGE, (view.title, view.language), told, most=4))


def _of_list(db: Session, found: Citable, plain: Preview) -> Preview:
    """The filter in words over the histogram of the page."""
    assert found.filters and found.counted
    edition, filters = found.view.edition, found.filters
    drawn = backend.histogram(db, edition, filters, found.directory, found.counted.extent)
    told = [found.view.remark] if found.view.remark else []
    lines = _set(BIG if drawn else HUGE, (found.view.title, "en"), told, most=3 if drawn else 4)
    top = lines[-1].y + 34
    return replace(
        plain,
        kind=_(WORDING[filters.KIND].title),
        lines=lines,
        histogram=bars(drawn, MARGIN, INNER, top, BASE) if drawn else None,
    )


def _of_place(db: Session, found: Citable, plain: Preview) -> Preview:
    """Its names, the newest figure, and the chart's first panel; where nothing can be drawn, how many events."""
    code, directory, edition = found.place, found.directory, found.view.edition
    place, rows = directory.places[code], figures_at(db, edition, directory, [code])
    newest = newest_stock(rows) or newest_of_any_kind(rows)
    if newest:
        figure = figure_view(newest, directory)
        told = _("{figure}: {what}, {time}. {who}").format(
            figure=figure.words[:1].upper() + figure.words[1:],
            what=figure.counts.lower(),
            time=figure.time,
            who=figure.speaker[:1].upper() + figure.speaker[1:],
        )
    else:
        told = _("Nobody is on record with a figure.")
    figures = [Figure(figure_view(row, directory), row.payload) for row in rows]
    panel = first_panel(figures, [code], edition.at.date(), PICTURE)
    said = wrapped(told, SAID, INNER, 1) if panel else [told, _events_there(db, found)]
    type = BIG if panel else HUGE
    name, names = directory.label("place", code), _named(short_names(directory, code))
    has_room = (
        width_in(name, type) + sum(width_in(f"{each} ", BIG) for each, _language in names) < INNER
    )
    return replace(
        plain,
        words=f"{plain.words}. {told}",
        kind=_(place.kind.label),
        lines=_set(type, (name, "en"), said, most=1),
        names=names if has_room else (),
        panel=panel,
        panel_at=FOOT - 20 - panel.height if panel else 0,
    )


def _events_there(db: Session, found: Citable) -> str:
    here = EventFilters.made_of({"place": [found.place]}, {})
    if total := backend.total(db, found.view.edition, here, found.directory):
        return ngettext("{count} event is on record.", "{count} events are on record.", total)
    return _("No event is on record, which may only mean that nobody looked.")


def _named(names: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, language) for language, name in names]


def _of_event(row: Version, directory: Directory, plain: Preview) -> Preview:
    """What, when, where, and how well it is supported."""
    found = queries.found(row)
    card = card_of(found, None, (), directory)
    lines = _set(HUGE, (row.payload["form"]["title"], "en"), [], most=3)
    y = lines[-1].y + 38
    lines += [
        Line(y, "x-str", [(card.when[:1].upper() + card.when[1:], "en")]),
        Line(
            y + 26,
            "x-txt",
            [name for place in card.places for name in [(place.label, "en"), *_named(place.names)]],
        ),
        *_marks(card, y + 62),
    ]
    scale = whole_years([found])
    when = years = None
    if scale and scale.first and scale.last and found.span:
        form = row.payload["form"]
        when = bar(
            found.span,
            found.lo,
            found.hi,
            form.get("happened", ""),
            form.get("deadline", ""),
            scale,
            WHEN,
        )
        first, last = scale.first.year, scale.last.year
        years = str(first) if first == last else f"{first}–{last}"
    kind = ", ".join([card.type, *(stage.label.lower() for stage in card.stages)])
    told = ngettext("{count} source", "{count} sources", card.sources)
    return replace(
        plain, kind=kind, lines=lines, when=when, years=years or "", when_at=y, told=told
    )


WHEN = 220
"""Pixels that the bar of an event's date is wide."""


def _marks(card: Card, y: int) -> Iterable[Line]:
    """How well it is supported and whether it is disputed: the marks of its page, each with its words."""
    for mark in card.corroboration:
        yield Line(y, "x-str", [(mark.label, "en")], f"co-{mark.code}")
        y += SAID.line + 4
    if card.disputed:
        disputed = _("Disputed: {what}").format(what=", ".join(card.disputed).lower())
        yield Line(y, "x-dl", [(disputed, "en")], "ne")


@cache
def symbols() -> str:
    """The shapes of marks, to stand in a picture that can fetch nothing."""
    sprite = (paths.STATIC / "icons.svg").read_text()
    return "\n".join(re.findall(r'^<symbol id="(?:co-[a-z-]+|ne)".*$', sprite, re.MULTILINE))


# Words in a picture -----------------------------------------------------------------------------------------------


def _set(type: Type, title: tuple[str, str], said: Sequence[str], most: int) -> list[Line]:
    """A title of at most so many lines, and what is said under it, each in two at most."""
    words, language = title
    lines = wrapped(words, type, INNER, most)
    found = [
        Line(type.first + type.line * number, type.style, [(line, language)])
        for number, line in enumerate(lines)
    ]
    y = found[-1].y + 24
    for line in (line for text in said for line in wrapped(text, SAID, INNER, 2)):
        found.append(Line(y, SAID.style, [(line, "en")]))
        y += SAID.line
    return found


def as_svg(drawn: Preview) -> str:
    return (
        environment()
        .get_template("site/preview/card.svg")
        .render(
            preview=drawn,
            style=style(),
            symbols=symbols(),
            width=WIDTH,
            height=HEIGHT,
            margin=MARGIN,
            head=HEAD_AT,
            foot=FOOT,
        )
    )
