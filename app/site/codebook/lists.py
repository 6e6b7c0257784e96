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
    CodebookList("track", N_("Tracks"), vocabulary_events.Track),
    CodebookList(
        "status-group", N_("What the last report says on a day"), vocabulary_events.StatusGroup
    ),
    _filter_list("stage", N_("Steps")),
    CodebookList("type", N_("Types of event")),
    CodebookList("heading", N_("Headings of types"), vocabulary_events.TypeHeading),
    CodebookList("nature-of-type", N_("Natures of types"), vocabulary_events.TypeNature),
    _filter_list("side", N_("Sides")),
    _filter_list("corroboration", N_("Support")),
    _filter_list("claim", N_("Certainty of a record")),
    _filter_list("disputed", N_("What is disputed")),
    _filter_list("attribution", N_("Speakers")),
    CodebookList("counting", N_("Decisions on sources"), vocabulary_citations.Counting),
    CodebookList("named", N_("Named or not"), vocabulary_citations.Naming),
    CodebookList("stance", N_("Stances"), vocabulary_citations.Stance),
    CodebookList("about", N_("Subjects of a citation"), vocabulary_citations.CitationKind),
    CodebookList(
        "reports-event", N_("Whether it reports the event"), vocabulary_citations.ReportsEvent
    ),
    CodebookList("certainty", N_("Certainty of a citation"), vocabulary_citations.Certainty),
    CodebookList("manner", N_("How a speaker puts it"), vocabulary_citations.Manner),
    CodebookList("locator", N_("Where in the source"), vocabulary_citations.Locator),
    CodebookList("differs", N_("Why a value differs"), vocabulary_citations.Difference),
    _filter_list("counts", N_("What a figure counts")),
    _filter_list("papers_were", N_("What was done with papers")),
    _filter_list("money", N_("What money is")),
    _filter_list("nature", N_("Seen or to come")),
    _filter_list("unit", N_("Units")),
    _filter_list("per", N_("Rates")),
    _filter_list("form", N_("Kinds of number")),
    _filter_list("population", N_("Of whom")),
    _filter_list("coverage", N_("Whole or part")),
    CodebookList("term-scope", N_("Whom a number is limited to"), vocabulary_events.TermScope),
    CodebookList("quantifier", N_("How exactly it is put"), vocabulary_estimates.Quantifier),
    CodebookList("inferred", N_("Inferred by us"), vocabulary_estimates.InferredTime),
    CodebookList("standing", N_("Beside its rivals"), vocabulary_estimates.FigureRole),
    _filter_list("conflict", N_("Conflict")),
    CodebookList("date-basis", N_("Ours in a date"), vocabulary_dates.DateBasis),
    CodebookList("names", N_("What is named"), vocabulary_events.TermKey),
    CodebookList("role", N_("Parts"), vocabulary_events.Role),
    CodebookList("no-nationality", N_("No nationality named"), vocabulary_events.NoNationality),
    CodebookList("paper", N_("Visas and permits")),
    CodebookList("group", N_("Groups of workers")),
    CodebookList("sector", N_("Sectors")),
    CodebookList("right", N_("What is barred")),
    CodebookList("nationality", N_("Nationalities")),
    _filter_list("level", N_("Kinds of place")),
    CodebookList("event-link", N_("Links between events"), vocabulary_events.EventLink),
    CodebookList("figure-link", N_("Links between figures"), vocabulary_estimates.EstimateLink),
    CodebookList("instrument", N_("Laws and resolutions")),
    CodebookList("concept", N_("Words of searches")),
    CodebookList("relation", N_("Links to a law"), vocabulary_laws.LegalRelation),
    CodebookList("reading", N_("Whose reading of the law"), vocabulary_laws.Reading),
    CodebookList("actor-kind", N_("Kinds of actor"), vocabulary_actors.ActorKind),
    CodebookList("law-kind", N_("Kinds of law"), vocabulary_laws.LawKind),
    CodebookList("page-kind", N_("Kinds of page"), vocabulary_pages.PageKind),
    CodebookList("page-part", N_("Parts of the page about this site"), vocabulary_pages.PagePart),
    CodebookList("outlet-kind", N_("Kinds of outlet"), vocabulary_sources.OutletKind),
    CodebookList("reliability", N_("Grades of an outlet"), vocabulary_sources.Reliability),
    _filter_list("kind", N_("Kinds of source")),
    _filter_list("basis", N_("How sure a date of publication is")),
    CodebookList("title", N_("How sure a title is"), vocabulary_sources.TitleBasis),
    CodebookList("host", N_("Where a copy stands"), vocabulary_sources.HostKind),
    CodebookList("extent", N_("How much was read"), vocabulary_sources.Extent),
    CodebookList("derivation", N_("Derived from another"), vocabulary_citations.Derivation),
    CodebookList("outcome", N_("What came of looking"), vocabulary_record.Outcome),
    CodebookList("what", N_("Kinds of record"), vocabulary_record.RecordNoun),
    CodebookList("why", N_("Why a row was written"), vocabulary_record.Why),
]
