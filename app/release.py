"""The release of this program, from the version in pyproject.toml."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def release() -> str:
    """Return the version, such as "0.1.0"; "unknown" if the program was not installed."""
    try:
        return version("sojourn")
    except PackageNotFoundError:
        return "unknown"
