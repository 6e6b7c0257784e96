"""A folder of backups: names by time, the age of the newest one, and the removal of old ones."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

from app.errors import CommandError

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
