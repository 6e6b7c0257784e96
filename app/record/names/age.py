"""How long ago something was, in words: the same on all pages."""

from dataclasses import dataclass
from datetime import date

from app.dates.edtf import Days
from app.i18n.formats import length
from app.i18n.translate import _
from app.record.rules.reported_status import months_between

OLD_MONTHS = 24
"""From here on an age is in whole years, and marked as old."""
EXACT_DAYS = 31
"""A date to the month is exact enough for an age."""


@dataclass(frozen=True)
class Age:
    length: str
    """Such as "14 months", or "at least 3 years" since a date that is vaguer than a month."""
    is_old: bool

    @property
    def words(self) -> str:
        return _("{length} ago").format(length=self.length)


def age(days: Days, on: date) -> Age | None:
    """Return the full months, from 24 on the full years, since the last possible day.

    None without a day, and for a vague date that may be of the last month.
    """
    last = days.last or days.first
    if last is None:
        return None
    months = months_between(last, on)
    is_vague = days.first is None or (last - days.first).days >= EXACT_DAYS
    if not months:
        return None if is_vague else Age(_("less than a month"), is_old=False)
    is_old = months >= OLD_MONTHS
    words = length(months // 12, "duration-year") if is_old else length(months, "duration-month")
    return Age(_("at least {age}").format(age=words) if is_vague else words, is_old)
