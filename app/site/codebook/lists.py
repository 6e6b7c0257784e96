"""The lists of the codebook, in the order of its page."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n.translate import N_
from app.kinds import FORMS, EstimateForm
from app.kinds.base import kind_codes
from app.record.filters import CODES_BY_VOCABULARY, EstimateFilters
from app.vocabulary import citations, estimates, events, named, record, sources
from app.vocabulary.code import Code
from app.vocabulary.kinds import NAMED_NOUNS, RecordNoun


@dataclass(frozen=True)
class CodebookList:
    """A list of codes. `key` is used in URLs and anchors."""

    key: str
    title: str
    codes: type[Code] | None
    """None if the list is stored in the record."""


def _lists(*listed: tuple[str, str] | tuple[str, str, type[Code] | None]) -> list[CodebookList]:
    """Return lists of a key, a title, and codes unless a filter or the record has them."""
    return [
        CodebookList(key, title, codes[0] if codes else CODES_BY_VOCABULARY.get(key))
        for key, title, *codes in listed
    ]


SECTIONS: dict[str, tuple[str, Sequence[CodebookList]]] = {
    "stages": (
        N_("Status of measures"),
        _lists(
            ("stage", N_("Status")),
            ("track", N_("Law and practice"), events.Track),
            ("status-group", N_("Groups of rules"), events.StatusGroup),
        ),
    ),
    "types": (
        N_("Types of event"),
        _lists(
            ("type", N_("Types of event")),
            ("heading", N_("Headings of event types"), events.TypeHeading),
            ("nature-of-type", N_("Kinds of event type"), events.TypeNature),
            ("direction", N_("Direction")),
            ("side", N_("Ordered by")),
        ),
    ),
    "support": (
        N_("Support and dispute"),
        _lists(
            ("counting", N_("Editors’ decisions on sources"), citations.Counting),
            ("corroboration", N_("Support")),
            ("claim", N_("Certainty of a record")),
            ("disputed", N_("Disputed")),
        ),
    ),
    "speakers": (
        N_("Speakers and citations"),
        _lists(
            ("attribution", N_("Attributed to")),
            ("named", N_("Named or not named"), citations.Naming),
            ("stance", N_("Stance"), citations.Stance),
            ("about", N_("About: the subject of a citation"), citations.CitationKind),
            ("reports-event", N_("Reports the event itself"), citations.ReportsEvent),
            ("certainty", N_("Certainty of a citation"), citations.Certainty),
            ("differs", N_("Where sources differ from this entry"), citations.Difference),
            ("locator", N_("Place in the source"), citations.Locator),
        ),
    ),
    "figures": (
        N_("Estimates"),
        _lists(
            *(
                (key.key, key.title)
                for key in EstimateFilters.terms()
                if key.key in EstimateForm.model_fields
            ),
            ("term-scope", N_("Whom a number includes"), events.TermScope),
            ("quantifier", N_("Reported as"), estimates.Quantifier),
            ("inferred", N_("Dates inferred by us"), estimates.InferredTime),
            ("standing", N_("Preferred estimate"), estimates.FigureRole),
        ),
    ),
    "conflicts": (N_("Conflicting estimates"), _lists(("conflict", N_("Conflict")))),
    "terms": (
        N_("Values and roles"),
        _lists(
            ("names", N_("Kinds of value"), events.TermKey),
            ("role", N_("Roles"), events.Role),
            ("paper", N_("Visas and permits")),
            ("group", N_("Groups of workers")),
            ("sector", N_("Industries")),
            ("right", N_("Rights and services")),
            ("nationality", N_("Nationalities")),
            ("date-basis", N_("Added by us to a date"), record.DateBasis),
            ("no-nationality", N_("No nationality"), events.NoNationality),
            ("level", N_("Kinds of place")),
        ),
    ),
    "links": (
        N_("Links, laws and actors"),
        _lists(
            ("event-link", N_("Links between events"), events.EventLink),
            ("figure-link", N_("Links between estimates"), estimates.EstimateLink),
            ("instrument", N_("Laws and resolutions")),
            ("relation", N_("Relation to a law"), named.LegalRelation),
            ("reading", N_("Who states the relation to a law"), named.Reading),
            *(
                (f"{noun}-kind", title, kind_codes(FORMS[kind]))
                for noun, kind in NAMED_NOUNS.items()
                if (title := FORMS[kind].WORDS.kinds)
            ),
        ),
    ),
    "sources": (
        N_("Outlets and sources"),
        _lists(
            ("outlet-kind", N_("Kinds of outlet"), sources.OutletKind),
            ("reliability", N_("Reliability of an outlet"), sources.Reliability),
            ("kind", N_("Kinds of source")),
            ("basis", N_("Date of publication")),
            ("title", N_("Title of a source"), sources.TitleBasis),
            ("host", N_("Host of a copy"), sources.HostKind),
            ("extent", N_("Extent read"), sources.Extent),
            ("derivation", N_("How a source depends on another"), citations.Derivation),
        ),
    ),
    "searches": (N_("Search"), _lists(("concept", N_("Search concepts")))),
    "editions": (
        N_("Editions"),
        _lists(
            ("outcome", N_("Result of a coverage check"), record.Outcome),
            ("what", N_("Kinds of record"), RecordNoun),
            ("why", N_("Reasons for a change"), record.Why),
            ("page-kind", N_("Kinds of page"), named.PageKind),
            ("page-part", N_("Parts of the page about this site"), named.PagePart),
        ),
    ),
}
"""Title and lists of each section, by its anchor on `/codebook`."""
EVERY_LIST = [listed for _title, lists in SECTIONS.values() for listed in lists]
