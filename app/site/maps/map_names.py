"""Names of countries, seas and capitals on a map, where they overlap neither dots nor labels."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.i18n.formats import country_name
from app.i18n.translate import reader_language
from app.site.maps.boxes import UNITS_PER_DEGREE, Boxes, MapFrame, is_inside, overlap, text_width

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
