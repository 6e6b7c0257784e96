"""Temporary folders of a test run, in memory where possible."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from app.database.cluster import Cluster
from app.errors import CommandError

MEMORY = Path("/dev/shm")


def temporary_root() -> Path:
    """Return /dev/shm if it has room, else /tmp.

    Half the tests copy the files of a database: 20 ms in memory, 300 ms on a busy disk.
    """
    with contextlib.suppress(OSError):
        filesystem = os.statvfs(MEMORY)
        # As root, the server's programs are copied next to its data and started there.
        can_run_programs = not filesystem.f_flag & os.ST_NOEXEC
        has_room = filesystem.f_bavail * filesystem.f_frsize > 3 << 30
        if can_run_programs and os.access(MEMORY, os.W_OK) and has_room:
            return MEMORY
    return Path("/tmp")


def stop_if_unused(folder: Path) -> bool:
    """Stop a server that a killed program left running; false if another program uses it."""
    cluster = Cluster(folder, {})
    with cluster.locked():
        cluster.stop_unless_used()
    return cluster.running_process() is None


def remove_leftovers_of_killed_runs(older_than_seconds: float = 3600) -> None:
    """Stop servers and remove folders of killed runs, unless they are in use or recent."""
    for folder in (*Path("/tmp").glob("sojourn-test-*"), *MEMORY.glob("sojourn-test-*")):
        with contextlib.suppress(OSError, CommandError):
            found = folder.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > older_than_seconds:
                places = [
                    place
                    for place in (folder, *folder.iterdir())
                    if (place / "postgres-18").is_dir()
                ]
                if all(stop_if_unused(place) for place in places):
                    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that other accounts can enter: as root, the server runs under another account."""
    folder = Path(tempfile.mkdtemp(prefix="sojourn-test-", dir=temporary_root()))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
