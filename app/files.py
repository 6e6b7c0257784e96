"""What must hold for files that last: whose they are, and that they survive a power cut."""

import os
from pathlib import Path


def give_to_owner_of_folder(descriptor: int, folder: Path) -> None:
    """Give a file that root has just made to the account that owns its folder: that account goes on with it."""
    if os.geteuid() == 0 and (owner := folder.stat()).st_uid != 0:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def sync_folder(folder: Path) -> None:
    """Make what was renamed or made in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
