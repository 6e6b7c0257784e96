"""When scheduled jobs last ran: the time of a file in the data folder.

`sojourn tick` of cron and the thread of `sojourn serve` write it; metrics and health read it. A
file serves better than a row, since a restored database would bring an old one back.
"""

import contextlib
import time
from pathlib import Path

from app.settings import Settings

NAME = "last-tick"


def note_tick(settings: Settings) -> None:
    """Note that the jobs have run now. Without a data folder, nothing is noted."""
    if settings.data_dir:
        # A full disk must not make the jobs fail that have just been done.
        with contextlib.suppress(OSError):
            Path(settings.data_dir, NAME).touch()


def tick_age_seconds(settings: Settings) -> float | None:
    """Return the seconds since the jobs last ran; None if that is not known."""
    if not settings.data_dir:
        return None
    try:
        noted = Path(settings.data_dir, NAME).stat().st_mtime
    except OSError:
        return None
    return max(0.0, time.time() - noted)
