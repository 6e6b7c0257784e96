"""Codes of estimates."""

from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies, list_currencies

from app.vocabulary.code import Code

NO_CURRENCIES = {"XXX", "XTS"}
"""Codes for "no currency" and for tests."""
SPELT_OTHERWISE = {"CNY", "USD"}
"""Currencies with a unit of their own (`yuan`, `usd`), so that each has one code."""

CURRENCIES = {
    code: get_currency_name(code, locale="en")
    for code in sorted(list_currencies(), key=lambda code: get_currency_name(code, locale="en"))
    if code not in NO_CURRENCIES | SPELT_OTHERWISE
}
"""Currencies of ISO 4217 in use and former ones, by their English name."""


@cache
def currencies_in_use() -> frozenset[str]:
    """Return the codes of the currencies that are legal tender somewhere today."""
    territories = Locale("en").territories
    return frozenset(code for each in territories for code in get_territory_currencies(str(each)))


class EstimateLink(Code):
    """How one estimate relates to another."""

    PART_OF = "part-of", "Part of", "It counts some of the same people.", "300 of the 1,200"
    SUM_OF = (
        "sum-of",
        "Sum of",
        "It is reported as the sum, or is one in the editors' reading, with the reason.",
        "969 in all",
    )
    REMAINDER_OF = (
        "remainder-of",
        "Remainder of",
        "It is what remains of the other number.",
        "The rest of 150",
    )
    SHARE_OF = "share-of", "Share of", "It is a fraction of the other number.", "Four in ten"
    COMPARED_WITH = (
        "compared-with",
        "Compared with",
        "The source compares the two.",
        "Less than half of",
    )
    ROUNDS = "rounds", "Rounds", "It is the same number, rounded.", "About 500 for 502"
    CORRECTS = (
        "corrects",
        "Corrects its own report",
        "The source replaces a number that it gave before.",
        "A page that was updated.",
    )
    REVISES = (
        "revises",
        "Revises its own number",
        "The office or speaker who gave the number replaces it, in any source.",
        "A ministry that corrects 1,200 to 900.",
    )
    REPEATS = "repeats", "Repeats", "It repeats the same number.", ""
    ALTERS = (
        "alters",
        "Repeats with a change",
        "It repeats a report with another number, place or population.",
        "Over 400 where the report has around 400.",
    )
    CONFLICTS_WITH = (
        "conflicts-with",
        "Conflicts with",
        "The editors judge, with a reason, that the two can't both be right, although they "
        "measure different things.",
        "",
    )


class Counts(Code):
    """What an estimate measures. Estimates that measure different things are never added up or drawn as one."""  # noqa: E501

    PRESENT = (
        "present",
        "People present",
        "People at a place at one moment (stock).",
        "6,000 workers are in the city.",
    )
    ARRIVALS = (
        "arrivals",
        "Arrivals",
        "People who came during a period (inflow).",
        "500 in two days.",
    )
    DEPARTURES = (
        "departures",
        "Departures",
        "People who left during a period (outflow).",
        "252 in one day.",
    )
    PAPERS = (
        "papers",
        "Visas and permits",
        "Visas or permits, issued or valid. They are not people.",
        "7,000 student visas.",
    )
    CROSSINGS = (
        "crossings",
        "Crossings",
        "Entries or exits at a border. One person may cross several times.",
        "Entries for study.",
    )
    APPLICATIONS = (
        "applications",
        "Applications",
        "Visas or permits that people applied for.",
        "800 people applied.",
    )
    TAKING_PART = (
        "taking-part",
        "People involved",
        "People who took part in an event or were affected by it.",
        "2,000 in the unrest.",
    )
    SITES = "sites", "Sites", "Restaurants, factories or firms.", "100 restaurants."
    PLACES = (
        "places",
        "Places",
        "Districts, towns, offices or checkpoints; not the people there.",
        "40 districts are listed.",
    )
    TIME = "time", "Time", "A length of time.", "Stays of one month."
    AGE = "age", "Age", "An age, in years or months.", "Women under the age of 30."
    MONEY = (
        "money",
        "Money",
        "An amount of money: pay, fees, fines, money sent home or a budget.",
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
    """What happened to the visas and permits that were counted."""

    ISSUED = "issued", "Issued", "Granted in a period.", "186 were granted in 2017."
    VALID = "valid", "In force", "Valid at a moment.", "482 were valid at the end of the year."
    REFUSED = "refused", "Refused", "Applied for and not granted.", "20 were rejected."
    REVOKED = "revoked", "Revoked", "Cancelled before they expired.", "74 were cancelled."


class Nature(Code):
    """Whether a number was observed, planned or forecast, or is part of a rule."""

    OBSERVED = "observed", "Observed", "Reported as a fact.", "There are 6,000."
    PLANNED = "planned", "Planned", "Reported as a plan.", "100 are to be hired."
    FORECAST = (
        "forecast",
        "Forecast",
        "Expected by the source or a speaker.",
        "1,000 may leave this week.",
    )
    LIMIT = "limit", "Limit", "The most that a rule allows.", "A quota of 9,264."
    MINIMUM = (
        "minimum",
        "Minimum",
        "The least that a rule requires.",
        "Pay must be at least 400 dollars a month.",
    )
    THRESHOLD = (
        "threshold",
        "Threshold",
        "A rule applies above or below this number.",
        "Districts with at least 53 people are listed.",
    )


NATURES_OF_RULES = {Nature.LIMIT, Nature.MINIMUM, Nature.THRESHOLD}
"""Natures of numbers in a rule: nobody was counted."""
NATURES_OF_NOBODY = {Nature.MINIMUM, Nature.THRESHOLD}
"""Natures that need no population: their words or event say what the rule is about."""


class Unit(Code):
    """The unit of the number. Currencies have their ISO 4217 code in lower case."""

    _ignore_ = "currency currency_name members"

    PEOPLE = "people", "People", "Persons.", ""
    VISAS = "visas", "Visas", "Visas.", ""
    PERMITS = "permits", "Permits", "Work or residence permits.", ""
    ENTRIES = "entries", "Entries", "Crossings of a border.", ""
    BUSINESSES = "businesses", "Businesses", "Restaurants, factories or firms.", ""
    RATIO = "ratio", "Share", "A fraction: 0.4 for 40 per cent.", ""
    DISTRICTS = "districts", "Districts", "Districts, towns or other localities.", "10 districts"
    OFFICES = "offices", "Offices", "Offices, agencies or checkpoints.", "Three offices"
    FAMILIES = "families", "Families", "Families or households.", "40 families went home."
    FLIGHTS = (
        "flights",
        "Flights",
        "Journeys by air; shown as journeys where the description does not mention a flight.",
        "Three flights took them home.",
    )
    JOURNEYS = "journeys", "Journeys", "Journeys by ship, bus, train or other means.", "21 voyages"
    VEHICLES = "vehicles", "Vehicles", "Buses, lorries, ships or other vehicles.", "Several buses"
    HOURS = "hours", "Hours", "Hours.", "Shifts of 14 hours"
    DAYS = "days", "Days", "Days.", ""
    WEEKS = "weeks", "Weeks", "Weeks.", "A stay of two weeks"
    MONTHS = "months", "Months", "Months.", ""
    YEARS = "years", "Years", "Years.", "Contracts of three years"
    YUAN = "yuan", "Yuan", "Chinese yuan.", ""
    USD = "usd", "US dollars", "US dollars.", ""
    members = vars()
    for currency, currency_name in CURRENCIES.items():
        members[currency] = currency.lower(), currency_name, f"Money in {currency}.", ""


USUAL_UNITS = (
    *(Unit.PEOPLE, Unit.FAMILIES, Unit.BUSINESSES, Unit.VISAS, Unit.PERMITS, Unit.RATIO),
    *(Unit.DAYS, Unit.WEEKS, Unit.MONTHS),
)
"""Units that are offered first."""
CURRENCY_UNITS = frozenset(currency.lower() for currency in CURRENCIES)
"""Units that are currencies, without those that have a code of their own."""


class Per(Code):
    """The base of a rate, such as an hour or a person."""

    HOUR = "hour", "Per hour", "The number is for one hour.", "27.47 dollars an hour"
    DAY = "day", "Per day", "The number is for one day.", ""
    WEEK = "week", "Per week", "The number is for one week.", "Four voyages a week."
    MONTH = "month", "Per month", "The number is for one month.", ""
    YEAR = "year", "Per year", "The number is for one year.", ""
    PERSON = "person", "Per person", "The number is for one person.", ""
    SITE = "site", "Per site", "The number is for one workplace.", ""
    JOURNEY = (
        "journey",
        "Per journey",
        "The number is for one flight, voyage or bus.",
        "800 on a voyage.",
    )
    GROUP = (
        "group",
        "Per group",
        "The number is for one group that was seen.",
        "Groups of about 20.",
    )


class FigureForm(Code):
    """Whether the number is a count, share, change or average."""

    NUMBER = "number", "Number", "A count.", "6,000"
    SHARE = "share", "Share", "A fraction of a whole, 0 to 1.", "About half."
    CHANGE = (
        "change",
        "Change",
        "The difference from an earlier number. It may be negative.",
        "1,200 fewer.",
    )
    MEAN = "mean", "Mean", "An average over years or places.", "89,050 a year."
    PERCENT_CHANGE = (
        "percent-change",
        "Percentage change",
        "The relative change, with its sign: −0.3 for a fall of 30 per cent.",
        "30 per cent fewer than a year before.",
    )


CHANGES = {FigureForm.CHANGE, FigureForm.PERCENT_CHANGE}
FRACTIONS = {FigureForm.SHARE, FigureForm.PERCENT_CHANGE}
"""Forms whose numbers are stored as fractions and printed in per cent."""


class Quantifier(Code):
    """How exactly the number was reported."""

    EXACT = "exact", "As reported", "A plain number.", "252"
    OFFICIAL = "official", "Official count", "An exact count by an authority.", "11,490"
    ABOUT = (
        "about",
        "About",
        "Reported with words such as “around”, “some” or “roughly”.",
        "about 2,000",
    )
    NEARLY = (
        "nearly",
        "Nearly",
        "Just below the number.",
        "nearly 24,000",
    )
    MORE_THAN = "more-than", "More than", "Only a lower limit is given.", "more than 500"
    AT_LEAST = (
        "at-least",
        "At least",
        "Only a lower limit is given; the number itself is possible.",
        "at least 100",
    )
    UP_TO = "up-to", "Up to", "Only an upper limit is given.", "as many as 100,000"
    FEWER_THAN = (
        "fewer-than",
        "Fewer than",
        "Only an upper limit is given; the real number is lower.",
        "fewer than 1,000",
    )
    RANGE = "range", "Between", "A lower and an upper limit are given.", "2,000 to 5,000"
    WORDS = "words", "Words only", "The source gives words instead of a number.", "scores of"


class Population(Code):
    """The people counted. The wording in the source is shown beside it."""

    WORKERS = "workers", "Workers", "People who work there.", "North Korean workers"
    NATIONALS = (
        "nationals",
        "All nationals",
        "Everyone of that nationality.",
        "North Koreans in the country",
    )
    MIGRANTS = (
        "migrants",
        "All migrants",
        "Everyone there who came from abroad, of any nationality.",
        "524,000 immigrants in the country",
    )
    PERMIT_HOLDERS = (
        "permit-holders",
        "Permit holders",
        "People with a valid permit or visa.",
        "",
    )
    OVERSTAYERS = "overstayers", "Overstayers", "People whose visa or permit has expired.", ""
    STUDENTS = "students", "Students and trainees", "People admitted for study or training.", ""
    STRANDED = (
        "stranded",
        "Stranded",
        "People who want to leave and can’t.",
        "511 North Koreans who could not fly home",
    )
    SOUGHT = (
        "sought",
        "Sought",
        "People whom the authorities are looking for.",
        "117 overstayers whom the police look for",
    )
    REFUSED = (
        "refused",
        "Refused",
        "People who were refused entry, a permit or an extension.",
        "20 workers denied an extension",
    )
    CLEARED = (
        "cleared",
        "Cleared for departure",
        "People with all documents they need to travel or to start work.",
        "16,970 workers with all documents who missed the deadline",
    )
    DETAINED = (
        "detained",
        "In detention",
        "People held by the police, immigration or another authority.",
        "60 workers held in a detention centre",
    )
    ONE_GROUP = (
        "one-group",
        "One group",
        "A group described in words.",
        "Workers of one underwear factory",
    )
    THINGS = "things", "Not people", "Visas, permits, businesses or sites.", ""
    NOBODY = (
        "nobody",
        "No people counted",
        "A length of time, an age, an amount of money, a minimum or a threshold.",
        "A stay of 90 days.",
    )


WHOLE_POPULATIONS = {Population.WORKERS, Population.NATIONALS, Population.MIGRANTS}
"""Populations that are no part of another one, unlike students or overstayers."""


class WholeOrPart(Code):
    """Whether an estimate covers everyone of its population at its place."""

    WHOLE = "whole", "The whole", "Everyone of this population there.", "6,000 in the city"
    PART = (
        "part",
        "A part",
        "Some of them: certain factories, one group, or people who were sent.",
        "2,000 at several plants in the city",
    )


class InferredTime(Code):
    """Which part of an estimate's date we inferred because the source does not give it."""

    YEAR = "year", "The year", "The source gives no year.", "“Since August”, on an undated page."
    DAY = "day", "The day", "The source gives no day.", "“Last Tuesday”, on an undated page."
    ALL = "all", "The whole date", "The source gives no date.", ""


class FigureRole(Code):
    """How the editors rank an estimate among others for the same thing."""

    PREFERRED = "preferred", "Preferred", "The estimate shown first, with a reason.", ""
    ORDINARY = "ordinary", "Ordinary", "One of several estimates.", ""
    SUPERSEDED = (
        "superseded",
        "Superseded",
        "Replaced by a later estimate from the same source.",
        "",
    )
    REJECTED = "rejected", "Rejected", "Listed, but not trusted by the editors, with a reason.", ""


class Rivalry(Code):
    """Whether comparable estimates contradict each other. Calculated automatically from numbers."""

    CONFLICTS = (
        "conflicts",
        "In conflict",
        "It can't be true together with another estimate of the same thing and time, or the "
        "editors judge that the two conflict.",
        "",
    )
    DIFFERS = (
        "differs",
        "Differs",
        (
            "Another estimate of people present, up to 92 days apart, has a different value. "
            "Both may be true on their day."
        ),
        "",
    )
