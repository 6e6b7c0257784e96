"""The chart of the estimates of a place, as data in pixels.

Each measure has its own panel. All panels share the time axis, and every scale starts at zero.
Estimates are drawn as reported: never joined, added or averaged. The chart lists the estimates
that are not drawn, with the reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from app.dates.bar import Ruler
from app.i18n.translate import N_, _, ngettext
from app.record.names.measures import measure_label, papers_label
from app.record.rules.whereabouts import Whereabouts
from app.site.charts.glyphs import Scale, Years, mark, round_pixels
from app.site.charts.label_layout import Detail, brackets, labels
from app.site.charts.panels import (
    DRAWN_MEASURES,
    REASONS_LEFT_OUT,
    Chart,
    ChartDrawing,
    EventCount,
    Heading,
    LeftOut,
    Panel,
    PanelKey,
    Tick,
    conflict_pairs,
    panel_key,
    reason_left_out,
)
from app.site.charts.time_axis import (
    all_years,
    draw_strip,
    time_axis,
    year_names,
    years_beside,
)
from app.site.components.headcounts import possible_days
from app.site.presenters.estimate import EstimateView
from app.vocabulary.estimates import MOVEMENTS, Counts, PapersWere, Unit


def sort_key(figure: EstimateView, places: Collection[str]) -> tuple[PanelKey, date, date, int]:
    days = possible_days(figure.form)
    first, last = days.first or days.last or date.max, days.last or days.first or date.max
    return panel_key(figure.form, places), first, last, int(figure.id[1:])


ALPHABET = "abcdefghjkmnpqrstuvwxyz"
"""Without i, l and o, which look like marks."""


def letters_of_number(number: int) -> str:
    """Return the letters of the number: a, b … z, aa, ab …"""
    rest, last = divmod(number, len(ALPHABET))
    return (letters_of_number(rest - 1) if rest else "") + ALPHABET[last]


# The whole chart --------------------------------------------------------------------------------


def chart(
    figures: Sequence[EstimateView],
    acts: Sequence[EventCount],
    places: Iterable[str],
    on: date,
    headline: str = "",
) -> Chart:
    """Return the chart of all estimates of a place. `places` may include the sites of a city.

    `headline` is the id of the latest estimate for the whole place.
    """
    codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
    reasons = {figure.id: reason_left_out(figure.form, codes, forms) for figure in figures}
    ordered = sorted(
        figures,
        key=lambda figure: (bool(reasons[figure.id]), figure.is_part, sort_key(figure, codes)),
    )
    letters = {figure.id: letters_of_number(number) for number, figure in enumerate(ordered)}
    drawn = [figure for figure in ordered if not reasons[figure.id]]
    ruler = time_axis(drawn, acts, on)
    wide, medium, narrow = (
        _drawing(drawn, letters, acts, Sheet(size, ruler, on, codes, headline))
        for size in (WIDE_SIZE, MEDIUM_SIZE, NARROW_SIZE)
    )
    used = signs_of(wide.panels)
    return Chart(
        figures=ordered,
        letters=letters,
        drawn=len(drawn),
        wide=wide,
        medium=medium,
        narrow=narrow,
        headline=headline if headline in {figure.id for figure in drawn} else "",
        left_out=[
            LeftOut(
                _(words), [letters[figure.id] for figure in ordered if reasons[figure.id] == reason]
            )
            for reason, words in REASONS_LEFT_OUT.items()
            if reason in reasons.values()
        ],
        groups=groups_in_words(used),
        signs=signs_in_words(used),
        conflicts=conflict_pairs(ordered, letters),
    )


def first_panel(
    figures: Sequence[EstimateView], places: Iterable[str], on: date, size: "Size"
) -> Panel | None:
    """Return only the first panel, for the preview picture of a link."""
    codes, forms = frozenset(places), {figure.id: figure.form for figure in figures}
    drawn = sorted(
        (f for f in figures if not reason_left_out(f.form, codes, forms)),
        key=lambda figure: (figure.is_part, sort_key(figure, codes)),
    )
    kinds = [(panel_key(figure.form, codes), figure.is_part) for figure in drawn]
    first = [figure for figure, kind in zip(drawn, kinds, strict=True) if kind == kinds[0]]
    if not first:
        return None
    letters = {figure.id: letters_of_number(number) for number, figure in enumerate(first)}
    return _drawing(first, letters, (), Sheet(size, time_axis(first, (), on), on, codes)).panels[0]


def signs_of(panels: Iterable[Panel]) -> set[str]:
    """Return the groups of speakers and the signs that the panels show."""
    panels = list(panels)
    marks = [each for panel in panels for each, _label in panel.marks]
    found = {
        kind
        for each in marks
        for kind in (
            each.figure.speaker_group,
            *(shape.kind for shape in each.shapes),
        )
    }
    if "ring" in found:
        found.add("point")
    if any(each.figure.is_unseen_document for each in marks):
        found.add("unseen")
    return found | ({"conflict"} if any(panel.brackets for panel in panels) else set())


def groups_in_words(used: Collection[str]) -> list[tuple[str, str]]:
    return [(group, _(words)) for group, words in GROUPS.items() if group in used]


def signs_in_words(used: Collection[str]) -> list[tuple[str, str]]:
    return [(sign, _(words)) for sign, words in SIGNS.items() if sign in used]


GROUPS = {
    "doc": N_("Document or statistic"),
    "rec": N_("Named person or body"),
    "anon": N_("Unnamed source"),
    "out": N_("Outlet’s own report, or a repeat"),
    "ana": N_("Expert, organisation or intelligence service"),
}
SIGNS = {
    "point": N_("one number"),
    "about": N_("about"),
    "nearly": N_("nearly"),
    "up": N_("more than, or at least"),
    "down": N_("up to, or fewer than"),
    "range": N_("from … to"),
    "plan": N_("planned, forecast or allowed"),
    "unseen": N_("document described by a report, not seen by us"),
    "word": N_("in words only"),
    "time": N_("some time in this period"),
    "conflict": N_("two estimates in conflict"),
}
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


WIDE_SIZE = Size(760, lowest=170, highest=380, for_each=60, detail="letter")
MEDIUM_SIZE = Size(704, lowest=170, highest=420, for_each=40, detail="letter")
NARROW_SIZE = Size(328, lowest=96, highest=400, for_each=20, detail="letter")
"""Fits a screen of 360 pixels, so that its text is never scaled down on one."""
PREVIEW_SIZE = Size(552, lowest=88, highest=88, for_each=0, detail="amount")
"""Size of the panel in the preview picture of a link."""

PIXELS_ABOVE, PIXELS_BELOW, PIXELS_WITHOUT_SCALE = 44, 24, 28
"""Pixels above the highest line (for an arrow and its letter), below the axis (for the years),
and of a panel without numbers."""


@dataclass(frozen=True)
class Sheet:
    """What all panels of one drawing have in common."""

    size: Size
    ruler: Ruler
    on: date
    places: frozenset[str]
    """The places whose estimates are drawn."""
    headline: str = ""
    """Id of the latest estimate for the whole place."""


def _drawing(
    drawn: Sequence[EstimateView],
    letters: Mapping[str, str],
    acts: Sequence[EventCount],
    sheet: Sheet,
) -> ChartDrawing:
    rows = {
        key: list(group)
        for key, group in groupby(
            drawn, key=lambda figure: (panel_key(figure.form, sheet.places), figure.is_part)
        )
    }
    keys = [key for key, _is_part in rows]
    scales = {key: Scale.of(group) for key, group in rows.items()}
    words = [words for scale in scales.values() for words in scale.words]
    years = years_beside(sheet.ruler, words, sheet.size.width)
    panels = [
        draw_panel(
            heading_of_kind(kind, group, keys),
            [(f, letters[f.id]) for f in group],
            scales[kind],
            years,
            sheet,
        )
        for kind, group in rows.items()
    ]
    strip = draw_strip(acts, years, sheet.size.width, sheet.on) if acts else None
    return ChartDrawing(panels, strip)


NOTES = {
    Counts.PRESENT: N_("{unit}, as of a date"),
    Counts.APPLICATIONS: N_("{unit}, applied for in a period or by a date"),
}
NOTES_OF_PAPERS = {
    PapersWere.ISSUED: N_("{unit}, issued in a period"),
    PapersWere.VALID: N_("{unit}, in force at a date"),
    PapersWere.REFUSED: N_("{unit}, refused in a period"),
    PapersWere.REVOKED: N_("{unit}, revoked in a period"),
}
NOTE_OF_PAPERS = N_("{unit}; unknown whether issued or in force")
NOTE = N_("{unit} in a period")


Kind = tuple[PanelKey, bool]
"""The key of a panel, and whether it has parts only: a part is on no scale with a whole."""


def heading_of_kind(
    kind: Kind, figures: Sequence[EstimateView], others: Iterable[PanelKey]
) -> Heading:
    key, is_part = kind
    heading = panel_heading(key, figures, others)
    if not is_part:
        return heading
    title = _("{kind}: parts of a place").format(kind=heading.title)
    note = _("some factories or groups, not the whole place; {note}").format(note=heading.note)
    return replace(heading, title=title, note=note)


def panel_heading(
    key: PanelKey, figures: Sequence[EstimateView], others: Iterable[PanelKey]
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
            counts=title, whose=figures[0].nationalities or _("of any nationality")
        )
    words = NOTES.get(counts, NOTE)
    if is_of_papers:
        were = key.papers_were
        words = NOTES_OF_PAPERS[PapersWere(were)] if were else NOTE_OF_PAPERS
    note = _(words).format(unit=unit)
    if counts in MOVEMENTS and any(figure.is_as_of and not figure.is_plan for figure in figures):
        note = _("{note}, or in all by a date").format(note=note)
    return Heading(title, note)


def draw_panel(
    heading: Heading,
    figures: Sequence[tuple[EstimateView, str]],
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
    conflict_brackets = brackets(marks, years)
    now = round_pixels(years.after(sheet.on))
    line_of_now = (now - 1, 0, now + 1, base)
    obstacles = [line_of_now, *(bracket.box for bracket in conflict_brackets)]
    placed = labels(marks, obstacles, years, base, size.detail, sheet.headline)
    names, are_centred = year_names(years)
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
        years=[round_pixels(years.at(date(year, 1, 1))) for year in all_years(years)],
        year_names=names,
        names_are_centred=are_centred,
        now=now,
        brackets=conflict_brackets,
        marks=list(zip(marks, placed, strict=True)),
        is_of_parts=any(figure.is_part for figure, _letter in figures),
    )


def _description(count: int, scale: Scale) -> str:
    many = ngettext("{count} estimate", "{count} estimates", count).format(count=count)
    if not scale.steps:
        return _("{figures}, in words only. The list has the same estimates.").format(figures=many)
    return _("{figures}, on a scale from 0 to {most}. The list has the same estimates.").format(
        figures=many, most=scale.words[-1]
    )
