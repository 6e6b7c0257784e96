"""The account of the embedded PostgreSQL, and starting programs under that account."""

import contextlib
import os
import pwd
import subprocess
from pathlib import Path
from typing import IO

from app.database.machine import my_account
from app.errors import CommandError

DATA = "postgres-18"
"""PostgreSQL's own folder within the data folder."""

# For root: an account made for Sojourn, or one that most systems have and that owns nothing of
# value. PostgreSQL refuses to run as root. `postgres` is last, as another server may be using it.
UNPRIVILEGED_ACCOUNTS = ("sojourn", "daemon", "nobody", "postgres")


class ServerAccount:
    """The account of the server on one data folder: our own, or for root an unprivileged one.

    Raises CommandError if there is none, or if it can't enter the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        me = my_account()
        self.entry = self._find(me)
        # Only root may, and must, start the server under another account. None: do not switch.
        self.is_other = self.entry.pw_uid != me.pw_uid
        self.user = self.entry.pw_uid if self.is_other else None
        self.group = self.entry.pw_gid if self.is_other else None
        self.groups: list[int] | None = [] if self.is_other else None
        self.require_access()

    def _find(self, me: pwd.struct_passwd) -> pwd.struct_passwd:
        files = self.folder / DATA
        if files.exists():
            owner = files.stat().st_uid
            if me.pw_uid not in (0, owner):
                raise CommandError(
                    f"The data folder {self.folder} belongs to another account (number {owner}): "
                    "run this under that account, or set SOJOURN_DATA_DIR to another folder."
                )
        if me.pw_uid != 0:
            return me
        account = data_account(self.folder)
        if account.pw_uid == 0:
            raise CommandError(
                "PostgreSQL does not run as root, and this system has none of the accounts "
                f"{', '.join(UNPRIVILEGED_ACCOUNTS)}: set DATABASE_URL, or run this as an "
                "ordinary user."
            )
        return account

    def require_access(self) -> None:
        """Raise CommandError if the account can't enter the data folder.

        The permissions of existing folders are the owner's decision, so they are not changed.
        """
        if not self.is_other:
            return
        closed = [
            folder
            for folder in (self.folder, *self.folder.parents)
            if folder.is_dir() and not self._can_enter(folder)
        ]
        if closed:
            raise CommandError(
                f"PostgreSQL does not run as root, and the account {self.entry.pw_name}, under "
                f"which it would run, cannot enter {closed[-1]}: set SOJOURN_DATA_DIR to a folder "
                "that it can reach."
            )

    def _can_enter(self, folder: Path) -> bool:
        error = self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], cwd=Path("/"))
        return error is None

    def take(self, path: Path) -> None:
        """Make the account the owner of a file or folder."""
        os.chown(path, self.entry.pw_uid, self.entry.pw_gid)

    def start(
        self, command: list[str], output: IO[bytes], start_new_session: bool
    ) -> "subprocess.Popen[bytes]":
        """Start a program under the account, and return at once."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=self.folder,
            env=_environment(),
            start_new_session=start_new_session,
            umask=0o077,
            user=self.user,
            group=self.group,
            extra_groups=self.groups,
        )

    def run(self, command: list[str], cwd: Path | None = None) -> str | None:
        """Run a program under the account; return its error message, or None if it succeeded."""
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=cwd or self.folder,
            env=_environment(),
            umask=0o077,
            user=self.user,
            group=self.group,
            extra_groups=self.groups,
            check=False,
        )
        if done.returncode == 0:
            return None
        errors = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
        return (errors or done.stderr.splitlines() or [f"exit code {done.returncode}"])[0]


def data_account(folder: Path | None) -> pwd.struct_passwd:
    """Return the account for root to use: the owner of the data in this folder, or a fallback.

    The fallback is the first of UNPRIVILEGED_ACCOUNTS that exists, or root if none does.
    """
    if folder and (files := folder / DATA).exists() and (owner := files.stat().st_uid) != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(owner)
        raise CommandError(
            f"The data folder {folder} belongs to account number {owner}, which has no name here."
        )
    for name in UNPRIVILEGED_ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return pwd.getpwuid(0)


def _environment() -> dict[str, str]:
    # Nothing of our own environment: a PG… variable could change the server, and a secret could
    # leak.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
