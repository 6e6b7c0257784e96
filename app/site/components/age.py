"""The age of an estimate in words."""

from dataclasses import dataclass
from datetime import date

from app.i18n.formats import length
from app.i18n.translate import _, ngettext


@dataclass(frozen=True)
class Age:
    words: str
    is_old: bool
    at_least: str
    """The full months or years alone."""


OLD_MONTHS, MAX_MONTHS = 36, 24
"""An estimate is marked as old from three years on; its age is in years after two years."""
NEARLY_MONTHS = 10
"""From this many months over a number of years on, the age is nearly one year more."""


def age(last: date, on: date) -> Age:
    """Return the time from `last` to `on`, in full months, or from two years on in years."""
    months = max((on.year - last.year) * 12 + on.month - last.month - (on.day < last.day), 0)
    years, rest = divmod(months, 12)
    if not months:
        words = at_least = _("less than a month")
    elif months <= MAX_MONTHS:
        words = at_least = length(months, "duration-month")
    else:
        words = at_least = length(years, "duration-year")
        if rest >= NEARLY_MONTHS:
            words = ngettext("nearly {count} year", "nearly {count} years", years + 1)
    return Age(words, months >= OLD_MONTHS, at_least)
