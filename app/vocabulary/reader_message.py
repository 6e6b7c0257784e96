"""Readers' messages: kinds, states and maximum lengths. `app.site` and `app.desk` use them."""

from app.vocabulary.code import Code


class Kind(Code):
    """What a message is about."""

    REMOVAL = "removal"
    MISTAKE = "mistake"
    MISSING = "missing"
    OTHER = "other"


class LetterState(Code):
    """Status of a message, as shown to its sender."""

    RECEIVED = "received"
    IN_WORK = "in-work"
    DONE = "done"
    DECLINED = "declined"


LONGEST = {"key": 64, "about": 500, "words": 5_000, "reach": 300}
"""In characters, by field."""
