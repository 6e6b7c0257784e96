"""Codes of sources and outlets."""

from app.vocabulary.code import Code


class OutletKind(Code):
    """Who publishes."""

    NEWSPAPER = "newspaper", "Newspaper or news site", "Printed or online news.", ""
    AGENCY = "agency", "News agency", "An agency whose texts others print.", ""
    BROADCASTER = "broadcaster", "Broadcaster", "Radio or television.", ""
    GOVERNMENT = "government", "Government", "A ministry, embassy or office.", ""
    INTERNATIONAL = (
        "international",
        "International body",
        "The UN or another international body.",
        "",
    )
    NGO = "ngo", "Organisation", "A non-governmental organisation.", ""
    RESEARCH = "research", "Research", "A university, think tank or institute.", ""
    FIRM = "firm", "Firm", "A law firm, consultancy or company.", ""
    AGGREGATOR = (
        "aggregator",
        "Aggregator",
        "A site that gathers or machine-translates others' texts.",
        "",
    )
    REFERENCE = "reference", "Reference work", "An encyclopaedia or register.", ""


class Reliability(Code):
    """The outlet's grade in the Admiralty code (NATO AJP-2.1): how reliable it has been, whatever it says now."""  # noqa: E501

    A = "a", "A · reliable", "No doubt of its reliability.", ""
    B = "b", "B · usually reliable", "Minor doubts; mostly right before.", ""
    C = "c", "C · fairly reliable", "Some doubts; right before at times.", ""
    D = "d", "D · not usually reliable", "Serious doubts.", ""
    E = "e", "E · unreliable", "Has been wrong or made things up.", ""
    F = "f", "F · not judged", "Not enough known to judge.", ""


class SourceKind(Code):
    """What was read."""

    NEWS = "news", "News report", "An article or broadcast item.", ""
    GOVERNMENT = "government", "Government document", "A notice, statement or press release.", ""
    UN_DOCUMENT = "un-document", "UN document", "A resolution or report of the United Nations.", ""
    NGO = "ngo", "Report of an organisation", "A report by a non-governmental organisation.", ""
    RESEARCH = "research", "Study", "By a university, institute or think tank.", ""
    LEGAL = "legal", "Legal commentary", "By a law firm or scholar.", ""
    BLOG = "blog", "Blog", "A personal or thematic blog.", ""
    OTHER = "other", "Other", "Anything else.", ""


class PublishedBasis(Code):
    """How sure the date of publication is. Only `stated` is firm."""

    STATED = "stated", "Stated on the page", "The copy that was read carries the date.", ""
    URL = "url", "Taken from the address", "The date stands in the address.", ""
    INDEX = "index", "From an index", "From a dated list of the same item.", ""
    INFERRED = "inferred", "Inferred by us", "Worked out from the content.", ""
    GENERAL_KNOWLEDGE = "general-knowledge", "General knowledge", "Known without the copy.", ""
    UNKNOWN = "unknown", "Not known", "No date could be found.", ""


class TitleBasis(Code):
    """How sure the title is."""

    PRINTED = "printed", "As printed", "Seen on the copy.", ""
    OWN_WORDS = "own-words", "In our words", "The title was not seen; this describes the page.", ""
    UNCHECKED = "unchecked", "Not checked", "Taken down once, not seen again.", ""
    FROM_URL = (
        "from-url",
        "From the address",
        "Words of the address of the page; the title was not seen.",
        "…/quebec-freezes-low-wage-permits",
    )


class HostKind(Code):
    """Where the address of a copy leads."""

    OWN = "own", "The outlet's own site", "", ""
    REPUBLISHER = (
        "republisher",
        "A republisher",
        "Carries the text unchanged, cut or translated.",
        "",
    )
    MIRROR = "mirror", "A mirror", "An index or unrelated host; shown but not linked.", ""
    NONE = "none", "No address", "No page is known.", ""


class Extent(Code):
    """How much of the copy was read."""

    FULL = "full", "In full", "The whole text.", ""
    EXCERPT = (
        "excerpt",
        "An excerpt",
        "About the first 2,000 characters; a later correction may be missing.",
        "",
    )
    NONE = "none", "Not read", "Known from elsewhere.", ""
