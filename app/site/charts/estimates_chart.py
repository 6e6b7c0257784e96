"""The chart of a place's figures as data: which panels and marks there are, where they stand, and their words.

What counts different things has a panel of its own, all on the same years, and each scale begins at zero. Every figure
is drawn as it was said. Nothing is joined, summed or averaged, and what is not drawn is counted, with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from app.dates.bar import Ruler
from app.i18n.translate import N_, _, ngettext
from app.site.charts.chart_views import (
    Acts,
    Chart,
    Drawing,
    Heading,
    Lane,
    LeftOut,
    Panel,
    Silence,
    Strip,
    Tick,
)
from app.site.charts.glyphs import Figure, Mark, Scale, Years, mark, tidy
from app.site.charts.label_layout import (
    HEAD,
    ROOM,
    SUB,
    Detail,
    brackets,
    labels,
    width_of,
)
from app.site.charts.panel_rules import DRAWN, REASONS, PanelKey, panel_key, why_left_out
from app.site.components.age import age
from app.site.components.headcounts import held_until, is_stock, time_of
from app.vocabulary.estimates import Counts, Unit
from app.vocabulary.events import Side


def _in_order(figure: Figure) -> tuple[PanelKey, date, date, int]:
    days = time_of(figure.form)
    first, last = days.first or days.last or date.max, days.last or days.first or date.max
    return panel_key(figure.form), first, last, int(figure.id[1:])


def letter(number: int) -> str:
    """a, b … z, aa, ab …"""
    return (letter(number // 26 - 1) if number >= 26 else "") + chr(ord("a") + number % 26)


# The whole chart --------------------------------------------------------------------------------------------------


def chart(
    figures: Sequence[Figure], acts: Sequence[Acts], places: Iterable[str], on: date
) -> Chart:
    """The figures of a place, on the years up to the day of the edition. A city's sites may be among its codes."""
    codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
    reasons = {figure.id: why_left_out(figure.form, codes, forms) for figure in figures}
    ordered = sorted(figures, key=lambda figure: (bool(reasons[figure.id]), _in_order(figure)))
    letters = {figure.id: letter(number) for number, figure in enumerate(ordered)}
    drawn = [figure for figure in ordered if not reasons[figure.id]]
    ruler = _years(drawn, acts, on)
    wide, narrow = (
        _drawing(drawn, letters, acts, Sheet(size, ruler, on)) for size in (WIDE, NARROW)
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
            for reason, words in REASONS.items()
            if reason in reasons.values()
        ],
        groups=[(group, _(words)) for group, words in GROUPS.items() if group in used],
        signs=[(sign, _(words)) for sign, words in SIGNS.items() if sign in used],
        conflicts=[
            (letters[figure.id], letters[rival])
            for number, figure in enumerate(ordered)
            for rival in figure.payload["conflicts"]
            if rival in {other.id for other in ordered[number:]}
        ],
    )


def first_panel(
    figures: Sequence[Figure], places: Iterable[str], on: date, size: "Size"
) -> Panel | None:
    """The panel that stands first, alone on its years: for a picture that has room for one."""
    codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
    drawn = sorted((f for f in figures if not why_left_out(f.form, codes, forms)), key=_in_order)
    first = [figure for figure in drawn if panel_key(figure.form) == panel_key(drawn[0].form)]
    if not first:
        return None
    letters = {figure.id: letter(number) for number, figure in enumerate(first)}
    return _drawing(first, letters, (), Sheet(size, _years(first, (), on), on)).panels[0]


GROUPS = {
    "doc": N_("Document or statistic"),
    "rec": N_("On the record"),
    "anon": N_("Not named"),
    "out": N_("Outlet’s own voice or a relay"),
    "ana": N_("Expert, NGO or intelligence"),
}
SIGNS = {
    "range": N_("lower and upper bound"),
    "about": N_("“about”: ends not known"),
    "up": N_("“more than”"),
    "down": N_("“up to”"),
    "plan": N_("not seen, but planned, expected or allowed"),
    "word": N_("words only"),
    "time": N_("some time in this span"),
}
LEAST_YEARS = 10


def _years(drawn: Sequence[Figure], acts: Sequence[Acts], on: date) -> Ruler:
    """Calendar years from the first figure to the edition, ten at least; where nothing is drawn, from the events."""
    times = [time_of(figure.form) for figure in drawn]
    begun = [day.year for days in times if (day := days.first or days.last)] or [
        act.day.year for act in acts
    ]
    last = max([on.year, *begun])
    return Ruler(date(min([*begun, last - LEAST_YEARS + 1]), 1, 1), date(last, 12, 31), width=1)


# One drawing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    """What differs between the two drawings, in pixels."""

    width: int
    lowest: int
    highest: int
    for_each: int
    """How much higher a panel is for each figure in it."""
    detail: Detail


WIDE = Size(1150, lowest=150, highest=420, for_each=60, detail="speaker")
NARROW = Size(358, lowest=96, highest=400, for_each=18, detail="letter")
PICTURE = Size(552, lowest=88, highest=88, for_each=0, detail="figure")
"""The one panel of a link's preview."""

ABOVE, BELOW, WITHOUT_SCALE = 48, 24, 28
"""Pixels over the highest line, for an arrow that starts there; under the axis, for the years; and a panel of words."""
BESIDE_SCALE = 10
ROOM_FOR_A_YEAR = 36


@dataclass(frozen=True)
class Sheet:
    """What all panels of one drawing share."""

    size: Size
    ruler: Ruler
    on: date


def _drawing(
    drawn: Sequence[Figure], letters: Mapping[str, str], acts: Sequence[Acts], sheet: Sheet
) -> Drawing:
    rows = {
        key: list(some) for key, some in groupby(drawn, key=lambda figure: panel_key(figure.form))
    }
    scales = {key: Scale.of(some) for key, some in rows.items()}
    words = [words for scale in scales.values() for words in scale.words] + [
        _(label) for label, _sides in LANES.values()
    ]
    left = round(BESIDE_SCALE + max(width_of(each, SUB) for each in words))
    years = Years(replace(sheet.ruler, width=sheet.size.width - left - ROOM), left)
    panels = [
        _panel(
            _heading(key, some, rows), [(f, letters[f.id]) for f in some], scales[key], years, sheet
        )
        for key, some in rows.items()
    ]
    return Drawing(panels, _strip(acts, years, sheet.size) if acts else None)


NOTES = {
    Counts.PRESENT: N_("{unit}, as of a date"),
    Counts.PAPERS: N_("{unit}, issued in a period or in force at a date"),
}
NOTE = N_("{unit} in a period")


def _heading(key: PanelKey, figures: Sequence[Figure], others: Iterable[PanelKey]) -> Heading:
    """What it counts; of which unit and of whose nationals where that sets it apart from another panel."""
    counts, unit = DRAWN[key[0]], _(Unit(key[1]).label).lower()
    title = _(counts.label)
    if any(other[0] == key[0] and other[1] != key[1] for other in others):
        title = _("{counts}: {unit}").format(counts=title, unit=unit)
    if any(other[2] != key[2] for other in others):
        title = _("{counts}, {whose}").format(
            counts=title, whose=figures[0].whose or _("of any nationality")
        )
    note = _(NOTES.get(counts, NOTE)).format(unit=unit)
    if any(figure.is_plan for figure in figures):
        note = _("{note}; a dashed outline where not seen but to come").format(note=note)
    return Heading(title, note)


def _panel(
    heading: Heading,
    figures: Sequence[tuple[Figure, str]],
    scale: Scale,
    years: Years,
    sheet: Sheet,
) -> Panel:
    size = sheet.size
    plot = (
        min(max(size.lowest, size.for_each * len(figures)), size.highest)
        if scale.steps
        else WITHOUT_SCALE
    )
    base = ABOVE + plot
    scale = replace(scale, base=base, top=ABOVE)
    marks = [mark(figure, key, scale, years) for figure, key in figures]
    silence, beside, now = (
        _silence(marks, years, sheet),
        brackets(marks, years),
        tidy(years.after(sheet.on)),
    )
    line_of_now = (now - 1, 0, now + 1, base)
    in_the_way = [
        line_of_now,
        *(bracket.box for bracket in beside),
        *([silence.box] if silence else []),
    ]
    names, are_centred = _year_names(years)
    return Panel(
        heading=heading,
        description=_description(len(marks), scale),
        width=size.width,
        height=base + BELOW,
        left=years.left,
        right=years.right,
        base=base,
        lines=[
            Tick(tidy(base - plot * n / max(scale.steps, 1)), words)
            for n, words in enumerate(scale.words)
        ],
        years=[tidy(years.at(date(year, 1, 1))) for year in _all(years)],
        year_names=names,
        names_are_centred=are_centred,
        now=now,
        silence=silence,
        brackets=beside,
        marks=list(zip(marks, labels(marks, in_the_way, years, base, size.detail), strict=True)),
    )


def _description(count: int, scale: Scale) -> str:
    many = ngettext("{count} figure", "{count} figures", count).format(count=count)
    if not scale.steps:
        return _("{figures}, in words only. The table below has the same.").format(figures=many)
    return _("{figures}, from 0 to {most}. The table below has the same.").format(
        figures=many, most=scale.words[-1]
    )


def _all(years: Years) -> range:
    return range(years.ruler.first.year, years.ruler.last.year + 1)


def _year_names(years: Years) -> tuple[list[Tick], bool]:
    wide = years.ruler.width / len(_all(years))
    step = next((step for step in (1, 2, 4, 5, 10, 20, 50) if step * wide >= ROOM_FOR_A_YEAR), 100)
    starts = [(years.at(date(year, 1, 1)), str(year)) for year in _all(years)[::step]]
    if step == 1:
        return [Tick(tidy(at + wide / 2), words) for at, words in starts], True
    return [
        Tick(tidy(at), words) for at, words in starts if at + ROOM_FOR_A_YEAR <= years.right + ROOM
    ], False


SHORTEST = timedelta(days=31)
SILENCE_AT, SILENCE_WORDS_AT = 6, 20


def _silence(marks: Sequence[Mark], years: Years, sheet: Sheet) -> Silence | None:
    """How long nobody has said how many people are there: drawn where that would be drawn, and nowhere else."""
    stocks = [each.figure.form for each in marks if is_stock(each.figure.form)]
    last = max((day for form in stocks if (day := held_until(form))), default=None)
    if last is None or sheet.on - last < SHORTEST:
        return None
    old = age(last, sheet.on).words
    words = old if sheet.size is NARROW else _("{time} without a figure").format(time=old)
    left, right, half = years.after(last), years.after(sheet.on) - 2, width_of(words, HEAD) / 2
    y = SILENCE_AT
    path = f"M{tidy(left)} {y - 4}v8M{tidy(left)} {y}H{tidy(right)}M{tidy(right)} {y - 4}v8"
    x = min(max((left + right) / 2, years.left + half), years.right - half)
    return Silence(
        path, tidy(x), SILENCE_WORDS_AT, words, (x - half, 0, x + half, SILENCE_WORDS_AT + 4)
    )


# The strip of events ----------------------------------------------------------------------------------------------

LANES: dict[str, tuple[str, set[Side]]] = {
    "host": (N_("host"), {Side.HOST_STATE}),
    "home": (N_("home"), {Side.HOME_STATE}),
    "int": (N_("int’l"), {Side.INTERNATIONAL}),
    "other": (N_("other"), {Side.EMPLOYER}),
}
"""Who acted. The last lane also holds what nobody is known to have ordered."""
LANE, FIRST_LANE = 20, 14


def _strip(acts: Sequence[Acts], years: Years, size: Size) -> Strip:
    lanes, counts = [], []
    for number, (kind, (label, sides)) in enumerate(LANES.items()):
        some = [act for act in acts if act.sides & sides or (kind == "other" and not act.sides)]
        # Events that are less than a pixel apart share a stroke.
        strokes = sorted({round(years.at(act.day)) for act in some if act.day >= years.ruler.first})
        lanes.append(Lane(kind, _(label), FIRST_LANE + LANE * number, strokes))
        counts.append(
            _("{side}: {count}").format(side=_(label), count=sum(act.count for act in some))
        )
    return Strip(
        description=_("Events by who acted. {counts}.").format(counts=", ".join(counts)),
        width=size.width,
        height=FIRST_LANE + LANE * len(lanes) - 6,
        left=years.left,
        right=years.right,
        lanes=lanes,
        earlier=sum(act.count for act in acts if act.day < years.ruler.first),
    )
