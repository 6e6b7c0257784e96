"""Names of countries, seas and capitals on a map, where they overlap neither dots nor labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app import paths
from app.i18n.formats import country_name
from app.i18n.translate import reader_language
from app.site.maps.boxes import UNITS_PER_DEGREE, Boxes, is_inside, overlap, text_width
from app.site.maps.country_areas import SEA, CountryAreas, country_areas
from app.site.maps.place_names import CAPITALS, SEAS
from app.site.maps.world_outline import MapFrame

HALF_LINE_PIXELS = 8
"""Half the height of a name."""
CAPITAL_GAP_PIXELS = 6
CLEAR_OF_DOT_PIXELS = 8
"""A capital this near to a dot is not marked: its name would be taken for the dot's."""
MIN_SHARE_ON_LAND, MIN_SHARE_AT_SEA = 0.5, 0.6
"""How much of a name must be within its country, or at sea."""
MAX_POINTS = 150
"""Points tried for the name of a country."""
MIN_CELLS = 3
MAX_NAMES = {"country": 24, "capital": 10, "sea": 6}
MAX_SEA_MOVE_DEGREES = 0.7
SMALL_MAP_PIXELS = 300
FEW_COUNTRIES_DEGREES = 40
"""A map this wide shows few countries. Its width is in degrees of latitude."""


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


class NamePlacing:
    """Adds names to one map. `taken` are the boxes of dots and labels; names are added to it."""

    def __init__(self, frame: MapFrame, taken: Boxes, dots: Iterable[tuple[float, float]]) -> None:
        self.frame, self.taken = frame, taken
        self.dots = np.array(list(dots)).reshape(-1, 2)
        self.names: list[MapName] = []

    @cached_property
    def areas(self) -> CountryAreas:
        return country_areas(paths.COUNTRIES)

    def place(self) -> Sequence[MapName]:
        """Return the names. On a larger map of few countries, those of capitals come first."""
        units = self.frame.width / self.frame.scale
        has_few = (
            units < FEW_COUNTRIES_DEGREES * UNITS_PER_DEGREE and self.frame.width > SMALL_MAP_PIXELS
        )
        countries, capitals = self._place_countries, self._place_capitals
        for place in (capitals, countries) if has_few else (countries, capitals):
            place()
        self._place_seas()
        return self.names

    def _place_countries(self) -> None:
        frame = self.frame
        # Points that cover the map, close enough for the smallest country with room for a name.
        xs, ys = np.arange(6, frame.width, 9.0), np.arange(HALF_LINE_PIXELS, frame.height, 7.0)
        points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
        found = self._countries_at(points)
        numbers, counts = np.unique(found[found != SEA], return_counts=True)
        for number, count in sorted(
            zip(numbers.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair)
        ):
            code = self.areas.codes[number]
            text = country_name(code) if code else ""
            if text and count >= MIN_CELLS and self._has_room_for("country"):
                self._place_country(number, text, points[found == number])

    def _place_country(self, number: int, text: str, points: NDArray[np.float64]) -> None:
        """Place the name near the middle of what the map shows of the country."""
        middle = points.mean(axis=0)
        nearest = np.argsort(((points - middle) ** 2).sum(axis=1), kind="stable")
        step = max(1, len(nearest) // MAX_POINTS)
        tried = points[nearest[::step]]
        boxes = _centred_boxes(tried, text)
        share = self._share_of(boxes, number)
        fits = (share >= MIN_SHARE_ON_LAND) & self._is_free(boxes)
        if fits.any():
            # Names within the country come first; among these, the one nearest to its middle.
            best = int(np.argmax(np.where(fits, np.minimum(share, 0.95), -1)))
            self._add("country", text, boxes[best])

    def _place_seas(self) -> None:
        for sea in SEAS:
            text = sea.name(reader_language())
            x, y = self.frame.place(sea.latitude, sea.longitude)
            # On a small map, a few pixels are another sea.
            nearby = min(1.0, MAX_SEA_MOVE_DEGREES * UNITS_PER_DEGREE * self.frame.scale / 28)
            moves = np.array([(dx, dy) for dy in (0, 14, -14, 28, -28) for dx in (0, 24, -24)])
            boxes = _centred_boxes(np.array([x, y]) + moves * nearby, text)
            fits = (self._share_of(boxes, SEA) >= MIN_SHARE_AT_SEA) & self._is_free(boxes)
            if fits.any() and self._has_room_for("sea"):
                self._add("sea", text, boxes[int(fits.argmax())])

    def _place_capitals(self) -> None:
        for capital in CAPITALS:
            x, y = self.frame.place(capital.latitude, capital.longitude)
            if len(self.dots) and (np.hypot(*(self.dots - (x, y)).T).min() < CLEAR_OF_DOT_PIXELS):
                continue
            text = capital.name(reader_language())
            width, gap = text_width(text), CAPITAL_GAP_PIXELS
            lefts = np.array([x + gap, x - gap - width])
            boxes = np.stack(
                (
                    lefts,
                    np.full(2, y - HALF_LINE_PIXELS),
                    lefts + width,
                    np.full(2, y + HALF_LINE_PIXELS),
                ),
                axis=1,
            )
            mark = np.array([[x - 4, y - 4, x + 4, y + 4]])
            if not self._is_free(mark)[0]:
                continue
            fits = self._is_free(boxes)
            if fits.any() and self._has_room_for("capital"):
                box = boxes[int(fits.argmax())]
                self.taken = np.vstack((self.taken, mark, box))
                self.names.append(
                    MapName("capital", text, round(box[0], 1), round(y + 4.2, 1), (x, y))
                )

    def _has_room_for(self, kind: str) -> bool:
        return sum(name.kind == kind for name in self.names) < MAX_NAMES[kind]

    def _add(self, kind: str, text: str, box: NDArray[np.float64]) -> None:
        self.taken = np.vstack((self.taken, box))
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        self.names.append(MapName(kind, text, round(x, 1), round(y + 4.2, 1)))

    def _is_free(self, boxes: Boxes) -> NDArray[np.bool_]:
        free: NDArray[np.bool_] = is_inside(boxes, self.frame.width, self.frame.height)
        return free & ~overlap(boxes, self.taken).any(axis=1)

    def _countries_at(self, points: NDArray[np.float64]) -> NDArray[np.int16]:
        x, y = points.T / self.frame.scale
        return self.areas.at(x + self.frame.left, y + self.frame.top)

    def _share_of(self, boxes: Boxes, number: int) -> NDArray[np.float64]:
        """Return how much of each box is in a country, or at sea."""
        parts = np.linspace(0.05, 0.95, 7)
        x = boxes[:, :1] + (boxes[:, 2:3] - boxes[:, :1]) * parts
        y = np.broadcast_to((boxes[:, 1:2] + boxes[:, 3:4]) / 2, x.shape)
        points = np.stack((x.ravel(), y.ravel()), axis=1)
        share: NDArray[np.float64] = (
            (self._countries_at(points) == number).reshape(x.shape).mean(axis=1)
        )
        return share


def _centred_boxes(points: NDArray[np.float64], text: str) -> Boxes:
    half = np.array([text_width(text) / 2, HALF_LINE_PIXELS])
    return np.concatenate((points - half, points + half), axis=1)
