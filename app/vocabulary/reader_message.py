"""Readers' messages: kinds, states and maximum lengths. `app.site` and `app.desk` use them."""

from app.vocabulary.code import Code


class Kind(Code):
    """What a message is about."""

    REMOVAL = (
        "removal",
        "Remove something",
        (
            "Something here could harm a person. Editors read these messages first and "
            "can hide content at once."
        ),
    )
    MISTAKE = "mistake", "A mistake", "Something here is wrong."
    MISSING = (
        "missing",
        "Something missing",
        "A report, document or estimate that should be here.",
    )
    OTHER = "other", "Something else", "Anything that the editors should know."


class LetterState(Code):
    """Status of a message, as shown to its sender."""

    RECEIVED = (
        "received",
        "Received",
        "The editors have received your message. Work on it has not started.",
    )
    IN_WORK = "in-work", "In progress", "An editor is working on it."
    DONE = "done", "Done", "The editors have completed their work on it."
    DECLINED = (
        "declined",
        "Declined",
        "The editors have read it and decided not to change anything.",
    )


LONGEST = {"key": 64, "about": 500, "words": 5_000, "reach": 300}
"""In characters, by field."""
