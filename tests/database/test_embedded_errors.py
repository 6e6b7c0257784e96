"""Data folders and accounts that the embedded server refuses, each with one sentence."""

import shutil
from pathlib import Path

import pytest

from app.database import embedded
from app.errors import CommandError
from tests.database.conftest import HASTY


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


def test_link_in_place_of_server_file_is_not_followed(folder: Path) -> None:
    victim = folder.parent / "victim"
    victim.write_text("untouched\n")
    rules = folder / "postgres-18" / "pg_hba.conf"
    rules.unlink()
    rules.symlink_to(victim)
    with embedded.running(folder, HASTY):
        assert not rules.is_symlink()
    assert victim.read_text() == "untouched\n"


def start(folder: Path) -> None:
    with embedded.running(folder, HASTY):
        pass
