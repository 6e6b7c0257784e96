"""What a reader may send to the editors: its kinds and how long it may be. The site asks it, the desk reads it."""

from app.language import N_
from app.vocabulary import Code


class Kind(Code):
    """What a letter asks for."""

    REMOVAL = (
        "removal",
        N_("Remove something"),
        N_("Something here could harm a person. It is read first, and can be hidden at once."),
    )
    MISTAKE = "mistake", N_("A mistake"), N_("Something here is wrong.")
    MISSING = "missing", N_("Something missing"), N_("A report, document or figure that should be here.")
    OTHER = "other", N_("Something else"), N_("Anything that the editors should know.")


LONGEST = {"key": 64, "about": 500, "words": 5_000, "reach": 300}
"""In characters, by field."""
