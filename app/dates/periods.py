"""Parses the period of a filter: from one day, month or year to another."""

from app.dates.edtf import DateError, Days, normalise, parse


def parse_period(text_from: str | None, text_to: str | None) -> Days:
    """Return the period from one day, month or year to another; a missing or blank end is open."""
    first, last = Days(_bound_days(text_from).first), Days(None, _bound_days(text_to).last)
    if not (period := first.common(last)):
        raise DateError(
            "{first} comes after {last}: turn them round", first=text_from, last=text_to
        )
    return period


def _bound_days(text: str | None) -> Days:
    if not text or not text.strip():
        return Days()
    edtf = parse(normalise(text))
    part = edtf.parts[0]
    if (
        edtf.shape != "date"
        or part.mark
        or part.some_day
        or part.precision in ("season", "unknown")
    ):
        raise DateError(
            "{text} cannot bound a period; a day, a month or a year can, as in 2019-04",
            text=edtf.text,
        )
    return part.days
