"""Numbers of estimates in words: qualifier, unit and rate, and what they measure."""

from decimal import Decimal
from typing import Literal

from app.i18n.formats import enumerate_words
from app.i18n.translate import N_, _, currency_in_words, inside, ngettext
from app.record.payloads import Stored
from app.record.rules.containment import Whereabouts
from app.vocabulary.estimates import (
    CHANGES,
    CURRENCIES,
    FRACTIONS,
    Counts,
    FigureForm,
    Nature,
    PapersWere,
    Per,
    Population,
    Quantifier,
    Unit,
)

Bound = Literal["low", "point", "high"]
BOUNDS: tuple[Bound, ...] = ("low", "point", "high")

QUALIFIED = {
    # l10n: an approximate number, such as "about 2,000"
    Quantifier.ABOUT: N_("about {number}"),
    # l10n: a number just below another
    Quantifier.NEARLY: N_("nearly {number}"),
    Quantifier.MORE_THAN: N_("more than {number}"),
    Quantifier.AT_LEAST: N_("at least {number}"),
    # l10n: an upper bound, which may be reached
    Quantifier.UP_TO: N_("up to {number}"),
    # l10n: an upper bound, which is not reached
    Quantifier.FEWER_THAN: N_("fewer than {number}"),
}
"""Qualified numbers. With any other quantifier only the number is printed."""

LOWER_BOUNDS, UPPER_BOUNDS = (
    (Quantifier.AT_LEAST, Quantifier.MORE_THAN),
    (Quantifier.UP_TO, Quantifier.FEWER_THAN),
)
"""Quantifiers of a lower or upper bound alone. The first is the default."""

OPEN_RANGES = {
    # l10n: a range without an upper end
    Quantifier.MORE_THAN: N_("{low} to more than {high}"),
    Quantifier.AT_LEAST: N_("{low} to at least {high}"),
    Quantifier.FEWER_THAN: N_("{low} to fewer than {high}"),
}
"""Ranges whose upper number is a bound only, printed as it is."""

UNITS = {
    Unit.VISAS: (N_("visa"), N_("visas")),
    Unit.PERMITS: (N_("permit"), N_("permits")),
    Unit.ENTRIES: (N_("entry"), N_("entries")),
    Unit.BUSINESSES: (N_("business"), N_("businesses")),
    Unit.DISTRICTS: (N_("district"), N_("districts")),
    Unit.OFFICES: (N_("office"), N_("offices")),
    Unit.FAMILIES: (N_("family"), N_("families")),
    Unit.FLIGHTS: (N_("flight"), N_("flights")),
    Unit.JOURNEYS: (N_("journey"), N_("journeys")),
    Unit.VEHICLES: (N_("vehicle"), N_("vehicles")),
    Unit.HOURS: (N_("hour"), N_("hours")),
    Unit.DAYS: (N_("day"), N_("days")),
    Unit.WEEKS: (N_("week"), N_("weeks")),
    Unit.MONTHS: (N_("month"), N_("months")),
    Unit.YEARS: (N_("year"), N_("years")),
    Unit.YUAN: (N_("yuan"), N_("yuan")),
    Unit.USD: (N_("US dollar"), N_("US dollars")),
}
"""Units that are printed. "People" is omitted, and shares are in per cent."""

HARMED: dict[str, str] = {
    # l10n: a number of people who died
    Population.DEAD: N_("{figure} dead"),
    Population.INJURED: N_("{figure} injured or ill"),
}
"""People who are printed with their number: nobody may take them for workers present."""

PER = {
    Per.HOUR: N_("{figure} an hour"),
    Per.DAY: N_("{figure} a day"),
    Per.WEEK: N_("{figure} a week"),
    Per.MONTH: N_("{figure} a month"),
    Per.YEAR: N_("{figure} a year"),
    Per.PERSON: N_("{figure} per person"),
    Per.SITE: N_("{figure} per site"),
    Per.JOURNEY: N_("{figure} per journey"),
    Per.GROUP: N_("{figure} per group"),
}


def amount(form: Stored) -> str:
    """Return an amount: "more than 20,000", "2,000–5,000", "about 40 per cent", "“dozens”"."""
    quantifier = Quantifier(form["quantifier"])
    if quantifier is Quantifier.WORDS:
        words = form.get("printed_words", "")
        return _("“{words}”").format(words=words) if words else _("no number given")
    low, point, high = (_number(form, name) for name in BOUNDS)
    if low and high:
        is_change = form.get("form", FigureForm.NUMBER) in CHANGES
        if quantifier in OPEN_RANGES:
            bounds = _(OPEN_RANGES[quantifier]).format(low=low, high=high)
        else:
            template = _("{low} to {high}") if is_change else _("{low}–{high}")
            bounds = qualified(
                quantifier if quantifier is Quantifier.ABOUT else Quantifier.RANGE,
                template.format(low=low, high=high),
            )
    elif low:
        bounds = qualified(quantifier if quantifier in LOWER_BOUNDS else LOWER_BOUNDS[0], low)
    elif high:
        bounds = qualified(quantifier if quantifier in UPPER_BOUNDS else UPPER_BOUNDS[0], high)
    else:
        bounds = ""
    if point and bounds:
        # l10n: a number with its lower and upper bound
        text = _("{figure} ({bounds})").format(figure=point, bounds=bounds)
    else:
        text = bounds or qualified(quantifier, point)
    return _("{number} per cent").format(number=text) if _is_fraction(form) else text


def _is_fraction(form: Stored) -> bool:
    return form.get("form", FigureForm.NUMBER) in FRACTIONS


def qualified(quantifier: Quantifier, number: str) -> str:
    """Return a number with its quantifier, as reported: "more than 500"."""
    return _(QUALIFIED[quantifier]).format(number=number) if quantifier in QUALIFIED else number


def _number(form: Stored, name: Bound) -> str:
    """Format one number of the form; empty if missing. Changes have a sign, fractions are × 100."""
    if form.get(name) is None:
        return ""
    number = Decimal(str(form[name]))
    if _is_fraction(form):
        number *= 100
    sign = "+" if form.get("form", FigureForm.NUMBER) in CHANGES else ""
    return f"{number.normalize():{sign},f}".replace("-", "−")


def printed_unit(form: Stored) -> Unit:
    """Return the unit to print: flights are journeys unless the words beside them name flights.

    The unit once stood for every journey, so that ships would read as flights.
    """
    unit = Unit(form.get("unit", Unit.PEOPLE))
    words = f"{form.get('printed_words', '')} {form.get('population_text', '')}".casefold()
    return Unit.JOURNEYS if unit is Unit.FLIGHTS and "flight" not in words else unit


def quantity(form: Stored) -> str:
    """Return the amount with unit and rate: "12,000–15,000 visas a year"."""
    text = amount(form)
    unit = printed_unit(form)
    if form["quantifier"] != Quantifier.WORDS:
        largest = max(n for name in BOUNDS if (n := form.get(name)) is not None)
        count = 1 if largest == 1 else 2
        if unit in UNITS:
            text = f"{text} {ngettext(*UNITS[unit], count)}"
        elif unit.name in CURRENCIES:
            text = f"{text} {currency_in_words(unit.name, count)}"
        elif (population := form.get("population", "")) in HARMED:
            text = _(HARMED[population]).format(figure=text)
    if form.get("form") == FigureForm.MEAN:
        # l10n: a number that is a mean
        text = _("{figure} on average").format(figure=text)
    return _(PER[Per(form["per"])]).format(figure=text) if "per" in form else text


MEASURES_ELSEWHERE = {
    (Counts.PRESENT, Whereabouts.FROM): N_("People from here, elsewhere"),
    (Counts.PRESENT, Whereabouts.TO): N_("People elsewhere, on their way here"),
    (Counts.PRESENT, Whereabouts.THROUGH): N_("People elsewhere, through here"),
    (Counts.ARRIVALS, Whereabouts.FROM): N_("Arrivals elsewhere, from here"),
    (Counts.ARRIVALS, Whereabouts.THROUGH): N_("Arrivals elsewhere, through here"),
    (Counts.DEPARTURES, Whereabouts.TO): N_("Departures elsewhere, to here"),
    (Counts.DEPARTURES, Whereabouts.THROUGH): N_("Departures elsewhere, through here"),
}
"""Measures as seen from a place where the people counted are not (rule 6)."""


PAPERS = {
    PapersWere.ISSUED: N_("Visas and permits issued"),
    PapersWere.VALID: N_("Visas and permits in force"),
    PapersWere.REFUSED: N_("Visas and permits refused"),
    PapersWere.REVOKED: N_("Visas and permits revoked"),
}
PAPERS_TO_COME = {
    PapersWere.ISSUED: N_("Visas and permits to be issued"),
    PapersWere.VALID: N_("Visas and permits to be in force"),
    PapersWere.REFUSED: N_("Visas and permits to be refused"),
    PapersWere.REVOKED: N_("Visas and permits to be revoked"),
}


def papers_label(were: str, nature: str = Nature.OBSERVED) -> str:
    """Return the measure of papers, with what was or is to be done; "" says that nobody says."""
    if not were:
        return _(Counts.PAPERS.label)
    labels = PAPERS if nature == Nature.OBSERVED else PAPERS_TO_COME
    return _(labels[PapersWere(were)])


def measure_label(counts: Counts, where: Whereabouts = Whereabouts.HERE) -> str:
    """Return the label of a measure, as seen from a place."""
    return _(MEASURES_ELSEWHERE.get((counts, where), counts.label))


def measured_label(form: Stored, where: Whereabouts = Whereabouts.HERE) -> str:
    """Return what an estimate measures, as seen from a place; for papers what was done."""
    counts = Counts(form["counts"])
    if counts is Counts.PAPERS:
        return papers_label(form.get("papers_were", ""), form.get("nature", Nature.OBSERVED))
    return measure_label(counts, where)


def measure_in_words(form: Stored, where: Whereabouts = Whereabouts.HERE) -> str:
    """Return measure, nature and form: "People present", "Arrivals, planned", "…, share"."""
    nature, kind = (
        Nature(form.get("nature", Nature.OBSERVED)),
        FigureForm(form.get("form", FigureForm.NUMBER)),
    )
    is_share = kind is FigureForm.SHARE
    # What a share is of, its population says: it is no share of people present or departures.
    parts = [_(kind.label) if is_share else measured_label(form, where)]
    if nature is not Nature.OBSERVED:
        parts.append(inside(_(nature.label)))
    if kind is not FigureForm.NUMBER and not is_share:
        parts.append(inside(_(kind.label)))
    return enumerate_words(parts)
