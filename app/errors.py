"""The one error that the command line prints as a sentence: no traceback, exit code 1."""


class Stop(Exception):
    """Something about this machine or this command's input that the person can put right; the message says how."""


class NotNow(Exception):
    """The draft is in a state in which that can't be done."""
