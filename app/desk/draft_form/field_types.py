"""Which fields hold dates, long texts, texts in other scripts or codes of a list."""

from app.i18n.translate import N_
from app.kinds import (
    ActorForm,
    Citation,
    EstimateForm,
    EventForm,
    Form,
    JoinedSources,
    LawForm,
    Name,
    OutletForm,
    PageForm,
    PictureMark,
    PlaceForm,
    SourceForm,
    Stage,
    Term,
)
from app.vocabulary.events import TermKey

DATE_FIELDS = {
    *("happened", "attested", "within", "deadline", "exact_happened", "said", "date"),
    *("first_reported", "planned_for", "valid_until"),
    *("as_of", "period", "exact_as_of", "published", "read_on", "reply_on"),
    *("adopted", "in_force", "expires"),
}
SUGGESTED_DATES = {"happened", "attested", "said", "date", "first_reported", "as_of", "period"}
"""Dates with suggestions before anything is typed, since articles report recent events."""
LONG_TEXTS = {
    *("summary", "paraphrase", "quote", "quote_translation", "remark"),
    *("note", "reason", "definition", "role_reason", "reliability_reason", "reply", "says", "body"),
}
LANGUAGE_OF: dict[tuple[type[Form], str], str] = {
    (Citation, "quote"): "quote_language",
    (Name, "text"): "language",
    (SourceForm, "title"): "language",
}
"""Text fields, and the field that holds their language."""

CODE_LISTS: dict[tuple[type[Form], str], str] = {
    (EventForm, "type"): "type",
}
HINTS: dict[tuple[type[Form], str], str] = {
    (Citation, "about"): N_("This record, or one of its links or citations."),
    (Citation, "copy_read"): N_("The copy of the source that you read."),
    (Stage, "citation"): N_("The citation that reports it."),
    (JoinedSources, "member"): N_("A source or citation of this record."),
    (JoinedSources, "other"): N_("The source or citation to count it with."),
    **{
        (form, "code"): N_(
            "Small letters, digits and hyphens, such as amnok-ilbo. It is used in addresses and "
            "never changes."
        )
        for form in (ActorForm, LawForm, OutletForm, PlaceForm)
    },
    (PlaceForm, "regions"): N_("Codes of its regions, separated by commas."),
    (PageForm, "places"): N_("Codes of up to four places, separated by commas."),
    (PictureMark, "event"): N_("Its id, or words from its title."),
    (Term, "code"): "",
    (Term, "role"): "",
    (Term, "number"): "",
    (Term, "side"): "",
    (Term, "citation"): N_("The citation, if only one says so."),
}
"""What the form says of a field where its description speaks of ids and codes."""
UNCHOSEN: dict[tuple[type[Form], str], str] = {
    (Term, "certainty"): N_("Same as the record"),
    (Term, "code"): N_("No code: use the source’s words"),
    (EventForm, "happened_basis"): N_("Neither; as stated by the source"),
    (Citation, "said_basis"): N_("Neither; as stated by the source"),
    (Stage, "date_basis"): N_("Neither; as stated by the source"),
    (EstimateForm, "inferred"): N_("Nothing; as stated by the source"),
    (EstimateForm, "may_count"): N_("Nothing else"),
    (EstimateForm, "per"): N_("Not a rate"),
    (EstimateForm, "population"): N_("Choose one (not for time, age, money, minimum or threshold)"),
    (EstimateForm, "coverage"): N_("Not stated (calculated by rule 6)"),
    (Citation, "field"): N_("No difference"),
    (Citation, "differs"): N_("No difference"),
    (Citation, "reports_event"): N_("No answer (needed for date, number, scope, effect and law)"),
}
"""The empty option of a field, where it means something."""
TERM_TITLES = {
    TermKey.NATIONALITY: N_("Nationality"),
    TermKey.PAPER: N_("Visa or permit"),
    TermKey.GROUP: N_("Group of workers"),
    TermKey.SECTOR: N_("Sector"),
    TermKey.RIGHT: N_("Barred activity"),
    TermKey.ACTOR: N_("Actor"),
    TermKey.PLACE: N_("Place"),
}
PROPOSED_TITLES = {
    "type": N_("Proposed type"),
    "paper": N_("Proposed visa or permit"),
    "group": N_("Proposed group"),
    "sector": N_("Proposed sector"),
    "nationality": N_("Proposed nationality"),
    "instrument": N_("Proposed law"),
    "right": N_("Proposed right"),
}
