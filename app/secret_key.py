"""The key that sealed secrets of the desk are opened with. It lies in no table, so that no backup holds it.

An installation names it in a setting; Sojourn's own PostgreSQL has it in a file beside its folder.
"""

import base64
import binascii
import os
import secrets
from pathlib import Path

from app.errors import Stop

BYTES = 32
FILE = "secret-key"


def decoded(text: str) -> bytes:
    """The key as its bytes; a text that is none raises ValueError."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != BYTES:
        raise ValueError(f"must be {BYTES} random bytes in base64, as `openssl rand -base64 {BYTES}` prints them")
    return key


def kept_in(folder: Path) -> str:
    """The key of a data folder; the first who asks makes it."""
    file = folder / FILE
    if not file.exists():
        _make(file)
    text = file.read_text().strip()
    try:
        decoded(text)
    except ValueError as error:
        raise Stop(f"{file} {error}: put back the file that was there, or remove it to begin a new one.") from None
    return text


def _make(file: Path) -> None:
    """Written whole before it has its name: two programs that start at once have one key."""
    unfinished = file.with_name(f"{FILE}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as writing:
        writing.write(base64.b64encode(secrets.token_bytes(BYTES)).decode() + "\n")
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
