"""Which fields hold dates, long texts, texts in other scripts or codes of a list."""

from app.forms import Citation, EventForm, Form, Legal, Name, SourceForm
from app.i18n.translate import N_
from app.vocabulary.events import TermKey

DATE_FIELDS = {
    *("happened", "attested", "within", "deadline", "exact_happened", "said", "date"),
    *("first_reported", "planned_for", "valid_until"),
    *("as_of", "period", "exact_as_of", "published", "read_on"),
}
SUGGESTED_DATES = {"happened", "attested", "said", "date", "first_reported", "as_of", "period"}
"""Dates with suggestions before anything is typed, since articles report recent events."""
LONG_TEXTS = {
    *("summary", "paraphrase", "quote", "quote_translation", "remark"),
    *("note", "reason", "definition", "role_reason", "reliability_reason"),
}
LANGUAGE_OF: dict[tuple[type[Form], str], str] = {
    (Citation, "quote"): "quote_language",
    (Name, "text"): "language",
    (SourceForm, "title"): "language",
}
"""Text fields, and the field that holds their language."""

CODE_LISTS: dict[tuple[type[Form], str], str] = {
    (EventForm, "type"): "type",
    (Legal, "instrument"): "instrument",
}
TERM_TITLES = {
    TermKey.NATIONALITY: N_("Nationality"),
    TermKey.PAPER: N_("Visa or permit"),
    TermKey.GROUP: N_("Group of workers"),
    TermKey.SECTOR: N_("Sector"),
    TermKey.RIGHT: N_("What is barred"),
    TermKey.ACTOR: N_("Who acts"),
    TermKey.PLACE: N_("Place"),
}
PROPOSED_TITLES = {
    "type": N_("Proposed type"),
    "paper": N_("Proposed visa or paper"),
    "group": N_("Proposed group"),
    "sector": N_("Proposed sector"),
    "nationality": N_("Proposed nationality"),
    "instrument": N_("Proposed law"),
    "right": N_("Proposed right"),
}
