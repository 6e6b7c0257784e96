"""Codes of support and dispute."""

from app.vocabulary.citations import CitationKind
from app.vocabulary.code import Code


class Corroboration(Code):
    """How many independent sources support a record. Calculated automatically."""

    NONE = "none"
    UNREAD = "unread"
    SINGLE_ANONYMOUS = "single-anonymous"
    OWN_REPORT = "own-report"
    PASSED_ON = "passed-on"
    SINGLE_NAMED = "single-named"
    SINGLE_SOURCE = "single-source"
    RELAYED = "relayed"
    INDEPENDENT = "independent"
    DOCUMENTED = "documented"


SUCCESSORS = {
    Corroboration.SINGLE_SOURCE: (
        Corroboration.SINGLE_NAMED,
        Corroboration.OWN_REPORT,
        Corroboration.PASSED_ON,
    ),
}
"""Retired levels, with the levels that took their place. Addresses with the old ones stay valid."""


class ClaimCertainty(Code):
    """How certain the sources of a record are. Calculated automatically."""

    FIRM = "firm"
    ALLEGED = "alleged"


class Disputed(Code):
    """What sources dispute about an event or estimate. Calculated automatically from citations."""

    OCCURRENCE = "occurrence"
    DATE = "date"
    NUMBER = "number"
    SCOPE = "scope"
    CAUSE = "cause"


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

FIELD_KINDS = (
    CitationKind.DATE,
    CitationKind.NUMBER,
    CitationKind.SCOPE,
    CitationKind.EFFECT,
    CitationKind.LEGAL,
)
"""Kinds of citation about one field of an event. Editors state whether they report it, too."""

ESTIMATE_KINDS = {CitationKind.OCCURRENCE, *FIELD_KINDS}
"""Kinds of citation that support an estimate; a forecast supports one that was not observed."""
