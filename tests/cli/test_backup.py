"""`sojourn backup`: files on disk, leftovers of killed backups, and full disks."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from app.database.backup import write_backup
from app.errors import CommandError
from app.settings import Settings
from tests.support.cli_commands import Run
from tests.support.environment import environment_of


def test_backup_is_on_disk_before_it_gets_its_name(
    database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        done.append(Path(f"/proc/self/fd/{descriptor}").resolve().name)
        fsync(descriptor)

    def renamed(self: Path, to: Path) -> Path:
        done.append("renamed")
        return rename(self, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    write_backup(database, tmp_path / "sojourn.zip")
    assert done == ["sojourn.zip.sojourn-unfinished", tmp_path.name, "renamed", tmp_path.name]


def test_backup_removes_leftovers_of_killed_one(database: Settings, tmp_path: Path) -> None:
    """Leftovers contain private notes. A backup that is still being written is left alone."""
    (tmp_path / "monday.zip.sojourn-unfinished").write_bytes(b"private")
    (tmp_path / "mine.unfinished").write_bytes(b"not ours")
    program = (
        "import fcntl, sys; f = open(sys.argv[1], 'wb'); fcntl.flock(f, 2); print(1, "
        "flush=True); input()"
    )
    at_work = tmp_path / "tuesday.zip.sojourn-unfinished"
    with subprocess.Popen(
        [sys.executable, "-c", program, at_work],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout and other.stdout.readline() == "1\n"
        write_backup(database, tmp_path / "wednesday.zip")
        with pytest.raises(CommandError, match="Another backup is being written"):
            write_backup(database, tmp_path / "tuesday.zip")
        other.communicate("\n")
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["mine.unfinished", "tuesday.zip.sojourn-unfinished", "wednesday.zip"]


def test_backup_without_room_is_one_sentence_and_leaves_nothing(
    run: Run, database: Settings, tmp_path: Path
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    folder = tmp_path / "backups"
    folder.mkdir()
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        ended = run(["backup", str(folder / "sojourn.zip")], **environment_of(database))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (
        ended.code == 1 and ended.complaint.count("\n") == 1 and "File too large" in ended.complaint
    )
    assert list(folder.iterdir()) == []
