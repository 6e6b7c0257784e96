"""Codes of support and dispute."""

from app.vocabulary.citations import CitationKind
from app.vocabulary.code import Code


class Corroboration(Code):
    """How many independent sources support a record. Derived, never typed."""

    NONE = "none", "No support", "No citation supports it.", ""
    UNREAD = (
        "unread",
        "Not read by us",
        "Only sources that nobody here read are cited for it.",
        "A resolution, known by its number and date.",
    )
    SINGLE_ANONYMOUS = (
        "single-anonymous",
        "Single anonymous source",
        "One report, by someone who is not named; or beside an outlet's own voice in it.",
        "A resident saw buses.",
    )
    OWN_REPORT = (
        "own-report",
        "Outlet's own report",
        "One report, in an outlet's own words; it names nobody who says so, but may have an "
        "anonymous source.",
        "A newspaper writes that restaurants have closed.",
    )
    PASSED_ON = (
        "passed-on",
        "Single report, passed on",
        "One outlet's report, known only through another outlet that was read.",
        "An agency writes that a newspaper reported closed restaurants.",
    )
    SINGLE_NAMED = (
        "single-named",
        "Single named source",
        "One report, by a named person, body or document.",
        "An ambassador says that half have left.",
    )
    SINGLE_SOURCE = (
        "single-source",
        "Named source or own report",
        "Earlier editions did not tell these two apart; still finds both.",
        "",
    )
    RELAYED = (
        "relayed",
        "Single source, repeated",
        "Several reports that all come from one source.",
        "",
    )
    INDEPENDENT = (
        "independent",
        "Independent sources",
        "Two or more sources that do not depend on each other.",
        "",
    )
    DOCUMENTED = (
        "documented",
        "Official document",
        "An official document that was read says so; shown beside the others.",
        "A ministry's published notice.",
    )


SUCCESSORS = {
    Corroboration.SINGLE_SOURCE: (
        Corroboration.SINGLE_NAMED,
        Corroboration.OWN_REPORT,
        Corroboration.PASSED_ON,
    ),
}
"""Retired levels, with the levels that took their place. Addresses with the old ones stay valid."""


class ClaimCertainty(Code):
    """How firmly the citations that support a record put it. Derived, never typed."""

    FIRM = (
        "firm",
        "Stated without reserve",
        "At least one of its sources puts it without reserve.",
        "",
    )
    ALLEGED = (
        "alleged",
        "Alleged",
        "Its sources put it with reserve, or as a rumour or question.",
        "Workers are thought to have left.",
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
