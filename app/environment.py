"""Environment variables of settings: unknown names are refused, and secrets are read from files."""

import difflib
from collections.abc import Collection, Mapping
from pathlib import Path

from app.errors import CommandError

PREFIX = "SOJOURN_"
FILE_SUFFIX = "_FILE"
MAX_SECRET_BYTES = 65_536
MIN_LIKENESS = 0.8
"""From this share of equal letters on, another name is proposed."""


def refuse_unknown(environment: Mapping[str, str], known: Collection[str]) -> None:
    """Raise CommandError for a variable that begins like ours and is no setting.

    A misspelt name would leave the default in force, without a word.
    """
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, 1, MIN_LIKENESS)
            remedy = f"did you mean {near[0]}?" if near else "`sojourn settings` lists all."
            raise CommandError(f"{name} is no setting of this release: {remedy}")


def read_secret_files(environment: Mapping[str, str], secrets: Collection[str]) -> dict[str, str]:
    """Return the values of settings that are named by a file (DATABASE_URL_FILE)."""
    found = {}
    for name in secrets:
        path = environment.get(name + FILE_SUFFIX)
        if not path:
            continue
        if environment.get(name):
            raise CommandError(f"{name} and {name}{FILE_SUFFIX} are both set: keep one of them.")
        try:
            with Path(path).open("rb") as file:
                content = file.read(MAX_SECRET_BYTES).decode()
        except OSError as error:
            raise CommandError(
                f"{name}{FILE_SUFFIX}: {path} can't be read ({error.strerror})."
            ) from None
        except ValueError:
            raise CommandError(f"{name}{FILE_SUFFIX}: {path} is not a text.") from None
        if not content.strip():
            raise CommandError(f"{name}{FILE_SUFFIX}: {path} is empty.")
        found[name] = content.strip()
    return found
