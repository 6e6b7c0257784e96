"""A picture out of an SVG: `python -m app.site.raster < chart.svg > chart.png`.

A program of its own, since drawing holds Python's lock: in the site's own process every reader would wait for it. Signs
come from the fonts that npm brings, so that a machine without any draws no empty box.
"""

import subprocess
import sys
from functools import lru_cache
from threading import BoundedSemaphore

from resvg_py import svg_to_bytes

from app import paths

ZOOM = 2
LONGEST_SECONDS = 60
AT_ONCE = BoundedSemaphore(2)
"""Pictures that are drawn at a time: each takes a processor and some hundred megabytes; a few more may wait."""
MOST_ASKED = BoundedSemaphore(8)
"""Pictures that are drawn or waited for. Each holds one of the threads that answer all readers, so that more of them
are sent away: pages come first."""


class Busy(RuntimeError):
    """More pictures are asked for than can be drawn soon."""


@lru_cache(maxsize=32)
def picture(svg: str) -> bytes:
    """The PNG of that SVG, at twice its size. The SVG names edition and view, so that the same one never changes."""
    if not MOST_ASKED.acquire(blocking=False):
        raise Busy
    try:
        with AT_ONCE:
            return _drawn(svg)
    finally:
        MOST_ASKED.release()


def _drawn(svg: str) -> bytes:
    drawn = subprocess.run(
        [sys.executable, "-m", "app.site.raster"],
        input=svg.encode(),
        capture_output=True,
        check=True,
        cwd=paths.ROOT,
        timeout=LONGEST_SECONDS,
    )
    return drawn.stdout


def main() -> None:
    png = svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        zoom=ZOOM,
        skip_system_fonts=True,
        font_files=[str(font) for font in paths.FONTS],
        sans_serif_family="Noto Sans",
        font_family="Noto Sans",
    )
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
