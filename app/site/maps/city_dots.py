"""Dots of cities on a map: their size, and the placement of labels without overlap."""

import csv
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import cos, hypot, radians, sqrt
from pathlib import Path
from typing import Self
from unicodedata import east_asian_width

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from app.caches import Cache
from app.i18n.formats import country_name
from app.i18n.translate import _, reader_language
from app.record.names.directory import Directory
from app.vocabulary.record import PlaceKind
from app.web.templates import render_part

# Boxes ------------------------------------------------------------------------------------------


LETTER_PIXELS, WIDE_LETTER_PIXELS = 7.3, 13
"""Pixels per letter of a label, and per Chinese or Korean letter: slightly above the average."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge."""
Boxes = NDArray[np.float64]
"""An array with one box per row."""


def text_width(words: str) -> float:
    return sum(
        WIDE_LETTER_PIXELS if east_asian_width(letter) in "WF" else LETTER_PIXELS
        for letter in words
    )


def is_inside(boxes: Boxes, width: float, height: float) -> NDArray[np.bool_]:
    left, top, right, bottom = boxes.T
    found: NDArray[np.bool_] = (left >= 0) & (top >= 0) & (right <= width) & (bottom <= height)
    return found


def overlap(some: Boxes, others: Boxes) -> NDArray[np.bool_]:
    """Return a matrix: does box i of `some` overlap box j of `others`?"""
    left, top, right, bottom = some.T[:, :, np.newaxis]
    found: NDArray[np.bool_] = (
        (left < others[:, 2])
        & (others[:, 0] < right)
        & (top < others[:, 3])
        & (others[:, 1] < bottom)
    )
    return found


UNITS_PER_DEGREE = 25
"""Keeps rounding below the spacing of the outline's points (scale 1 : 50 million)."""

STANDARD_PARALLEL = 37.5
"""Latitude without distortion: the best for an equirectangular map of the whole world."""

NORTH, SOUTH = 84.0, -57.0
"""Latitudes of the map's edges. The ice beyond has no records."""


def project(lat: float, lon: float) -> tuple[float, float]:
    """Return x (eastwards) and y (southwards) of coordinates on the sheet of the world."""
    x = (lon + 180) * cos(radians(STANDARD_PARALLEL)) * UNITS_PER_DEGREE
    return x, (NORTH - lat) * UNITS_PER_DEGREE


SHEET_WIDTH, SHEET_HEIGHT = project(SOUTH, 180)


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A section of the sheet at a size in pixels. Text and dots are not scaled."""

    width: int
    height: int
    scale: float
    left: float
    top: float

    @classmethod
    def around(
        cls,
        places: Iterable[tuple[float, float]],
        *,
        width: int,
        height: int,
        margin: int = 48,
        least_degrees: float = 14,
    ) -> Self:
        """Return the smallest section that contains all places, at least `least_degrees` wide.

        Without places, return the whole world.
        """
        points = [project(lat, lon) for lat, lon in places]
        unwrapped = min(width / SHEET_WIDTH, height / SHEET_HEIGHT)
        if not points:
            return cls._centred(width, height, unwrapped, SHEET_WIDTH / 2, SHEET_HEIGHT / 2)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        width_needed = max(max(xs) - min(xs), least_degrees * UNITS_PER_DEGREE)
        height_needed = max(max(ys) - min(ys), least_degrees * UNITS_PER_DEGREE * height / width)
        scale = max(
            min((width - 2 * margin) / width_needed, (height - 2 * margin) / height_needed),
            unwrapped,
        )
        return cls._centred(width, height, scale, (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)

    @classmethod
    def _centred(cls, width: int, height: int, scale: float, x: float, y: float) -> Self:
        left = _limit(x - width / scale / 2, SHEET_WIDTH - width / scale)
        top = _limit(y - height / scale / 2, SHEET_HEIGHT - height / scale)
        return cls(width, height, scale, left, top)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """Return the position of coordinates in pixels."""
        x, y = project(lat, lon)
        return round((x - self.left) * self.scale, 1), round((y - self.top) * self.scale, 1)

    @property
    def view_box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def transform(self) -> str:
        """SVG `transform` that maps the sheet to this section."""
        return f"scale({self.scale:.5f}) translate({-self.left:.1f} {-self.top:.1f})"


def _limit(start: float, most: float) -> float:
    """Limit a section to the sheet. If it is larger than the sheet, centre the sheet."""
    return most / 2 if most < 0 else min(max(start, 0), most)


GAP_PIXELS = 1.5
MAX_FANNED = 100
"""Circles that are moved: more would leave no room, and take long."""

_distances = np.repeat(np.arange(0, 63, 3), 24)
_angles = np.tile(np.arange(24) * np.pi / 12, 21)
MOVES = np.stack((_distances * np.cos(_angles), _distances * np.sin(_angles)), axis=1)
"""Moves in pixels, shortest first; the first is none."""

Circle = tuple[float, float, float]
"""Centre x and y, and radius, in pixels."""


def fan_out(circles: Sequence[Circle], width: float, height: float) -> list[Circle]:
    """Return the circles in the same order, moved so that none overlaps one before it.

    A circle is moved as little as possible. It stays where there is no room near it.
    """
    placed = np.zeros((0, 3))
    for x, y, radius in circles[:MAX_FANNED]:
        tried = MOVES + np.array((x, y))
        fits = _has_room(tried, radius, placed)
        # Without a move, a circle may lie over the edge.
        is_on_map = (tried >= radius) & (tried <= (width - radius, height - radius))
        fits[1:] &= is_on_map.all(axis=1)[1:]
        # If nothing fits, `argmax` is 0, which is no move.
        found = tried[int(fits.argmax())].round(1)
        placed = np.vstack((placed, (*found, radius)))
    moved: list[Circle] = [(x, y, radius) for x, y, radius in placed.tolist()]
    return [*moved, *circles[MAX_FANNED:]]


def _has_room(
    centres: NDArray[np.float64], radius: float, placed: NDArray[np.float64]
) -> NDArray[np.bool_]:
    away = np.hypot(
        centres[:, :1] - placed[np.newaxis, :, 0], centres[:, 1:] - placed[np.newaxis, :, 1]
    )
    found: NDArray[np.bool_] = np.all(away >= placed[:, 2] + radius + GAP_PIXELS, axis=1)
    return found


# Names ------------------------------------------------------------------------------------------


HALF_LINE_PIXELS = 8
"""Half the height of a name."""
CAPITAL_GAP_PIXELS = 6
CLEAR_OF_DOT_PIXELS = 8
"""A capital this near to a dot is not marked: its name would be taken for the dot's."""
MIN_SHARES = {"country": 0.5, "sea": 0.6}
"""How much of a name must be within its country, or at sea."""
MAX_NAMES = {"country": 24, "capital": 10, "sea": 6}
SMALL_MAP_PIXELS = 300
FEW_COUNTRIES_DEGREES = 40
"""A map this wide shows few countries. Its width is in degrees of latitude."""
LANGUAGES = ("en", "ko", "zh", "ja", "ru")


@dataclass(frozen=True)
class GazetteerName:
    """A line of `names.csv`: a country, the largest first, a sea or a capital.

    Countries are named by Unicode CLDR. A capital that is disputed is left out.
    """

    kind: str
    code: str
    """Of a country: two letters of ISO 3166-1."""
    names: Sequence[str]
    """Of seas and capitals: in each of LANGUAGES."""
    points: Sequence[tuple[float, float, float]]
    """Latitude and longitude of the middle of a name, and the width of the country or sea there.

    The width is in degrees of latitude.
    """

    def name(self, language: str) -> str:
        """Return the name in this language, or in English if the table does not have it."""
        if self.code:
            return country_name(self.code)
        code = language.partition("-")[0].partition("_")[0].lower()
        return self.names[LANGUAGES.index(code) if code in LANGUAGES else 0]


@cache
def gazetteer() -> Sequence[GazetteerName]:
    with Path(__file__).with_name("names.csv").open(encoding="utf-8", newline="") as file:
        return [
            GazetteerName(
                line["kind"],
                line["code"],
                [line[language] for language in LANGUAGES],
                [
                    (latitude, longitude, width)
                    for point in line["points"].split(";")
                    for latitude, longitude, width in [map(float, point.split())]
                ],
            )
            for line in csv.DictReader(file)
        ]


@dataclass(frozen=True)
class MapName:
    """The name of a country, sea or capital. A capital’s begins at `x`; others centre on it."""

    kind: str
    """`country`, `sea` or `capital`: the class of the text."""
    text: str
    x: float
    y: float
    """The baseline."""
    mark: tuple[float, float] | None = None
    """Position of the square of a capital."""


def place_names(
    frame: MapFrame, taken: Boxes, dots: Iterable[tuple[float, float]]
) -> Sequence[MapName]:
    """Return the names that fit. On a larger map of few countries, capitals come first.

    `taken` are the boxes of dots and labels.
    """
    degrees = frame.width / frame.scale / UNITS_PER_DEGREE
    has_few = degrees < FEW_COUNTRIES_DEGREES and frame.width > SMALL_MAP_PIXELS
    dot_centres = np.array(list(dots)).reshape(-1, 2)
    found: list[MapName] = []
    for kind in ("capital", "country", "sea") if has_few else ("country", "capital", "sea"):
        for each in gazetteer():
            if each.kind != kind or sum(name.kind == kind for name in found) == MAX_NAMES[kind]:
                continue
            text = each.name(reader_language())
            if kind == "capital":
                x, y = frame.place(*each.points[0][:2])
                if len(dot_centres) and (
                    np.hypot(*(dot_centres - (x, y)).T).min() < CLEAR_OF_DOT_PIXELS
                ):
                    continue
                mark = np.array([[x - 4, y - 4, x + 4, y + 4]])
                away = CAPITAL_GAP_PIXELS + text_width(text) / 2
                boxes = _centred_boxes([(x + away, y), (x - away, y)], text)
                if not _is_free(mark, frame, taken)[0]:
                    continue
            else:
                mark = np.zeros((0, 4))
                boxes = _centred_boxes(_points_on_map(each, frame, text), text)
            fits = _is_free(boxes, frame, taken)
            if fits.any():
                left, top, right, bottom = boxes[int(fits.argmax())].tolist()
                taken = np.vstack((taken, mark, (left, top, right, bottom)))
                at = left if kind == "capital" else (left + right) / 2
                baseline = round((top + bottom) / 2 + 4.2, 1)
                square = (x, y) if kind == "capital" else None
                found.append(MapName(kind, text, round(at, 1), baseline, square))
    return found


def _points_on_map(
    each: GazetteerName, frame: MapFrame, text: str
) -> Sequence[tuple[float, float]]:
    """Return where a name is wide enough, first the middle of what the map shows."""
    placed = [(*frame.place(*point[:2]), point[2]) for point in each.points]
    shown = [p for p in placed if 0 <= p[0] <= frame.width and 0 <= p[1] <= frame.height]
    if not shown:
        return []
    needed = text_width(text) * MIN_SHARES[each.kind] / (UNITS_PER_DEGREE * frame.scale)
    wide = np.array([p[:2] for p in shown if p[2] >= needed]).reshape(-1, 2)
    middle = np.array([p[:2] for p in shown]).mean(axis=0)
    order = np.argsort(((wide - middle) ** 2).sum(axis=1), kind="stable")
    return [(x, y) for x, y in wide[order].tolist()]


def _centred_boxes(points: Sequence[tuple[float, float]], text: str) -> Boxes:
    half = np.array([text_width(text) / 2, HALF_LINE_PIXELS])
    centres = np.array(points).reshape(-1, 2)
    return np.concatenate((centres - half, centres + half), axis=1)


def _is_free(boxes: Boxes, frame: MapFrame, taken: Boxes) -> NDArray[np.bool_]:
    free: NDArray[np.bool_] = is_inside(boxes, frame.width, frame.height)
    return free & ~overlap(boxes, taken).any(axis=1)


# Dots -------------------------------------------------------------------------------------------


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
