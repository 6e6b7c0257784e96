"""The site started by root: under which account it answers, and what it gives to that account."""

import os
import pwd
import subprocess
import sys
import urllib.request
from pathlib import Path

from app.cli.privileges import _give_data
from app.desk.purges.commands import add_to_list
from app.secret_key import read_keys, write_keys
from app.settings import Settings
from tests.conftest import wait_until
from tests.support.environment import environment_of
from tests.support.processes import children_of, free_port, running_command

SERVANT = "daemon"
"""An account that is on every system where these tests run as root."""


def owner_of(process: int) -> int:
    return Path(f"/proc/{process}").stat().st_uid


def may_leave_root() -> bool:
    """Whether another account can run this Python, or can be given access to it."""
    if os.geteuid() != 0:
        return True
    for command, user in (
        ([sys.executable, "-c", ""], SERVANT),
        (["unshare", "--mount", "true"], None),
    ):
        try:
            if (
                subprocess.run(
                    command, user=user, cwd="/", capture_output=True, check=False
                ).returncode
                == 0
            ):
                return True
        except OSError:
            continue
    return False


def test_site_started_by_root_answers_as_another_account(published: Settings) -> None:
    environment = {**environment_of(published), "PORT": str(port := free_port())}

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    with running_command(["sojourn", "serve"], environment) as run:
        wait_until(lambda: answers() or run.poll() is not None, "the site")
        children = children_of(run.pid)
        assert children
        owners = {owner_of(process) for process in [run.pid, *children]}
        # What it reads when it is asked for, and what a process of its pool does.
        for address in (
            "/events?q=Dandong",
            "/cite.txt?of=/events",
            "/static/site.css",
            "/desk/sign-in",
        ):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=60) as answer:
                assert answer.status == 200
        run.terminate()
        said = run.communicate(timeout=120)[0]
    if not may_leave_root():
        assert "The site stays root: the account" in said
    elif os.geteuid() == 0:
        assert 0 not in owners
        assert "not as root" in said
    else:
        assert owners == {os.geteuid()}


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
