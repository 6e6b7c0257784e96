"""Readers' messages: kinds, states and maximum lengths. `app.site` and `app.desk` use them."""

from app.i18n.translate import N_
from app.vocabulary.code import Code


class Kind(Code):
    """What a message is about."""

    REMOVAL = (
        "removal",
        N_("Remove something"),
        N_(
            "Something here could harm a person. Editors read these messages first and "
            "can hide content at once."
        ),
    )
    MISTAKE = "mistake", N_("A mistake"), N_("Something here is wrong.")
    MISSING = (
        "missing",
        N_("Something missing"),
        N_("A report, document or estimate that should be here."),
    )
    OTHER = "other", N_("Something else"), N_("Anything that the editors should know.")


class LetterState(Code):
    """Status of a message, as shown to its sender."""

    RECEIVED = (
        "received",
        N_("Received"),
        N_("The editors have received your message. Work on it has not started."),
    )
    IN_WORK = "in-work", N_("In progress"), N_("An editor is working on it.")
    DONE = "done", N_("Done"), N_("The editors have completed their work on it.")
    DECLINED = (
        "declined",
        N_("Declined"),
        N_("The editors have read it and decided not to change anything."),
    )


LONGEST = {"key": 64, "about": 500, "words": 5_000, "reach": 300}
"""In characters, by field."""
