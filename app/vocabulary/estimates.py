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

    PART_OF = "part-of"
    SUM_OF = "sum-of"
    REMAINDER_OF = "remainder-of"
    SHARE_OF = "share-of"
    COMPARED_WITH = "compared-with"
    ROUNDS = "rounds"
    CORRECTS = "corrects"
    REVISES = "revises"
    REPEATS = "repeats"
    ALTERS = "alters"
    CONFLICTS_WITH = "conflicts-with"


class Counts(Code):
    """What an estimate measures. Estimates that measure different things are never added up or drawn as one."""  # noqa: E501

    PRESENT = "present"
    ARRIVALS = "arrivals"
    DEPARTURES = "departures"
    PAPERS = "papers"
    CROSSINGS = "crossings"
    APPLICATIONS = "applications"
    TAKING_PART = "taking-part"
    SITES = "sites"
    PLACES = "places"
    TIME = "time"
    AGE = "age"
    MONEY = "money"


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

    ISSUED = "issued"
    VALID = "valid"
    REFUSED = "refused"
    REVOKED = "revoked"


class Nature(Code):
    """Whether a number was observed, planned or forecast, or is part of a rule."""

    OBSERVED = "observed"
    PLANNED = "planned"
    FORECAST = "forecast"
    LIMIT = "limit"
    MINIMUM = "minimum"
    THRESHOLD = "threshold"


NATURES_OF_RULES = {Nature.LIMIT, Nature.MINIMUM, Nature.THRESHOLD}
"""Natures of numbers in a rule: nobody was counted."""
NATURES_OF_NOBODY = {Nature.MINIMUM, Nature.THRESHOLD}
"""Natures that need no population: their words or event say what the rule is about."""


class Unit(Code):
    """The unit of the number. Currencies have their ISO 4217 code in lower case."""

    _ignore_ = "currency currency_name members"

    PEOPLE = "people"
    VISAS = "visas"
    PERMITS = "permits"
    ENTRIES = "entries"
    BUSINESSES = "businesses"
    RATIO = "ratio"
    DISTRICTS = "districts"
    OFFICES = "offices"
    FAMILIES = "families"
    FLIGHTS = "flights"
    JOURNEYS = "journeys"
    VEHICLES = "vehicles"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    YUAN = "yuan"
    USD = "usd"
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

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    PERSON = "person"
    SITE = "site"
    JOURNEY = "journey"
    GROUP = "group"


class FigureForm(Code):
    """Whether the number is a count, share, change or average."""

    NUMBER = "number"
    SHARE = "share"
    CHANGE = "change"
    MEAN = "mean"
    PERCENT_CHANGE = "percent-change"


CHANGES = {FigureForm.CHANGE, FigureForm.PERCENT_CHANGE}
FRACTIONS = {FigureForm.SHARE, FigureForm.PERCENT_CHANGE}
"""Forms whose numbers are stored as fractions and printed in per cent."""


class Quantifier(Code):
    """How exactly the number was reported."""

    EXACT = "exact"
    OFFICIAL = "official"
    ABOUT = "about"
    NEARLY = "nearly"
    MORE_THAN = "more-than"
    AT_LEAST = "at-least"
    UP_TO = "up-to"
    FEWER_THAN = "fewer-than"
    RANGE = "range"
    WORDS = "words"


class Population(Code):
    """The people counted. The wording in the source is shown beside it."""

    WORKERS = "workers"
    NATIONALS = "nationals"
    MIGRANTS = "migrants"
    PERMIT_HOLDERS = "permit-holders"
    OVERSTAYERS = "overstayers"
    STUDENTS = "students"
    STRANDED = "stranded"
    SOUGHT = "sought"
    REFUSED = "refused"
    CLEARED = "cleared"
    DETAINED = "detained"
    DEAD = "dead"
    INJURED = "injured"
    ONE_GROUP = "one-group"
    THINGS = "things"
    NOBODY = "nobody"


WHOLE_POPULATIONS = {Population.WORKERS, Population.NATIONALS, Population.MIGRANTS}
"""Populations that are no part of another one, unlike students or overstayers."""


class WholeOrPart(Code):
    """Whether an estimate covers everyone of its population at its place."""

    WHOLE = "whole"
    PART = "part"


class InferredTime(Code):
    """Which part of an estimate's date we inferred because the source does not give it."""

    YEAR = "year"
    DAY = "day"
    ALL = "all"


class FigureRole(Code):
    """How the editors rank an estimate among others for the same thing."""

    PREFERRED = "preferred"
    ORDINARY = "ordinary"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class Rivalry(Code):
    """Whether comparable estimates contradict each other. Calculated automatically from numbers."""

    CONFLICTS = "conflicts"
    DIFFERS = "differs"
