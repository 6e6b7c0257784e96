"""Switch of `sojourn serve` and `sojourn tick` from root to an unprivileged account.

If the code is in a folder that only root can enter, such as /root, the process first gets its own
mount namespace. In this namespace the folder contains only the code, as with systemd's
`ProtectHome=tmpfs` and `BindPaths=`.
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
from app.database.cluster import Cluster, data_account
from app.errors import CommandError

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
"""Program that exits with 0 if the files, folders and folder entries it is given are readable."""


def leave_root(data_folder: Path | None, purge_list: Path | None) -> str:
    """Switch from root to an unprivileged account permanently, and return a sentence about it.

    The sentence is empty if the process is not root. Without a suitable account, the process stays
    root, and it says so. The account becomes the owner of `data_folder`, of the embedded
    PostgreSQL. Raises CommandError if it can't use that folder or the purge list.
    """
    if os.geteuid() != 0:
        return ""
    if data_folder:
        # Raises CommandError if the account can't enter the folder. Must run before `_mount_code`,
        # which hides folders.
        Cluster(data_folder, {})
    account = data_account(data_folder)
    if account.pw_uid == 0:
        return (
            "The site stays root: there is no unprivileged account on this system. Create an "
            "account named sojourn."
        )
    if not _can_run(account):
        _mount_code()
    if not _can_run(account):
        return (
            f"The site stays root: the account {account.pw_name} can't read the program in "
            f"{paths.ROOT} or Python in {sys.base_prefix}. Install both where every account can "
            "read them, or run this as an ordinary user."
        )
    if data_folder:
        _give_data(data_folder, account)
    _become(account)
    if purge_list and not os.access(
        purge_list if purge_list.exists() else purge_list.parent, os.W_OK
    ):
        raise CommandError(
            f"The site runs under the account {account.pw_name}, which can't write the "
            f"purge list: give {purge_list} to it, or name another file in SOJOURN_PURGE_LIST."
        )
    return f"The site runs under the account {account.pw_name}, not as root."


def _list_needed() -> list[Path]:
    """Return the folders that are read while the site runs."""
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


def _mount_code() -> None:
    """Replace closed folders, for this process only, by open ones that contain only the code."""
    needed = _list_needed()
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

    # A container may forbid mounts. Then `leave_root` reports that the account can't run the site.
    with contextlib.suppress(OSError):
        if libc.unshare(NEW_MOUNTS) != 0:
            return
        mount("none", Path("/"), None, RECURSIVE | PRIVATE)
        for folder in _find_closed(needed):
            inside = [path for path in needed if path.is_relative_to(folder)]
            # Mounting a path also mounts the paths within it.
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


def _find_closed(needed: Sequence[Path]) -> list[Path]:
    """Return, for each path, the outermost parent that other accounts can't enter."""
    found: list[Path] = []
    for path in needed:
        for folder in reversed(path.parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                found.append(folder)
                break
    return sorted(set(found))


def _give_data(folder: Path, account: pwd.struct_passwd) -> None:
    """Make the account the owner of the data folder and of root's files in it; follow no links."""
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
        # Programs started from here on can't gain more rights than the account.
        ctypes.CDLL(None).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # libpq fails if it can't read the home folder.
    os.environ.update(HOME=account.pw_dir, USER=account.pw_name, LOGNAME=account.pw_name)
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    try:
        os.chdir(folder)
    except OSError:
        os.chdir("/")
