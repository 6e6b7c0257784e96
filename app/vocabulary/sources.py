"""Codes of sources and outlets."""

from app.vocabulary.code import Code


class OutletKind(Code):
    """What kind of publisher an outlet is."""

    NEWSPAPER = "newspaper", "Newspaper or news site", "News in print or online.", ""
    AGENCY = "agency", "News agency", "An agency whose reports other outlets publish.", ""
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
        "A site that collects or machine-translates reports by others.",
        "",
    )
    REFERENCE = "reference", "Reference work", "An encyclopaedia or register.", ""


class Reliability(Code):
    """The grade of an outlet in the Admiralty code (NATO AJP-2.1): how reliable its earlier reports were."""  # noqa: E501

    A = "a", "A · reliable", "No doubts about its reliability.", ""
    B = "b", "B · usually reliable", "Minor doubts; mostly right in the past.", ""
    C = "c", "C · fairly reliable", "Some doubts; sometimes right in the past.", ""
    D = "d", "D · not usually reliable", "Serious doubts.", ""
    E = "e", "E · unreliable", "Was wrong in the past, or invented reports.", ""
    F = "f", "F · not judged", "Too little is known to judge it.", ""


LOW_GRADES = {Reliability.D, Reliability.E}
"""Grades of outlets whose estimates head a place only without another; F is no judgement."""


class SourceKind(Code):
    """What kind of text a source is."""

    NEWS = "news", "News report", "An article or broadcast item.", ""
    GOVERNMENT = "government", "Government document", "A notice, statement or press release.", ""
    UN_DOCUMENT = "un-document", "UN document", "A resolution or report of the United Nations.", ""
    NGO = "ngo", "Report of an organisation", "A report by a non-governmental organisation.", ""
    RESEARCH = "research", "Study", "A study by a university, institute or think tank.", ""
    LEGAL = "legal", "Legal commentary", "A commentary by a law firm or scholar.", ""
    BLOG = "blog", "Blog", "A personal or thematic blog.", ""
    OTHER = "other", "Other", "Anything else.", ""


class PublishedBasis(Code):
    """How the date of publication is known. Only a stated date is certain."""

    STATED = "stated", "Date stated", "The copy that was read shows the date.", ""
    URL = "url", "From URL", "The date is part of the page’s address.", ""
    INDEX = "index", "From index", "A dated list includes the item.", ""
    INFERRED = "inferred", "Inferred", "The editors inferred the date from the content.", ""
    GENERAL_KNOWLEDGE = (
        "general-knowledge",
        "Widely documented",
        "The date is well known from other publications.",
        "",
    )
    UNKNOWN = "unknown", "Unknown", "No date was found.", ""


class TitleBasis(Code):
    """How the title is known."""

    PRINTED = "printed", "As published", "The copy that was read shows the title.", ""
    OWN_WORDS = (
        "own-words",
        "Our description",
        "We have not seen the title; this describes the page.",
        "",
    )
    UNCHECKED = "unchecked", "Not checked", "The title was noted once and not checked again.", ""
    FROM_URL = (
        "from-url",
        "From URL",
        "Words from the page’s address; we have not seen the title.",
        "…/quebec-freezes-low-wage-permits",
    )


class HostKind(Code):
    """Who hosts a copy of a source."""

    OWN = "own", "The outlet's own site", "", ""
    REPUBLISHER = (
        "republisher",
        "A republisher",
        "It publishes the text unchanged, shortened or translated.",
        "",
    )
    MIRROR = (
        "mirror",
        "A mirror",
        "An index or unrelated site. Its address is shown without a link.",
        "",
    )
    NONE = "none", "No address", "No page of the source is known.", ""


class Extent(Code):
    """How much of a copy was read."""

    FULL = "full", "Read in full", "The whole text.", ""
    EXCERPT = (
        "excerpt",
        "Excerpt read",
        "About the first 2,000 characters; a later correction may be missing.",
        "",
    )
    NONE = "none", "Not read", "The source is known only through others.", ""
