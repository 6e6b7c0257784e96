"""Readers' messages: kinds, states and maximum lengths. `app.site` and `app.desk` use them."""

from app.i18n.translate import N_
from app.vocabulary.code import Code


class Kind(Code):
    """What a letter asks for."""

    REMOVAL = (
        "removal",
        N_("Remove something"),
        N_("Something here could harm a person. It is read first, and can be hidden at once."),
    )
    MISTAKE = "mistake", N_("A mistake"), N_("Something here is wrong.")
    MISSING = (
        "missing",
        N_("Something missing"),
        N_("A report, document or figure that should be here."),
    )
    OTHER = "other", N_("Something else"), N_("Anything that the editors should know.")


class LetterState(Code):
    """What the sender of a letter is told about it."""

    RECEIVED = (
        "received",
        N_("Received"),
        N_("The editors have your letter. Nobody has begun to work on it yet."),
    )
    IN_WORK = "in-work", N_("In work"), N_("An editor is working on it.")
    DONE = "done", N_("Done"), N_("The editors have dealt with it.")
    DECLINED = (
        "declined",
        N_("Declined"),
        N_("The editors have read it and decided to change nothing because of it."),
    )


LONGEST = {"key": 64, "about": 500, "words": 5_000, "reach": 300}
"""In characters, by field."""
