"""Amounts of estimates in words: number, qualifier, unit and rate."""

from decimal import Decimal
from typing import Literal

from app.i18n.translate import N_, _, ngettext
from app.record.payloads import PublishedEstimate
from app.vocabulary.estimates import FigureForm, Per, Quantifier, Unit

Bound = Literal["low", "point", "high"]
BOUNDS: tuple[Bound, ...] = ("low", "point", "high")

QUALIFIED = {
    Quantifier.ABOUT: N_("about {number}"),
    Quantifier.MORE_THAN: N_("more than {number}"),
    Quantifier.AT_LEAST: N_("at least {number}"),
    Quantifier.UP_TO: N_("up to {number}"),
    Quantifier.FEWER_THAN: N_("fewer than {number}"),
}
"""Qualified numbers. With any other quantifier only the number is printed."""

LOWER_BOUNDS, UPPER_BOUNDS = (
    (Quantifier.AT_LEAST, Quantifier.MORE_THAN),
    (Quantifier.UP_TO, Quantifier.FEWER_THAN),
)
"""Quantifiers of a lower or upper bound alone. The first is the default."""

UNITS = {
    Unit.VISAS: (N_("visa"), N_("visas")),
    Unit.PERMITS: (N_("permit"), N_("permits")),
    Unit.ENTRIES: (N_("entry"), N_("entries")),
    Unit.BUSINESSES: (N_("business"), N_("businesses")),
    Unit.DAYS: (N_("day"), N_("days")),
    Unit.MONTHS: (N_("month"), N_("months")),
    Unit.YUAN: (N_("yuan"), N_("yuan")),
    Unit.USD: (N_("US dollar"), N_("US dollars")),
}
"""Units that are printed. "People" is omitted, and shares are in per cent."""

PER = {
    Per.DAY: N_("{figure} a day"),
    Per.MONTH: N_("{figure} a month"),
    Per.YEAR: N_("{figure} a year"),
    Per.PERSON: N_("{figure} for each person"),
    Per.SITE: N_("{figure} for each site"),
    Per.GROUP: N_("{figure} in each group"),
}


def amount(form: PublishedEstimate) -> str:
    """Return an amount: "more than 20,000", "2,000–5,000", "about 40 per cent", "“dozens”"."""
    quantifier = Quantifier(form["quantifier"])
    if quantifier is Quantifier.WORDS:
        return _("“{words}”").format(words=form["printed_words"])
    low, point, high = (_number(form, name) for name in BOUNDS)
    if low and high:
        template = (
            _("{low} to {high}") if form.get("form") == FigureForm.CHANGE else _("{low}–{high}")
        )
        bounds = _qualified(
            quantifier if quantifier is Quantifier.ABOUT else Quantifier.RANGE,
            template.format(low=low, high=high),
        )
    elif low:
        bounds = _qualified(quantifier if quantifier in LOWER_BOUNDS else LOWER_BOUNDS[0], low)
    elif high:
        bounds = _qualified(quantifier if quantifier in UPPER_BOUNDS else UPPER_BOUNDS[0], high)
    else:
        bounds = ""
    if point and bounds:
        text = _("{figure} ({bounds})").format(figure=point, bounds=bounds)
    else:
        text = bounds or _qualified(quantifier, point)
    return (
        _("{number} per cent").format(number=text) if form.get("form") == FigureForm.SHARE else text
    )


def _qualified(quantifier: Quantifier, number: str) -> str:
    return _(QUALIFIED[quantifier]).format(number=number) if quantifier in QUALIFIED else number


def _number(form: PublishedEstimate, name: Bound) -> str:
    """Format one number of the form; empty if missing. Changes have a sign, shares are × 100."""
    if form.get(name) is None:
        return ""
    number = Decimal(str(form[name]))
    if form.get("form") == FigureForm.SHARE:
        number *= 100
    sign = "+" if form.get("form") == FigureForm.CHANGE else ""
    return f"{number.normalize():{sign},f}".replace("-", "−")


def quantity(form: PublishedEstimate) -> str:
    """Return the amount with unit and rate: "12,000–15,000 visas a year"."""
    text = amount(form)
    unit = Unit(form.get("unit", Unit.PEOPLE))
    if unit in UNITS and form["quantifier"] != Quantifier.WORDS:
        largest = max(n for name in BOUNDS if (n := form.get(name)) is not None)
        text = f"{text} {ngettext(*UNITS[unit], 1 if largest == 1 else 2)}"
    if form.get("form") == FigureForm.MEAN:
        text = _("{figure} on average").format(figure=text)
    return _(PER[Per(form["per"])]).format(figure=text) if "per" in form else text
