"""Boxes of text and dots on maps: their width, and which of them overlap."""

from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

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
