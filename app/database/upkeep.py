"""The folder of backups: names, ages, removal of old ones; and when scheduled jobs last ran."""

import contextlib
import re
import time
from datetime import UTC, datetime
from pathlib import Path

from app.errors import CommandError
from app.settings import Settings

NAME = re.compile(r"sojourn-\d{8}T\d{6}Z\.zip")
"""Names that are given here. Files with other names are never removed."""


def new_name(folder: Path) -> Path:
    """Return the path for a backup that begins now."""
    return folder / f"sojourn-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip"


def list_backups(folder: Path) -> list[Path]:
    """Return the backups that are named by time, the newest first."""
    return sorted(
        (path for path in folder.glob("*.zip") if NAME.fullmatch(path.name)), reverse=True
    )


def newest_age_seconds(folder: Path | None) -> float | None:
    """Return the age of the newest backup under any name; None if there is none."""
    if folder is None:
        return None
    try:
        newest = max((path.stat().st_mtime for path in folder.glob("*.zip")), default=None)
    except OSError:
        return None
    return None if newest is None else max(0.0, time.time() - newest)


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups that are named by time; return what was removed."""
    removed = list_backups(folder)[max(keep, 1) :]
    for path in removed:
        try:
            path.unlink()
        except OSError as error:
            raise CommandError(f"{path} can't be removed: {error.strerror}.") from None
    return removed


TICK_FILE = "last-tick"
"""A file in the data folder serves better than a row: a restored database has an old one."""


def note_tick(settings: Settings) -> None:
    """Note that the jobs have run now. Without a data folder, nothing is noted."""
    if settings.data_dir:
        # A full disk must not make the jobs fail that have just been done.
        with contextlib.suppress(OSError):
            Path(settings.data_dir, TICK_FILE).touch()


def tick_age_seconds(settings: Settings) -> float | None:
    """Return the seconds since the jobs last ran; None if that is not known."""
    if not settings.data_dir:
        return None
    try:
        noted = Path(settings.data_dir, TICK_FILE).stat().st_mtime
    except OSError:
        return None
    return max(0.0, time.time() - noted)
