"""Codes of support and dispute."""

from app.vocabulary.citations import CitationKind
from app.vocabulary.code import Code


class Corroboration(Code):
    """How many independent sources support a record. Calculated automatically."""

    NONE = "none", "No support", "No citation supports it.", ""
    UNREAD = (
        "unread",
        "Not read by us",
        "Its citations are only of sources that the editors have not read.",
        "A resolution, known by its number and date.",
    )
    SINGLE_ANONYMOUS = (
        "single-anonymous",
        "One unnamed source",
        "One report that relies on a person who is not named.",
        "A resident saw buses.",
    )
    OWN_REPORT = (
        "own-report",
        "One outlet, in its own words",
        "One report, in an outlet's own words. It names no source but may also have an "
        "anonymous one.",
        "A newspaper writes that restaurants have closed.",
    )
    PASSED_ON = (
        "passed-on",
        "One report, second-hand",
        "One outlet's report that the editors read only in another outlet.",
        "An agency writes that, according to a newspaper, restaurants have closed.",
    )
    SINGLE_NAMED = (
        "single-named",
        "One named source",
        "One report, by a named person, body or document.",
        "An ambassador says that half have left.",
    )
    SINGLE_SOURCE = (
        "single-source",
        "Named source or own report",
        "A level of earlier editions, which did not distinguish the two. The filter finds both.",
        "",
    )
    RELAYED = (
        "relayed",
        "One source, repeated",
        "Several reports that all go back to one source.",
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
        "An official document, read by the editors, states it. Shown beside the other levels.",
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
    """How certain the sources of a record are. Calculated automatically."""

    FIRM = (
        "firm",
        "Stated firmly",
        "At least one source states it without reservations.",
        "",
    )
    ALLEGED = (
        "alleged",
        "Alleged",
        "Its sources report it with reservations, or as a rumour or question.",
        "Workers are thought to have left.",
    )


class Disputed(Code):
    """What sources dispute about an event or estimate. Calculated automatically from citations."""

    OCCURRENCE = "occurrence", "Whether it happened", "A source denies that it happened.", ""
    DATE = "date", "The date", "A source gives another date.", ""
    NUMBER = "number", "The number", "A source gives another number.", ""
    SCOPE = (
        "scope",
        "How far it goes",
        "A source says that it covers more, fewer or other people.",
        "",
    )
    CAUSE = "cause", "The reason", "A source gives another cause.", ""


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
