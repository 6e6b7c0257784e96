"""Exceptions that several packages raise, and the fields that pydantic refuses."""

from pydantic import ValidationError


class CommandError(Exception):
    """A problem of this machine or of a command's input that the person can solve.

    The message is one sentence with the remedy. The command line prints it without a traceback, and
    exits with code 1.
    """


class InvalidStateError(Exception):
    """The draft's state does not allow the action."""


def refused_fields(error: ValidationError) -> str:
    """Return the names of the invalid fields of a stored document; its values may be private."""
    names = {".".join(map(str, item["loc"])) or "the whole" for item in error.errors()}
    return ", ".join(sorted(names))
