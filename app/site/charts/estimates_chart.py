"""The chart of the estimates of a place, as data in pixels.

Each measure has its own panel. All panels share the time axis, and every scale starts at zero.
Estimates are drawn as reported: never joined, added or averaged. The chart lists the estimates
that are not drawn, with the reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from app.dates.bar import Ruler
from app.i18n.translate import N_, _, ngettext
from app.record.names.measures import measure_label, papers_label
from app.record.rules.whereabouts import Whereabouts
from app.site.charts.chart_views import (
    Chart,
    ChartDrawing,
    EventCount,
    EventLane,
    EventStrip,
    Heading,
    LeftOut,
    Panel,
    Silence,
    Tick,
)
from app.site.charts.conflict_pairs import conflict_pairs
from app.site.charts.glyphs import EstimateMark, PlaceEstimate, Scale, Years, mark, round_pixels
from app.site.charts.label_layout import (
    FIRST_LINE_LETTER_PIXELS,
    MARGIN_RIGHT_PIXELS,
    SECOND_LINE_LETTER_PIXELS,
    Detail,
    brackets,
    labels,
    width_in_pixels,
)
from app.site.charts.panel_rules import (
    DRAWN_MEASURES,
    REASONS_LEFT_OUT,
    PanelKey,
    panel_key,
    reason_left_out,
)
from app.site.components.age import age
from app.site.components.headcounts import (
    is_stock,
    last_possible_day,
    possible_days,
    where_people_are,
)
from app.vocabulary.estimates import MOVEMENTS, Counts, PapersWere, Unit
from app.vocabulary.events import Side


def sort_key(figure: PlaceEstimate, places: Collection[str]) -> tuple[PanelKey, date, date, int]:
    days = possible_days(figure.form)
    first, last = days.first or days.last or date.max, days.last or days.first or date.max
    return panel_key(figure.form, places), first, last, int(figure.id[1:])


def letters_of_number(number: int) -> str:
    """Return the letters of the number: a, b … z, aa, ab …"""
    return (letters_of_number(number // 26 - 1) if number >= 26 else "") + chr(
        ord("a") + number % 26
    )


# The whole chart --------------------------------------------------------------------------------


def chart(
    figures: Sequence[PlaceEstimate], acts: Sequence[EventCount], places: Iterable[str], on: date
) -> Chart:
    """Return the chart of all estimates of a place. `places` may include the sites of a city."""
    codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
    reasons = {figure.id: reason_left_out(figure.form, codes, forms) for figure in figures}
    ordered = sorted(
        figures, key=lambda figure: (bool(reasons[figure.id]), sort_key(figure, codes))
    )
    letters = {figure.id: letters_of_number(number) for number, figure in enumerate(ordered)}
    drawn = [figure for figure in ordered if not reasons[figure.id]]
    ruler = time_axis(drawn, acts, on)
    wide, narrow = (
        _drawing(drawn, letters, acts, Sheet(size, ruler, on, codes))
        for size in (WIDE_SIZE, NARROW_SIZE)
    )
    marks = [each for panel in wide.panels for each, _label in panel.marks]
    used = {
        kind
        for each in marks
        for kind in (each.figure.view.speaker_group, *(s.kind for s in each.shapes))
    }
    return Chart(
        figures=ordered,
        letters=letters,
        drawn=len(drawn),
        wide=wide,
        narrow=narrow,
        left_out=[
            LeftOut(
                _(words), [letters[figure.id] for figure in ordered if reasons[figure.id] == reason]
            )
            for reason, words in REASONS_LEFT_OUT.items()
            if reason in reasons.values()
        ],
        groups=[(group, _(words)) for group, words in GROUPS.items() if group in used],
        signs=[(sign, _(words)) for sign, words in SIGNS.items() if sign in used],
        conflicts=conflict_pairs(ordered, letters),
    )


def first_panel(
    figures: Sequence[PlaceEstimate], places: Iterable[str], on: date, size: "Size"
) -> Panel | None:
    """Return only the first panel, for the preview picture of a link."""
    codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
    drawn = sorted(
        (f for f in figures if not reason_left_out(f.form, codes, forms)),
        key=lambda figure: sort_key(figure, codes),
    )
    first = [f for f in drawn if panel_key(f.form, codes) == panel_key(drawn[0].form, codes)]
    if not first:
        return None
    letters = {figure.id: letters_of_number(number) for number, figure in enumerate(first)}
    return _drawing(first, letters, (), Sheet(size, time_axis(first, (), on), on, codes)).panels[0]


GROUPS = {
    "doc": N_("Document or statistic"),
    "rec": N_("On the record"),
    "anon": N_("Not named"),
    "out": N_("Outlet’s own voice or a relay"),
    "ana": N_("Expert, NGO or intelligence"),
}
SIGNS = {
    "range": N_("lower and upper bound"),
    "part": N_("only some of the people: some plants, or one group"),
    "ours": N_("worked out by us: no source wrote this number"),
    "about": N_("“about”: the source gives no ends"),
    "nearly": N_("“nearly”: below this number; the source gives no lower end"),
    "up": N_("“more than” or “at least”"),
    "down": N_("“up to” or “fewer than”"),
    "plan": N_("not seen, but planned, expected or allowed"),
    "word": N_("words only"),
    "time": N_("some time in this span"),
}
MIN_YEARS = 10


def time_axis(drawn: Sequence[PlaceEstimate], acts: Sequence[EventCount], on: date) -> Ruler:
    """Return the time axis: first estimate (or event) to the edition, at least ten years."""
    times = [possible_days(figure.form) for figure in drawn]
    begun = [day.year for days in times if (day := days.first or days.last)] or [
        act.day.year for act in acts
    ]
    last = max([on.year, *begun])
    return Ruler(date(min([*begun, last - MIN_YEARS + 1]), 1, 1), date(last, 12, 31), width=1)


# One drawing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    """Sizes in which the drawings differ, in pixels."""

    width: int
    lowest: int
    highest: int
    for_each: int
    """Height of a panel for each estimate in it, between `lowest` and `highest`."""
    detail: Detail


WIDE_SIZE = Size(1150, lowest=150, highest=420, for_each=60, detail="speaker")
NARROW_SIZE = Size(358, lowest=96, highest=400, for_each=18, detail="letter")
PREVIEW_SIZE = Size(552, lowest=88, highest=88, for_each=0, detail="figure")
"""Size of the panel in the preview picture of a link."""

PIXELS_ABOVE, PIXELS_BELOW, PIXELS_WITHOUT_SCALE = 48, 24, 28
"""Pixels above the highest line (for an arrow), below the axis (for the years), and of a panel
without numbers."""
SCALE_GAP_PIXELS = 10
YEAR_PIXELS = 36


@dataclass(frozen=True)
class Sheet:
    """What all panels of one drawing have in common."""

    size: Size
    ruler: Ruler
    on: date
    places: frozenset[str]
    """The places whose estimates are drawn."""


def _drawing(
    drawn: Sequence[PlaceEstimate],
    letters: Mapping[str, str],
    acts: Sequence[EventCount],
    sheet: Sheet,
) -> ChartDrawing:
    rows = {
        key: list(group)
        for key, group in groupby(drawn, key=lambda figure: panel_key(figure.form, sheet.places))
    }
    scales = {key: Scale.of(group) for key, group in rows.items()}
    words = [words for scale in scales.values() for words in scale.words]
    years = years_beside(sheet.ruler, words, sheet.size.width)
    panels = [
        draw_panel(
            panel_heading(key, group, rows),
            [(f, letters[f.id]) for f in group],
            scales[key],
            years,
            sheet,
        )
        for key, group in rows.items()
    ]
    return ChartDrawing(panels, draw_strip(acts, years, sheet.size.width) if acts else None)


def years_beside(ruler: Ruler, words: Sequence[str], width: int) -> Years:
    """Return the time axis of a drawing, right of the numbers of its scales and names of lanes."""
    words = [*words, *(_(label) for label, _sides in LANES.values())]
    left = round(
        SCALE_GAP_PIXELS + max(width_in_pixels(each, SECOND_LINE_LETTER_PIXELS) for each in words)
    )
    return Years(replace(ruler, width=width - left - MARGIN_RIGHT_PIXELS), left)


NOTES = {
    Counts.PRESENT: N_("{unit}, as of a date"),
    Counts.APPLICATIONS: N_("{unit}, asked for in a period or by a date"),
}
NOTES_OF_PAPERS = {
    PapersWere.ISSUED: N_("{unit}, issued in a period"),
    PapersWere.VALID: N_("{unit}, in force at a date"),
    PapersWere.REFUSED: N_("{unit}, refused in a period"),
    PapersWere.REVOKED: N_("{unit}, revoked in a period"),
}
NOTE_OF_PAPERS = N_("{unit}; not on record whether issued or in force")
NOTE = N_("{unit} in a period")


def panel_heading(
    key: PanelKey, figures: Sequence[PlaceEstimate], others: Iterable[PanelKey]
) -> Heading:
    """Return the measure, with unit or nationalities if another panel differs in these."""
    counts, unit = DRAWN_MEASURES[key.measure], _(Unit(key.unit).label).lower()
    where = Whereabouts(key.elsewhere or Whereabouts.HERE)
    is_of_papers = counts is Counts.PAPERS
    title = papers_label(key.papers_were) if is_of_papers else measure_label(counts, where)
    if any(other[:3] == key[:3] and other.unit != key.unit for other in others):
        title = _("{counts}: {unit}").format(counts=title, unit=unit)
    if any(other.nationalities != key.nationalities for other in others):
        title = _("{counts}, {whose}").format(
            counts=title, whose=figures[0].whose or _("of any nationality")
        )
    words = NOTES.get(counts, NOTE)
    if is_of_papers:
        were = key.papers_were
        words = NOTES_OF_PAPERS[PapersWere(were)] if were else NOTE_OF_PAPERS
    note = _(words).format(unit=unit)
    if counts in MOVEMENTS and any(
        figure.view.is_as_of and not figure.is_plan for figure in figures
    ):
        note = _("{note}, or in all by a date").format(note=note)
    if any(figure.is_plan for figure in figures):
        note = _("{note}; a dashed outline where not seen but to come").format(note=note)
    return Heading(title, note)


def draw_panel(
    heading: Heading,
    figures: Sequence[tuple[PlaceEstimate, str]],
    scale: Scale,
    years: Years,
    sheet: Sheet,
) -> Panel:
    size = sheet.size
    plot = (
        min(max(size.lowest, size.for_each * len(figures)), size.highest)
        if scale.steps
        else PIXELS_WITHOUT_SCALE
    )
    base = PIXELS_ABOVE + plot
    scale = replace(scale, base=base, top=PIXELS_ABOVE)
    marks = [mark(figure, key, scale, years) for figure, key in figures]
    silence, conflict_brackets, now = (
        _silence(marks, years, sheet),
        brackets(marks, years),
        round_pixels(years.after(sheet.on)),
    )
    line_of_now = (now - 1, 0, now + 1, base)
    obstacles = [
        line_of_now,
        *(bracket.box for bracket in conflict_brackets),
        *([silence.box] if silence else []),
    ]
    names, are_centred = _year_names(years)
    return Panel(
        heading=heading,
        description=_description(len(marks), scale),
        width=size.width,
        height=base + PIXELS_BELOW,
        left=years.left,
        right=years.right,
        base=base,
        lines=[
            Tick(round_pixels(base - plot * n / max(scale.steps, 1)), words)
            for n, words in enumerate(scale.words)
        ],
        years=[round_pixels(years.at(date(year, 1, 1))) for year in _all_years(years)],
        year_names=names,
        names_are_centred=are_centred,
        now=now,
        silence=silence,
        brackets=conflict_brackets,
        marks=list(zip(marks, labels(marks, obstacles, years, base, size.detail), strict=True)),
    )


def _description(count: int, scale: Scale) -> str:
    many = ngettext("{count} figure", "{count} figures", count).format(count=count)
    if not scale.steps:
        return _("{figures}, in words only. The table below has the same.").format(figures=many)
    return _("{figures}, from 0 to {most}. The table below has the same.").format(
        figures=many, most=scale.words[-1]
    )


def _all_years(years: Years) -> range:
    return range(years.ruler.first.year, years.ruler.last.year + 1)


def _year_names(years: Years) -> tuple[list[Tick], bool]:
    wide = years.ruler.width / len(_all_years(years))
    step = next((step for step in (1, 2, 4, 5, 10, 20, 50) if step * wide >= YEAR_PIXELS), 100)
    starts = [(years.at(date(year, 1, 1)), str(year)) for year in _all_years(years)[::step]]
    if step == 1:
        return [Tick(round_pixels(at + wide / 2), words) for at, words in starts], True
    return [
        Tick(round_pixels(at), words)
        for at, words in starts
        if at + YEAR_PIXELS <= years.right + MARGIN_RIGHT_PIXELS
    ], False


MIN_WIDTH_OF_LONG_WORDS = 400
"""Pixels."""
MIN_SILENCE = timedelta(days=31)
SILENCE_LINE_Y, SILENCE_WORDS_Y = 6, 20


def _silence(marks: Sequence[EstimateMark], years: Years, sheet: Sheet) -> Silence | None:
    """Return the time since the newest stock of a whole, or None without one or if it is recent."""
    stocks = [
        form
        for each in marks
        if is_stock(form := each.figure.form)
        and not each.figure.is_part
        and where_people_are(form, sheet.places) is Whereabouts.HERE
    ]
    last = max((day for form in stocks if (day := last_possible_day(form))), default=None)
    if last is None or sheet.on - last < MIN_SILENCE:
        return None
    short, long = (
        _("at least {time}"),
        _("at least {time} without a figure for the whole place"),
    )
    words = (short if sheet.size.width < MIN_WIDTH_OF_LONG_WORDS else long).format(
        time=age(last, sheet.on).at_least
    )
    left, right, half = (
        years.after(last),
        years.after(sheet.on) - 2,
        width_in_pixels(words, FIRST_LINE_LETTER_PIXELS) / 2,
    )
    y = SILENCE_LINE_Y
    start, end = round_pixels(left), round_pixels(right)
    path = f"M{start} {y - 4}v8M{start} {y}H{end}M{end} {y - 4}v8"
    x = min(max((left + right) / 2, years.left + half), years.right - half)
    return Silence(
        path, round_pixels(x), SILENCE_WORDS_Y, words, (x - half, 0, x + half, SILENCE_WORDS_Y + 4)
    )


# The strip of events ----------------------------------------------------------------------------

LANES: dict[str, tuple[str, set[Side]]] = {
    "host": (N_("host"), {Side.HOST_STATE}),
    "home": (N_("home"), {Side.HOME_STATE}),
    "int": (N_("int’l"), {Side.INTERNATIONAL}),
    "other": (N_("other"), {Side.EMPLOYER}),
}
"""The sides of each lane. Events without a known order are in the last lane."""
LANE_PIXELS, FIRST_LANE_Y = 20, 14


def draw_strip(acts: Sequence[EventCount], years: Years, width: int) -> EventStrip:
    lanes, counts = [], []
    for number, (kind, (label, sides)) in enumerate(LANES.items()):
        group = [act for act in acts if act.sides & sides or (kind == "other" and not act.sides)]
        # Events in the same pixel share a stroke.
        strokes = sorted(
            {round(years.at(act.day)) for act in group if act.day >= years.ruler.first}
        )
        lanes.append(EventLane(kind, _(label), FIRST_LANE_Y + LANE_PIXELS * number, strokes))
        counts.append(
            _("{side}: {count}").format(side=_(label), count=sum(act.count for act in group))
        )
    return EventStrip(
        description=_("Events by who acted. {counts}.").format(counts=", ".join(counts)),
        width=width,
        height=FIRST_LANE_Y + LANE_PIXELS * len(lanes) - 6,
        left=years.left,
        right=years.right,
        lanes=lanes,
        earlier=sum(act.count for act in acts if act.day < years.ruler.first),
    )
