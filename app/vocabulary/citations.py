"""Codes of citations: what a source says of a claim, and who said it."""

from app.vocabulary.code import Code


class Stance(Code):
    """Whether a citation supports or disputes the claim."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    MENTIONS = "mentions"
    WITHDRAWS = "withdraws"


class CitationKind(Code):
    """The subject of a citation."""

    OCCURRENCE = "occurrence"
    DATE = "date"
    NUMBER = "number"
    SCOPE = "scope"
    EFFECT = "effect"
    CAUSE = "cause"
    LEGAL = "legal"
    FORECAST = "forecast"
    STATEMENT = "statement"
    CONTEXT = "context"


class ReportsEvent(Code):
    """Whether a citation of one field also reports the event itself."""

    YES = "yes"
    NO = "no"


class Certainty(Code):
    """How certain the source is."""

    FIRM = "firm"
    HEDGED = "hedged"
    ASKED = "asked"


class Locator(Code):
    """Where in the source the statement is."""

    HEADLINE = "headline"
    LEAD = "lead"
    BODY = "body"
    CAPTION = "caption"
    TABLE = "table"
    PAGE = "page"
    TIME = "time"


class Difference(Code):
    """Why the value in a source differs from the value in this entry."""

    RIVAL = "rival"
    ERROR = "error"
    OTHER_READING = "other-reading"


class Attribution(Code):
    """Who is quoted, according to the source."""

    ANONYMOUS_OFFICIAL = "anonymous-official"
    ANONYMOUS_SOURCE = "anonymous-source"
    COMPANY = "company"
    DOCUMENT = "document"
    EXPERT = "expert"
    GOVERNMENT = "government-statement"
    INTELLIGENCE = "intelligence"
    NAMED_OFFICIAL = "named-official"
    NGO = "ngo"
    OBSERVERS = "observers"
    OTHER_OUTLET = "other-outlet"
    OWN_VOICE = "outlet-own-voice"
    RESIDENT = "resident"
    UN_PANEL = "un-panel"
    UNATTRIBUTED = "unattributed"


class Naming(Code):
    """Whether the source names the speaker. A speaker without a name is anonymous."""

    NAMED = "yes"
    UNNAMED = "no"


USUAL_NAMING: dict[str, Naming] = {
    Attribution.ANONYMOUS_OFFICIAL: Naming.UNNAMED,
    Attribution.ANONYMOUS_SOURCE: Naming.UNNAMED,
    Attribution.OBSERVERS: Naming.UNNAMED,
    Attribution.RESIDENT: Naming.UNNAMED,
    Attribution.UNATTRIBUTED: Naming.UNNAMED,
    Attribution.COMPANY: Naming.NAMED,
    Attribution.DOCUMENT: Naming.NAMED,
    Attribution.EXPERT: Naming.NAMED,
    Attribution.GOVERNMENT: Naming.NAMED,
    Attribution.INTELLIGENCE: Naming.NAMED,
    Attribution.NAMED_OFFICIAL: Naming.NAMED,
    Attribution.NGO: Naming.NAMED,
    Attribution.UN_PANEL: Naming.NAMED,
}
"""Whether a kind of speaker is usually named: proposed in the form, and read where a step of an
earlier release says nothing. Outlets are named by their code."""

FIXED_NAMING = {
    Attribution.ANONYMOUS_OFFICIAL,
    Attribution.ANONYMOUS_SOURCE,
    Attribution.NAMED_OFFICIAL,
    Attribution.UNATTRIBUTED,
}
"""Kinds of speaker that say themselves whether the speaker is named."""

OF_ANOTHER_SPEAKER: dict[str, tuple[str, ...]] = {
    Attribution.OWN_VOICE: ("named", "outlet", "speakers_text", "occasion"),
    Attribution.ANONYMOUS_OFFICIAL: ("outlet",),
    Attribution.ANONYMOUS_SOURCE: ("outlet",),
    Attribution.UNATTRIBUTED: ("outlet",),
    Attribution.GOVERNMENT: ("outlet",),
    Attribution.NAMED_OFFICIAL: ("outlet",),
    Attribution.INTELLIGENCE: ("outlet",),
    Attribution.UN_PANEL: ("outlet",),
    Attribution.RESIDENT: ("outlet",),
}
"""Fields of a step that these kinds of speaker don't have: they would be another speaker's."""


class Counting(Code):
    """How the editors count sources where they know more than the rule."""

    JOINED = "joined"
    SPLIT = "split"
    ONE_VOICE = "one-voice"
    TWO_VOICES = "two-voices"


class Derivation(Code):
    """How a source depends on another."""

    RELAY = "relay"
    TRANSLATION = "translation"
    SYNDICATION = "syndication"
    SUMMARY = "summary"
    QUOTES = "quotes"


# Groups of speakers, each with a symbol on pages of the site and of the desk ----------------------

SPEAKER_GROUPS = {
    "doc": {Attribution.DOCUMENT},
    "rec": {Attribution.GOVERNMENT, Attribution.NAMED_OFFICIAL, Attribution.COMPANY},
    "anon": {Attribution.ANONYMOUS_OFFICIAL, Attribution.ANONYMOUS_SOURCE, Attribution.RESIDENT},
    "ana": {
        Attribution.EXPERT,
        Attribution.NGO,
        Attribution.UN_PANEL,
        Attribution.INTELLIGENCE,
        Attribution.OBSERVERS,
    },
}


def speaker_group(attribution: str, named: str | None = None) -> str:
    """Return the group whose symbol a speaker has. The default is that of an outlet.

    `named` is a code of `Naming`; without one, the kind of speaker decides.
    """
    group = next(
        (group for group, members in SPEAKER_GROUPS.items() if attribution in members), "out"
    )
    if named and named != USUAL_NAMING.get(attribution):
        return "anon" if named == Naming.UNNAMED else "rec" if group == "anon" else group
    return group
