"""Geometry of the bar that shows an uncertain date on a time scale, for lists and event pages.

A single day is a thin line. A light box is one moment within a range, a solid box is a duration.
Strokes mean "about", a chevron means that it continues, a flag is a deadline. A box ends exactly
where its last possible day ends.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.dates import edtf as dates
from app.dates.edtf import DateError, Days, Edtf

INSET = 0.8
"""Pixels: half the outline of a light box, so that its outer edge is on the bound."""
MIN_BOX_WIDTH = 3
"""Pixels: a narrower box is widened around its middle."""
DAY_WIDTH = 2.5
"""Pixels."""
CHEVRON_WIDTH = 7
"""Pixels."""
STROKE_LENGTH, GAP = 6, 1.2
"""Pixels: the length of the strokes for "about", and their distance from the shape."""


@dataclass(frozen=True)
class Bar:
    """Shapes, in pixels from the left edge. `before` and `after` are the tips of chevrons."""

    width: int
    ticks: tuple[float, ...] = ()
    days: tuple[float, ...] = ()
    boxes: tuple[tuple[float, float, bool], ...] = ()
    """Left edge, width, and whether the box is a duration instead of one moment within it."""
    strokes: tuple[tuple[float, float], ...] = ()
    faded: tuple[tuple[float, float], ...] = ()
    """Left edge and width of the surroundings of an approximate date."""
    before: float | None = None
    after: float | None = None
    deadline: float | None = None


@dataclass(frozen=True)
class Piece:
    """One shape of a bar before it is scaled."""

    days: Days
    lasts: bool = False
    about_first: bool = False
    about_last: bool = False
    has_no_first: bool = False
    has_no_last: bool = False


def bar(  # noqa: PLR0917 - three ranges of the record, two texts and a scale, each of its own kind
    spans: Sequence[Days],
    lo: Days | None,
    hi: Days | None,
    happened: str,
    deadline: str,
    scale: Days,
    width: int = 132,
    lasts: bool = True,
    surroundings: Days | None = None,
    *,
    is_attested: bool = False,
) -> Bar | None:
    """Return the bar of a date; None if no day is known or the scale has no bounds.

    `spans`, `lo`, `hi` and `surroundings` are the record's ranges; `happened` and `deadline` are
    EDTF texts. What does not last, such as a publication, was on one day within an interval. What
    is only attested at a date may have begun before it, and ended after it.
    """
    if not spans or not (scale.first and scale.last):
        return None
    ruler = Ruler(scale.first, scale.last, width)
    shapes = [
        shape
        for piece in (
            _pieces_of_attested(spans, _parse(happened))
            if is_attested
            else _pieces(spans, lo, hi, _parse(happened), lasts)
        )
        if (shape := ruler.shape(piece))
    ]
    before, after = (
        next((tip for shape in shapes if (tip := getattr(shape, end)) is not None), None)
        for end in ENDS
    )
    return Bar(
        width,
        ticks=ruler.quarters(),
        days=tuple(x for shape in shapes for x in shape.days),
        boxes=tuple(box for shape in shapes for box in shape.boxes),
        strokes=tuple(stroke for shape in shapes for stroke in shape.strokes),
        faded=ruler.faded(surroundings),
        before=before,
        after=after,
        deadline=ruler.flag(_parse(deadline)),
    )


ENDS = ("before", "after")


def _parse(text: str) -> Edtf | None:
    # A published date is valid, but a deadline may be a word ("unstated").
    try:
        return dates.parse(text)
    except DateError:
        return None


def _pieces(
    spans: Sequence[Days], lo: Days | None, hi: Days | None, edtf: Edtf | None, lasts: bool
) -> Iterable[Piece]:
    if edtf is None:
        return [Piece(days) for days in spans]
    first, last = edtf.parts[0], edtf.parts[-1]
    if edtf.shape == "interval":
        whole = Days(lo.first if lo else spans[0].first, hi.last if hi else spans[-1].last)
        open_first, open_last = first == dates.OPEN, last == dates.OPEN
        lasts = lasts and not (open_first and lo == hi)  # an act at some time up to its end
        return [Piece(whole, lasts, _is_about(first), _is_about(last), open_first, open_last)]
    if edtf.shape == "by":
        return [Piece(days, False, about_last=_is_about(last), has_no_first=True) for days in spans]
    if edtf.shape == "one-of":
        # The record joins adjacent ranges, but "May or June" has two boxes.
        return [
            Piece(days, False, _is_about(part), _is_about(part))
            for part in edtf.parts
            for span in spans
            if (days := part.days.common(span))
        ]
    return [Piece(days, False, _is_about(first), _is_about(first)) for days in spans]


def _pieces_of_attested(spans: Sequence[Days], edtf: Edtf | None) -> Iterable[Piece]:
    [possible] = spans
    if edtf is None or edtf.whole is None:
        return [Piece(possible, has_no_first=True, has_no_last=True)]
    first, last = edtf.parts[0], edtf.parts[-1]
    is_lasting = edtf.shape == "interval"
    attested = Piece(edtf.whole, is_lasting, _is_about(first), _is_about(last), has_no_last=True)
    return [Piece(possible, has_no_first=True), attested]


def _is_about(part: dates.Part) -> bool:
    return part.mark in {"~", "%"}


@dataclass(frozen=True)
class Ruler:
    """Converts days to pixels. The scale includes its first and its last day."""

    first: date
    last: date
    width: int

    def at(self, day: date) -> float:
        """Return the left edge of a day."""
        return (day - self.first).days / ((self.last - self.first).days + 1) * self.width

    def after(self, day: date) -> float:
        """Return the right edge of a day."""
        # Not `at` the next day: `date.max` has none.
        return self.at(day) + self.width / ((self.last - self.first).days + 1)

    def months(self) -> Iterator[tuple[date, float, float]]:
        """Yield the first day and the edges of each month, as far as it is on the scale."""
        first = self.first
        while first <= self.last:
            end = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
            yield first, self.at(first), self.after(min(end, self.last))
            if end >= self.last:
                break
            first = end + timedelta(days=1)

    def quarters(self) -> tuple[float, ...]:
        """Return the left edge of each quarter."""
        return _quarters(self)

    def flag(self, edtf: Edtf | None) -> float | None:
        """Return the right edge of a deadline's last possible day; None if it is off the scale."""
        day = edtf.whole.last if edtf and edtf.whole else None
        return _round(self.after(day)) if day and self.first <= day <= self.last else None

    def faded(self, days: Days | None) -> tuple[tuple[float, float], ...]:
        """Return the left edge and the width of surroundings, as far as they are on the scale."""
        on_scale = days.common(Days(self.first, self.last)) if days else None
        if on_scale is None or on_scale.first is None or on_scale.last is None:
            return ()
        left = self.at(on_scale.first)
        return ((_round(left), _round(self.after(on_scale.last) - left)),)

    def shape(self, piece: Piece) -> Bar | None:
        first, last = piece.days.first, piece.days.last
        starts_before = first is None or first < self.first
        ends_after = last is None or last > self.last
        is_beyond_left = last is not None and last < self.first
        is_beyond_right = first is not None and first > self.last
        if is_beyond_left or is_beyond_right:
            return Bar(
                self.width,
                before=0 if is_beyond_left else None,
                after=self.width if is_beyond_right else None,
            )
        left = 0.0 if first is None or starts_before else self.at(first)
        right = float(self.width) if last is None or ends_after else self.after(last)
        before = after = None
        if starts_before or piece.has_no_first:
            before = 0.0 if starts_before else max(left - CHEVRON_WIDTH, 0)
            left = max(left, before + CHEVRON_WIDTH)
        if ends_after or piece.has_no_last:
            after = float(self.width) if ends_after else min(right + CHEVRON_WIDTH, self.width)
            right = min(right, after - CHEVRON_WIDTH)
        is_day = first == last and not piece.lasts
        left, right = self._widen(left, right, DAY_WIDTH if is_day else MIN_BOX_WIDTH)
        strokes = []
        if piece.about_first and before is None:
            strokes.append((_round(left - GAP - STROKE_LENGTH), _round(left - GAP)))
        if piece.about_last and after is None:
            strokes.append((_round(right + GAP), _round(right + GAP + STROKE_LENGTH)))
        inset = 0 if piece.lasts else INSET
        return Bar(
            self.width,
            days=(_round((left + right) / 2),) if is_day else (),
            boxes=()
            if is_day
            else ((_round(left + inset), _round(right - left - 2 * inset), piece.lasts),),
            strokes=tuple(strokes),
            before=None if before is None else _round(before),
            after=None if after is None else _round(after),
        )

    def _widen(self, left: float, right: float, least: float) -> tuple[float, float]:
        if right - left >= least and least != DAY_WIDTH:
            return left, right
        start = min(max((left + right - least) / 2, 0), self.width - least)
        return start, start + least


@lru_cache(500)
def _quarters(ruler: Ruler) -> tuple[float, ...]:
    return tuple(
        _round(left) for first, left, _ in ruler.months() if first.month % 3 == 1 and first.day == 1
    )


def _round(pixels: float) -> float:
    # Rounded to a tenth of a pixel: a page has hundreds of these numbers.
    short = round(pixels, 1)
    return int(short) if short == int(short) else short
