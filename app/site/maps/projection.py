"""The map's projection: from degrees to the pixels of the sheet."""

from math import cos, radians

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
WORLD_WIDTH = round(SHEET_WIDTH)
