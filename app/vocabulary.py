"""The codes that rules depend on, each with its label, a sentence of definition and an example: the codebook.

Lists that grow with the field (types of event, papers, sectors …) are data, in `seeds/vocabulary.csv`.
"""

from enum import StrEnum
from typing import Self, cast


class Code(StrEnum):
    """One list of codes. A member is its own code and knows its label, definition and example."""

    label: str
    definition: str
    example: str

    def __new__(cls, code: str, label: str = "", definition: str = "", example: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label, member.definition, member.example = label, definition, example
        return member

    @classmethod
    def by_code(cls) -> dict[str, Self]:
        return cast(dict[str, Self], cls._value2member_map_)


class Track(Code):
    """A restriction moves on two tracks at once: what the rule says, and what is done."""

    LAW = "law", "Law", "What has been decided, announced or lifted.", "A ministry's notice takes effect."
    PRACTICE = (
        "practice",
        "Practice",
        "What is done about it, as reported.",
        "Visas are no longer renewed at the counter.",
    )


class Step(Code):
    """A step of a restriction's history. Not a ladder: any step may be the first known."""

    PLANNED = "planned", "Planned", "Said to be intended; nothing shows that it began.", "A last phase in December."
    ANNOUNCED = "announced", "Announced", "Made known or ordered, with or without a date.", "An order to leave by June."
    IN_FORCE = "in-force", "In force", "The rule is said to apply.", "A resolution on the day of its adoption."
    SUSPENDED = "suspended", "Suspended", "The rule stands but does not apply for the time being.", "Stays do not run."
    EASED = "eased", "Eased", "The rule was loosened, or part of it was lifted.", "A ban is lifted for the skilled."
    ENDED = "ended", "Ended", "The rule was lifted or has run out.", "A ban on deployment is lifted in full."
    ENFORCED = "enforced", "Enforced", "Someone was made to comply.", "Staff are sent home when visas end."
    NOT_ENFORCED = "not-enforced", "Not enforced", "The rule is knowingly not applied.", "An expired visa is tolerated."
    EFFECT_SEEN = (
        "effect-seen",
        "Effect seen",
        "What the rule would bring about was observed.",
        "Fewer workers in town.",
    )
    EVASION = "evasion", "Evasion", "Someone was said to get round the rule.", "Workers return on student visas."

    @property
    def track(self) -> Track:
        return Track.LAW if self in LADDER[: LADDER.index(Step.ENDED) + 1] else Track.PRACTICE


LADDER = list(Step)
"""Steps in ladder order, which breaks a tie between two steps of one day (rule 2)."""


class Stance(Code):
    """What a citation does to the statement it is attached to."""

    SUPPORTS = "supports", "Supports", "The source says so.", "A resident saw the buses."
    DISPUTES = "disputes", "Disputes", "The source denies it, or says something that does not fit.", "It was a holiday."
    MENTIONS = (
        "mentions",
        "Mentions",
        "The source speaks of it without vouching for it.",
        "A newspaper had reported it.",
    )
    WITHDRAWS = (
        "withdraws",
        "Withdraws",
        "The source takes back what it said before.",
        "A correction under the article.",
    )


class CitationKind(Code):
    """What a citation is about."""

    OCCURRENCE = "occurrence", "That it happened", "Whether the event took place.", "Restaurants closed."
    DATE = "date", "When", "The day, month or order of things.", "Since March of the previous year."
    NUMBER = "number", "How many", "A figure.", "About half have gone."
    SCOPE = "scope", "Whom or what it covers", "Who is meant, where, under which paper.", "Only one-month visas."
    EFFECT = "effect", "What it led to", "A consequence that was seen.", "Firms lack hands."
    CAUSE = "cause", "Why", "A cause or motive.", "China has its trade talks in mind."
    LEGAL = "legal", "What rule it rests on", "A law, resolution or notice.", "Resolution 2397, paragraph 8."
    FORECAST = "forecast", "What is to come", "A plan or an expectation.", "A second stage in May or June."
    STATEMENT = "statement", "A statement", "What an office or person said about it.", "The ministry calls it untrue."
    CONTEXT = "context", "Background", "What surrounds it.", "The summit had failed."


class Certainty(Code):
    """How firmly the source puts it."""

    FIRM = "firm", "Firm", "Said without reserve.", "Workers left on Monday."
    HEDGED = "hedged", "Hedged", "Said with reserve: seems, may, is thought to.", "It appears to be in force."
    ASKED = "asked", "Asked", "Put as a question, a rumour or a request.", "Rumour has it that returns start in June."


class Locator(Code):
    """Where in the source the statement stands."""

    HEADLINE = "headline", "Headline", "The title or a heading.", ""
    LEAD = "lead", "Lead", "The first paragraph.", ""
    BODY = "body", "Body", "The running text.", ""
    CAPTION = "caption", "Caption", "The words under a picture.", "Women workers at a customs house."
    TABLE = "table", "Table", "A table or chart.", ""
    PAGE = "page", "Page", "A page of a longer document.", "p. 34"
    TIME = "time", "Time", "A moment of a broadcast or film.", "1:20"


class Difference(Code):
    """Why a source's value differs from the record's."""

    RIVAL = "rival", "Rival value", "Another value that may be as good.", "2,000 against 3,000."
    ERROR = "error", "Error in the source", "The source is plainly wrong.", "Resolution 2379 printed for 2397."
    OTHER_READING = "other-reading", "Other reading", "The words allow two readings.", "Passes or visas."


class Attribution(Code):
    """Who said it, according to the source."""

    ANONYMOUS_OFFICIAL = "anonymous-official", "Official, not named", "Someone in office, name withheld.", ""
    ANONYMOUS_SOURCE = "anonymous-source", "Source, not named", "Someone whom the source does not name.", ""
    COMPANY = "company", "Company", "A firm, or someone speaking for it.", ""
    DOCUMENT = "document", "Document", "A law, notice, register, contract or statistic.", "Border statistics."
    EXPERT = "expert", "Expert", "A named scholar or analyst.", ""
    GOVERNMENT = "government-statement", "Government", "A government, ministry or its spokesperson.", ""
    INTELLIGENCE = "intelligence", "Intelligence service", "An intelligence service, named or not.", ""
    NAMED_OFFICIAL = "named-official", "Official, named", "An official who is named.", "An ambassador."
    NGO = "ngo", "Organisation", "A non-governmental organisation.", ""
    OBSERVERS = "observers", "Observers", "Unnamed observers or analysts.", "Some observers say."
    OTHER_OUTLET = "other-outlet", "Another outlet", "Another newspaper, agency or broadcaster.", ""
    OWN_VOICE = "outlet-own-voice", "Outlet's own voice", "The outlet says it itself.", ""
    RESIDENT = "resident", "Resident", "Someone who lives there, not named.", ""
    UN_PANEL = "un-panel", "UN panel", "A panel of experts of the United Nations.", ""
    UNATTRIBUTED = "unattributed", "Not attributed", "The source does not say who says so.", "It is reported that …"


ANONYMOUS = {
    Attribution.ANONYMOUS_OFFICIAL,
    Attribution.ANONYMOUS_SOURCE,
    Attribution.RESIDENT,
    Attribution.OBSERVERS,
    Attribution.UNATTRIBUTED,
}
"""Speakers whom nobody could ask again: an event that rests on one of them alone says so."""

NAMED = {
    Attribution.COMPANY,
    Attribution.DOCUMENT,
    Attribution.EXPERT,
    Attribution.GOVERNMENT,
    Attribution.INTELLIGENCE,
    Attribution.NAMED_OFFICIAL,
    Attribution.NGO,
    Attribution.UN_PANEL,
}
"""Speakers who are the same origin wherever their words are the same (rule 3)."""


class TermKey(Code):
    """What a term of an event or estimate names."""

    PLACE = "place", "Place", "Where.", "Dandong"
    NATIONALITY = "nationality", "Nationality", "Whose nationals.", "North Korean"
    GROUP = "group", "Group of workers", "Which people are meant.", "Restaurant staff"
    PAPER = "paper", "Visa or paper", "Which visa, permit or pass.", "Student visa"
    SECTOR = "sector", "Sector", "In which trade.", "Seafood processing"
    ACTOR = "actor", "Who acts", "Who orders, carries out, is told or is affected.", "Ministry of Commerce"


class Role(Code):
    """What part a term plays. `exempt` and `shown-only` never make the plain search term, only their own."""

    AT = "at", "At", "Where it happens.", ""
    FROM = "from", "From", "Where or what people come from; the paper given up.", ""
    TO = "to", "To", "Where people go; the paper taken up.", ""
    VIA = "via", "Through", "A place passed on the way.", ""
    LIVED = "lived", "Lived", "Where people were housed.", ""
    GATHERED = "gathered", "Gathered", "Where people were brought together.", ""
    SHOWN_ONLY = "shown-only", "Shown only", "Seen in a picture; nothing is said to have happened there.", ""
    TARGET = "target", "Covered", "Whom or what the measure covers.", ""
    EXEMPT = "exempt", "Exempt", "Whom or what the measure leaves out.", "Nurses may stay."
    UNTIL_EXPIRY = "until-expiry", "Until it runs out", "Covered once the paper in hand has run out.", ""
    ORDERS = "orders", "Orders", "Who gives the order.", ""
    CARRIES_OUT = "carries-out", "Carries out", "Who does it.", ""
    TOLD = "told", "Is told", "Who receives the order.", ""
    AFFECTED = "affected", "Is affected", "Whom it touches without an order.", ""
    DENIES = "denies", "Denies", "Who says that it is not so.", ""


_MOVES = {Role.FROM, Role.TO}
_COVERS = {Role.TARGET, Role.EXEMPT, Role.UNTIL_EXPIRY} | _MOVES
ROLES_OF = {
    TermKey.PLACE: {Role.AT, Role.VIA, Role.LIVED, Role.GATHERED, Role.SHOWN_ONLY} | _MOVES,
    TermKey.NATIONALITY: _COVERS,
    TermKey.GROUP: _COVERS,
    TermKey.PAPER: _COVERS,
    TermKey.SECTOR: _COVERS,
    TermKey.ACTOR: {Role.ORDERS, Role.CARRIES_OUT, Role.TOLD, Role.AFFECTED, Role.DENIES},
}


class Side(Code):
    """On whose side the one who orders stands here; the same ministry is host in one place and home in another."""

    HOST_STATE = "host-state", "Host state", "The country where the workers are.", "China, about workers in Dandong."
    HOME_STATE = "home-state", "Home state", "The country that the workers come from.", "North Korea recalls its staff."
    INTERNATIONAL = "international", "International", "The UN, or a third state.", "A Security Council resolution."
    EMPLOYER = "employer", "Employer", "A firm, on its own account.", "A plant ends its contracts."


class EventLink(Code):
    """How one event stands to another."""

    PART_OF = "part-of", "Part of", "A step or part of a larger measure.", "Stage two of a plan."
    FOLLOWS = "follows", "Follows", "Comes after it, by plan or as told.", ""
    IMPLEMENTS = "implements", "Carries out", "Puts a decision into effect.", ""
    EFFECT_OF = "effect-of", "Effect of", "Is said to come from it.", ""
    EVADES = "evades", "Gets round", "Avoids what it demands.", ""
    REVERSES = "reverses", "Reverses", "Undoes it, in part or whole.", ""
    EXPLAINS = "explains", "Explains", "Gives a background or motive.", ""
    ANSWERS = "answers", "Answers", "Replies to it: a denial, a protest.", ""
    SAME_AS = "same-as", "Same as", "May be the same event, told twice.", ""
    CONTRADICTS = "contradicts", "Contradicts", "In our judgement both can't be so; needs a reason or a citation.", ""


class EstimateLink(Code):
    """How one figure stands to another."""

    PART_OF = "part-of", "Part of", "Counts some of the same people.", "300 of the 1,200"
    SUM_OF = "sum-of", "Sum of", "Is printed as the sum.", "969 in all"
    REMAINDER_OF = "remainder-of", "Remainder of", "What is left of it.", "The rest of 150"
    SHARE_OF = "share-of", "Share of", "A fraction of it.", "Four in ten"
    COMPARED_WITH = "compared-with", "Compared with", "Is printed in comparison.", "Less than half of"
    ROUNDS = "rounds", "Rounds", "The same figure, rounded.", "About 500 for 502"
    CORRECTS = "corrects", "Corrects", "Replaces it in the same outlet's words.", ""
    REPEATS = "repeats", "Repeats", "The same figure, passed on.", ""


class Counts(Code):
    """What a figure counts. Figures that count different things are never added or drawn as if alike."""

    PRESENT = "present", "People present", "Who is there at a moment: a stock.", "6,000 workers are in the city."
    ARRIVALS = "arrivals", "Arrivals", "Who came during a period: a flow.", "500 in two days."
    DEPARTURES = "departures", "Departures", "Who left during a period: a flow.", "252 in one day."
    PAPERS = "papers", "Papers", "Visas or permits, issued or valid; not people.", "7,000 student visas."
    CROSSINGS = (
        "crossings",
        "Crossings",
        "Entries or exits at a border; one person may cross often.",
        "Entries for study.",
    )
    APPLICATIONS = "applications", "Applications", "Asked for, not yet given.", "800 asked for."
    TAKING_PART = "taking-part", "People in an incident", "Who took part in something.", "2,000 in the unrest."
    SITES = "sites", "Sites", "Restaurants, plants, firms.", "100 restaurants."
    TIME = "time", "Time", "A length of time.", "Stays of one month."
    MONEY = "money", "Money", "Pay or fees.", "2,000 yuan a month."


MOMENTARY = {Counts.PRESENT, Counts.SITES}
"""Counts of what exists at a moment. Papers may be either: in force (as of) or issued (period)."""


class Nature(Code):
    """Whether a figure was seen or is to come."""

    OBSERVED = "observed", "Observed", "Said to be so.", "There are 6,000."
    PLANNED = "planned", "Planned", "To be done.", "100 are to be hired."
    FORECAST = "forecast", "Forecast", "Expected by someone.", "1,000 may leave this week."
    LIMIT = "limit", "Limit", "The most that a rule allows.", "A quota of 9,264."


class Unit(Code):
    """The thing that is counted."""

    PEOPLE = "people", "People", "Persons.", ""
    VISAS = "visas", "Visas", "Visas.", ""
    PERMITS = "permits", "Permits", "Work or residence permits.", ""
    ENTRIES = "entries", "Entries", "Crossings of a border.", ""
    BUSINESSES = "businesses", "Businesses", "Restaurants, plants, firms.", ""
    RATIO = "ratio", "Share", "A fraction between 0 and 1.", ""
    DAYS = "days", "Days", "Days.", ""
    MONTHS = "months", "Months", "Months.", ""
    YUAN = "yuan", "Yuan", "Chinese yuan.", ""
    USD = "usd", "US dollars", "US dollars.", ""


class Per(Code):
    """What a figure is counted by, if it is a rate."""

    DAY = "day", "A day", "Each day.", ""
    MONTH = "month", "A month", "Each month.", ""
    YEAR = "year", "A year", "Each year.", ""
    PERSON = "person", "A person", "For each person.", ""
    SITE = "site", "A site", "For each workplace.", ""
    GROUP = "group", "A group", "For each group seen.", "Groups of about 20."


class FigureForm(Code):
    """What kind of number it is."""

    NUMBER = "number", "Number", "A count.", "6,000"
    SHARE = "share", "Share", "A fraction of a whole, 0 to 1.", "About half."
    CHANGE = "change", "Change", "By how much it rose or fell; may be below zero.", "1,200 fewer."
    MEAN = "mean", "Mean", "An average over years or places.", "89,050 a year."


class Quantifier(Code):
    """How exactly a figure is put."""

    EXACT = "exact", "As reported", "A plain number.", "252"
    OFFICIAL = "official", "Official count", "A count by an office, printed as exact.", "11,490"
    ABOUT = "about", "About", "Around, some, roughly, an estimated.", "about 2,000"
    MORE_THAN = "more-than", "More than", "Only a lower bound.", "more than 500"
    AT_LEAST = "at-least", "At least", "Only a lower bound, itself included.", "at least 100"
    UP_TO = "up-to", "Up to", "Only an upper bound.", "as many as 100,000"
    FEWER_THAN = "fewer-than", "Fewer than", "Only an upper bound, itself left out.", "fewer than 1,000"
    RANGE = "range", "Between", "Both bounds.", "2,000 to 5,000"
    WORDS = "words", "Words only", "No figure was printed; the words stay words.", "scores of"


class Population(Code):
    """Whom a figure counts; the words as printed stand beside it."""

    WORKERS = "workers", "Workers", "People who work there.", "North Korean workers"
    NATIONALS = "nationals", "All nationals", "Everybody of that nationality.", "North Koreans in the country"
    PERMIT_HOLDERS = "permit-holders", "Holders of valid papers", "Those with a valid permit or visa.", ""
    OVERSTAYERS = "overstayers", "Overstayers", "Those whose papers have run out.", ""
    STUDENTS = "students", "Students and trainees", "Those admitted for study or training.", ""
    ONE_GROUP = "one-group", "One group", "A part described in words.", "Workers of one underwear factory"
    THINGS = "things", "Not people", "Papers, businesses or money.", ""


class FigureRole(Code):
    """How an editor treats a figure beside its rivals."""

    PREFERRED = "preferred", "Preferred", "The figure shown first, with a reason.", ""
    ORDINARY = "ordinary", "Ordinary", "One of the figures.", ""
    SUPERSEDED = "superseded", "Superseded", "Replaced by a later figure of the same origin.", ""
    REJECTED = "rejected", "Rejected", "Kept, but not trusted, with a reason.", ""


class Corroboration(Code):
    """How many independent origins support an event. Derived, never typed."""

    NONE = "none", "No support", "No citation supports it.", ""
    SINGLE_ANONYMOUS = "single-anonymous", "One anonymous source", "One report, by someone not named.", ""
    SINGLE_SOURCE = "single-source", "One named source", "One report, by someone named or the outlet itself.", ""
    RELAYED = "relayed", "One origin, relayed", "Several reports, all of one origin.", ""
    INDEPENDENT = "independent", "Independent origins", "Two or more origins that do not rest on each other.", ""
    DOCUMENTED = "documented", "Document", "A document supports it; stands beside the others.", "A published notice."


class Disputed(Code):
    """What is disputed about an event or figure. Derived from the citations that dispute."""

    OCCURRENCE = "occurrence", "Whether it happened", "A source says that it did not happen.", ""
    DATE = "date", "When", "A source gives another date.", ""
    NUMBER = "number", "How many", "A source gives another number.", ""
    SCOPE = "scope", "Whom or what it covers", "A source says it covers more, less or others.", ""
    CAUSE = "cause", "Why", "A source gives another cause.", ""


class Rivalry(Code):
    """How a figure stands to others that count the same. Derived, never typed; words alone never conflict."""

    CONFLICTS = "conflicts", "In conflict", "Another figure for the same thing and time excludes it.", ""
    DIFFERS = (
        "differs",
        "Differs",
        "Another one, of people present up to 92 days apart, excludes it; both may be true of their day.",
        "",
    )


DISPUTED_BY = {
    CitationKind.OCCURRENCE: Disputed.OCCURRENCE,
    CitationKind.EFFECT: Disputed.OCCURRENCE,
    CitationKind.STATEMENT: Disputed.OCCURRENCE,
    CitationKind.FORECAST: Disputed.OCCURRENCE,
    CitationKind.DATE: Disputed.DATE,
    CitationKind.NUMBER: Disputed.NUMBER,
    CitationKind.SCOPE: Disputed.SCOPE,
    CitationKind.LEGAL: Disputed.SCOPE,
    CitationKind.CAUSE: Disputed.CAUSE,
    CitationKind.CONTEXT: Disputed.CAUSE,
}
"""Which field a disputing citation touches where it does not name one (rule 5)."""

CORROBORATES = {
    CitationKind.OCCURRENCE,
    CitationKind.DATE,
    CitationKind.NUMBER,
    CitationKind.SCOPE,
    CitationKind.EFFECT,
    CitationKind.LEGAL,
}
"""Kinds of citation that lend support; a forecast does so for planned steps only (rule 4)."""


class PlaceKind(Code):
    """What kind of place it is; also the levels by which places are counted."""

    SITE = "site", "Site", "A named firm, plant or zone. Never with exact coordinates.", ""
    TOWN = "town", "Town", "A small town.", "Kaishantun"
    CITY = "city", "City", "A city or county town.", "Dandong"
    DISTRICT = "district", "District", "A district or prefecture within a province.", "Yanbian"
    PROVINCE = "province", "Province", "A province, state, krai or oblast.", "Liaoning"
    REGION = "region", "Region", "An area that cuts across provinces or countries.", "Northeast China"
    COUNTRY = "country", "Country", "A country.", "China"
    WORLD = "world", "World", "Everywhere.", ""


SETTLEMENTS = {PlaceKind.CITY, PlaceKind.TOWN}
"""What has a page of its own and a dot on maps. A province is never drawn as a dot on its capital."""


class OutletKind(Code):
    """Who publishes."""

    NEWSPAPER = "newspaper", "Newspaper or news site", "Printed or online news.", ""
    AGENCY = "agency", "News agency", "An agency whose texts others print.", ""
    BROADCASTER = "broadcaster", "Broadcaster", "Radio or television.", ""
    GOVERNMENT = "government", "Government", "A ministry, embassy or office.", ""
    INTERNATIONAL = "international", "International body", "The UN or another international body.", ""
    NGO = "ngo", "Organisation", "A non-governmental organisation.", ""
    RESEARCH = "research", "Research", "A university, think tank or institute.", ""
    FIRM = "firm", "Firm", "A law firm, consultancy or company.", ""
    AGGREGATOR = "aggregator", "Aggregator", "A site that gathers or machine-translates others' texts.", ""
    REFERENCE = "reference", "Reference work", "An encyclopaedia or register.", ""


class Reliability(Code):
    """The outlet's grade in the Admiralty code (NATO AJP-2.1): how reliable it has been, whatever it says now."""

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


class HostKind(Code):
    """Where the address of a copy leads."""

    OWN = "own", "The outlet's own site", "", ""
    REPUBLISHER = "republisher", "A republisher", "Carries the text unchanged, cut or translated.", ""
    MIRROR = "mirror", "A mirror", "An index or unrelated host; shown but not linked.", ""
    NONE = "none", "No address", "No page is known.", ""


class Extent(Code):
    """How much of the copy was read."""

    FULL = "full", "In full", "The whole text.", ""
    EXCERPT = "excerpt", "An excerpt", "About the first 2,000 characters; a later correction may be missing.", ""
    NONE = "none", "Not read", "Known from elsewhere.", ""


class Derivation(Code):
    """How a source rests on another."""

    RELAY = "relay", "Relay", "Passes on its report.", ""
    TRANSLATION = "translation", "Translation", "The same text in another language.", ""
    SYNDICATION = "syndication", "Syndication", "The same text, printed again.", ""
    SUMMARY = "summary", "Summary", "Sums it up.", ""
    QUOTES = "quotes", "Quotes", "Quotes part of it.", ""


class LegalRelation(Code):
    """How an event stands to a law, resolution or notice."""

    BASED_ON = "based-on", "Based on", "Is said to carry it out.", ""
    AGAINST = "against", "Against", "Is said to break it.", ""
    POSSIBLY_AGAINST = "possibly-against", "Possibly against", "May break it.", ""


class Reading(Code):
    """Whose reading it is."""

    SOURCE = "source", "The source's", "The source says so.", ""
    OURS = "ours", "Ours", "An editor's reading; the source does not say so.", ""


class Why(Code):
    """Why a row of the record was written."""

    ADDED = "added", "Added", "New in this edition.", ""
    CORRECTED = "corrected", "Corrected", "A mistake of ours was mended.", ""
    UPDATED = "updated", "Updated", "There was more or newer to say.", ""
    CLARIFIED = "clarified", "Clarified", "Wording only; what is said has not changed.", ""
    REINDEXED = "reindexed", "Derived again", "Nothing was said anew; what it rests on changed.", ""
    WITHDRAWN = "withdrawn", "Withdrawn", "Taken out, with a reason; the page stays.", ""
    MERGED = "merged", "Merged", "Turned out to be another record.", ""


class Outcome(Code):
    """What came of looking for news of a place."""

    NOTHING_NEW = "nothing-new", "Nothing new", "Nothing was found that the record does not have.", ""
    SOMETHING_NEW = "something-new", "Something new", "What was found is entered, or being entered.", ""


class RecordKind(Code):
    """What the record holds rows of, each with a history of its own."""

    EVENT = "event", "Event", "Something planned, ordered, done or seen.", ""
    ESTIMATE = "estimate", "Figure", "A number that somebody gave, with what it counts.", ""
    SOURCE = "source", "Source", "A report, document or page that was read.", ""
    OUTLET = "outlet", "Outlet", "Who publishes sources.", ""
    PLACE = "place", "Place", "A city, province, country or region.", ""
    CODE = "code", "Code", "An entry of the codebook.", ""


SILENT = {Why.CLARIFIED, Why.REINDEXED}
"""Rewrites that move neither feeds nor `changed_since` (rule 7)."""

LISTS = {
    "type": "Types of event",
    "sector": "Sectors",
    "group": "Groups of workers",
    "paper": "Visas and papers",
    "nationality": "Nationalities",
    "instrument": "Laws and resolutions",
}
"""The lists that grow with the field: rows of `seeds/vocabulary.csv`, versioned in the record."""


class TypeNature(Code):
    """What a type of event is; only measures have stages."""

    MEASURE = "measure", "Measure", "A rule, order or practice that restricts or frees.", "Stay limit"
    ACT = "act", "Act", "Something done or seen.", "Repatriation"
    CONTEXT = "context", "Context", "What surrounds the record.", "Summit"
