"""The bar that stands for an uncertain date: its geometry on a fixed scale, for the list and the event's page.

A day is a thin upright, one moment somewhere inside is a light box, and what lasted is a solid bar. Marks say what a
shape alone cannot: strokes for "about", a chevron where it goes on, a flag for a deadline. Nothing is padded: a shape
ends where its last possible day ends.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.dates import edtf as dates
from app.dates.edtf import BadDate, Days, Edtf

INSET = 0.8
"""Pixels: half the outline of a light box, so that its outer edge lies on the bound."""
LEAST = 3
"""Pixels: narrower than this a box is a smudge, so it is drawn this wide around its middle."""
DAY = 2.5
"""Pixels: the width of the upright that stands for a day."""
CHEVRON = 7
"""Pixels that a chevron takes up at its edge."""
STROKES, GAP = 6, 1.2
"""Pixels: how far the strokes for "about" reach, and what separates them from the shape that they belong to."""


@dataclass(frozen=True)
class Bar:
    """All in pixels from the left edge. `before` and `after` are the tips of chevrons, if there are any."""

    width: int
    ticks: tuple[float, ...] = ()
    days: tuple[float, ...] = ()
    boxes: tuple[tuple[float, float, bool], ...] = ()
    """Left edge, width, and whether it lasted so long; if not, it was at some moment inside."""
    strokes: tuple[tuple[float, float], ...] = ()
    before: float | None = None
    after: float | None = None
    deadline: float | None = None


@dataclass(frozen=True)
class Strip:
    """The scale of the bars under one heading, in words."""

    width: int
    names: tuple[tuple[float, str], ...]
    """Where the middle of a month's or year's name stands, and the name."""
    is_letters: bool = False
    """Whether all names are single letters, which a page can print in one go."""
    on: tuple[float, int, float, int] | None = None
    """The heading's own month: left, top, width, height."""
    on_name: tuple[float, str] | None = None
    """The name to print on it, if it is covered by that."""


@dataclass(frozen=True)
class Piece:
    """One shape of a bar, with its doubts."""

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
) -> Bar | None:
    """The picture of when something happened; None if no day of it is known, or the scale has no ends.

    `spans`, `lo` and `hi` are the record's ranges; `happened` and `deadline` are what was written, in EDTF. What does
    not last, such as being published, was on some day within an interval.
    """
    if not spans or not (scale.first and scale.last):
        return None
    ruler = Ruler(scale.first, scale.last, width)
    shapes = [
        shape
        for piece in _pieces(spans, lo, hi, _read(happened), lasts)
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
        before=before,
        after=after,
        deadline=ruler.flag(_read(deadline)),
    )


ENDS = ("before", "after")


def _read(text: str) -> Edtf | None:
    """A published date is well formed, but a deadline may be a word ("unstated")."""
    try:
        return dates.parse(text)
    except BadDate:
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
        return [Piece(whole, lasts, _is_about(first), _is_about(last), open_first, open_last)]
    if edtf.shape == "one-of":
        # The record joins ranges that touch; "May or June" is still two boxes.
        return [
            Piece(days, False, _is_about(part), _is_about(part))
            for part in edtf.parts
            for span in spans
            if (days := part.days.common(span))
        ]
    return [Piece(days, False, _is_about(first), _is_about(first)) for days in spans]


def _is_about(part: dates.Part) -> bool:
    return part.mark in {"~", "%"}


@lru_cache(maxsize=2_000)
def strip(scale: Days | None, month: date | None, width: int = 132) -> Strip | None:
    """Months by their letters where there is room, else years; `month` is any day of the heading's month."""
    if scale is None or not (scale.first and scale.last):
        return None
    ruler = Ruler(scale.first, scale.last, width)
    months = list(ruler.months())
    on = next(
        ((left, right) for first, left, right in months if month and _same_month(first, month)),
        None,
    )
    if len(months) <= MOST_LETTERS:
        letters = 3 if width / len(months) >= ROOM_FOR_A_NAME else 1
        names = tuple(
            (_tidy((left + right) / 2), dates.MONTHS[first.month - 1][:letters])
            for first, left, right in months
        )
        if on is None:
            return Strip(width, names, letters == 1)
        on_name = next(
            name for name, (_, *edges) in zip(names, months, strict=True) if tuple(edges) == on
        )
        return Strip(
            width, names, letters == 1, (_tidy(on[0]), 0, _tidy(on[1] - on[0]), 16), on_name
        )
    years = []
    for year in range(scale.first.year, scale.last.year + 1):
        edges = [edge for first, *both in months if first.year == year for edge in both]
        if max(edges) - min(edges) >= ROOM_FOR_A_NAME:
            years.append((_tidy((min(edges) + max(edges)) / 2), str(year)))
    return Strip(width, tuple(years), on=on and (_tidy(on[0]), 14, _tidy(on[1] - on[0]), 3))


MOST_LETTERS = 12
ROOM_FOR_A_NAME = 26


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


@dataclass(frozen=True)
class Ruler:
    """Turns days into pixels, both ends of the scale included."""

    first: date
    last: date
    width: int

    def at(self, day: date) -> float:
        """The left edge of that day."""
        return (day - self.first).days / ((self.last - self.first).days + 1) * self.width

    def after(self, day: date) -> float:
        """The right edge of that day. Not `at` the next one: there may be none after the last day that can be named."""
        return self.at(day) + self.width / ((self.last - self.first).days + 1)

    def months(self) -> Iterator[tuple[date, float, float]]:
        """Each month with its edges, as far as it lies on the scale."""
        first = self.first
        while first <= self.last:
            end = date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
            yield first, self.at(first), self.after(min(end, self.last))
            if end >= self.last:
                break
            first = end + timedelta(days=1)

    def quarters(self) -> tuple[float, ...]:
        """Where a quarter begins."""
        return _quarters(self)

    def flag(self, edtf: Edtf | None) -> float | None:
        """A deadline's last possible day, at the end of which it is over."""
        day = edtf.whole.last if edtf and edtf.whole else None
        return _tidy(self.after(day)) if day and self.first <= day <= self.last else None

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
            before = 0.0 if starts_before else max(left - CHEVRON, 0)
            left = max(left, before + CHEVRON)
        if ends_after or piece.has_no_last:
            after = float(self.width) if ends_after else min(right + CHEVRON, self.width)
            right = min(right, after - CHEVRON)
        is_day = first == last and not piece.lasts
        left, right = self._wide_enough(left, right, DAY if is_day else LEAST)
        strokes = []
        if piece.about_first and before is None:
            strokes.append((_tidy(left - GAP - STROKES), _tidy(left - GAP)))
        if piece.about_last and after is None:
            strokes.append((_tidy(right + GAP), _tidy(right + GAP + STROKES)))
        inset = 0 if piece.lasts else INSET
        return Bar(
            self.width,
            days=(_tidy((left + right) / 2),) if is_day else (),
            boxes=()
            if is_day
            else ((_tidy(left + inset), _tidy(right - left - 2 * inset), piece.lasts),),
            strokes=tuple(strokes),
            before=None if before is None else _tidy(before),
            after=None if after is None else _tidy(after),
        )

    def _wide_enough(self, left: float, right: float, least: float) -> tuple[float, float]:
        if right - left >= least and least != DAY:
            return left, right
        start = min(max((left + right - least) / 2, 0), self.width - least)
        return start, start + least


@lru_cache(maxsize=500)
def _quarters(ruler: Ruler) -> tuple[float, ...]:
    return tuple(
        _tidy(left) for first, left, _ in ruler.months() if first.month % 3 == 1 and first.day == 1
    )


def _tidy(pixels: float) -> float:
    """A tenth of a pixel is enough, and a page has hundreds of these numbers."""
    short = round(pixels, 1)
    return int(short) if short == int(short) else short
