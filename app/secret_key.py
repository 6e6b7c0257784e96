"""The two secrets of an installation: the key that seals second factors, and the hash secret.

Neither is in a table, so backups do not contain them. Each is a setting or, with the embedded
PostgreSQL, a file in the data folder that the first start creates. The first line of a file is the
current key; the others are older, and only decrypt.
"""

import base64
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from app.errors import CommandError
from app.files import give_to_owner_of_folder

BYTES = 32
FILE = "secret-key"
HASH_FILE = "hash-secret"


def decode_key(text: str) -> bytes:
    """Return the bytes of a key; raise ValueError if the text is none."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != BYTES:
        raise ValueError(
            f"must be {BYTES} random bytes in base64, as `openssl rand -base64 {BYTES}` prints them"
        )
    return key


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(BYTES)).decode()


def read_keys(folder: Path, name: str = FILE) -> list[str]:
    """Return the keys of a file, the current one first; create the file if it is missing."""
    file = folder / name
    if not file.exists():
        _create(file)
    keys = file.read_text(errors="replace").split()
    try:
        for key in keys or [""]:
            decode_key(key)
    except ValueError as error:
        raise CommandError(
            f"{file} {error}: put back the file that was there, or remove it to begin a new one."
        ) from None
    return keys


def write_keys(folder: Path, keys: Sequence[str], name: str = FILE) -> None:
    """Replace the keys of a file atomically."""
    file = folder / name
    _write_unfinished(file, keys).replace(file)


def _create(file: Path) -> None:
    """Create the file with a new key, unless another program has just created it."""
    unfinished = _write_unfinished(file, [new_key()])
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def _write_unfinished(file: Path, keys: Sequence[str]) -> Path:
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    give_to_owner_of_folder(descriptor, file.parent)
    with os.fdopen(descriptor, "w") as writing:
        writing.writelines(f"{key}\n" for key in keys)
        writing.flush()
        os.fsync(writing.fileno())
    return unfinished
