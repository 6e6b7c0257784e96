"""Data folders and accounts that the embedded server refuses, each with one sentence."""

import pwd
import shutil
from pathlib import Path

import pytest

from app.database import embedded
from app.database.cluster import Cluster
from app.errors import CommandError
from tests.support.embedded_server import HASTY


def test_data_of_other_version_is_refused(folder: Path) -> None:
    (folder / "postgres-18" / "PG_VERSION").write_text("17\n")
    with pytest.raises(
        CommandError,
        match=r"was written by PostgreSQL 17, and this release has PostgreSQL 18: "
        r"run `sojourn backup` with the release that wrote it, then `sojourn restore`",
    ):
        start(folder)


@pytest.mark.parametrize("missing", ["global/pg_control", "postgresql.conf", "pg_wal", "base"])
def test_broken_data_is_refused_with_reason(folder: Path, missing: str) -> None:
    broken = folder / "postgres-18" / missing
    shutil.rmtree(broken) if broken.is_dir() else broken.unlink()
    with pytest.raises(
        CommandError,
        match=r"PostgreSQL did not start on .*: .+\. \(All it said is in .*postgres\.log\.\)",
    ):
        start(folder)


def test_file_as_data_folder_is_refused(new_folder: Path) -> None:
    new_folder.write_text("")
    with pytest.raises(CommandError, match=r"The data folder .* is not a folder"):
        start(new_folder)


def test_folder_that_cannot_be_created_is_refused() -> None:
    with pytest.raises(CommandError, match=r"The data folder /proc/nowhere cannot be made"):
        start(Path("/proc/nowhere"))


def test_folder_closed_to_server_account_is_named(new_folder: Path) -> None:
    account = Cluster(new_folder / "inner", {}).account
    account.is_other = True
    new_folder.chmod(0)
    with pytest.raises(CommandError, match=rf"cannot enter {new_folder}: set SOJOURN_DATA_DIR"):
        account.require_access()
    new_folder.chmod(0o755)


def test_link_in_place_of_server_file_is_not_followed(folder: Path) -> None:
    victim = folder.parent / "victim"
    victim.write_text("untouched\n")
    rules = folder / "postgres-18" / "pg_hba.conf"
    rules.unlink()
    rules.symlink_to(victim)
    with embedded.running(folder, HASTY):
        assert not rules.is_symlink()
    assert victim.read_text() == "untouched\n"


def test_account_without_name_is_one_sentence(
    new_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless(number: int) -> pwd.struct_passwd:
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", nameless)
    with pytest.raises(CommandError, match=r"has no name on this system \(no passwd entry\)"):
        start(new_folder)


def test_system_without_unprivileged_account_is_refused(
    new_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_root(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    root = pwd.struct_passwd(("root", "x", 0, 0, "", "/root", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwnam", only_root)
    monkeypatch.setattr(pwd, "getpwuid", lambda _: root)
    with pytest.raises(
        CommandError, match="does not run as root, and this system has none of the accounts"
    ):
        start(new_folder)


def start(folder: Path) -> None:
    with embedded.running(folder, HASTY):
        pass
