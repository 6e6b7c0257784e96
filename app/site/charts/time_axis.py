"""The time axis that all drawings of a page share, and the events on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.dates.bar import Ruler
from app.i18n.translate import _, ngettext
from app.site.charts.glyphs import Years, round_pixels
from app.site.charts.label_layout import (
    MARGIN_RIGHT_PIXELS,
    width_in_pixels,
)
from app.site.charts.panels import EventCount, EventStrip, Tick
from app.site.components.headcounts import possible_days
from app.site.presenters.estimate import EstimateView

MIN_YEARS = 10


def time_axis(drawn: Sequence[EstimateView], acts: Sequence[EventCount], on: date) -> Ruler:
    """Return the time axis: first estimate (or event) to the edition, at least ten years."""
    times = [possible_days(figure.form) for figure in drawn]
    begun = [day.year for days in times if (day := days.first or days.last)] or [
        act.day.year for act in acts
    ]
    last = max([on.year, *begun])
    return Ruler(date(min([*begun, last - MIN_YEARS + 1]), 1, 1), date(last, 12, 31), width=1)


SCALE_GAP_PIXELS = 10
AXIS_LETTER_PIXELS = 7
"""The widest letter of a number on an axis, in any font of the stylesheet."""
YEAR_PIXELS = 36


def years_beside(ruler: Ruler, words: Sequence[str], width: int) -> Years:
    """Return the time axis of a drawing, right of the numbers of its scales and of “Events”."""
    words = [*words, _("Events")]
    left = round(
        SCALE_GAP_PIXELS + max(width_in_pixels(each, AXIS_LETTER_PIXELS) for each in words)
    )
    return Years(replace(ruler, width=width - left - MARGIN_RIGHT_PIXELS), left)


def all_years(years: Years) -> range:
    return range(years.ruler.first.year, years.ruler.last.year + 1)


def year_names(years: Years) -> tuple[list[Tick], bool]:
    wide = years.ruler.width / len(all_years(years))
    step = next((step for step in (1, 2, 4, 5, 10, 20, 50) if step * wide >= YEAR_PIXELS), 100)
    starts = [(years.at(date(year, 1, 1)), str(year)) for year in all_years(years)[::step]]
    if step == 1:
        return [Tick(round_pixels(at + wide / 2), words) for at, words in starts], True
    return [
        Tick(round_pixels(at), words)
        for at, words in starts
        if at + YEAR_PIXELS <= years.right + MARGIN_RIGHT_PIXELS
    ], False


def draw_strip(acts: Sequence[EventCount], years: Years, width: int, on: date) -> EventStrip:
    """Return the events as strokes. Events in the same pixel share a stroke."""
    total, first = sum(act.count for act in acts), years.ruler.first
    names, are_centred = year_names(years)
    return EventStrip(
        description=ngettext("{count} event", "{count} events", total).format(count=total),
        width=width,
        left=years.left,
        right=years.right,
        strokes=sorted({round(years.at(act.day)) for act in acts if act.day >= first}),
        earlier=sum(act.count for act in acts if act.day < first),
        first_year=first.year,
        last_year=years.ruler.last.year,
        years=[round_pixels(years.at(date(year, 1, 1))) for year in all_years(years)],
        year_names=names,
        names_are_centred=are_centred,
        now=round_pixels(years.after(on)),
    )
