"""The major version of PostgreSQL that wrote a data folder."""

from pathlib import Path

from app.database.machine import read_lines
from app.errors import CommandError

MAJOR_VERSION = "18"


def refuse_other_version(folder: Path, files: Path) -> bool:
    """Return whether the folder has data of our version; raise CommandError for another one.

    Files of another major version can't be read. Beside them, a new record would be begun.
    """
    version = "".join(read_lines(files / "PG_VERSION")) or "unknown"
    if files.exists():
        if version == MAJOR_VERSION:
            return True
        if not version.isdigit():
            raise CommandError(
                f"The data folder {folder} is broken: {files} is not the data of a PostgreSQL "
                f"{MAJOR_VERSION} (version {version}). Restore a backup into a new folder with "
                "SOJOURN_DATA_DIR."
            )
        raise CommandError(_describe_other(folder, version))
    others = sorted(path.name.rpartition("-")[2] for path in folder.glob("postgres-[0-9]*"))
    if others := [each for each in others if each.isdigit() and each != MAJOR_VERSION]:
        raise CommandError(_describe_other(folder, others[-1]))
    return False


def _describe_other(folder: Path, version: str) -> str:
    return (
        f"The data folder {folder} was written by PostgreSQL {version}, and this release has "
        f"PostgreSQL {MAJOR_VERSION}: run `sojourn backup` with the release that wrote it, then "
        "`sojourn restore` with this one and a new folder in SOJOURN_DATA_DIR."
    )
