"""`sojourn backup`: files on disk, leftovers of killed backups, and full disks."""

import os
import resource
import threading
import time
from pathlib import Path

import psycopg
import pytest

from app import scheduler
from app.cli.doctor import _check_backups
from app.database.backup import write_backup
from app.database.migrating import migrate
from app.database.restore import verify_backup
from app.errors import CommandError
from app.scheduler import back_up, back_up_if_due
from app.settings import Settings
from app.web.metrics_server import SiteCollector
from tests.cli.conftest import Run
from tests.support.environment import environment_of
from tests.support.mail_server import MailServer


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
    written, *later = done
    assert written.endswith(".sojourn-unfinished")
    assert later == [tmp_path.name, "renamed", tmp_path.name]


def test_backup_removes_leftovers_of_killed_one(database: Settings, tmp_path: Path) -> None:
    """Leftovers contain private notes. A backup that is still being written is left alone."""
    (tmp_path / "mine.unfinished").write_bytes(b"not ours")
    for name, seconds in (("monday.zip-1", 7200), ("tuesday.zip-2", 60)):
        left = tmp_path / f"{name}.sojourn-unfinished"
        left.write_bytes(b"private")
        os.utime(left, (time.time() - seconds,) * 2)
    write_backup(database, tmp_path / "wednesday.zip")
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["mine.unfinished", "tuesday.zip-2.sojourn-unfinished", "wednesday.zip"]


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


# Folders, verification, schedule ----------------------------------------------------------------


def test_backup_in_folder_is_named_by_time_and_old_ones_go(
    run: Run, published: Settings, tmp_path: Path
) -> None:
    for day in (1, 2, 3):
        (tmp_path / f"sojourn-2026010{day}T000000Z.zip").write_bytes(b"")
    (tmp_path / "mine.zip").write_bytes(b"")
    ended = run(["backup", str(tmp_path), "--keep", "2"], **environment_of(published))
    assert ended.code == 0
    names = sorted(path.name for path in tmp_path.glob("*.zip"))
    assert names[:2] == ["mine.zip", "sojourn-20260103T000000Z.zip"] and len(names) == 3
    assert "Removed: sojourn-20260102T000000Z.zip" in ended.output
    checked = run(["backup", "--verify", str(tmp_path / names[2])])
    assert checked.code == 0 and "is complete: " in checked.output


def test_tick_makes_the_backup_that_is_due(published: Settings, tmp_path: Path) -> None:
    settings = published.model_copy(update={"backup_dir": tmp_path, "backup_keep": 1})
    old = tmp_path / "sojourn-20260101T000000Z.zip"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    assert list(_check_backups(settings)) != []
    (name, removed) = back_up_if_due(settings)
    assert back_up_if_due(settings) == []
    assert name.startswith("Backup written: sojourn-") and removed.startswith("1 old backup")
    assert [verify_backup(path).edition for path in tmp_path.glob("*.zip")] == [1]
    assert list(_check_backups(settings)) == []
    ages = [each for each in SiteCollector(settings).collect() if "backup" in each.name]
    assert len(ages) == 1


def lose_connection(*_arguments: object) -> None:
    raise psycopg.OperationalError("the connection is lost")


def test_backup_is_copied_away_and_a_failure_is_mailed_once(
    published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings = published.model_copy(
            update={
                "backup_command": f"cp {{file}} {elsewhere}",
                "backup_mail": "operator@example.org",
                "smtp_url": f"smtp://127.0.0.1:{server.port}",
                "data_dir": tmp_path,
                "mail_from": "sojourn@example.org",
            }
        )
        back_up(settings, tmp_path / "first.zip")
        assert verify_backup(elsewhere / "first.zip").edition == 1
        elsewhere.rename(tmp_path / "gone")
        broken = settings.model_copy(update={"backup_command": f"cp {{file}} {elsewhere}/"})
        for name in ("second.zip", "third.zip"):
            with pytest.raises(CommandError, match="did not copy it: cp: "):
                back_up(broken, tmp_path / name)
        # The folder of the backups is missing, as if its disk had not been mounted.
        (tmp_path / "backup-failed").unlink()
        for _job in range(2):
            with pytest.raises(CommandError, match="cannot be written: No such file"):
                back_up(broken, elsewhere / "fourth.zip")
        (tmp_path / "backup-failed").unlink()
        monkeypatch.setattr(scheduler, "write_backup", lose_connection)
        with pytest.raises(psycopg.OperationalError):
            back_up(broken, tmp_path / "fifth.zip")
        server.shutdown()
    copied, written, lost = server.received
    assert "To: operator@example.org" in copied and "did not copy it" in copied
    assert "No such file" in written and "The database" in lost


def test_upgrade_saves_old_tables_before_it_migrates(
    empty_database: Settings, run: Run, tmp_path: Path
) -> None:
    first = "0016"
    migrate(empty_database, revision=first, logins=True)
    ended = run(["upgrade", str(tmp_path)], **environment_of(empty_database))
    [file] = tmp_path.glob("*.zip")
    assert verify_backup(file).revision == first
    assert "Migrations run: 1." in ended.output and "No problems found." in ended.output
