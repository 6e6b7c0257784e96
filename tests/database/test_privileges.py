"""What a site that was started by root gives to the account under which it answers."""

import os
import pwd
from pathlib import Path

from app.database.privileges import _give_data
from app.desk.purges import add_to_list
from app.secret_key import read_keys, write_keys

SERVANT = "daemon"
"""An account that is on every system where these tests run as root."""


def test_only_own_files_of_the_data_folder_change_their_owner(tmp_path: Path) -> None:
    account = pwd.getpwnam(SERVANT) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    data = tmp_path / "data"
    data.mkdir()
    others = [tmp_path / "linked", tmp_path / "hard"]
    for file in (*others, data / "secret-key"):
        file.write_text("x")
    (data / "link").symlink_to(others[0])
    (data / "hard-link").hardlink_to(others[1])
    _give_data(data, account)
    assert (data.stat().st_uid, (data / "secret-key").stat().st_uid) == (
        account.pw_uid,
        account.pw_uid,
    )
    assert {file.stat().st_uid for file in others} == {os.geteuid()}


def test_file_made_by_root_belongs_to_owner_of_folder(tmp_path: Path) -> None:
    """For example the purge list: root runs `sojourn purge`, the site's account appends to it."""
    account = pwd.getpwnam(SERVANT) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(tmp_path, account.pw_uid, account.pw_gid)
    add_to_list(tmp_path / "purged.txt", ["E1"])
    keys = read_keys(tmp_path)
    write_keys(tmp_path, keys)
    assert {path.name: path.stat().st_uid for path in tmp_path.iterdir()} == {
        "purged.txt": account.pw_uid,
        "secret-key": account.pw_uid,
    }
