"""Moves dots that would cover each other apart: each then has a line from its true position."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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
