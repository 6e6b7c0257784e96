"""A picture out of an SVG, drawn in the worker pool: drawing holds Python's lock, and every reader would wait for it.

Letters come from the fonts that npm brings, so that a machine without any fonts draws no empty box.
"""

from functools import lru_cache

from app import paths
from app.worker_pool import POOL, READERS

ZOOM = 2
MAX_SECONDS = 20


@lru_cache(maxsize=32)
def picture(svg: str) -> bytes:
    """The PNG of that SVG, at twice its size. The SVG names edition and view, so that the same one never changes."""
    return POOL.run(READERS, MAX_SECONDS, draw_picture, svg)


def draw_picture(svg: str) -> bytes:
    from resvg_py import svg_to_bytes

    return svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(font) for font in paths.FONTS],
        sans_serif_family="Noto Sans",
        font_family="Noto Sans",
    )
