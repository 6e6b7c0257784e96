"""Leaving root: `sojourn serve` started by root answers nobody before it has become an unprivileged account.

Where the code is in a folder that only root may enter, such as /root, the process first gets a view of the file system
of its own, in which this folder holds the code alone; systemd's `ProtectHome=tmpfs` with `BindPaths=` does the same.
"""

import contextlib
import ctypes
import os
import pwd
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from app import paths
from app.database.cluster import Cluster
from app.database.server_account import data_account
from app.errors import Stop

NEW_MOUNTS = 0x00020000  # CLONE_NEWNS
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
NO_SET_USER_ID, NO_DEVICES = 0x2, 0x4
NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS

PROBE = """
import os, sys
def is_open(path):
    return os.access(path, os.R_OK | os.X_OK if os.path.isdir(path) else os.R_OK)
for path in sys.argv[1:]:
    if not is_open(path):
        sys.exit(1)
    for entry in os.scandir(path) if os.path.isdir(path) else ():
        if not is_open(entry.path):
            sys.exit(1)
"""
"""Ends with 0 if all these files and folders, and what is directly in them, can be read."""


def leave_root(data_folder: Path | None, purge_list: Path | None) -> str:
    """Become an unprivileged account for good, and return a sentence about it; an empty one where we are not root.

    `data_folder`, that of our own PostgreSQL, is given to this account. Stop where there is no suitable account.
    """
    if os.geteuid() != 0:
        return ""
    if data_folder:
        # Says where the account can't enter it, while all folders are still to be seen.
        Cluster(data_folder, {})
    account = data_account(data_folder)
    if account.pw_uid == 0:
        return "The site stays root: there is no unprivileged account on this system. Make one that is called sojourn."
    if not _can_run(account):
        _show_code_in_closed_folders()
    if not _can_run(account):
        return (
            f"The site stays root: the account {account.pw_name} can't read the program in {paths.ROOT} or Python in "
            f"{sys.base_prefix}. Install both where every account can read them, or run this as an ordinary user."
        )
    if data_folder:
        _give_data(data_folder, account)
    _become(account)
    if purge_list and not os.access(
        purge_list if purge_list.exists() else purge_list.parent, os.W_OK
    ):
        raise Stop(
            f"The site runs under the account {account.pw_name}, which can't write the list of what is purged: give "
            f"{purge_list} to it, or name another file in SOJOURN_PURGE_LIST."
        )
    return f"The site runs under the account {account.pw_name}, not as root."


def _needed() -> list[Path]:
    """What is read while the site runs."""
    packages = {
        Path(sysconfig.get_path(name)).resolve()
        for name in ("purelib", "platlib", "stdlib", "platstdlib")
    }
    return [
        paths.ROOT,
        Path(sys.prefix).resolve(),
        Path(sys.base_prefix).resolve(),
        *sorted(packages),
    ]


def _can_run(account: pwd.struct_passwd) -> bool:
    """Whether the account can start this Python and read the code."""
    read = [
        paths.ROOT / name
        for name in ("app", "app/site", "templates", "static", "migrations", "seeds")
    ]
    read += [paths.HTMX, Path(sysconfig.get_path("purelib")), Path(sysconfig.get_path("stdlib"))]
    command = [sys.executable, "-I", "-S", "-c", PROBE, *map(str, read)]
    with contextlib.suppress(OSError):
        done = subprocess.run(
            command,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0
    return False


def _show_code_in_closed_folders() -> None:
    """In a view of our own, put a folder that others can enter, and that holds the code alone, over each closed one."""
    needed = _needed()
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(
        source: str, target: Path, kind: str | None, flags: int, options: str | None = None
    ) -> None:
        encoded = [
            text.encode() if text is not None else None
            for text in (source, str(target), kind, options)
        ]
        if libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]) != 0:
            raise OSError(ctypes.get_errno(), "mount", str(target))

    # A container may forbid it; then the account can't run the site, and that is said.
    with contextlib.suppress(OSError):
        if libc.unshare(NEW_MOUNTS) != 0:
            return
        mount("none", Path("/"), None, RECURSIVE | PRIVATE)
        for folder in _closed(needed):
            inside = [path for path in needed if path.is_relative_to(folder)]
            # A path within another is there with it.
            inside = [
                path
                for path in inside
                if not any(path != other and path.is_relative_to(other) for other in inside)
            ]
            opened = [os.open(path, os.O_PATH) for path in inside]
            mount("tmpfs", folder, "tmpfs", NO_SET_USER_ID | NO_DEVICES, "mode=0755,size=1m")
            for path, descriptor in zip(inside, opened, strict=True):
                path.mkdir(parents=True, exist_ok=True)
                mount(f"/proc/self/fd/{descriptor}", path, None, BIND | RECURSIVE)
                os.close(descriptor)


def _closed(needed: Sequence[Path]) -> list[Path]:
    """The outermost folders around what is needed that others may not enter."""
    found: list[Path] = []
    for path in needed:
        for folder in reversed(path.parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                found.append(folder)
                break
    return sorted(set(found))


def _give_data(folder: Path, account: pwd.struct_passwd) -> None:
    """Give the account the data folder and root's own files in it, but nothing that a link in it leads to."""
    os.chown(folder, account.pw_uid, account.pw_gid)
    for entry in os.scandir(folder):
        if not entry.is_file(follow_symlinks=False):
            continue
        descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            file = os.fstat(descriptor)
            if stat.S_ISREG(file.st_mode) and file.st_uid == 0 and file.st_nlink == 1:
                os.fchown(descriptor, account.pw_uid, account.pw_gid)
        finally:
            os.close(descriptor)


def _become(account: pwd.struct_passwd) -> None:
    folder = Path.cwd()
    os.setgroups([])
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    if sys.platform == "linux":
        # No program that is started from here on gets more rights than the account.
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # libpq, for one, stops where it may not look into the home folder.
    os.environ.update(HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name)
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    try:
        os.chdir(folder)
    except OSError:
        os.chdir("/")
