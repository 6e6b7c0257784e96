"""Accounts, locked files and processes of this machine, for the embedded PostgreSQL."""

import fcntl
import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import IO

from app.errors import CommandError
from app.files import give_to_owner_of_folder


def my_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise CommandError(
            f"Account number {os.geteuid()} has no name on this system (no passwd entry), and "
            "PostgreSQL needs one: run this under an account that has, or set DATABASE_URL."
        ) from None


def root_name() -> str:
    try:
        return pwd.getpwuid(0).pw_name
    except KeyError:
        return ""


def make_folder(folder: Path) -> None:
    """Create a folder and its parents. Existing folders keep their permissions."""
    try:
        for part in reversed([folder, *folder.parents]):
            if not part.exists():
                part.mkdir()
                # Root's server runs under another account, which must be able to enter.
                part.chmod(0o755 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise CommandError(
            f"The data folder {folder} cannot be made ({error.strerror}: {error.filename}): "
            "set SOJOURN_DATA_DIR."
        ) from None
    if not folder.is_dir():
        raise CommandError(f"The data folder {folder} is not a folder: set SOJOURN_DATA_DIR.")


def lock(path: Path, operation: int) -> IO[bytes]:
    """Open a file and lock it with `flock`; BlockingIOError if another process holds the lock."""
    try:
        file = open_for_append(path)
    except OSError as error:
        raise CommandError(f"The data folder cannot be used: {error.strerror}: {path}.") from None
    try:
        fcntl.flock(file, operation)
    except BlockingIOError:
        file.close()
        raise
    except OSError as error:
        file.close()
        raise CommandError(
            f"The data folder's file system cannot lock files ({error.strerror}): {path}."
        ) from None
    except BaseException:
        file.close()
        raise
    return file


def open_for_append(path: Path) -> IO[bytes]:
    """Open a file of the data folder for appending; create it if missing.

    A file that root creates gets the folder's owner, who must be able to open it later. Links are
    not followed, since this owner could have made one.
    """
    descriptor = os.open(
        path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644
    )
    file = os.fstat(descriptor)
    if file.st_uid == 0 and file.st_nlink == 1 and file.st_size == 0:
        give_to_owner_of_folder(descriptor, path.parent)
    return os.fdopen(descriptor, "ab")


def read_lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(errors="replace").splitlines()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    return _state(process).startswith(("Z", "X"))


def is_postgres(process: int, files: Path) -> bool:
    """Whether the process with this number is the PostgreSQL server on these files."""
    if sys.platform != "linux":
        return "postgres" in _ps(process, "comm")
    try:
        return Path(f"/proc/{process}/cwd").samefile(files)
    except PermissionError:
        return "postgres" in Path(f"/proc/{process}/comm").read_text()
    except OSError:
        return False


def _state(process: int) -> str:
    """Return the letter of the process's state and what follows it in `/proc`; empty if unknown."""
    if sys.platform != "linux":
        return _ps(process, "stat")
    try:
        # The name is in brackets, and may contain brackets and spaces itself.
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].strip()
    except OSError:
        return ""


def _ps(process: int, column: str) -> str:
    command = ["ps", "-o", f"{column}=", "-p", str(process)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
