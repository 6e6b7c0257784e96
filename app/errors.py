"""Exceptions that several packages raise."""


class CommandError(Exception):
    """A problem of this machine or of a command's input that the person can solve.

    The message is one sentence with the remedy. The command line prints it without a traceback, and
    exits with code 1.
    """


class InvalidStateError(Exception):
    """The draft's state does not allow the action."""
