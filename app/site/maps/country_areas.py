"""Which country each cell of a grid over the world map belongs to, for the names on maps."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from babel.core import get_global
from numpy.typing import NDArray

from app.site.maps.boxes import SHEET_HEIGHT, SHEET_WIDTH
from app.site.maps.world_outline import Point, country_rings

CELL_UNITS = 12
"""Side of a cell, in units of the sheet: about half a degree of latitude."""
SEA = -1


@dataclass(frozen=True)
class CountryAreas:
    """The grid: rows from north to south, and in each cell the number of a code, or SEA."""

    codes: tuple[str, ...]
    """ISO 3166-1 codes of two letters; empty for an area that has none."""
    cells: NDArray[np.int16]

    def at(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the cells at points of the sheet. Points beyond its edges count as sea."""
        column, line = (x // CELL_UNITS).astype(int), (y // CELL_UNITS).astype(int)
        lines, columns = self.cells.shape
        is_inside = (column >= 0) & (column < columns) & (line >= 0) & (line < lines)
        found = self.cells[np.clip(line, 0, lines - 1), np.clip(column, 0, columns - 1)]
        result: NDArray[np.int16] = np.where(is_inside, found, SEA)
        return result


@cache
def country_areas(topology: Path) -> CountryAreas:
    """Fill the grid with the countries of a TopoJSON file, row by row."""
    atlas = json.loads(topology.read_text(encoding="utf-8"))
    aliases = get_global("territory_aliases")
    codes, edges = [], []
    for number, (numeric, rings) in enumerate(country_rings(atlas)):
        codes.append(aliases.get(numeric, [""])[0])
        edges += [(number, *start, *end) for ring in rings for start, end in _edges(ring)]
    table = np.array(edges, dtype=np.float64)
    lines, columns = int(SHEET_HEIGHT // CELL_UNITS), int(SHEET_WIDTH // CELL_UNITS)
    cells = np.full((lines, columns), SEA, dtype=np.int16)
    for line in range(lines):
        _fill_line(cells[line], table, (line + 0.5) * CELL_UNITS)
    return CountryAreas(tuple(codes), cells)


def _edges(ring: list[Point]) -> list[tuple[Point, Point]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


def _fill_line(cells: NDArray[np.int16], edges: NDArray[np.float64], y: float) -> None:
    """Fill one line of cells between each pair of crossings with a country's outline."""
    number, x1, y1, x2, y2 = edges[((edges[:, 2] <= y) != (edges[:, 4] <= y))].T
    x = x1 + (y - y1) / (y2 - y1) * (x2 - x1)
    order = np.lexsort((x, number))
    crossings = np.clip(np.round(x[order] / CELL_UNITS), 0, len(cells)).astype(int)
    for country, start, end in zip(
        number[order][::2], crossings[::2], crossings[1::2], strict=True
    ):
        cells[start:end] = int(country)
