"""Dots of cities on a map: their size, and the placement of labels without overlap."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt

import numpy as np
from markupsafe import Markup

from app.caches import Cache
from app.i18n.translate import _
from app.record.names.directory import Directory
from app.site.maps.boxes import (
    Box,
    Boxes,
    Circle,
    MapFrame,
    fan_out,
    is_inside,
    overlap,
    text_width,
)
from app.site.maps.map_names import place_names
from app.vocabulary.record import PlaceKind
from app.web.templates import render_part


@dataclass(frozen=True)
class CityDot:
    """A city, and the number that its dot shows: of events, or of people."""

    code: str
    label: str
    names: tuple[tuple[str, str], ...]
    latitude: float
    longitude: float
    count: int
    """The area of the dot."""
    address: str
    is_ring: bool = False
    """Whether the dot is hollow."""
    people: str | None = None
    """The estimate in words ("" for none), if the size is the number of people present."""

    @property
    def number(self) -> str:
        return str(self.count) if self.people is None else self.people


@dataclass(frozen=True)
class DotLabel:
    """A name beside its dot, with a leader line if it is far from the dot."""

    x: float
    y: float
    is_left: bool
    leader: str = ""


@dataclass(frozen=True)
class PlacedDot:
    """A dot in pixels. A city without a label is named only in the list beside the map."""

    dot: CityDot
    x: float
    y: float
    radius: float
    label: DotLabel | None
    holds_its_number: bool
    """Whether the number is inside the dot; if not, it follows the name."""
    tether: str = ""
    """The line from its true position, if the dot was moved off another."""


class MapDrawing:
    """The map at one size, with its title."""

    def __init__(
        self,
        dots: Sequence[CityDot],
        words: str,
        size: tuple[int, int],
        scale: float,
        *,
        least_degrees: float,
        inset_dots: Sequence[CityDot] = (),
    ) -> None:
        """Dots of the inset are named on the map that enlarges it, bar the first."""
        width, height = size
        frame = _frame(dots, width, height, least_degrees)
        most = max((dot.count for dot in dots), default=1) or 1
        # Largest first: small dots are drawn over large ones, and large cities are labelled first.
        ordered = sorted(dots, key=lambda dot: (-dot.count, dot.code))
        circles = [
            (*frame.place(dot.latitude, dot.longitude), _radius(dot.count, most) * scale)
            for dot in ordered
        ]
        within = {dot.code for dot in inset_dots}
        fanned = circles if within else fan_out(circles, width, height)
        first = next((dot.code for dot in ordered if dot.code in within), "")
        taken = np.array([(x - r, y - r, x + r, y + r) for x, y, r in fanned]).reshape(-1, 4)
        placed = []
        for index, (dot, circle) in enumerate(zip(ordered, fanned, strict=True)):
            x, y, radius = circle
            holds_its_number = (
                radius >= NUMBER_PIXELS
                and 0 < len(dot.number) <= MAX_DIGITS_IN_DOT
                and not _is_covered(circle, fanned[index + 1 :])
            )
            label = None
            if index < MAX_LABELS and (dot.code == first or dot.code not in within):
                label, taken = _place_label(dot, circle, holds_its_number, taken, size)
            placed.append(
                PlacedDot(
                    dot,
                    x,
                    y,
                    round(radius, 1),
                    label,
                    holds_its_number,
                    _tether(circles[index], circle),
                )
            )
        inset = _inset(frame, inset_dots, size) if inset_dots else None
        if inset:
            taken = np.vstack((taken, inset))
        names = place_names(frame, taken, [(x, y) for x, y, _radius in fanned])
        self.words = words
        self.frame = frame
        self.dots = placed
        # Countries, seas and capitals.
        self.names = names
        # The section that another map shows enlarged.
        self.inset = inset

    @property
    def squares(self) -> str:
        """The path of the marks of all capitals."""
        marks = [name.mark for name in self.names if name.mark]
        return "".join(f"M{x - 2:.1f} {y - 2:.1f}h4v4h-4z" for x, y in marks)

    @cached_property
    def drawn(self) -> Markup:
        return render_part("site/components/city_dots.html", drawing=self)


@dataclass(frozen=True)
class MapView:
    """A map for wide and narrow screens. A detail map has the city at its centre in `around`."""

    around: str
    words: str
    wide: MapDrawing
    narrow: MapDrawing


WIDE_SIZE, NARROW_SIZE = (592, 460), (358, 340)
MAX_RADIUS, MIN_RADIUS = 20, 5
NUMBER_PIXELS = 9
"""Half the width of a number inside a dot, in pixels."""
MAX_DIGITS_IN_DOT = 3

PIXELS_ABOVE, PIXELS_BELOW = 11, 4
"""Pixels of a label above and below its baseline."""
STEP_PIXELS, MAX_DISTANCE_PIXELS, LEADER_FROM_PIXELS = 6, 60, 18
"""Pixels: step and maximum of moving a label; distance from which it has a leader line."""

MAX_LABELS = 100
"""Labels are tried for this many of the largest dots: there is no room for more."""

MIN_DEGREES, DETAIL_MIN_DEGREES = 14, 7
"""Least extent of a map, and of a detail map."""
DETAIL_DEGREES = 9
"""A detail map extends this far to each side of the city with most events."""
MIN_DETAIL_RATIO = 2.5
"""A detail map is shown if its scale is at least this many times that of the whole map."""


MAP_CACHE: Cache[Sequence[MapView]] = Cache("directories")


def maps(dots: Sequence[CityDot], words: str) -> Sequence[MapView]:
    """Return a map of all dots and, where many are close together, a detail map."""
    return MAP_CACHE.of((words, *dots), lambda: _maps(dots, words))


def _maps(dots: Sequence[CityDot], words: str) -> list[MapView]:
    if not dots:
        return [_view(dots, words)]
    centre = max(dots, key=lambda dot: (dot.count, dot.code))
    close = [
        dot
        for dot in dots
        if abs(dot.latitude - centre.latitude) <= DETAIL_DEGREES
        and abs(dot.longitude - centre.longitude) <= DETAIL_DEGREES
    ]
    frames = [
        _frame(some, *WIDE_SIZE, least)
        for some, least in ((close, DETAIL_MIN_DEGREES), (dots, MIN_DEGREES))
    ]
    if len(close) == 1 or frames[0].scale < MIN_DETAIL_RATIO * frames[1].scale:
        return [_view(dots, words)]
    around = _("Around {city}, enlarged").format(city=centre.label)
    return [_view(dots, words, inset_dots=close), _view(close, around, centre.label)]


def _view(
    dots: Sequence[CityDot], words: str, around: str = "", inset_dots: Sequence[CityDot] = ()
) -> MapView:
    least = DETAIL_MIN_DEGREES if around else MIN_DEGREES
    wide = MapDrawing(dots, words, WIDE_SIZE, 1.0, least_degrees=least, inset_dots=inset_dots)
    narrow = MapDrawing(dots, words, NARROW_SIZE, 0.8, least_degrees=least, inset_dots=inset_dots)
    return MapView(around, words, wide, narrow)


def _frame(dots: Sequence[CityDot], width: int, height: int, least_degrees: float) -> MapFrame:
    points_on_earth = [(dot.latitude, dot.longitude) for dot in dots]
    return MapFrame.around(points_on_earth, width=width, height=height, least_degrees=least_degrees)


def _is_covered(circle: Circle, others: Sequence[Circle]) -> bool:
    """Whether a dot drawn later would cover the number in this one."""
    x, y, _radius = circle
    return any(hypot(x - a, y - b) < over + NUMBER_PIXELS for a, b, over in others)


def _place_label(
    dot: CityDot, circle: Circle, holds_its_number: bool, taken: Boxes, size: tuple[int, int]
) -> tuple[DotLabel | None, Boxes]:
    """Return the label, or None if there is no room; and all boxes that are taken then."""
    x, y, radius = circle
    words = dot.label if holds_its_number or not dot.number else f"{dot.label} {dot.number}"
    places = _label_boxes(text_width(words), x, y, radius)
    own_box = (x - radius, y - radius, x + radius, y + radius)
    others = taken[(taken != own_box).any(axis=1)]
    is_free = is_inside(places, *size) & ~overlap(places, others).any(axis=1)
    if not is_free.any():
        return None, taken
    first = int(is_free.argmax())
    return _label_at(first, x, y, radius), np.vstack((taken, places[first]))


def _tether(true: Circle, moved: Circle) -> str:
    return "" if true[:2] == moved[:2] else f"M{true[0]} {true[1]}L{moved[0]} {moved[1]}"


def _inset(frame: MapFrame, dots: Sequence[CityDot], size: tuple[int, int]) -> Box:
    """Return what the map that enlarges these dots shows, on this map."""
    detail = _frame(dots, *size, DETAIL_MIN_DEGREES)
    ratio = frame.scale
    left, top = (detail.left - frame.left) * ratio, (detail.top - frame.top) * ratio
    width, height = (length / detail.scale * ratio for length in size)
    return round(left, 1), round(top, 1), round(left + width, 1), round(top + height, 1)


def _radius(count: int, most: int) -> float:
    """Return a radius whose area is proportional to the count, but not too small to tap."""
    return max(MIN_RADIUS, MAX_RADIUS * sqrt(count / most))


OFFSETS = [
    (move, is_left)
    for distance in range(0, MAX_DISTANCE_PIXELS + 1, STEP_PIXELS)
    for move in ((-distance, distance) if distance else (0,))
    for is_left in (False, True)
]
"""Offsets in the order of trial: right of the dot, left of it, then higher or lower."""
OFFSETS_Y = np.array([move for move, _is_left in OFFSETS], dtype=np.float64)
OFFSETS_ARE_LEFT = np.array([is_left for _move, is_left in OFFSETS])


def _label_boxes(width: float, x: float, y: float, radius: float) -> Boxes:
    """Return the possible boxes of a label, best first."""
    left = np.where(OFFSETS_ARE_LEFT, x - radius - 4 - width, x + radius + 4)
    line = y + 4.5 + OFFSETS_Y
    return np.stack((left, line - PIXELS_ABOVE, left + width, line + PIXELS_BELOW), axis=1)


def _label_at(place: int, x: float, y: float, radius: float) -> DotLabel:
    move, is_left = OFFSETS[place]
    edge = round(x - radius - 4 if is_left else x + radius + 4, 1)
    line = round(y + 4.5 + move, 1)
    leader = f"M{x} {y}L{edge} {round(line - 4, 1)}" if abs(move) >= LEADER_FROM_PIXELS else ""
    return DotLabel(edge, line, is_left, leader)


MAX_ZOOMS = 8


@dataclass(frozen=True)
class MapLink:
    """A link to the map with other dots, or with dots of another size."""

    label: str
    address: str
    is_current: bool


def zoom_links(
    count: Mapping[str, int],
    selected: Collection[str],
    address_at: Callable[[str | None], str],
    directory: Directory,
) -> list[MapLink]:
    """Return links to the whole map and to the countries with the highest count.

    `count` is by code of place; `address_at` returns the address of the map of one place, or of
    the whole map.
    """
    codes = [code for code in count if directory.kind_of_place(code) is PlaceKind.COUNTRY]
    codes = sorted(codes, key=lambda code: (-count[code], code))[:MAX_ZOOMS]
    return [
        MapLink(_("All countries"), address_at(None), not selected),
        *(
            MapLink(directory.label("place", code), address_at(code), list(selected) == [code])
            for code in codes
        ),
    ]
