"""The lists of the codebook, in the order of its page."""

from dataclasses import dataclass

from app.i18n.translate import N_
from app.record.names.directory import CODES_BY_VOCABULARY
from app.vocabulary import actors as vocabulary_actors
from app.vocabulary import citations as vocabulary_citations
from app.vocabulary import dates as vocabulary_dates
from app.vocabulary import estimates as vocabulary_estimates
from app.vocabulary import events as vocabulary_events
from app.vocabulary import laws as vocabulary_laws
from app.vocabulary import pages as vocabulary_pages
from app.vocabulary import record as vocabulary_record
from app.vocabulary import sources as vocabulary_sources
from app.vocabulary.code import Code


@dataclass(frozen=True)
class CodebookList:
    """A list of codes. `key` is used in URLs and anchors."""

    key: str
    title: str
    codes: type[Code] | None = None
    """None if the list is stored in the record."""


def _filter_list(key: str, title: str) -> CodebookList:
    """Return the list of an enumeration that is also a filter."""
    return CodebookList(key, title, CODES_BY_VOCABULARY[key])


EVERY_LIST = [
    CodebookList("track", N_("Law and practice"), vocabulary_events.Track),
    CodebookList("status-group", N_("Groups of “Rules on a date”"), vocabulary_events.StatusGroup),
    _filter_list("stage", N_("Status")),
    CodebookList("type", N_("Types of event")),
    CodebookList("heading", N_("Headings of event types"), vocabulary_events.TypeHeading),
    CodebookList("nature-of-type", N_("Kinds of event type"), vocabulary_events.TypeNature),
    _filter_list("side", N_("Ordered by")),
    _filter_list("corroboration", N_("Support")),
    _filter_list("claim", N_("Certainty of a record")),
    _filter_list("disputed", N_("Disputed")),
    _filter_list("attribution", N_("Attributed to")),
    CodebookList("counting", N_("Editors’ decisions on sources"), vocabulary_citations.Counting),
    CodebookList("named", N_("Named or not named"), vocabulary_citations.Naming),
    CodebookList("stance", N_("Stance"), vocabulary_citations.Stance),
    CodebookList(
        "about", N_("About: the subject of a citation"), vocabulary_citations.CitationKind
    ),
    CodebookList(
        "reports-event", N_("Reports the event itself"), vocabulary_citations.ReportsEvent
    ),
    CodebookList("certainty", N_("Certainty of a citation"), vocabulary_citations.Certainty),
    CodebookList("locator", N_("Place in the source"), vocabulary_citations.Locator),
    CodebookList(
        "differs", N_("Where sources differ from this entry"), vocabulary_citations.Difference
    ),
    _filter_list("counts", N_("What an estimate measures")),
    _filter_list("papers_were", N_("What happened to visas and permits")),
    _filter_list("nature", N_("Nature")),
    _filter_list("unit", N_("Units")),
    _filter_list("per", N_("Rates")),
    _filter_list("form", N_("Types of number")),
    _filter_list("population", N_("Population")),
    _filter_list("coverage", N_("Covers the whole or a part")),
    CodebookList("term-scope", N_("Whom a number includes"), vocabulary_events.TermScope),
    CodebookList("quantifier", N_("Reported as"), vocabulary_estimates.Quantifier),
    CodebookList("inferred", N_("Dates inferred by us"), vocabulary_estimates.InferredTime),
    CodebookList("standing", N_("Preferred estimate"), vocabulary_estimates.FigureRole),
    _filter_list("conflict", N_("Conflict")),
    CodebookList("date-basis", N_("Added by us to a date"), vocabulary_dates.DateBasis),
    CodebookList("names", N_("Kinds of value"), vocabulary_events.TermKey),
    CodebookList("role", N_("Roles"), vocabulary_events.Role),
    CodebookList("no-nationality", N_("No nationality"), vocabulary_events.NoNationality),
    CodebookList("paper", N_("Visas and permits")),
    CodebookList("group", N_("Groups of workers")),
    CodebookList("sector", N_("Industries")),
    CodebookList("right", N_("Rights and services")),
    CodebookList("nationality", N_("Nationalities")),
    _filter_list("level", N_("Kinds of place")),
    CodebookList("event-link", N_("Links between events"), vocabulary_events.EventLink),
    CodebookList("figure-link", N_("Links between estimates"), vocabulary_estimates.EstimateLink),
    CodebookList("instrument", N_("Laws and resolutions")),
    CodebookList("concept", N_("Search concepts")),
    CodebookList("relation", N_("Relation to a law"), vocabulary_laws.LegalRelation),
    CodebookList("reading", N_("Who states the relation to a law"), vocabulary_laws.Reading),
    CodebookList("actor-kind", N_("Kinds of actor"), vocabulary_actors.ActorKind),
    CodebookList("law-kind", N_("Kinds of law"), vocabulary_laws.LawKind),
    CodebookList("page-kind", N_("Kinds of page"), vocabulary_pages.PageKind),
    CodebookList("page-part", N_("Parts of the page about this site"), vocabulary_pages.PagePart),
    CodebookList("outlet-kind", N_("Kinds of outlet"), vocabulary_sources.OutletKind),
    CodebookList("reliability", N_("Reliability of an outlet"), vocabulary_sources.Reliability),
    _filter_list("kind", N_("Kinds of source")),
    _filter_list("basis", N_("Date of publication")),
    CodebookList("title", N_("Title of a source"), vocabulary_sources.TitleBasis),
    CodebookList("host", N_("Host of a copy"), vocabulary_sources.HostKind),
    CodebookList("extent", N_("Extent read"), vocabulary_sources.Extent),
    CodebookList(
        "derivation", N_("How a source depends on another"), vocabulary_citations.Derivation
    ),
    CodebookList("outcome", N_("Result of a coverage check"), vocabulary_record.Outcome),
    CodebookList("what", N_("Kinds of record"), vocabulary_record.RecordNoun),
    CodebookList("why", N_("Reasons for a change"), vocabulary_record.Why),
]


@dataclass(frozen=True)
class CodebookSection:
    """Lists under one heading of the codebook. `anchor` is that of the heading on `/codebook`."""

    anchor: str
    title: str
    lists: tuple[str, ...]


SECTIONS = (
    CodebookSection("stages", N_("Status of measures"), ("stage", "track", "status-group")),
    CodebookSection("types", N_("Types of event"), ("type", "heading", "nature-of-type", "side")),
    CodebookSection(
        "support", N_("Support and dispute"), ("corroboration", "claim", "disputed", "counting")
    ),
    CodebookSection(
        "speakers",
        N_("Speakers and citations"),
        (
            *("attribution", "named", "stance", "about", "reports-event"),
            *("certainty", "differs", "locator"),
        ),
    ),
    CodebookSection(
        "figures",
        N_("Estimates"),
        (
            *("counts", "papers_were", "nature", "unit", "per", "form", "population"),
            *("coverage", "term-scope", "quantifier", "inferred", "standing", "conflict"),
        ),
    ),
    CodebookSection(
        "terms",
        N_("Values and roles"),
        (
            *("names", "role", "paper", "group", "sector", "right", "nationality"),
            *("date-basis", "no-nationality", "level"),
        ),
    ),
    CodebookSection(
        "links",
        N_("Links, laws and actors"),
        (
            *("event-link", "figure-link", "instrument", "relation", "law-kind", "reading"),
            "actor-kind",
        ),
    ),
    CodebookSection(
        "sources",
        N_("Outlets and sources"),
        (
            *("outlet-kind", "reliability", "kind", "basis", "title", "host", "extent"),
            "derivation",
        ),
    ),
    CodebookSection("searches", N_("Search"), ("concept",)),
    CodebookSection(
        "editions", N_("Editions"), ("outcome", "what", "why", "page-kind", "page-part")
    ),
)
"""All lists, for the side navigation of their pages."""
