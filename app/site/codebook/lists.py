"""The lists of the codebook, in the order of its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n.translate import N_
from app.kinds import FORMS, EstimateForm
from app.kinds.base import kind_codes
from app.record.filters import CODES_BY_VOCABULARY, EstimateFilters
from app.vocabulary import citations as vocabulary_citations
from app.vocabulary import dates as vocabulary_dates
from app.vocabulary import estimates as vocabulary_estimates
from app.vocabulary import events as vocabulary_events
from app.vocabulary import laws as vocabulary_laws
from app.vocabulary import pages as vocabulary_pages
from app.vocabulary import record as vocabulary_record
from app.vocabulary import sources as vocabulary_sources
from app.vocabulary.code import Code
from app.vocabulary.kinds import NAMED_NOUNS, RecordNoun


@dataclass(frozen=True)
class CodebookList:
    """A list of codes. `key` is used in URLs and anchors."""

    key: str
    title: str
    codes: type[Code] | None = None
    """None if the list is stored in the record."""


@dataclass(frozen=True)
class CodebookSection:
    """Lists under one heading of the codebook. `anchor` is that of the heading on `/codebook`."""

    anchor: str
    title: str
    lists: Sequence[CodebookList]


def _filter_list(key: str, title: str) -> CodebookList:
    """Return the list of an enumeration that is also a filter."""
    return CodebookList(key, title, CODES_BY_VOCABULARY[key])


SECTIONS = (
    CodebookSection(
        "stages",
        N_("Status of measures"),
        [
            _filter_list("stage", N_("Status")),
            CodebookList("track", N_("Law and practice"), vocabulary_events.Track),
            CodebookList("status-group", N_("Groups of rules"), vocabulary_events.StatusGroup),
        ],
    ),
    CodebookSection(
        "types",
        N_("Types of event"),
        [
            CodebookList("type", N_("Types of event")),
            CodebookList("heading", N_("Headings of event types"), vocabulary_events.TypeHeading),
            CodebookList("nature-of-type", N_("Kinds of event type"), vocabulary_events.TypeNature),
            _filter_list("direction", N_("Direction")),
            _filter_list("side", N_("Ordered by")),
        ],
    ),
    CodebookSection(
        "support",
        N_("Support and dispute"),
        [
            CodebookList(
                "counting", N_("Editors’ decisions on sources"), vocabulary_citations.Counting
            ),
            _filter_list("corroboration", N_("Support")),
            _filter_list("claim", N_("Certainty of a record")),
            _filter_list("disputed", N_("Disputed")),
        ],
    ),
    CodebookSection(
        "speakers",
        N_("Speakers and citations"),
        [
            _filter_list("attribution", N_("Attributed to")),
            CodebookList("named", N_("Named or not named"), vocabulary_citations.Naming),
            CodebookList("stance", N_("Stance"), vocabulary_citations.Stance),
            CodebookList(
                "about", N_("About: the subject of a citation"), vocabulary_citations.CitationKind
            ),
            CodebookList(
                "reports-event", N_("Reports the event itself"), vocabulary_citations.ReportsEvent
            ),
            CodebookList(
                "certainty", N_("Certainty of a citation"), vocabulary_citations.Certainty
            ),
            CodebookList(
                "differs",
                N_("Where sources differ from this entry"),
                vocabulary_citations.Difference,
            ),
            CodebookList("locator", N_("Place in the source"), vocabulary_citations.Locator),
        ],
    ),
    CodebookSection(
        "figures",
        N_("Estimates"),
        [
            *(
                CodebookList(key.key, key.title, CODES_BY_VOCABULARY[key.key])
                for key in EstimateFilters.terms()
                if key.key in EstimateForm.model_fields
            ),
            CodebookList("term-scope", N_("Whom a number includes"), vocabulary_events.TermScope),
            CodebookList("quantifier", N_("Reported as"), vocabulary_estimates.Quantifier),
            CodebookList("inferred", N_("Dates inferred by us"), vocabulary_estimates.InferredTime),
            CodebookList("standing", N_("Preferred estimate"), vocabulary_estimates.FigureRole),
        ],
    ),
    CodebookSection(
        "conflicts",
        N_("Conflicting estimates"),
        [
            _filter_list("conflict", N_("Conflict")),
        ],
    ),
    CodebookSection(
        "terms",
        N_("Values and roles"),
        [
            CodebookList("names", N_("Kinds of value"), vocabulary_events.TermKey),
            CodebookList("role", N_("Roles"), vocabulary_events.Role),
            CodebookList("paper", N_("Visas and permits")),
            CodebookList("group", N_("Groups of workers")),
            CodebookList("sector", N_("Industries")),
            CodebookList("right", N_("Rights and services")),
            CodebookList("nationality", N_("Nationalities")),
            CodebookList("date-basis", N_("Added by us to a date"), vocabulary_dates.DateBasis),
            CodebookList("no-nationality", N_("No nationality"), vocabulary_events.NoNationality),
            _filter_list("level", N_("Kinds of place")),
        ],
    ),
    CodebookSection(
        "links",
        N_("Links, laws and actors"),
        [
            CodebookList("event-link", N_("Links between events"), vocabulary_events.EventLink),
            CodebookList(
                "figure-link", N_("Links between estimates"), vocabulary_estimates.EstimateLink
            ),
            CodebookList("instrument", N_("Laws and resolutions")),
            CodebookList("relation", N_("Relation to a law"), vocabulary_laws.LegalRelation),
            CodebookList(
                "reading", N_("Who states the relation to a law"), vocabulary_laws.Reading
            ),
            *(
                CodebookList(f"{noun}-kind", title, kind_codes(FORMS[kind]))
                for noun, kind in NAMED_NOUNS.items()
                if (title := FORMS[kind].WORDS.kinds)
            ),
        ],
    ),
    CodebookSection(
        "sources",
        N_("Outlets and sources"),
        [
            CodebookList("outlet-kind", N_("Kinds of outlet"), vocabulary_sources.OutletKind),
            CodebookList(
                "reliability", N_("Reliability of an outlet"), vocabulary_sources.Reliability
            ),
            _filter_list("kind", N_("Kinds of source")),
            _filter_list("basis", N_("Date of publication")),
            CodebookList("title", N_("Title of a source"), vocabulary_sources.TitleBasis),
            CodebookList("host", N_("Host of a copy"), vocabulary_sources.HostKind),
            CodebookList("extent", N_("Extent read"), vocabulary_sources.Extent),
            CodebookList(
                "derivation", N_("How a source depends on another"), vocabulary_citations.Derivation
            ),
        ],
    ),
    CodebookSection(
        "searches",
        N_("Search"),
        [
            CodebookList("concept", N_("Search concepts")),
        ],
    ),
    CodebookSection(
        "editions",
        N_("Editions"),
        [
            CodebookList("outcome", N_("Result of a coverage check"), vocabulary_record.Outcome),
            CodebookList("what", N_("Kinds of record"), RecordNoun),
            CodebookList("why", N_("Reasons for a change"), vocabulary_record.Why),
            CodebookList("page-kind", N_("Kinds of page"), vocabulary_pages.PageKind),
            CodebookList(
                "page-part", N_("Parts of the page about this site"), vocabulary_pages.PagePart
            ),
        ],
    ),
)
EVERY_LIST = [listed for section in SECTIONS for listed in section.lists]
