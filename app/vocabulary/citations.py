"""Codes of citations: what a source says of a claim, and who said it."""

from app.vocabulary.code import Code


class Stance(Code):
    """Whether a citation supports or disputes the claim."""

    SUPPORTS = "supports", "Supports", "The source reports it.", "A resident saw the buses."
    DISPUTES = (
        "disputes",
        "Disputes",
        "The source denies it or reports something different.",
        "It was a holiday.",
    )
    MENTIONS = (
        "mentions",
        "Mentions",
        "The source mentions it without confirming it.",
        "A newspaper had reported it.",
    )
    WITHDRAWS = (
        "withdraws",
        "Retracts",
        "The source, or the person or office it quotes, retracts the statement.",
        "A correction below an article; a ministry that replaces its count.",
    )


class CitationKind(Code):
    """The subject of a citation."""

    OCCURRENCE = (
        "occurrence",
        "Whether it happened",
        "Whether the event took place.",
        "Restaurants closed.",
    )
    DATE = (
        "date",
        "Date",
        "The day, the month or the sequence of events.",
        "Since March of the previous year.",
    )
    NUMBER = "number", "Number", "A number of people or things.", "About half have gone."
    SCOPE = (
        "scope",
        "How far it goes",
        "Who is covered, where, and with which visa or permit.",
        "Only one-month visas.",
    )
    EFFECT = "effect", "Effect", "A consequence that was observed.", "Firms are short of workers."
    CAUSE = (
        "cause",
        "Cause",
        "A cause or motive.",
        "China does not want to endanger its trade talks.",
    )
    LEGAL = (
        "legal",
        "Legal basis",
        "A law, resolution or notice.",
        "Resolution 2397, paragraph 8.",
    )
    FORECAST = (
        "forecast",
        "Forecast",
        "A plan or an expectation.",
        "A second stage in May or June.",
    )
    STATEMENT = (
        "statement",
        "Statement",
        "What an office or person said about it.",
        "The ministry calls it untrue.",
    )
    CONTEXT = "context", "Background", "The circumstances.", "The summit had failed."


class ReportsEvent(Code):
    """Whether a citation of one field also reports the event itself."""

    YES = (
        "yes",
        "Yes",
        "It reports that the event happened and counts as support for it.",
        "54 were deported.",
    )
    NO = (
        "no",
        "No",
        "It supports only its own field, such as the number.",
        "A remark on the law, without a report that it was enforced.",
    )


class Certainty(Code):
    """How certain the source is."""

    FIRM = "firm", "Firm", "The source reports it as a fact.", "Workers left on Monday."
    HEDGED = (
        "hedged",
        "With reservations",
        "The source uses words such as “seems”, “may” or “is thought to”.",
        "It appears to be in force.",
    )
    ASKED = (
        "asked",
        "Rumour or question",
        "The source reports a rumour, a question or a request.",
        "Rumour has it that returns start in June.",
    )


class Locator(Code):
    """Where in the source the statement is."""

    HEADLINE = "headline", "Headline", "The title or a heading.", ""
    LEAD = "lead", "Lead", "The first paragraph.", ""
    BODY = "body", "Body", "The main text.", ""
    CAPTION = (
        "caption",
        "Caption",
        "The text below a picture.",
        "Women workers at a customs house.",
    )
    TABLE = "table", "Table", "A table or chart.", ""
    PAGE = "page", "Page", "A page of a longer document.", "p. 34"
    TIME = "time", "Time", "A time in a broadcast or film.", "1:20"


class Difference(Code):
    """Why the value in a source differs from the value in this entry."""

    RIVAL = (
        "rival",
        "Alternative value",
        "Another value that may be equally right.",
        "2,000 against 3,000.",
    )
    ERROR = (
        "error",
        "Error in the source",
        "The source is clearly wrong.",
        "Resolution 2379 printed for 2397.",
    )
    OTHER_READING = (
        "other-reading",
        "Other interpretation",
        "The wording can be understood in two ways.",
        "Passes or visas.",
    )


class Attribution(Code):
    """Who is quoted, according to the source."""

    ANONYMOUS_OFFICIAL = (
        "anonymous-official",
        "Official, not named",
        "An official whose name is not given.",
        "",
    )
    ANONYMOUS_SOURCE = (
        "anonymous-source",
        "Source, not named",
        "A person whom the source does not name.",
        "",
    )
    COMPANY = "company", "Company", "A firm, or a person who speaks for it.", ""
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
    OWN_VOICE = (
        "outlet-own-voice",
        "Outlet's own voice",
        "The outlet reports it in its own words.",
        "",
    )
    RESIDENT = "resident", "Resident", "Someone who lives or works there.", ""
    UN_PANEL = "un-panel", "UN panel", "A panel of experts of the United Nations.", ""
    UNATTRIBUTED = (
        "unattributed",
        "Not attributed",
        "The source does not say where the information comes from.",
        "It is reported that …",
    )


class Naming(Code):
    """Whether the source names the speaker. A speaker without a name is anonymous."""

    NAMED = (
        "yes",
        "Named",
        "The source names the person, body or document.",
        "The ministry's spokeswoman.",
    )
    UNNAMED = (
        "no",
        "Not named",
        "The source does not name the speaker.",
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

    JOINED = (
        "joined",
        "Counted as one",
        "Two sources or citations count as one source.",
        "The same report, credited to two newspapers.",
    )
    SPLIT = (
        "split",
        "Counted apart",
        "The source or citation counts as independent of all others.",
        "The outlet’s own reporter was there.",
    )
    ONE_VOICE = (
        "one-voice",
        "One voice",
        "Two citations have the same speaker and count as one source.",
        "A ministry, and the deputy minister who speaks for it.",
    )


class Derivation(Code):
    """How a source depends on another."""

    RELAY = "relay", "Repeats", "It repeats the other report.", ""
    TRANSLATION = "translation", "Translates", "It is the same text in another language.", ""
    SYNDICATION = "syndication", "Republishes", "It is the same text, published again.", ""
    SUMMARY = "summary", "Summarises", "It summarises the other report.", ""
    QUOTES = "quotes", "Quotes", "It quotes part of the other report.", ""


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
