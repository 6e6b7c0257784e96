"""Printed descriptions of errors: one sentence with a remedy and, with `--verbose`, a traceback.

Messages of most exceptions quote a value, which could be private, so they are left out.
"""

import errno
import traceback
from collections.abc import Iterator

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.database.errors import database_reason, describe_database_error
from app.errors import CommandError

DISK_FULL_CODES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def describe_error(error: Exception) -> str:
    """Return one sentence for the person who ran the command."""
    from app.record.publishing.validation import PublishError

    match error:
        case CommandError():
            return str(error)
        case PublishError():
            return f"Nothing was changed: {error}."
        case DBAPIError() | psycopg.Error():
            return describe_database_error(error)
        case PoolTimeoutError():
            return "The database is busy and gave no connection in time. Try again later."
        case ArgumentError() | NoSuchModuleError():
            return (
                "A database address is not valid: DATABASE_URL, READER_DATABASE_URL and "
                "MIGRATE_DATABASE_URL must look like postgresql://user:password@host:port/name."
            )
        case ValidationError():
            return (
                f"This release can't read a stored record ({error.title}:  "
                f"{_field_names(error)}): run `sojourn doctor`, which names the record."
            )
        case OSError():
            return _describe_os_error(error)
        case MemoryError():
            return "This machine has too little memory for the command. Free some, and try again."
    return (
        f"Sojourn has a fault ({type(error).__name__} {_last_location(error)}): run the command "
        "again with --verbose, and report the output."
    )


def describe_details(error: Exception) -> Iterator[str]:
    """Yield the lines for `--verbose`: the traceback and the safe message of each chained error."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    for each in reversed(chain):
        yield from (line.rstrip("\n") for line in traceback.format_tb(each.__traceback__))
        yield f"{type(each).__module__}.{type(each).__qualname__}: {_safe_message(each)}"


def _describe_os_error(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or type(error).__name__
    if error.errno in DISK_FULL_CODES:
        return f"{where}{reason}: free some space, and run the command again."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{where}{reason}: give this account access, or choose another path."
    return f"{where}{reason}: check the path, or choose another one."


def _safe_message(error: BaseException) -> str:
    """Return the parts of the message that quote no stored value."""
    match error:
        case CommandError():
            return str(error)
        case DBAPIError() | psycopg.Error():
            return database_reason(error)
        case OSError():
            return f"{error.filename or ''} {error.strerror or ''}".strip()
        case ValidationError():
            return f"{error.title}: {_field_names(error)}"
    return "(its message may repeat what is private, and is left out)"


def _field_names(error: ValidationError) -> str:
    return ", ".join(
        sorted({".".join(map(str, item["loc"])) or "the whole" for item in error.errors()})
    )


def _last_location(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/app/" in frame.filename] or frames
    return f"in {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
