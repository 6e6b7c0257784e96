"""Rendering SVG to PNG in the worker pool, because it holds Python's interpreter lock.

Uses only the fonts installed with npm, so that the result does not depend on the machine.
"""

from functools import lru_cache

from app import paths
from app.worker_pool import POOL, READERS

ZOOM = 2
MAX_SECONDS = 20


@lru_cache(32)
def picture(svg: str) -> bytes:
    """Render an SVG at twice its size. The SVG is the cache key: it contains edition and view."""
    return POOL.run(READERS, MAX_SECONDS, render_png_here, svg)


def render_png_here(svg: str) -> bytes:
    # Imported here: resvg slows down the start of the site.
    from resvg_py import svg_to_bytes

    return svg_to_bytes(
        svg_string=svg,
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(font) for font in paths.FONTS],
        sans_serif_family="Noto Sans",
        font_family="Noto Sans",
    )
