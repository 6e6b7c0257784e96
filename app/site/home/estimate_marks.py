"""Marks of estimates in the picture on the front page: places below each other, on one scale.

Positions along the axis are percentages; everything beside them is pixels around the mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.i18n.translate import _
from app.record.names.directory import Directory
from app.site.charts.glyphs import PlaceEstimate, Scale, round_pixels, symbol_path
from app.site.components.headcounts import possible_days
from app.site.components.urls import place_page_address
from app.site.home.time_axis import TimeAxis
from app.vocabulary.estimates import Quantifier

TOP_PIXELS, BASE_PIXELS, HEIGHT_PIXELS = 34, 104, 112
"""Heights of the top of the scale, of zero, and of the whole row."""
ARROW_PIXELS, STROKE_PIXELS, HALF_SYMBOL_PIXELS = 22, 7, 6
NARROW_PIXELS, WIDE_PIXELS = 330, 620
"""The narrowest plots below and above 60rem: labels are placed for both."""
CHARACTER_PIXELS, LINE_PIXELS, GAP_PIXELS = 7.2, 15, 10
MIN_TIME_PERCENT = 3
"""A shorter time has no line: its mark is as wide."""


@dataclass(frozen=True, slots=True)
class MarkLabel:
    """The amount beside a mark, in pixels from it."""

    dx: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class MarkView:
    """One estimate. `x` is a percentage; the shapes are in pixels, centred at 0."""

    id: str
    address: str
    title: str
    amount: str
    when: str
    speaker: str
    group: str
    is_unseen_document: bool
    x: float
    y: float
    time: tuple[float, float] | None
    """Edges of its time, as percentages."""
    shapes: Sequence[tuple[str, str]]
    """Class after “e-”, and path."""
    narrow: MarkLabel | None = None
    wide: MarkLabel | None = None


@dataclass(frozen=True, slots=True)
class PicturePlace:
    code: str
    label: str
    address: str
    marks: Sequence[MarkView]
    grid: Sequence[tuple[float, str]]
    """Height and number of each line of the scale, zero first."""


def place_rows(
    estimates: Mapping[str, Sequence[PlaceEstimate]], axis: TimeAxis, directory: Directory
) -> list[PicturePlace]:
    """Return a row for each place, all on one scale."""
    every = [estimate for rows in estimates.values() for estimate in rows]
    if not every:
        return []
    scale = replace(Scale.of(every), base=BASE_PIXELS, top=TOP_PIXELS)
    grid = [
        (round_pixels(scale.height(scale.step * step)), words)
        for step, words in enumerate(scale.words)
        if step % max(1, scale.steps // 2) == 0
    ]
    return [
        PicturePlace(
            code,
            directory.label("place", code),
            place_page_address(directory, code),
            _with_labels([_mark(each, scale, axis, code, directory) for each in rows]),
            grid,
        )
        for code, rows in estimates.items()
    ]


def used_signs(places: Iterable[PicturePlace]) -> set[str]:
    """Return the groups of speakers and the signs of the marks, for their key."""
    marks = [mark for place in places for mark in place.marks]
    found = {kind for mark in marks for kind, _path in mark.shapes}
    found |= {mark.group for mark in marks}
    if any(mark.is_unseen_document for mark in marks):
        found.add("unseen")
    return found - {"point"}


def _mark(
    estimate: PlaceEstimate, scale: Scale, axis: TimeAxis, code: str, directory: Directory
) -> MarkView:
    view, days = estimate.view, possible_days(estimate.form)
    left = axis.at(days.first) if days.first else axis.at(days.last or axis.on)
    right = axis.at(days.last) if days.last else left
    heights = {name: scale.height(number) for name, number in estimate.numbers.items()}
    middle = _middle(heights)
    # Translators: one estimate of a chart, such as "Dandong: about 20,000, January 2017".
    title = _("{place}: {amount}, {time}, {speaker}").format(
        place=directory.label("place", code),
        amount=view.words,
        time=view.time,
        speaker=view.speaker,
    )
    return MarkView(
        id=estimate.id,
        address=view.address,
        title=title,
        amount=view.amount,
        when=view.time,
        speaker=view.speaker,
        group=view.speaker_group,
        is_unseen_document=view.is_unseen_document,
        x=round((left + right) / 2, 2),
        y=round_pixels(middle),
        time=(left, right) if right - left > MIN_TIME_PERCENT else None,
        shapes=list(_shapes(estimate, heights)),
    )


def _middle(heights: Mapping[str, float]) -> float:
    if "point" in heights:
        return heights["point"]
    if "low" in heights and "high" in heights:
        return (heights["low"] + heights["high"]) / 2
    return heights.get("low", heights.get("high", float(BASE_PIXELS)))


def _shapes(estimate: PlaceEstimate, at: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Yield the shapes of the amount: a bound is a cap with an arrow, never a point."""
    low, high = at.get("low"), at.get("high")
    if low is not None and high is not None:
        yield "range", f"M0 {round_pixels(high)}V{round_pixels(low)}"
        yield "cap", f"M-5 {round_pixels(high)}h10M-5 {round_pixels(low)}h10"
    elif low is not None:
        yield from _arrow("up", low, -min(ARROW_PIXELS, low - 4))
    elif high is not None:
        yield from _arrow("down", high, min(ARROW_PIXELS, BASE_PIXELS - high))
    if estimate.form["quantifier"] == Quantifier.ABOUT:
        top = min(at.values()) - HALF_SYMBOL_PIXELS
        bottom = max(at.values()) + HALF_SYMBOL_PIXELS
        below = max(min(STROKE_PIXELS, BASE_PIXELS + 6 - bottom), 0)
        above = f"M0 {round_pixels(top)}v-{STROKE_PIXELS}"
        yield "about", f"{above}M0 {round_pixels(bottom)}v{round_pixels(below)}"
    if "point" in at:
        view = estimate.view
        is_hollow = view.speaker_group == "anon" or view.is_unseen_document
        kind = "ring" if is_hollow else "point"
        yield kind, symbol_path(estimate.view.speaker_group, 0, at["point"])


def _arrow(kind: str, y: float, length: float) -> Iterator[tuple[str, str]]:
    y, length = round_pixels(y), round_pixels(length)
    out = 5 if length > 0 else -5
    yield "cap", f"M-7 {y}h14"
    if abs(length) > abs(out):
        yield kind, f"M0 {y}v{length}"
        yield "head", f"M-5 {round_pixels(y + length - out)}l5 {out} 5 {-out}"


# Labels -----------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]


def _with_labels(marks: Sequence[MarkView]) -> list[MarkView]:
    """Give labels to the marks that have room for one: the latest and the largest first."""
    latest_first = sorted(marks, key=lambda mark: -mark.x)
    largest = min(marks, key=lambda mark: mark.y)
    order = list(dict.fromkeys([latest_first[0].id, largest.id, *(m.id for m in latest_first)]))
    narrow, wide = (_labels(marks, order, width) for width in (NARROW_PIXELS, WIDE_PIXELS))
    return [replace(mark, narrow=narrow.get(mark.id), wide=wide.get(mark.id)) for mark in marks]


def _labels(marks: Sequence[MarkView], order: Sequence[str], width: int) -> dict[str, MarkLabel]:
    by_id = {mark.id: mark for mark in marks}
    taken = [_mark_box(mark, width) for mark in marks]
    found: dict[str, MarkLabel] = {}
    for id in order:
        mark = by_id[id]
        x, length = mark.x / 100 * width, len(mark.amount) * CHARACTER_PIXELS
        for label in _positions(mark):
            box = _label_box(label, x, length)
            if box[0] >= 0 and box[2] <= width and not any(_meet(box, other) for other in taken):
                found[id] = label
                taken.append(box)
                break
    return found


def _positions(mark: MarkView) -> Iterator[MarkLabel]:
    _left, top, _right, bottom = _mark_box(mark, 100)
    yield MarkLabel(0, round_pixels(top - 3), "middle")
    yield MarkLabel(GAP_PIXELS, round_pixels(mark.y + 4), "start")
    yield MarkLabel(-GAP_PIXELS, round_pixels(mark.y + 4), "end")
    yield MarkLabel(GAP_PIXELS, round_pixels(top + 2), "start")
    yield MarkLabel(-GAP_PIXELS, round_pixels(top + 2), "end")
    if bottom + LINE_PIXELS < BASE_PIXELS:
        yield MarkLabel(0, round_pixels(bottom + LINE_PIXELS), "middle")


def _mark_box(mark: MarkView, width: int) -> Box:
    kinds = {kind for kind, _path in mark.shapes}
    x, top, bottom = mark.x / 100 * width, mark.y, mark.y
    if "up" in kinds:
        top -= ARROW_PIXELS
    if "down" in kinds:
        bottom += ARROW_PIXELS
    if "about" in kinds:
        top, bottom = top - STROKE_PIXELS, bottom + STROKE_PIXELS
    return x - 8, top - HALF_SYMBOL_PIXELS, x + 8, bottom + HALF_SYMBOL_PIXELS


def _label_box(label: MarkLabel, x: float, length: float) -> Box:
    start = {"start": 0.0, "middle": length / 2, "end": length}[label.anchor]
    left = x + label.dx - start
    return left, label.y - LINE_PIXELS + 3, left + length, label.y + 3


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
