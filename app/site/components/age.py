"""How long ago something was."""

from dataclasses import dataclass
from datetime import date

from app.i18n.translate import _, ngettext

# How old ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Age:
    words: str
    is_old: bool


OLD_MONTHS, MOST_MONTHS = 36, 48
"""From three years a figure is marked as old; from four its age is told in years."""


def age(last: date, on: date) -> Age:
    """How long before that day a figure last held, in full months."""
    months = max((on.year - last.year) * 12 + on.month - last.month - (on.day < last.day), 0)
    years, rest = divmod(months, 12)
    if not months:
        words = _("less than a month")
    elif months < MOST_MONTHS:
        words = ngettext("{count} month", "{count} months", months)
    elif rest:
        words = _("{years} {months}").format(
            years=ngettext("{count} year", "{count} years", years),
            months=ngettext("{count} month", "{count} months", rest),
        )
    else:
        words = ngettext("{count} year", "{count} years", years)
    return Age(words, months >= OLD_MONTHS)
