"""The age of an estimate in words."""

from dataclasses import dataclass
from datetime import date

from app.i18n.translate import _, ngettext


@dataclass(frozen=True)
class Age:
    words: str
    is_old: bool


OLD_MONTHS, MAX_MONTHS = 36, 48
"""An estimate is marked as old from three years on; its age is in years from four years on."""


def age(last: date, on: date) -> Age:
    """Return the time from `last` to `on`, in full months or years."""
    months = max((on.year - last.year) * 12 + on.month - last.month - (on.day < last.day), 0)
    years, rest = divmod(months, 12)
    if not months:
        words = _("less than a month")
    elif months < MAX_MONTHS:
        words = ngettext("{count} month", "{count} months", months)
    elif rest:
        words = _("{years} {months}").format(
            years=ngettext("{count} year", "{count} years", years),
            months=ngettext("{count} month", "{count} months", rest),
        )
    else:
        words = ngettext("{count} year", "{count} years", years)
    return Age(words, months >= OLD_MONTHS)
