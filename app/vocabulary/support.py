"""Codes of support and dispute."""

from app.vocabulary.citations import CitationKind
from app.vocabulary.code import Code


class Corroboration(Code):
    """How many independent origins support an event. Derived, never typed."""

    NONE = "none", "No support", "No citation supports it.", ""
    SINGLE_ANONYMOUS = (
        "single-anonymous",
        "One anonymous source",
        "One report, by someone not named.",
        "",
    )
    SINGLE_SOURCE = (
        "single-source",
        "One named source",
        "One report, by someone named or the outlet itself.",
        "",
    )
    RELAYED = "relayed", "One origin, relayed", "Several reports, all of one origin.", ""
    INDEPENDENT = (
        "independent",
        "Independent origins",
        "Two or more origins that do not rest on each other.",
        "",
    )
    DOCUMENTED = (
        "documented",
        "Document",
        "A document supports it; stands beside the others.",
        "A published notice.",
    )


class Disputed(Code):
    """What is disputed about an event or figure. Derived from the citations that dispute."""

    OCCURRENCE = "occurrence", "Whether it happened", "A source says that it did not happen.", ""
    DATE = "date", "When", "A source gives another date.", ""
    NUMBER = "number", "How many", "A source gives another number.", ""
    SCOPE = "scope", "Whom or what it covers", "A source says it covers more, less or others.", ""
    CAUSE = "cause", "Why", "A source gives another cause.", ""


DISPUTED_BY = {
    CitationKind.OCCURRENCE: Disputed.OCCURRENCE,
    CitationKind.EFFECT: Disputed.OCCURRENCE,
    CitationKind.STATEMENT: Disputed.OCCURRENCE,
    CitationKind.FORECAST: Disputed.OCCURRENCE,
    CitationKind.DATE: Disputed.DATE,
    CitationKind.NUMBER: Disputed.NUMBER,
    CitationKind.SCOPE: Disputed.SCOPE,
    CitationKind.LEGAL: Disputed.SCOPE,
    CitationKind.CAUSE: Disputed.CAUSE,
    CitationKind.CONTEXT: Disputed.CAUSE,
}
"""The disputed field of a citation that names none, by kind of citation (rule 5)."""

CORROBORATES = {
    CitationKind.OCCURRENCE,
    CitationKind.DATE,
    CitationKind.NUMBER,
    CitationKind.SCOPE,
    CitationKind.EFFECT,
    CitationKind.LEGAL,
}
"""Kinds of citation that count as support; a forecast counts for planned steps only (rule 4)."""
