"""Hashes of content, owners of new files, safety in a power cut, and cells without formulas."""

import os
from pathlib import Path

SHORT_HASH_CHARACTERS = 12
"""Hexadecimal characters of a hash in addresses and cache keys."""


def give_to_owner_of_folder(descriptor: int, folder: Path) -> None:
    """Give a file that root has created to the owner of its folder, who must be able to use it."""
    if os.geteuid() == 0 and (owner := folder.stat()).st_uid != 0:
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def sync_folder(folder: Path) -> None:
    """Write the folder's entries to disk, so that new and renamed files survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


FORMULA_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""The last four are =, +, - and @ in full width: East Asian spreadsheets run these, too."""


def escape_formula(cell: str) -> str:
    """Prefix a cell with an apostrophe if a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell[:1] in FORMULA_STARTS else cell
