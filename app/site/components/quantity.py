"""Numbers with their qualifier and unit."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.i18n.translate import N_, _, ngettext
from app.vocabulary.estimates import FigureForm, Per, Quantifier, Unit

Form = Mapping[str, Any]
"""A figure's form as it is stored, without its defaults: to check fifty of them again would take too long."""


# How much ---------------------------------------------------------------------------------------------------------

PUT_AS = {
    Quantifier.ABOUT: N_("about {number}"),
    Quantifier.MORE_THAN: N_("more than {number}"),
    Quantifier.AT_LEAST: N_("at least {number}"),
    Quantifier.UP_TO: N_("up to {number}"),
    Quantifier.FEWER_THAN: N_("fewer than {number}"),
}
"""How a figure is put; all others are said as they are."""

LOWER, UPPER = (
    (Quantifier.AT_LEAST, Quantifier.MORE_THAN),
    (Quantifier.UP_TO, Quantifier.FEWER_THAN),
)
"""How one bound alone may be put; without a word for it, the first."""

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
"""People are not named, nor is a share, which is said per cent."""

PER = {
    Per.DAY: N_("{figure} a day"),
    Per.MONTH: N_("{figure} a month"),
    Per.YEAR: N_("{figure} a year"),
    Per.PERSON: N_("{figure} for each person"),
    Per.SITE: N_("{figure} for each site"),
    Per.GROUP: N_("{figure} in each group"),
}


def amount(form: Form) -> str:
    """The figure as it was put: "more than 20,000", "2,000–5,000", "about 40 per cent", "−18,533", "“dozens”"."""
    how = Quantifier(form["quantifier"])
    if how is Quantifier.WORDS:
        return _("“{words}”").format(words=form["printed_words"])
    low, point, high = (_number(form, name) for name in ("low", "point", "high"))
    if low and high:
        between = (
            _("{low} to {high}") if form.get("form") == FigureForm.CHANGE else _("{low}–{high}")
        )
        bounds = _put(
            how if how is Quantifier.ABOUT else Quantifier.RANGE, between.format(low=low, high=high)
        )
    elif low:
        bounds = _put(how if how in LOWER else LOWER[0], low)
    elif high:
        bounds = _put(how if how in UPPER else UPPER[0], high)
    else:
        bounds = ""
    if point and bounds:
        said = _("{figure} ({bounds})").format(figure=point, bounds=bounds)
    else:
        said = bounds or _put(how, point)
    return (
        _("{number} per cent").format(number=said) if form.get("form") == FigureForm.SHARE else said
    )


def _put(how: Quantifier, number: str) -> str:
    return _(PUT_AS[how]).format(number=number) if how in PUT_AS else number


def _number(form: Form, name: str) -> str:
    """A bound or the figure itself, empty where there is none; a change has its sign, a share is of a hundred."""
    if form.get(name) is None:
        return ""
    number = Decimal(str(form[name]))
    if form.get("form") == FigureForm.SHARE:
        number *= 100
    sign = "+" if form.get("form") == FigureForm.CHANGE else ""
    return f"{number.normalize():{sign},f}".replace("-", "−")


def quantity(form: Form) -> str:
    """With what is counted, where that is not people, and by what: "12,000–15,000 visas a year"."""
    said = amount(form)
    unit = Unit(form.get("unit", Unit.PEOPLE))
    if unit in UNITS and form["quantifier"] != Quantifier.WORDS:
        most = max(n for name in ("low", "point", "high") if (n := form.get(name)) is not None)
        said = f"{said} {ngettext(*UNITS[unit], 1 if most == 1 else 2)}"
    if form.get("form") == FigureForm.MEAN:
        said = _("{figure} on average").format(figure=said)
    return _(PER[Per(form["per"])]).format(figure=said) if "per" in form else said
