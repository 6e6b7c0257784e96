"""The age of an estimate or event in words."""

from dataclasses import dataclass
from datetime import date

from app.dates.edtf import Days
from app.i18n.formats import length
from app.i18n.translate import _


@dataclass(frozen=True)
class Age:
    words: str
    is_old: bool


OLD_MONTHS, MAX_MONTHS = 36, 24
"""An estimate is marked as old from three years on; its age is in years after two years."""
EXACT_DAYS = 31
"""A date to the month is exact enough for an age."""


def age(days: Days, on: date) -> Age | None:
    """Return the full months, or from two years on the full years, since the last possible day.

    It is the least age of a date that is vaguer than a month; None if that is nothing.
    """
    last = days.last or days.first
    if last is None:
        return None
    months = max((on.year - last.year) * 12 + on.month - last.month - (on.day < last.day), 0)
    is_vague = days.first is None or (last - days.first).days >= EXACT_DAYS
    if not months:
        return None if is_vague else Age(_("less than a month"), is_old=False)
    if months <= MAX_MONTHS:
        words = length(months, "duration-month")
    else:
        words = length(months // 12, "duration-year")
    if is_vague:
        words = _("at least {age}").format(age=words)
    return Age(words, months >= OLD_MONTHS)
