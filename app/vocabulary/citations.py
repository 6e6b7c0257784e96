"""Codes of citations: what a source says of a claim, and who said it."""

from app.vocabulary.code import Code


class Stance(Code):
    """What a citation does to the statement it is attached to."""

    SUPPORTS = "supports", "Supports", "The source says so.", "A resident saw the buses."
    DISPUTES = (
        "disputes",
        "Disputes",
        "The source denies it, or says something that does not fit.",
        "It was a holiday.",
    )
    MENTIONS = (
        "mentions",
        "Mentions",
        "The source speaks of it without vouching for it.",
        "A newspaper had reported it.",
    )
    WITHDRAWS = (
        "withdraws",
        "Withdraws",
        "Who said it takes it back: the source itself, or the office or person it quotes.",
        "A correction under the article; a ministry that replaces its count.",
    )


class CitationKind(Code):
    """What a citation is about."""

    OCCURRENCE = (
        "occurrence",
        "That it happened",
        "Whether the event took place.",
        "Restaurants closed.",
    )
    DATE = "date", "When", "The day, month or order of things.", "Since March of the previous year."
    NUMBER = "number", "How many", "A figure.", "About half have gone."
    SCOPE = (
        "scope",
        "Whom or what it covers",
        "Who is meant, where, under which paper.",
        "Only one-month visas.",
    )
    EFFECT = "effect", "What it led to", "A consequence that was seen.", "Firms lack hands."
    CAUSE = "cause", "Why", "A cause or motive.", "China has its trade talks in mind."
    LEGAL = (
        "legal",
        "What rule it rests on",
        "A law, resolution or notice.",
        "Resolution 2397, paragraph 8.",
    )
    FORECAST = (
        "forecast",
        "What is to come",
        "A plan or an expectation.",
        "A second stage in May or June.",
    )
    STATEMENT = (
        "statement",
        "A statement",
        "What an office or person said about it.",
        "The ministry calls it untrue.",
    )
    CONTEXT = "context", "Background", "What surrounds it.", "The summit had failed."


class ReportsEvent(Code):
    """Whether a citation reports the event itself, not only one of its fields (rule 4)."""

    YES = (
        "yes",
        "Yes",
        "It says that the event happened, and counts as support for it.",
        "54 were deported.",
    )
    NO = (
        "no",
        "No",
        "It supports only its own field, such as the number.",
        "A remark on the law does not report its enforcement; nor does one of background.",
    )


class Certainty(Code):
    """How firmly the source puts it."""

    FIRM = "firm", "Firm", "Said without reserve.", "Workers left on Monday."
    HEDGED = (
        "hedged",
        "Hedged",
        "Said with reserve: seems, may, is thought to.",
        "It appears to be in force.",
    )
    ASKED = (
        "asked",
        "Asked",
        "Put as a question, a rumour or a request.",
        "Rumour has it that returns start in June.",
    )


class Manner(Code):
    """How a speaker puts what is said. That it was said may be certain all the same."""

    FIRM = "firm", "As a fact", "The speaker says it without reserve.", "All have left."
    RESERVED = (
        "reserved",
        "With reserve",
        "The speaker leaves it open.",
        "As far as we know, all have left.",
    )
    STANDPOINT = (
        "standpoint",
        "As a standpoint",
        "The speaker says what they hold or assume.",
        "We proceed from the fact that all have left.",
    )


class Locator(Code):
    """Where in the source the statement stands."""

    HEADLINE = "headline", "Headline", "The title or a heading.", ""
    LEAD = "lead", "Lead", "The first paragraph.", ""
    BODY = "body", "Body", "The running text.", ""
    CAPTION = (
        "caption",
        "Caption",
        "The words under a picture.",
        "Women workers at a customs house.",
    )
    TABLE = "table", "Table", "A table or chart.", ""
    PAGE = "page", "Page", "A page of a longer document.", "p. 34"
    TIME = "time", "Time", "A moment of a broadcast or film.", "1:20"


class Difference(Code):
    """Why a source's value differs from the record's."""

    RIVAL = "rival", "Rival value", "Another value that may be as good.", "2,000 against 3,000."
    ERROR = (
        "error",
        "Error in the source",
        "The source is plainly wrong.",
        "Resolution 2379 printed for 2397.",
    )
    OTHER_READING = (
        "other-reading",
        "Other reading",
        "The words allow two readings.",
        "Passes or visas.",
    )


class Attribution(Code):
    """Who said it, according to the source."""

    ANONYMOUS_OFFICIAL = (
        "anonymous-official",
        "Official, not named",
        "Someone in office, name withheld.",
        "",
    )
    ANONYMOUS_SOURCE = (
        "anonymous-source",
        "Source, not named",
        "Someone whom the source does not name.",
        "",
    )
    COMPANY = "company", "Company", "A firm, or someone speaking for it.", ""
    DOCUMENT = (
        "document",
        "Document",
        "A law, notice, register, contract or statistic.",
        "Border statistics.",
    )
    EXPERT = "expert", "Expert", "A scholar or analyst.", ""
    GOVERNMENT = (
        "government-statement",
        "Government",
        "A government, ministry or its spokesperson.",
        "",
    )
    INTELLIGENCE = (
        "intelligence",
        "Intelligence service",
        "An intelligence service, named or not.",
        "",
    )
    NAMED_OFFICIAL = (
        "named-official",
        "Official, named",
        "An official who is named.",
        "An ambassador.",
    )
    NGO = "ngo", "Organisation", "A non-governmental organisation.", ""
    OBSERVERS = "observers", "Observers", "Unnamed observers or analysts.", "Some observers say."
    OTHER_OUTLET = "other-outlet", "Another outlet", "Another newspaper, agency or broadcaster.", ""
    OWN_VOICE = "outlet-own-voice", "Outlet's own voice", "The outlet says it itself.", ""
    RESIDENT = "resident", "Resident", "Someone who lives or works there.", ""
    UN_PANEL = "un-panel", "UN panel", "A panel of experts of the United Nations.", ""
    UNATTRIBUTED = (
        "unattributed",
        "Not attributed",
        "The source does not say who says so.",
        "It is reported that …",
    )


class Naming(Code):
    """Whether the source says who speaks. Without a name, a speaker is anonymous."""

    NAMED = (
        "yes",
        "Named",
        "The source names the person, body or document.",
        "The ministry's spokeswoman.",
    )
    UNNAMED = (
        "no",
        "Not named",
        "The source does not say who it is: an anonymous speaker.",
        "The head of a food company.",
    )


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

FIXED_NAMING = frozenset(
    {
        Attribution.ANONYMOUS_OFFICIAL,
        Attribution.ANONYMOUS_SOURCE,
        Attribution.NAMED_OFFICIAL,
        Attribution.UNATTRIBUTED,
    }
)
"""Kinds of speaker that say themselves whether the speaker is named."""

OF_ANOTHER_SPEAKER: dict[str, tuple[str, ...]] = {
    Attribution.OWN_VOICE: (*("named", "outlet", "speakers", "speakers_text", "occasion", "said"),),
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
    """How editors count sources, where they know more than the rule."""

    JOINED = (
        "joined",
        "Count as one",
        "Two sources or citations that are one source.",
        "The same report, credited to two newspapers.",
    )
    SPLIT = (
        "split",
        "Count apart",
        "A source or citation that is independent of all others.",
        "The outlet’s own reporter was there.",
    )
    ONE_VOICE = (
        "one-voice",
        "One voice",
        "Two citations whose speakers are one voice: they count as one speaker and one source.",
        "A ministry, and the deputy minister who speaks for it.",
    )


class Derivation(Code):
    """How a source rests on another."""

    RELAY = "relay", "Relay", "Passes on its report.", ""
    TRANSLATION = "translation", "Translation", "The same text in another language.", ""
    SYNDICATION = "syndication", "Syndication", "The same text, printed again.", ""
    SUMMARY = "summary", "Summary", "Sums it up.", ""
    QUOTES = "quotes", "Quotes", "Quotes part of it.", ""
