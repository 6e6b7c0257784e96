"""Codes of sources and outlets."""

from app.vocabulary.code import Code


class OutletKind(Code):
    """What kind of publisher an outlet is."""

    NEWSPAPER = "newspaper"
    AGENCY = "agency"
    BROADCASTER = "broadcaster"
    GOVERNMENT = "government"
    INTERNATIONAL = "international"
    NGO = "ngo"
    RESEARCH = "research"
    FIRM = "firm"
    AGGREGATOR = "aggregator"
    REFERENCE = "reference"


class Reliability(Code):
    """The grade of an outlet in the Admiralty code (NATO AJP-2.1): how reliable its earlier reports were."""  # noqa: E501

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"


LOW_GRADES = {Reliability.D, Reliability.E}
"""Grades of outlets whose estimates head a place only without another; F is no judgement."""


class SourceKind(Code):
    """What kind of text a source is."""

    NEWS = "news"
    GOVERNMENT = "government"
    UN_DOCUMENT = "un-document"
    NGO = "ngo"
    RESEARCH = "research"
    LEGAL = "legal"
    BLOG = "blog"
    OTHER = "other"


class PublishedBasis(Code):
    """How the date of publication is known. Only a stated date is certain."""

    STATED = "stated"
    URL = "url"
    INDEX = "index"
    INFERRED = "inferred"
    GENERAL_KNOWLEDGE = "general-knowledge"
    UNKNOWN = "unknown"


class TitleBasis(Code):
    """How the title is known."""

    PRINTED = "printed"
    OWN_WORDS = "own-words"
    UNCHECKED = "unchecked"
    FROM_URL = "from-url"


class HostKind(Code):
    """Who hosts a copy of a source."""

    OWN = "own"
    REPUBLISHER = "republisher"
    MIRROR = "mirror"
    NONE = "none"


class Extent(Code):
    """How much of a copy was read."""

    FULL = "full"
    EXCERPT = "excerpt"
    NONE = "none"
