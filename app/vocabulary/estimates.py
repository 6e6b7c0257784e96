"""Codes of estimates."""

from app.vocabulary.code import Code
from app.vocabulary.currencies import CURRENCIES


class EstimateLink(Code):
    """How one figure stands to another."""

    PART_OF = "part-of", "Part of", "Counts some of the same people.", "300 of the 1,200"
    SUM_OF = (
        "sum-of",
        "Sum of",
        "Is printed as the sum, or is one in our reading: then the reason says so.",
        "969 in all",
    )
    REMAINDER_OF = "remainder-of", "Remainder of", "What is left of it.", "The rest of 150"
    SHARE_OF = "share-of", "Share of", "A fraction of it.", "Four in ten"
    COMPARED_WITH = (
        "compared-with",
        "Compared with",
        "Is printed in comparison.",
        "Less than half of",
    )
    ROUNDS = "rounds", "Rounds", "The same figure, rounded.", "About 500 for 502"
    CORRECTS = (
        "corrects",
        "Corrects its own report",
        "The source itself replaces the figure that it gave before.",
        "A page that was updated.",
    )
    REVISES = (
        "revises",
        "Revises its own figure",
        "The office or speaker who gave the figure replaces it, in whatever source.",
        "A ministry that corrects 1,200 to 900.",
    )
    REPEATS = "repeats", "Repeats", "The same figure, passed on.", ""
    ALTERS = (
        "alters",
        "Changes in passing on",
        "Passes on a report, and has another number, place or population than it.",
        "Over 400 where the report has around 400.",
    )
    CONFLICTS_WITH = (
        "conflicts-with",
        "Conflicts with",
        "We judge, with a reason, that they do not fit together, though they measure differently.",
        "",
    )


class Counts(Code):
    """What a figure counts. Figures that count different things are never added or drawn as if alike."""  # noqa: E501

    PRESENT = (
        "present",
        "People present",
        "Who is there at a moment: a stock.",
        "6,000 workers are in the city.",
    )
    ARRIVALS = "arrivals", "Arrivals", "Who came during a period: a flow.", "500 in two days."
    DEPARTURES = "departures", "Departures", "Who left during a period: a flow.", "252 in one day."
    PAPERS = (
        "papers",
        "Visas and permits",
        "Visas or permits, issued or valid; not people.",
        "7,000 student visas.",
    )
    CROSSINGS = (
        "crossings",
        "Crossings",
        "Entries or exits at a border; one person may cross often.",
        "Entries for study.",
    )
    APPLICATIONS = "applications", "Applications", "Asked for, not yet given.", "800 asked for."
    TAKING_PART = (
        "taking-part",
        "People involved",
        "Who took part in an event, or was concerned by it.",
        "2,000 in the unrest.",
    )
    SITES = "sites", "Sites", "Restaurants, plants, firms.", "100 restaurants."
    PLACES = (
        "places",
        "Places",
        "Districts, towns, offices or checkpoints, not their people.",
        "40 districts are listed.",
    )
    TIME = "time", "Time", "A length of time.", "Stays of one month."
    AGE = "age", "Age", "An age, in years or months.", "Women under the age of 30."
    MONEY = (
        "money",
        "Money",
        "An amount of money of any kind: pay, fees, fines, money sent home, a budget.",
        "2,000 yuan a month.",
    )


MOMENTARY = {Counts.PRESENT, Counts.SITES}
"""Counts of a stock at a moment."""
MOVEMENTS = {Counts.ARRIVALS, Counts.DEPARTURES, Counts.CROSSINGS}
"""Counts of a flow. By a day they are a total, whose beginning the source may not say."""
MOMENT_OR_PERIOD = {
    *MOVEMENTS,
    Counts.PAPERS,
    Counts.APPLICATIONS,
    Counts.TAKING_PART,
    Counts.PLACES,
}
"""Counts that may be either: permits in force or issued, arrivals by a day or in a period."""


COUNTS_OF_NOBODY = {Counts.TIME, Counts.AGE, Counts.MONEY}
"""Measures that need no population: nobody is counted."""


class PapersWere(Code):
    """What was done with visas and permits. Applications are a measure of their own."""

    ISSUED = "issued", "Issued", "Given or granted, in a period.", "186 given in 2017."
    VALID = "valid", "In force", "Valid at a moment.", "482 valid at the end of the year."
    REFUSED = "refused", "Refused", "Asked for and not given.", "20 were rejected."
    REVOKED = "revoked", "Revoked", "Taken back before they ran out.", "74 were withdrawn."


class Money(Code):
    """What an amount of money is."""

    PAY = "pay", "Pay", "What workers earn, or what an employer owes them.", "2,000 yuan a month."
    FEES = "fees", "Fees", "What a permit, a job or an agency costs.", "1,500 dollars to a broker."
    SENT_HOME = (
        "sent-home",
        "Money sent home",
        "Remittances: what workers send to their home country.",
        "Billions of dollars a year.",
    )
    FINES = "fines", "Fines or bail", "Penalties, bail and deposits.", "A fine of 5,000 roubles."
    OTHER = "other", "Other money", "Budgets, debts, compensation and the like.", ""


class Nature(Code):
    """Whether a figure was seen or is to come."""

    OBSERVED = "observed", "Observed", "Said to be so.", "There are 6,000."
    PLANNED = "planned", "Planned", "To be done.", "100 are to be hired."
    FORECAST = "forecast", "Forecast", "Expected by someone.", "1,000 may leave this week."
    LIMIT = "limit", "Limit", "The most that a rule allows.", "A quota of 9,264."
    MINIMUM = (
        "minimum",
        "Minimum",
        "The least that a rule demands.",
        "Pay must be at least 400 dollars a month.",
    )
    THRESHOLD = (
        "threshold",
        "Threshold",
        "A number from which on, or up to which, a rule applies.",
        "Districts with at least 53 people are listed.",
    )


NATURES_OF_RULES = {Nature.LIMIT, Nature.MINIMUM, Nature.THRESHOLD}
"""Natures of numbers in a rule: nobody was counted."""
NATURES_OF_NOBODY = {Nature.MINIMUM, Nature.THRESHOLD}
"""Natures that need no population: their words or event say what the rule is about."""


class Unit(Code):
    """The thing that is counted; money in any currency of ISO 4217, by its code in lower case."""

    _ignore_ = "currency currency_name members"

    PEOPLE = "people", "People", "Persons.", ""
    VISAS = "visas", "Visas", "Visas.", ""
    PERMITS = "permits", "Permits", "Work or residence permits.", ""
    ENTRIES = "entries", "Entries", "Crossings of a border.", ""
    BUSINESSES = "businesses", "Businesses", "Restaurants, plants, firms.", ""
    RATIO = "ratio", "Share", "A fraction: 0.4 for 40 per cent.", ""
    DISTRICTS = "districts", "Districts", "Districts, towns or other localities.", "10 districts"
    OFFICES = "offices", "Offices", "Offices, agencies or checkpoints.", "Three offices"
    FAMILIES = "families", "Families", "Families or households.", "40 families went home."
    FLIGHTS = (
        "flights",
        "Flights",
        "Journeys by air; printed as journeys where the words beside it name no flight.",
        "Three flights took them home.",
    )
    JOURNEYS = "journeys", "Journeys", "By ship, bus, train or another way.", "21 voyages"
    VEHICLES = "vehicles", "Vehicles", "Buses, lorries, ships or others.", "Several buses"
    HOURS = "hours", "Hours", "Hours.", "Shifts of 14 hours"
    DAYS = "days", "Days", "Days.", ""
    MONTHS = "months", "Months", "Months.", ""
    YEARS = "years", "Years", "Years.", "Contracts of three years"
    YUAN = "yuan", "Yuan", "Chinese yuan.", ""
    USD = "usd", "US dollars", "US dollars.", ""
    members = vars()
    for currency, currency_name in CURRENCIES.items():
        members[currency] = currency.lower(), currency_name, f"Money in {currency}.", ""


CURRENCY_UNITS = frozenset(currency.lower() for currency in CURRENCIES)
"""Units that are currencies, without those that have a code of their own."""


class Per(Code):
    """What a figure is counted by, if it is a rate."""

    HOUR = "hour", "An hour", "Each hour.", "27.47 dollars an hour"
    DAY = "day", "A day", "Each day.", ""
    WEEK = "week", "A week", "Each week.", "Four voyages a week."
    MONTH = "month", "A month", "Each month.", ""
    YEAR = "year", "A year", "Each year.", ""
    PERSON = "person", "A person", "For each person.", ""
    SITE = "site", "A site", "For each workplace.", ""
    JOURNEY = "journey", "A journey", "On each flight, voyage or bus.", "800 on a voyage."
    GROUP = "group", "A group", "For each group seen.", "Groups of about 20."


class FigureForm(Code):
    """What kind of number it is."""

    NUMBER = "number", "Number", "A count.", "6,000"
    SHARE = "share", "Share", "A fraction of a whole, 0 to 1.", "About half."
    CHANGE = "change", "Change", "By how much it rose or fell; may be below zero.", "1,200 fewer."
    MEAN = "mean", "Mean", "An average over years or places.", "89,050 a year."
    PERCENT_CHANGE = (
        "percent-change",
        "Percentage change",
        "By what fraction it rose or fell, with its sign: −0.3 for a fall by 30 per cent.",
        "30 per cent fewer than a year before.",
    )


CHANGES = {FigureForm.CHANGE, FigureForm.PERCENT_CHANGE}
FRACTIONS = {FigureForm.SHARE, FigureForm.PERCENT_CHANGE}
"""Forms whose numbers are stored as fractions and printed in per cent."""


class Quantifier(Code):
    """How exactly a figure is put."""

    EXACT = "exact", "As reported", "A plain number.", "252"
    OFFICIAL = "official", "Official count", "A count by an office, printed as exact.", "11,490"
    ABOUT = "about", "About", "Around, some, roughly, an estimated.", "about 2,000"
    NEARLY = (
        "nearly",
        "Nearly",
        "Nearly, almost, just under: close to the figure, and below it.",
        "nearly 24,000",
    )
    MORE_THAN = "more-than", "More than", "Only a lower bound.", "more than 500"
    AT_LEAST = "at-least", "At least", "Only a lower bound, itself included.", "at least 100"
    UP_TO = "up-to", "Up to", "Only an upper bound.", "as many as 100,000"
    FEWER_THAN = (
        "fewer-than",
        "Fewer than",
        "Only an upper bound, itself left out.",
        "fewer than 1,000",
    )
    RANGE = "range", "Between", "Both bounds.", "2,000 to 5,000"
    WORDS = "words", "Words only", "No figure was printed; the words stay words.", "scores of"


class Population(Code):
    """Whom a figure counts; the words as printed stand beside it."""

    WORKERS = "workers", "Workers", "People who work there.", "North Korean workers"
    NATIONALS = (
        "nationals",
        "All nationals",
        "Everybody of that nationality.",
        "North Koreans in the country",
    )
    MIGRANTS = (
        "migrants",
        "All migrants",
        "Everybody there who came from abroad, whatever the nationality.",
        "524,000 immigrants in the country",
    )
    PERMIT_HOLDERS = (
        "permit-holders",
        "Holders of valid papers",
        "Those with a valid permit or visa.",
        "",
    )
    OVERSTAYERS = "overstayers", "Overstayers", "Those whose papers have run out.", ""
    STUDENTS = "students", "Students and trainees", "Those admitted for study or training.", ""
    STRANDED = (
        "stranded",
        "Stranded",
        "Those who want to leave and can’t.",
        "511 North Koreans who could not fly home",
    )
    SOUGHT = (
        "sought",
        "Sought",
        "Those whom an office looks for.",
        "117 overstayers whom the police look for",
    )
    REFUSED = (
        "refused",
        "Refused",
        "Those who were refused entry, a permit or an extension.",
        "20 workers denied an extension",
    )
    CLEARED = (
        "cleared",
        "Cleared to go",
        "Those who have every paper they need to travel or to start work.",
        "16,970 workers cleared to go, who missed the deadline",
    )
    DETAINED = (
        "detained",
        "In detention",
        "Those held by police, immigration or another office.",
        "60 workers held in a detention centre",
    )
    ONE_GROUP = (
        "one-group",
        "One group",
        "A part described in words.",
        "Workers of one underwear factory",
    )
    THINGS = "things", "Not people", "Visas, permits, businesses or sites.", ""
    NOBODY = (
        "nobody",
        "Nobody is counted",
        "A length of time, an age, an amount of money, a minimum or a threshold.",
        "A stay of 90 days.",
    )


WHOLE_POPULATIONS = {Population.WORKERS, Population.NATIONALS, Population.MIGRANTS}
"""Populations that are no part of another one, unlike students or overstayers."""


class WholeOrPart(Code):
    """Whether a figure is for the whole of its population at its place."""

    WHOLE = "whole", "The whole", "Everyone of this population there.", "6,000 in the city"
    PART = (
        "part",
        "A part",
        "Some of them: some plants, one group, those who were sent.",
        "2,000 at several plants in the city",
    )


class InferredTime(Code):
    """Which part of an estimate's time the source does not give, so that it is our inference."""

    YEAR = "year", "The year", "The source has no year.", "“Since August”, on an undated page."
    DAY = "day", "The day", "The source has no day.", "“Last Tuesday”, on an undated page."
    ALL = "all", "All of it", "The source has no time.", ""


class FigureRole(Code):
    """How an editor treats a figure beside its rivals."""

    PREFERRED = "preferred", "Preferred", "The figure shown first, with a reason.", ""
    ORDINARY = "ordinary", "Ordinary", "One of the figures.", ""
    SUPERSEDED = "superseded", "Superseded", "Replaced by a later figure of the same origin.", ""
    REJECTED = "rejected", "Rejected", "Kept, but not trusted, with a reason.", ""


class Rivalry(Code):
    """How a figure stands to others that count the same. Derived, never typed; words alone never conflict."""  # noqa: E501

    CONFLICTS = (
        "conflicts",
        "In conflict",
        "Another figure for the same thing and time excludes it, or does not fit in our judgement.",
        "",
    )
    DIFFERS = (
        "differs",
        "Differs",
        (
            "Another one, of people present up to 92 days apart, excludes it; both may be "
            "true of their day."
        ),
        "",
    )
